"""Gathers the licences of every part that goes into a bundle, from where each part keeps its own.

A part without a licence text stops the build: it must not be passed on without one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("licen", "copying", "notice", "authors")  # how such files begin
# their texts are in resources/licenses already: the wheels of Qt carry none
KEPT = frozenset({"pyside6-essentials", "shiboken6"})
ALWAYS = frozenset({"pyinstaller"})  # its loader is in every frozen program


class LicenceFault(Exception):
    """A part whose licence was not found."""


def collect(modules: Iterable[str], libraries: Iterable[str], folder: Path) -> list[Path]:
    """Write a text for each distribution that has one of `modules` (names of top-level modules), for Python,
    PyInstaller's loader and for each Debian package that owns one of `libraries` (paths) -> the files.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    known = metadata.packages_distributions()
    names = {_plain(name) for module in modules for name in known.get(module, ())}
    texts = {
        f"{dist.name} {dist.version}": _of_distribution(dist)
        for dist in map(metadata.distribution, sorted((names - KEPT - {"funneldesk"}) | ALWAYS))
    }
    texts[f"Python {sys.version.split()[0]}"] = _of_python()
    for package in sorted({_owner(library) for library in libraries}):
        notice = Path("/usr/share/doc") / package / "copyright"
        texts[package] = notice.read_text(encoding="utf-8", errors="replace")
    made = []
    for name, text in texts.items():
        made.append(folder / f"{name}.txt")
        made[-1].write_text(text, encoding="utf-8")
    return made


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def _of_distribution(dist: metadata.Distribution) -> str:
    files = [
        path for path in dist.files or () if ".dist-info" in str(path) and path.name.lower().startswith(NAMES)
    ]
    if not files:
        raise LicenceFault(f"{dist.name} {dist.version} comes without a licence text")
    said = {name: dist.metadata[name] for name in ("License-Expression", "License") if name in dist.metadata}
    head = "\n".join(
        [f"{dist.name} {dist.version}", *(line.splitlines()[0] for line in said.values() if line)]
    )
    bodies = [Path(str(path.locate())).read_text(encoding="utf-8", errors="replace") for path in files]
    return "\n\n".join([head, *bodies])


def _of_python() -> str:
    places = (Path(sys.base_prefix), Path(os.__file__).parent)
    for place in places:
        if (place / "LICENSE.txt").is_file():
            return (place / "LICENSE.txt").read_text(encoding="utf-8", errors="replace")
    raise LicenceFault(f"Python's licence is in none of {', '.join(map(str, places))}")


def _owner(library: str) -> str:
    """Debian's package that has a library of the system."""
    real = os.path.realpath(library)
    for place in (library, real, real.removeprefix("/usr")):
        asked = subprocess.run(["dpkg-query", "-S", place], capture_output=True, text=True)
        if asked.returncode == 0:
            return asked.stdout.split(":")[0]
    raise LicenceFault(f"no package of this system owns {library}")
