"""Builds what people install, for the system it runs on: `python3 installer/develop.py build`.

    python -m installer.build              everything
    python -m installer.build bundle       only the frozen folder, build/bundle/funneldesk, and its self-test
    python -m installer.build packages     only the packages, from the frozen folder that is there
    ... --without-password                 what is built cannot open or make bases with a password

Packages come into dist/: .deb and .tar.xz on Linux, a set-up program on Windows, a disk image on macOS.
Wants PyInstaller and sqlcipher3 (`pip install .[build,password]`); PyInstaller cannot build for another
system than the one it runs on.

What of it was run: on Debian 12 all of it; see the heads of `linux.py`, `windows.py` and `macos.py`.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from funneldesk import __version__
from installer import i18n, pictures

ROOT = Path(__file__).resolve().parent.parent
BUILD, DIST = ROOT / "build", ROOT / "dist"
BUNDLE = BUILD / "bundle" / "funneldesk"
CIPHER = "sqlcipher3"
WITHOUT = "--without-password"
MOST_MB = 320  # unpacked, as a promise to people with small disks


class BuildFault(Exception):
    """What stopped the build, in one line."""


def main(words: Sequence[str]) -> int:
    """Do what the word says; 0 done, 1 something failed, 2 wrong usage."""
    jobs, protected = [word for word in words if word != WITHOUT], WITHOUT not in words
    if jobs not in ([], ["bundle"], ["packages"]):
        print(__doc__)
        return 2
    try:
        if "packages" not in jobs:
            bundle(protected=protected)
        if "bundle" not in jobs:
            for made in packages(protected=protected):
                print(f"{made.relative_to(ROOT)}: {made.stat().st_size / 1e6:.1f} MB")
    except BuildFault as fault:
        print(f"\n{fault}", file=sys.stderr)
        return 1
    return 0


def bundle(*, protected: bool = True) -> None:
    """Freeze the program and try it; `protected`: with what bases with a password need."""
    if protected and importlib.util.find_spec(CIPHER) is None:
        raise BuildFault(
            f"{CIPHER} is missing, without which there are no bases with a password: it has no wheel for "
            "this system and Python, or was not installed (pip install .[password]). "
            f"To build all the same: {WITHOUT}"
        )
    i18n.compile_catalogues()
    BUILD.mkdir(exist_ok=True)
    if sys.platform == "win32":
        from installer import windows

        (BUILD / "funneldesk.ico").write_bytes(pictures.ico())
        (BUILD / "version.txt").write_text(windows.version_resource(__version__), encoding="utf-8")
    elif sys.platform == "darwin":
        (BUILD / "funneldesk.icns").write_bytes(pictures.icns())
    spec = str(ROOT / "installer" / "funneldesk.spec")
    places = ["--distpath", str(BUNDLE.parent), "--workpath", str(BUILD / "pyinstaller")]
    # the recipe gets no arguments of ours
    told = {**os.environ, "FUNNELDESK_LEAVE_OUT": "" if protected else CIPHER}
    run([sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *places, spec], told)
    size = sum(path.lstat().st_size for path in BUNDLE.rglob("*")) / 1e6
    print(f"frozen: {size:.0f} MB")
    if size > MOST_MB:
        raise BuildFault(f"The frozen folder has {size:.0f} MB, more than the {MOST_MB} that are allowed.")
    _look_for_cipher(BUNDLE, protected)
    try_it(BUNDLE)


def _look_for_cipher(folder: Path, protected: bool) -> None:
    if protected and next(folder.rglob(f"{CIPHER}*"), None) is None:
        raise BuildFault(f"The frozen folder has no {CIPHER}: build it anew, or say {WITHOUT}.")


def try_it(folder: Path) -> None:
    """The self-test of a frozen folder; what it saw lies in build/self-test."""
    seen = BUILD / "self-test"
    shutil.rmtree(seen, ignore_errors=True)
    # with nothing of this environment: the bundle must stand on its own
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_"))}
    bare["QT_QPA_PLATFORM"] = "offscreen"
    run([str(folder / executable("funneldesk")), "--self-test", str(seen)], bare)


def packages(*, protected: bool = True) -> list[Path]:
    """Make the packages of this system from the frozen folder, see `bundle` -> the files."""
    if not BUNDLE.is_dir():
        raise BuildFault(f"There is no {BUNDLE.relative_to(ROOT)} yet: run the build without a word.")
    _look_for_cipher(BUNDLE, protected)
    DIST.mkdir(exist_ok=True)
    if sys.platform == "win32":
        from installer import windows

        return [windows.set_up_program(BUNDLE, DIST)]
    if sys.platform == "darwin":
        from installer import macos

        return [macos.disk_image(BUNDLE.parent / "FunnelDesk.app", DIST)]
    from installer import linux

    return [linux.deb(BUNDLE, DIST), linux.tarball(BUNDLE, DIST)]


def executable(name: str) -> str:
    """The file name of a program on this system."""
    return f"{name}.exe" if sys.platform == "win32" else name


def run(command: Sequence[str], environment: dict[str, str] | None = None) -> None:
    """Run a tool in the checkout; BuildFault when it is missing or fails."""
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment)
    except FileNotFoundError:
        raise BuildFault(f"{command[0]} is missing on this system.") from None
    if done.returncode:
        raise BuildFault(f"{Path(command[0]).name} failed with {done.returncode}.")


def release_day() -> str | None:
    """The day of this version's release by CHANGELOG.md, as YYYY-MM-DD; None before it is released."""
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(__version__)} \((\d{{4}}-\d\d-\d\d)\)", changes, re.MULTILINE)
    return found[1] if found else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
