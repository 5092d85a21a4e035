"""A base in the middle of a big change when its program was killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_HALF_WRITTEN = """
import os, sys
from funneldesk.store import sqlite_file
con = sqlite_file.sqlite_module().connect(sys.argv[1], isolation_level=None)
con.execute("PRAGMA journal_mode=delete")
con.execute("PRAGMA cache_spill=1")
con.execute("PRAGMA cache_size=1")
con.execute("BEGIN")
for number in range(2_000):
    con.execute("INSERT INTO sources (id, version, name, folded) VALUES (?, 1, 'a', 'a')", (number + 50,))
os.kill(os.getpid(), 9)
"""


def leave_half_written(path: Path) -> None:
    """Kill a program that has written a part of a change; what was there before lies in a journal."""
    subprocess.run([sys.executable, "-c", _HALF_WRITTEN, str(path)], check=False)
