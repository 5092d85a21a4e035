from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LOOK = """
import sys
from pathlib import Path
from funneldesk.ui.file_kinds import tell_kinds
tell_kinds()
from PySide6.QtCore import QFileInfo
from PySide6.QtWidgets import QApplication, QFileIconProvider
app = QApplication([])
for path in sys.argv[1:]:
    print(QFileIconProvider().type(QFileInfo(path)), Path(path).name)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_kind_of_a_base_is_known_without_opening_it(tmp_path: Path) -> None:
    names = ["a.funneldesk", "a.funneldesk-wal", "a.funneldesk-shm"]
    paths = [tmp_path / name for name in names]
    for path in paths:
        path.write_bytes(b"SQLite format 3\0")
        os.utime(path, (1_000_000_000, 1_000_000_000))  # so old that reading it would set another time
    done = subprocess.run(
        [sys.executable, "-c", LOOK, *map(str, paths)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert [line.rsplit(" ", 1)[0] for line in done.stdout.splitlines()] == ["FunnelDesk base"] * 3
