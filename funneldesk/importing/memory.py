"""How much memory another process of ours holds, seen from outside: for the reading child."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_TASK_INFO = 4  # PROC_PIDTASKINFO of libproc


class _TaskInfo(ctypes.Structure):
    """The head of `struct proc_taskinfo`; the rest is only room."""

    _fields_ = [
        ("virtual_size", ctypes.c_uint64),
        ("resident_size", ctypes.c_uint64),
        ("rest", ctypes.c_uint8 * 80),
    ]


def resident(pid: int) -> int:
    """Bytes of memory that process `pid` holds now; 0 where the system does not say."""
    if sys.platform == "darwin":
        info = _TaskInfo()
        libproc = ctypes.CDLL("/usr/lib/libproc.dylib", use_errno=True)
        size = libproc.proc_pidinfo(
            pid, _TASK_INFO, ctypes.c_uint64(0), ctypes.byref(info), ctypes.sizeof(info)
        )
        return int(info.resident_size) if size > 0 else 0
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0
