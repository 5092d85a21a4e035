"""The set-up program of Windows, installed, upgraded and removed silently under Wine around a stand-in."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from installer import build, windows

pytestmark = pytest.mark.skipif(
    not (shutil.which("wine") and shutil.which("makensis")), reason="wants wine and makensis"
)
CLASSES = r"HKCU\Software\Classes"
REMOVAL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\FunnelDesk"
FILES = [
    "_internal/with space/price $5.txt",
    "_internal/zażółć.txt",
    "funneldesk-window.exe",
    "funneldesk.exe",
]
Wine = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def wine(tmp_path: Path) -> Wine:
    """Wine with a computer and a home of its own; its desktop is that of the home."""
    (tmp_path / "Desktop").mkdir()
    bare = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    own = {
        "HOME": str(tmp_path),
        "WINEPREFIX": str(tmp_path / "wine"),
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "winemenubuilder.exe=d;mscoree=;mshtml=",
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            ["wine", *words], env={**bare, **own}, capture_output=True, text=True, check=False, timeout=120
        )
        subprocess.run(["wineserver", "-w"], env={**bare, **own}, check=False, timeout=60)
        return done

    return run


@pytest.fixture
def set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> str:
    """The set-up program, 64 bits wide, so that Wine needs no 32-bit part."""
    monkeypatch.setattr(build, "BUILD", tmp_path / "build")
    for name in FILES:
        place = tmp_path / "bundle" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"MZ")
    (tmp_path / "dist").mkdir()
    return str(windows.set_up_program(tmp_path / "bundle", tmp_path / "dist", amd64_stub=True))


def test_it_puts_all_in_place_keeps_what_was_chosen_and_leaves_nothing(
    wine: Wine, set_up: str, tmp_path: Path
) -> None:
    def known(key: str) -> bool:
        return wine("reg", "query", key).returncode == 0

    def shortcuts() -> list[str]:
        return sorted(path.parent.name for path in tmp_path.rglob("FunnelDesk.lnk"))

    assert wine(set_up, "/S").returncode == 0
    users = tmp_path / "wine" / "drive_c" / "users"
    (program,) = users.glob("*/AppData/Local/Programs/FunnelDesk")
    found = sorted(str(path.relative_to(program)) for path in program.rglob("*") if path.is_file())
    assert found == [*FILES, "uninstall.exe"]
    assert "funneldesk-window.exe" in wine("reg", "query", rf"{CLASSES}\FunnelDesk.Base", "/s").stdout
    assert known(rf"{CLASSES}\.funneldesk") and known(REMOVAL)
    assert shortcuts() == ["Programs"]

    # what was chosen then holds for the next version
    (start,) = tmp_path.rglob("FunnelDesk.lnk")
    shutil.copy(start, tmp_path / "Desktop")
    for key in (".funneldesk", "FunnelDesk.Base"):
        wine("reg", "delete", rf"{CLASSES}\{key}", "/f")
    assert wine(set_up, "/S").returncode == 0
    assert (shortcuts(), known(rf"{CLASSES}\.funneldesk")) == (["Desktop", "Programs"], False)

    assert wine(str(program / "uninstall.exe"), "/S").returncode == 0
    end = time.monotonic() + 20  # it goes on in a copy of itself
    while program.exists() and time.monotonic() < end:
        time.sleep(0.2)
    assert not program.exists()
    assert (shortcuts(), known(REMOVAL), known(rf"{CLASSES}\FunnelDesk.Base")) == ([], False, False)
