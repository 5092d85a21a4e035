"""Which paths lie on a network share, on three systems whose answers are played here."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from funneldesk.store import network, sqlite_file
from funneldesk.store.network import on_network_share

LINUX = r"""
/dev/sda1 / ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
//server/team /mnt/team\040files cifs rw 0 0
server:/home /mnt/home nfs4 rw 0 0
/dev/sdb1 /mnt/home/disk ext4 rw 0 0
gvfsd-fuse /run/user/1000/gvfs fuse.gvfsd-fuse rw 0 0
"""
MAC = """
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
//anna@server/Team%20files on /Volumes/Team files (smbfs, nodev, nosuid, mounted by anna)
https://cloud.example/dav on /Volumes/cloud on the hill (webdav, nodev, noexec, nosuid, mounted by anna)
server:/export on /Volumes/export (nfs)
afp://server/old on /Volumes/old (afpfs, nodev, nosuid)
/dev/disk5s1 on /Volumes/usb (msdos, local, nodev, nosuid, noowners)
"""


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    network._mounts_of_a_mac.cache_clear()
    yield
    network._mounts_of_a_mac.cache_clear()


@pytest.mark.skipif(sys.platform == "win32", reason="paths of other systems")
@pytest.mark.parametrize(
    ("path", "share"),
    [
        ("/srv/sales.funneldesk", False),
        ("/mnt/team files/sales.funneldesk", True),
        ("/mnt/team/sales.funneldesk", False),
        ("/mnt/home/sales.funneldesk", True),
        ("/mnt/home/disk/sales.funneldesk", False),
        ("/run/user/1000/gvfs/smb-share/sales.funneldesk", True),
    ],
)
def test_on_linux(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, path: str, share: bool) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(LINUX, encoding="utf-8")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(network, "Path", lambda _place: mounts)
    assert on_network_share(Path(path)) == share


@pytest.mark.skipif(sys.platform == "win32", reason="paths of other systems")
@pytest.mark.parametrize(
    ("path", "share"),
    [
        ("/Applications/sales.funneldesk", False),
        ("/Volumes/Team files/sales.funneldesk", True),
        ("/Volumes/cloud on the hill/a/sales.funneldesk", True),
        ("/Volumes/export/sales.funneldesk", True),
        ("/Volumes/old/sales.funneldesk", True),
        ("/Volumes/usb/sales.funneldesk", False),
    ],
)
def test_on_a_mac(monkeypatch: pytest.MonkeyPatch, path: str, share: bool) -> None:
    asked: list[object] = []

    def run(words: list[str], **_more: object) -> SimpleNamespace:
        asked.append(words)
        return SimpleNamespace(stdout=MAC.encode())

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(subprocess, "run", run)
    for _time in range(3):
        assert on_network_share(Path(path)) == share
    assert asked == [["/sbin/mount"]]


@pytest.mark.parametrize("error", [FileNotFoundError("mount"), subprocess.TimeoutExpired("mount", 3)])
def test_where_nothing_answers_it_is_no_share(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def run(*_words: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(subprocess, "run", run)
    assert not on_network_share(Path("/Volumes/old/sales.funneldesk"))


@pytest.mark.parametrize(
    ("path", "share"),
    [
        (r"Z:\team\sales.funneldesk", True),
        (r"z:\sales.funneldesk", True),
        ("Z:/team/sales.funneldesk", True),
        (r"C:\Data\sales.funneldesk", False),
        (r"E:\sales.funneldesk", False),
        (r"\\server\team\sales.funneldesk", True),
        ("//server/team/sales.funneldesk", True),
        (r"\\?\UNC\server\team\sales.funneldesk", True),
        (r"\\?\C:\Data\sales.funneldesk", False),
        (r"\\?\Z:\team\sales.funneldesk", True),
    ],
)
def test_on_windows(monkeypatch: pytest.MonkeyPatch, path: str, share: bool) -> None:
    kinds = {"C:\\": 3, "E:\\": 2, "Z:\\": 4}
    kernel = SimpleNamespace(GetDriveTypeW=lambda drive: kinds.get(drive.upper(), 1))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(network, "_resolved", str)
    assert on_network_share(Path(path)) == share


def test_a_folder_that_leads_to_a_server_is_a_share_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = SimpleNamespace(GetDriveTypeW=lambda _drive: 3)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(network, "_resolved", lambda _path: r"\\server\team\sales.funneldesk")
    assert on_network_share(Path(r"C:\team\sales.funneldesk"))


def test_a_base_on_a_share_is_opened_without_a_log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "sales.funneldesk"
    path.touch()
    for share, mode in ((True, "delete"), (False, "wal" if sqlite_file.wal_is_safe() else "delete")):
        monkeypatch.setattr(sqlite_file, "on_network_share", lambda _path, share=share: share)
        con = sqlite_file.connect(path)
        assert con.execute("PRAGMA journal_mode").fetchone()[0] == mode
        con.close()
