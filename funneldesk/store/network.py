"""Whether a file lies on another computer: SQLite's log in shared memory does not work there."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

# as Linux and macOS name the file systems of shares
_KINDS = frozenset(
    {
        "9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "davfs", "fuse.gvfsd-fuse", "fuse.glusterfs",
        "fuse.rclone", "fuse.sshfs", "lustre", "macfuse", "ncpfs", "nfs", "nfs4", "osxfuse", "smb3", "smbfs",
        "webdav",
    }
)  # fmt: skip
_REMOTE = 4  # DRIVE_REMOTE of GetDriveTypeW
_ON_A_MAC = re.compile(r".* on (/.*) \(([\w.]+)[,)]")  # the greedy beginning finds the last " on /"


def on_network_share(path: Path) -> bool:
    """Whether `path` lies on a network share: a mapped drive, a mounted one, or one named by its server."""
    if _is_unc(str(path)):
        return True
    if sys.platform == "win32":
        return _is_remote(_drive(path)) or _is_unc(_resolved(path))
    target = _resolved(path)
    mounts = _mounts_of_a_mac(os.path.dirname(target)) if sys.platform == "darwin" else _mounts_of_linux()
    return _kind_of(target, mounts) in _KINDS


def _is_unc(path: str) -> bool:
    r"""Whether a path names a server; `\\?\C:\x` is a long path and names none."""
    plain = path.replace("/", "\\")
    if plain.startswith(("\\\\?\\", "\\\\.\\")):
        return plain[4:8].upper() == "UNC\\"
    return plain.startswith("\\\\")


def _resolved(path: Path) -> str:
    try:
        return str(path.resolve())
    except OSError:  # a link in a circle, or a server that does not answer
        return str(path.absolute())


def _drive(path: Path) -> str:
    r"""The root of the drive of a path as Windows asks for it: `Z:\`; "" of a path without a letter."""
    import ntpath

    letter = ntpath.splitdrive(str(path) if ntpath.splitdrive(str(path))[0] else str(path.absolute()))[0]
    plain = letter.removeprefix("\\\\?\\")
    return f"{plain}\\" if len(plain) == 2 and plain[1] == ":" else ""


def _is_remote(drive: str) -> bool:
    import ctypes

    windll = getattr(ctypes, "windll", None)
    return bool(drive and windll is not None and windll.kernel32.GetDriveTypeW(drive) == _REMOTE)


def _kind_of(target: str, mounts: Iterable[tuple[str, str]]) -> str:
    """The kind of the file system on which a path lies, of (place, kind) of all there are."""
    best, found = "", ""
    for place, kind in mounts:
        if target.startswith(place.rstrip("/") + "/") and len(place) >= len(best):
            best, found = place, kind
    return found


def _mounts_of_linux() -> list[tuple[str, str]]:
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
    parts = [line.split(" ") for line in lines]
    return [(_plain(each[1]), each[2]) for each in parts if len(each) > 2]


def _plain(place: str) -> str:
    r"""A place without the escapes of /proc/mounts: `\040` is a space."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), place)


@lru_cache(maxsize=16)
def _mounts_of_a_mac(_folder: str) -> list[tuple[str, str]]:
    """What `mount` says; asked once for each folder, as connections are made again and again."""
    import subprocess

    try:
        told = subprocess.run(["/sbin/mount"], capture_output=True, timeout=3, check=False).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    found = map(_ON_A_MAC.match, told.decode("utf-8", "surrogateescape").splitlines())
    return [(each[1], each[2]) for each in found if each]
