"""A set-up program for Windows from the frozen folder, made by NSIS (makensis in the search path).

What of it was run: `funneldesk.nsi` was compiled on Debian 12 (NSIS 3.08) around a stand-in for the program;
installed, upgraded, refused while the program ran, and removed, silently, under Wine 8, both as it is shipped
(32 bits wide) and with `amd64_stub`; in English, Russian and Polish, and under a German Windows in English.
Its pages were looked at in Russian and Polish.  PyInstaller for Windows was not run: there was no Windows.
`tests/installer/test_set_up_under_wine.py` does the silent part again where Wine is.
"""

from __future__ import annotations

import os
from pathlib import Path, PureWindowsPath

from funneldesk import __version__
from installer import build, pictures

SCRIPT = Path(__file__).resolve().parent / "files" / "windows" / "funneldesk.nsi"
_VERSION_RESOURCE = """\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={four}, prodvers={four}, mask=0x3F, flags=0, OS=0x40004, fileType=1, subtype=0),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("CompanyName", "The FunnelDesk authors"),
      StringStruct("FileDescription", "FunnelDesk"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("LegalCopyright", "MIT licence"),
      StringStruct("ProductName", "FunnelDesk"),
      StringStruct("ProductVersion", "{version}"),
    ])]),
    VarFileInfo([VarStruct("Translation", [0x409, 1200])]),
  ],
)
"""


def four_numbers(version: str) -> tuple[int, int, int, int]:
    """The version as Windows wants it: 0.1.0 -> (0, 1, 0, 0)."""
    numbers = [int("".join(filter(str.isdigit, part)) or 0) for part in version.split(".")]
    first, second, third, fourth = (*numbers, 0, 0, 0, 0)[:4]
    return first, second, third, fourth


def version_resource(version: str) -> str:
    """What PyInstaller writes into the programs, for the Details of their properties."""
    return _VERSION_RESOURCE.format(four=four_numbers(version), version=version)


def file_lists(bundle: Path) -> tuple[str, str]:
    """(lines that put the bundle's files in place, lines that take exactly these away) for NSIS.

    The folder is never removed with all that is in it: a person may have chosen one with other things.
    """
    put, take = [], []
    folders = [bundle, *sorted(path for path in bundle.rglob("*") if path.is_dir())]
    for folder in folders:
        there = _there(folder, bundle)
        put.append(f'SetOutPath "{there}"')
        for file in sorted(path for path in folder.iterdir() if not path.is_dir()):
            put.append(f'File "{file}"')
            take.append(f'Delete "{there}\\{_escaped(file.name)}"')
    take += [f'RMDir "{_there(folder, bundle)}"' for folder in reversed(folders[1:])]
    return "\n".join(put) + "\n", "\n".join(take) + "\n"


def _there(folder: Path, bundle: Path) -> str:
    inner = str(PureWindowsPath(folder.relative_to(bundle)))
    return "$INSTDIR" if inner == "." else f"$INSTDIR\\{_escaped(inner)}"


def _escaped(text: str) -> str:
    return text.replace("$", "$$")


def set_up_program(bundle: Path, dist: Path, *, amd64_stub: bool = False) -> Path:
    """The set-up program; `amd64_stub` makes its own code 64 bits wide, where NSIS can (Debian's)."""
    put, take = file_lists(bundle)
    lists = build.BUILD / "nsis"
    lists.mkdir(parents=True, exist_ok=True)
    # NSIS knows a script's encoding by this mark
    (lists / "put.nsh").write_text(put, encoding="utf-8-sig")
    (lists / "take.nsh").write_text(take, encoding="utf-8-sig")
    (lists / "side.bmp").write_bytes(pictures.side_bmp())
    (lists / "funneldesk.ico").write_bytes(pictures.ico())
    made = dist / f"FunnelDesk-{__version__}-setup.exe"
    size = sum(path.stat().st_size for path in bundle.rglob("*") if path.is_file()) // 1024
    names = {
        "VERSION": __version__,
        "VERSION4": ".".join(map(str, four_numbers(__version__))),
        "SIZE_KB": str(size),
        "LISTS": str(lists),
        "LICENCE": str(build.ROOT / "LICENSE"),
        "OUT": str(made),
    }
    mark = "/" if os.name == "nt" else "-"
    words = [f"{mark}D{name}={value}" for name, value in names.items()]
    if amd64_stub:
        words.append(f"{mark}DAMD64_STUB")
    build.run(["makensis", f"{mark}V2", f"{mark}INPUTCHARSET", "UTF8", *words, str(SCRIPT)])
    return made
