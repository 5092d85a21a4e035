"""The packages of each system, from a stand-in for the frozen folder."""

from __future__ import annotations

import ast
import importlib.util
import os
import plistlib
import re
import runpy
import shutil
import struct
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from funneldesk import __version__
from installer import build, licences, linux, macos, pictures, slim, windows

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = ROOT / "installer" / "files"
SPEC = ROOT / "installer" / "funneldesk.spec"
on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="packages of Linux")


def wants(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> None:
    """The one that windows have, so that drawing a picture makes no lesser one in its place."""


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A frozen folder with something of everything, and a place for what is built."""
    monkeypatch.setattr(build, "BUILD", tmp_path / "build")
    folder = tmp_path / "bundle" / "funneldesk"
    inner = folder / "_internal" / "with space"
    inner.mkdir(parents=True)
    (tmp_path / "dist").mkdir()
    for name in ("funneldesk", "funneldesk-window"):
        (folder / name).write_text(f"#!/bin/sh\necho {name} $*\n")
        (folder / f"{name}.exe").write_bytes(b"MZ")
    (inner / "price $5.txt").write_text("x")
    return folder


# --- what goes into the frozen folder ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6/Qt/lib/libQt6OpenGL.so.6", True),  # xcb is linked with it
        ("libQt6OpenGL.so.6", True),
        ("PySide6/Qt/plugins/sqldrivers/libqsqlite.so", False),
        ("PySide6\\opengl32sw.dll", False),
        ("PySide6/Qt/lib/libQt6Quick.so.6", False),
        ("libQt6Quick.so.6", False),
        ("PySide6/Qt/translations/qtbase_pl.qm", True),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("funneldesk/_resources/help/en/index.md", True),
    ],
)
def test_what_the_bundle_takes_of_qt(place: str, kept: bool) -> None:
    assert slim.wanted(place) is kept


def test_the_systems_own_libraries_stay_with_the_system() -> None:
    left = slim.is_left_to_the_system
    assert left("libX11.so.6", "/usr/lib/libX11.so.6", "/env")
    assert not left("libxcb-cursor.so.0", "/usr/lib/libxcb-cursor.so.0", "/env")
    assert not left("libQt6Core.so.6", "/env/lib/PySide6/libQt6Core.so.6", "/env")


def test_the_bundle_carries_the_same_resources_as_the_wheel() -> None:
    tree = ast.parse(SPEC.read_text(encoding="utf-8"))
    (listed,) = (
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "RESOURCES"
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert {f"resources/{name}" for name in listed} == {name for name in wheel if "/" in name}


def test_what_a_frozen_program_starts_does_not_get_its_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/bundle")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/mine")
    monkeypatch.setenv("PYINSTALLER_RESET_ENVIRONMENT", "0")
    runpy.run_path(str(ROOT / "installer" / "frozen_start.py"))
    assert os.environ["LD_LIBRARY_PATH"] == "/mine"
    assert os.environ["PYINSTALLER_RESET_ENVIRONMENT"] == "1"
    runpy.run_path(str(ROOT / "installer" / "frozen_start.py"))
    assert "LD_LIBRARY_PATH" not in os.environ


def test_licences_are_gathered_and_a_part_without_one_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(licences, "KEPT", licences.KEPT | {"pyinstaller"})
    monkeypatch.setattr(licences, "ALWAYS", frozenset())
    made = licences.collect(
        ["sqlalchemy", "numpy", "PySide6", "funneldesk", "json"], [], tmp_path / "licences"
    )
    names = [path.name.split()[0] for path in made]
    assert names == ["numpy", "SQLAlchemy", "Python"]
    assert "Redistribution" in made[0].read_text(encoding="utf-8")
    monkeypatch.setattr(licences, "NAMES", ("nothing like this",))
    with pytest.raises(licences.LicenceFault, match="numpy"):
        licences.collect(["numpy"], [], tmp_path / "licences")


# --- Linux -------------------------------------------------------------------------------------------


@wants("desktop-file-validate")
def test_the_menu_entry_is_valid() -> None:
    path = FILES / "linux" / "funneldesk.desktop"
    done = subprocess.run(["desktop-file-validate", str(path)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


@on_linux
@wants("appstreamcli")
def test_the_description_for_software_centres_is_valid(tmp_path: Path) -> None:
    linux.lay_out_share(tmp_path / "share")
    (path,) = (tmp_path / "share" / "metainfo").iterdir()
    assert f'version="{__version__}"' in path.read_text(encoding="utf-8")
    command = ["appstreamcli", "validate", "--no-net", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@on_linux
def test_the_menu_entry_opens_our_kind_of_file_and_has_its_icon(tmp_path: Path) -> None:
    share = tmp_path / "share"
    linux.lay_out_share(share)
    entry = (share / "applications" / "funneldesk.desktop").read_text(encoding="utf-8")
    kind = re.search(r'mime-type type="([^"]+)"', (share / "mime/packages/funneldesk.xml").read_text())
    assert kind is not None
    assert f"MimeType={kind[1]};" in entry
    icons = share / "icons" / "hicolor"
    for name in ("apps/funneldesk", f"mimetypes/{kind[1].replace('/', '-')}"):
        assert (icons / "scalable" / f"{name}.svg").exists()
        assert QImage(str(icons / "48x48" / f"{name}.png")).width() == 48


def test_a_library_that_nobody_has_named_stops_the_build() -> None:
    must, useful = linux.packages_for({"libc.so.6", "libX11.so.6", "libcups.so.2"})
    assert {"libx11-6", "libgl1"} <= set(must)
    assert "libcups2" in useful
    assert not any(name.startswith("libc6") for name in must)
    with pytest.raises(build.BuildFault, match=r"libnew\.so\.1"):
        linux.packages_for({"libnew.so.1"})


@on_linux
@wants("dpkg-deb")
def test_the_deb_holds_programs_menu_entry_and_papers(bundle: Path, tmp_path: Path) -> None:
    made = linux.deb(bundle, tmp_path / "dist")
    told = subprocess.run(["dpkg-deb", "-c", str(made)], capture_output=True, text=True, check=True).stdout
    files = {line.split()[5] for line in told.splitlines()}
    assert {
        "./usr/bin/funneldesk",
        "./usr/share/applications/funneldesk.desktop",
        "./usr/share/man/man1/funneldesk.1.gz",
        "./usr/share/mime/packages/funneldesk.xml",
        "./usr/share/doc/funneldesk/copyright",
    } <= files
    assert "./usr/bin/funneldesk -> ../lib/funneldesk/funneldesk" in told
    assert not re.search(r"^\S+ (?!root/root)", told, re.MULTILINE)
    fields = subprocess.run(["dpkg-deb", "-f", str(made)], capture_output=True, text=True, check=True).stdout
    assert f"Version: {__version__}\n" in fields
    assert "Depends: libc6 (>= " in fields


@on_linux
def test_the_tarball_is_put_in_place_and_taken_away(bundle: Path, tmp_path: Path) -> None:
    made = linux.tarball(bundle, tmp_path / "dist")
    shutil.unpack_archive(made, tmp_path / "here")  # tarfile's own filter came with Python 3.11.4
    (tree,) = (tmp_path / "here").iterdir()
    prefix = tmp_path / "a place" / ".local"
    (prefix / "share" / "applications").mkdir(parents=True)
    (prefix / "share" / "applications" / "other.desktop").write_text("[Desktop Entry]\n")

    def script(*words: str) -> None:
        subprocess.run([str(tree / "install.sh"), *words, str(prefix)], check=True, capture_output=True)

    script()
    script()  # over itself
    told = subprocess.run([prefix / "bin" / "funneldesk", "--help"], capture_output=True, text=True)
    assert told.stdout == "funneldesk --help\n"
    entry = (prefix / "share" / "applications" / "funneldesk.desktop").read_text(encoding="utf-8")
    assert f'Exec="{prefix}/lib/funneldesk/funneldesk-window" %f' in entry
    script("--remove")
    left = {path.name for path in prefix.rglob("*") if not path.is_dir()}
    assert "other.desktop" in left
    assert not any("funneldesk" in name.lower() for name in left)


@on_linux
def test_a_folder_of_that_name_that_is_something_else_is_left_alone(bundle: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(FILES / "linux", tree)
    (tree / "share").mkdir()
    theirs = tmp_path / "prefix" / "lib" / "funneldesk" / "notes.txt"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("mine")
    done = subprocess.run(["sh", str(tree / "install.sh"), str(tmp_path / "prefix")], capture_output=True)
    assert done.returncode == 1
    assert theirs.read_text() == "mine"


# --- Windows and macOS ----------------------------------------------------------------------------------


def test_the_set_up_program_removes_what_it_put_and_nothing_else(bundle: Path) -> None:
    put, take = windows.file_lists(bundle)
    assert put.count("File ") == take.count("Delete ") == 5
    assert 'Delete "$INSTDIR\\_internal\\with space\\price $$5.txt"' in take
    assert take.splitlines()[-1] == 'RMDir "$INSTDIR\\_internal"'
    assert "/r" not in take.lower()
    script = (FILES / "windows" / "funneldesk.nsi").read_text(encoding="utf-8")
    assert not re.search(r"RMDir\s+/r", script, re.IGNORECASE)


def test_the_set_up_program_speaks_three_languages() -> None:
    script = (FILES / "windows" / "funneldesk.nsi").read_text(encoding="utf-8")
    said: dict[str, set[str]] = {}
    for name, language in re.findall(r"^LangString (\w+) \$\{LANG_(\w+)\}", script, re.MULTILINE):
        said.setdefault(name, set()).add(language)
    assert len(said) >= 6
    assert set(map(frozenset, said.values())) == {frozenset({"ENGLISH", "RUSSIAN", "POLISH"})}


@wants("makensis")
def test_the_set_up_program_compiles(bundle: Path, tmp_path: Path) -> None:
    made = windows.set_up_program(bundle, tmp_path / "dist")
    assert made.name == f"FunnelDesk-{__version__}-setup.exe"
    assert made.read_bytes()[:2] == b"MZ"


def test_versions_and_icons_as_each_system_wants_them() -> None:
    assert windows.four_numbers("1.12.3") == (1, 12, 3, 0)
    assert windows.four_numbers("2.0rc1") == (2, 1, 0, 0)
    ast.parse(windows.version_resource(__version__))
    ico = pictures.ico()
    for place in range(struct.unpack("<HHH", ico[:6])[2]):
        _, _, _, _, _, _, size, offset = struct.unpack("<BBBBHHII", ico[6 + 16 * place : 22 + 16 * place])
        assert QImage.fromData(ico[offset : offset + size]).width() == pictures.ICO_SIZES[place]
    icns = pictures.icns()
    assert icns[:4] == b"icns"
    assert struct.unpack(">I", icns[4:8])[0] == len(icns)
    assert QImage.fromData(pictures.side_bmp(), "BMP").height() == 314  # type: ignore[arg-type]


def test_the_application_of_macos_opens_our_kind_of_file() -> None:
    told = plistlib.loads(plistlib.dumps(macos.info_plist()))
    (kind,) = told["UTExportedTypeDeclarations"]
    assert told["CFBundleDocumentTypes"][0]["LSItemContentTypes"] == [kind["UTTypeIdentifier"]]
    assert kind["UTTypeTagSpecification"]["public.filename-extension"] == ["funneldesk"]


# --- the script ------------------------------------------------------------------------------------------


def test_the_release_day_is_the_changelogs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "ROOT", tmp_path)
    (tmp_path / "CHANGELOG.md").write_text(f"## {__version__} (not yet released)\n")
    assert build.release_day() is None
    (tmp_path / "CHANGELOG.md").write_text(f"# Changes\n\n## {__version__} (2026-12-01)\n")
    assert build.release_day() == "2026-12-01"


def test_packages_want_a_frozen_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "BUNDLE", tmp_path / "build" / "bundle")
    assert build.main(["packages"]) == 1
    assert "run the build without a word" in capsys.readouterr().err
    assert build.main(["fly"]) == 2


@pytest.fixture
def freezer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands for the freezing: what it was told to leave out; nothing is in the folder it makes."""
    told: list[str] = []

    def freeze(command: list[str], environment: dict[str, str]) -> None:
        if "PyInstaller" in command:
            told.append(environment["FUNNELDESK_LEAVE_OUT"])
            build.BUNDLE.mkdir(parents=True)

    monkeypatch.setattr(build, "BUILD", tmp_path / "build")
    monkeypatch.setattr(build, "BUNDLE", tmp_path / "build" / "bundle")
    monkeypatch.setattr(build, "run", freeze)
    return told


def test_a_build_without_the_part_for_passwords_stops_in_one_line_unless_it_is_asked_for(
    freezer: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert build.main(["bundle"]) == 1
    said = capsys.readouterr().err.strip()
    assert said.startswith("sqlcipher3 is missing") and build.WITHOUT in said and "\n" not in said
    assert freezer == []
    assert build.main(["bundle", build.WITHOUT]) == 0
    assert freezer == ["sqlcipher3"]


def test_a_frozen_folder_without_the_part_for_passwords_is_noticed(
    freezer: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: object())
    assert build.main(["bundle"]) == 1
    assert "has no sqlcipher3" in capsys.readouterr().err
    assert build.main(["packages"]) == 1
    assert "has no sqlcipher3" in capsys.readouterr().err
    assert freezer == [""]
