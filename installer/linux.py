"""Packages for Linux from the frozen folder: a .deb, and a .tar.xz for every other distribution.

What of it was run, on Debian 12: both built; in a Debian 12 root that has no Python the .deb installed, its
window started under Xvfb, a base opened through the desktop's association of files, and removed without a
trace; the .tar.xz put in place, tried (also on the xcb platform) and removed by a plain user.  Other
distributions were not tried.  The frozen folder needs the glibc of the system that built it, or a newer
one.
"""

from __future__ import annotations

import gzip
import platform
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from funneldesk import __version__
from installer import build, manual, pictures
from installer.develop import QT_PARTS, WAYLAND_PARTS, X11_PARTS

HERE = Path(__file__).resolve().parent / "files" / "linux"
RESOURCES = build.ROOT / "resources"
ICON_SIZES = (48, 64, 128, 256)
KIND = "application-x-funneldesk"

# library that the bundle leaves to the system -> Debian's package that has it
BASE_PARTS = {
    "libstdc++.so.6": "libstdc++6",
    "libgcc_s.so.1": "libgcc-s1",
    "libz.so.1": "zlib1g",
    "libexpat.so.1": "libexpat1",
    "libzstd.so.1": "libzstd1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgio-2.0.so.0": "libglib2.0-0",
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libgmodule-2.0.so.0": "libglib2.0-0",
    "libfreetype.so.6": "libfreetype6",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11.so.6": "libx11-6",
    "libxcb.so.1": "libxcb1",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
}
GLIBC = re.compile(r"^(libc|libm|libdl|libpthread|librt|libutil|libresolv|ld-linux[\w-]*)\.so\.\d+$")
NEEDED_PARTS = QT_PARTS | X11_PARTS | BASE_PARTS
# without these it runs, but does not print, or not on Wayland
USEFUL_PARTS = WAYLAND_PARTS | {"libcups.so.2": "libcups2", "libdrm.so.2": "libdrm2"}
USEFUL = ("desktop-file-utils", "shared-mime-info", "tzdata", "xdg-utils")
MAINTAINER = "The FunnelDesk authors <authors@funneldesk.invalid>"


# --- what both packages have -----------------------------------------------------------------------


def lay_out_share(share: Path) -> None:
    """Menu entry, description, manual page, kind of file and icons, as they lie under /usr/share."""
    put(HERE / "funneldesk.desktop", share / "applications" / "funneldesk.desktop")
    about = (HERE / "org.funneldesk.FunnelDesk.metainfo.xml").read_text(encoding="utf-8")
    day = build.release_day() or datetime.now(UTC).date().isoformat()
    target = share / "metainfo" / "org.funneldesk.FunnelDesk.metainfo.xml"
    target.parent.mkdir(parents=True)
    target.write_text(about.replace("@VERSION@", __version__).replace("@DATE@", day), encoding="utf-8")
    manual.put(share / "man" / "man1" / "funneldesk.1.gz", day)
    put(RESOURCES / "mime" / "packages" / "funneldesk.xml", share / "mime" / "packages" / "funneldesk.xml")
    icons = share / "icons" / "hicolor"
    for place in ("apps/funneldesk", f"mimetypes/{KIND}"):
        put(pictures.MARK, icons / "scalable" / f"{place}.svg")
        for size in ICON_SIZES:
            picture = icons / f"{size}x{size}" / f"{place}.png"
            picture.parent.mkdir(parents=True, exist_ok=True)
            picture.write_bytes(pictures.png(size))


def put(source: Path, target: Path) -> None:
    """Copy a file, making its folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def copy_bundle(bundle: Path, target: Path) -> None:
    """Copy the frozen folder with rights that do not hang on who built it."""
    shutil.copytree(bundle, target, symlinks=True)
    programs = {target / "funneldesk", target / "funneldesk-window"}
    for path in [target, *target.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path in programs else 0o644)


# --- what the bundle asks of the system --------------------------------------------------------------


def foreign_libraries(bundle: Path) -> tuple[set[str], str]:
    """(names of libraries that the bundle's files want and the bundle lacks, newest glibc they want)."""
    own, wanted, versions = set[str](), set[str](), {(2, 17)}
    for path in _programs_and_libraries(bundle):
        own.add(path.name)
        told = subprocess.run(["objdump", "-p", str(path)], capture_output=True, text=True, check=True).stdout
        wanted.update(re.findall(r"^\s*NEEDED\s+(\S+)", told, re.MULTILINE))
        versions.update((int(a), int(b)) for a, b in re.findall(r"\bGLIBC_(\d+)\.(\d+)", told))
    return wanted - own, ".".join(map(str, max(versions)))


def _programs_and_libraries(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as stream:
                if stream.read(4) == b"\x7fELF":
                    yield path


def packages_for(libraries: set[str]) -> tuple[list[str], list[str]]:
    """(packages that must be there, useful ones) for the libraries; BuildFault for unknown libraries."""
    rest = {name for name in libraries if not GLIBC.match(name)}
    unknown = sorted(rest - NEEDED_PARTS.keys() - USEFUL_PARTS.keys())
    if unknown:
        raise build.BuildFault(f"Say in installer/linux.py which packages have: {', '.join(unknown)}")
    # the parts that Qt opens by itself are named by nobody's list of needed libraries
    must = {NEEDED_PARTS[name] for name in rest & NEEDED_PARTS.keys()} | set(QT_PARTS.values())
    return sorted(must), sorted({USEFUL_PARTS[name] for name in rest & USEFUL_PARTS.keys()} | set(USEFUL))


# --- .deb -------------------------------------------------------------------------------------------


def deb(bundle: Path, dist: Path) -> Path:
    """The package for Debian and its relatives."""
    tree = build.BUILD / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    copy_bundle(bundle, tree / "usr" / "lib" / "funneldesk")
    lay_out_share(tree / "usr" / "share")
    (tree / "usr" / "bin").mkdir()
    for name in ("funneldesk", "funneldesk-window"):
        (tree / "usr" / "bin" / name).symlink_to(f"../lib/funneldesk/{name}")
    papers = tree / "usr" / "share" / "doc" / "funneldesk"
    papers.mkdir(parents=True)
    (papers / "copyright").write_text(_copyright(), encoding="utf-8")
    changes = (build.ROOT / "CHANGELOG.md").read_bytes()
    (papers / "CHANGELOG.md.gz").write_bytes(gzip.compress(changes, 9, mtime=0))
    control = tree / "DEBIAN" / "control"
    control.parent.mkdir()
    control.write_text(control_text(tree / "usr"), encoding="utf-8")
    for path in tree.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
    made = dist / f"funneldesk_{__version__}_{_architecture()}.deb"
    # an eighth of the time of xz for a tenth more
    build.run(["dpkg-deb", "--root-owner-group", "-Zzstd", "-z10", "--build", str(tree), str(made)])
    shutil.rmtree(tree)
    return made


def control_text(usr: Path) -> str:
    """What the package says of itself; `usr` holds its files."""
    libraries, glibc = foreign_libraries(usr / "lib" / "funneldesk")
    must, useful = packages_for(libraries)
    size = sum(path.lstat().st_size for path in usr.rglob("*")) // 1024
    return f"""\
Package: funneldesk
Version: {__version__}
Architecture: {_architecture()}
Maintainer: {MAINTAINER}
Installed-Size: {size}
Section: misc
Priority: optional
Depends: {", ".join([f"libc6 (>= {glibc})", *must])}
Recommends: {", ".join(useful)}
Description: sales-funnel manager for a small team, in one file
 Clients, a stage board and reports whose numbers are right, on one computer,
 without an account and without a network. Imports spreadsheets, prints, and
 takes every step back. English, Russian and Polish.
"""


def _architecture() -> str:
    names = {"x86_64": "amd64", "aarch64": "arm64"}
    return names.get(platform.machine(), platform.machine())


def _copyright() -> str:
    parts = (RESOURCES / "licenses" / "README.md").read_text(encoding="utf-8")
    where = "The texts lie in /usr/lib/funneldesk/_internal/funneldesk/_resources/licenses.\n"
    own = (build.ROOT / "LICENSE").read_text(encoding="utf-8")
    return f"{own}\n{parts}\n{where}"


# --- .tar.xz ----------------------------------------------------------------------------------------


def tarball(bundle: Path, dist: Path) -> Path:
    """The folder for any distribution, to be run where it is unpacked or put in place by its script."""
    name = f"funneldesk-{__version__}-linux-{platform.machine()}"
    tree = build.BUILD / name
    shutil.rmtree(tree, ignore_errors=True)
    copy_bundle(bundle, tree / "lib" / "funneldesk")
    lay_out_share(tree / "share")
    (tree / "bin").mkdir()
    for program in ("funneldesk", "funneldesk-window"):
        (tree / "bin" / program).symlink_to(f"../lib/funneldesk/{program}")
    for file in ("install.sh", "README.txt"):
        put(HERE / file, tree / file)
    put(build.ROOT / "LICENSE", tree / "LICENSE")
    (tree / "install.sh").chmod(0o755)
    made = dist / f"{name}.tar.xz"
    with tarfile.open(made, "w:xz", preset=2) as archive:
        archive.add(tree, name, filter=_nobody)
    shutil.rmtree(tree)
    return made


def _nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry
