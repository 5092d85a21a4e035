"""Who may import whom, which library may be used where, and what no file may say."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "funneldesk"

GROUND = {"collector", "errors", "paths", "resources"}
MIDDLE = {"store", "importing", "exporting", "reports"}
# what the window and the command line may use
SHOWN = {
    "logs",
    "services",
    "domain",
    "text",
    "report_words",
    "field_words",
    "condition_words",
    "record_words",
    "mending_words",
    "settings",
    *MIDDLE,
    *GROUND,
}
# room -> the rooms it may import; a room is a folder or a module directly in the package
MAY_IMPORT: dict[str, set[str]] = {
    "collector": set(),
    "errors": set(),
    "paths": set(),
    "resources": set(),
    "settings": {"errors", "paths"},
    "logs": {"paths"},
    "domain": {"errors"},
    **{room: {"domain", *GROUND} for room in MIDDLE},
    "import_words": set(),
    "sentences": set(),
    "text": {"domain", "import_words", "sentences", *GROUND},
    "field_words": {"text", "domain"},
    "condition_words": {"text", "domain"},
    "record_words": {"text"},
    "mending_words": {"text", "record_words"},
    # exporting for the type that carries words into a file
    "report_words": {"text", "field_words", "condition_words", "domain", "exporting", *GROUND},
    "services": {"domain", "settings", *MIDDLE, *GROUND},
    "ui": SHOWN,
    "cli": SHOWN,
    "app": {"ui", "cli", *SHOWN},
    "__main__": {"app"},
}

# library -> the files that may use it
ONLY_IN: dict[str, tuple[str, ...]] = {
    "PySide6": ("ui/*",),
    "shiboken6": ("ui/*",),
    "pyqtgraph": ("ui/*",),
    "sqlalchemy": ("store/*",),
    "alembic": ("store/*",),
    "pysqlite3": ("store/*",),
    "sqlcipher3": ("store/cipher.py",),
    # importing/staging.py keeps rows in a scratch file of its own
    "sqlite3": ("store/*", "importing/staging.py"),
    "filelock": ("store/*",),
    "python_calamine": ("importing/readers*.py",),
    "openpyxl": ("importing/readers*.py",),
    "defusedxml": ("importing/readers*.py",),
    "chardet": ("importing/readers*.py",),
    "xlsxwriter": ("exporting/*",),
    "icalendar": ("exporting/*",),
    "gettext": ("text.py",),
    "argparse": ("cli*", "app.py"),
    "platformdirs": ("paths.py",),
    "numpy": ("reports/*", "ui/*", "store/queries/told.py"),
    "rapidfuzz": ("importing/*", "services/doubles.py"),
    "stdnum": ("importing/*", "services/*"),
}

MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "_resources" not in path.parts)
NAMES = [path.relative_to(PACKAGE).as_posix() for path in MODULES]


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """(line, full name) of every import in a file, those inside functions and under TYPE_CHECKING too."""
    package = ["funneldesk", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{module}.{alias.name}"


def room_of(name: str) -> str:
    """The room of a file `ui/board/view.py` or a module `funneldesk.ui.board`."""
    first = name.split("/")[0].removesuffix(".py")
    return "cli" if first.startswith("cli") else first


@pytest.mark.parametrize("name", NAMES)
def test_a_module_imports_only_rooms_below_its_own(name: str) -> None:
    room = room_of(name)
    if room == "__init__":
        return
    assert room in MAY_IMPORT, f"a new room {room}: say in MAY_IMPORT what it may import"
    wrong = []
    for line, module in imported(PACKAGE / name):
        parts = module.split(".")
        if parts[0] != "funneldesk" or len(parts) < 2 or parts[1] == "__version__":
            continue
        target = room_of(parts[1])
        if target != room and target not in MAY_IMPORT[room]:
            wrong.append(f"{name}:{line} imports {module}")
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_a_library_is_used_only_where_it_belongs(name: str) -> None:
    wrong = []
    for line, module in imported(PACKAGE / name):
        top = module.split(".")[0]
        allowed = ONLY_IN.get(top)
        if allowed is not None and not any(fnmatch(name, pattern) for pattern in allowed):
            wrong.append(f"{name}:{line} imports {module}, which belongs to {', '.join(allowed)}")
        if allowed is None and top not in sys.stdlib_module_names | {"funneldesk"} and top not in ("msvcrt",):
            wrong.append(f"{name}:{line} imports {module}: not yet in ONLY_IN")
    assert wrong == []


def test_only_one_door_leads_to_the_file_of_a_base() -> None:
    """What connects by itself must know the key of a base with a password."""
    connects = re.compile(r"(?:sqlite3|module|newer|made|module\(\)|module_for\([^)]*\))\.connect\(")
    below = [name for name in NAMES if room_of(name) != "ui"]  # there it is a word of Qt's signals
    found = {name for name in below if connects.search((PACKAGE / name).read_text(encoding="utf-8"))}
    doors = {"store/sqlite_file.py", "store/backup.py", "store/recrypt.py", "store/cipher.py"}
    assert found == doors | {"importing/staging.py"}  # the last has a file of its own, never a base


@pytest.mark.parametrize("name", NAMES)
def test_words_are_put_into_a_language_when_shown_not_when_imported(name: str) -> None:
    tree = ast.parse((PACKAGE / name).read_text(encoding="utf-8"))
    early = [
        f"{name}:{call.lineno}"
        for call in _calls_at_import(tree)
        if isinstance(call.func, ast.Name) and call.func.id in ("_", "ngettext", "pgettext")
    ]
    assert early == [], "use N_() there and _() where it is shown"


def _calls_at_import(node: ast.AST) -> Iterator[ast.Call]:
    """The calls that run while a module is imported: outside functions, and in defaults of parameters."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            for default in [*child.args.defaults, *child.args.kw_defaults]:
                if default is not None:
                    yield from (call for call in ast.walk(default) if isinstance(call, ast.Call))
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from _calls_at_import(child)


# A migration is written once and never read again.
@pytest.mark.parametrize("name", [name for name in NAMES if "/versions/" not in name])
def test_a_module_stays_short_enough_to_read(name: str) -> None:
    assert len((PACKAGE / name).read_text(encoding="utf-8").splitlines()) <= 400


def test_the_command_line_starts_without_qt() -> None:
    code = (
        "import sys, funneldesk.cli; "
        "sys.exit(', '.join(sorted({'PySide6', 'pyqtgraph', 'numpy'} & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")


# --- what no file may say -----------------------------------------------------------------------------

FORBIDDEN = {
    "a path of somebody's machine": re.compile(r"(?<![\w./-])/(opt|work|home|root)/\w"),
    "a path out of the checkout": re.compile(r"\.\./shared"),
    "the address of a package index": re.compile(
        r"\b(?:pypi|pythonhosted|registry\.npmjs|deb\.debian)\.(?:org|com)\b|--(?:extra-)?index[-]url|find[-]links"
    ),
    "a number of an issue": re.compile(r"\bissues?\s*#?\d+\b", re.IGNORECASE),
}
SKIPPED_FOLDERS = {".git", ".venv", ".hypothesis", "build", "dist", "__pycache__", "node_modules"}
TEXTS = {".py", ".md", ".toml", ".txt", ".po", ".sh", ".spec", ".nsi", ".json", ".yml", ".yaml", ".svg", ""}


def text_files() -> Iterator[Path]:
    """Every text file of the checkout but this one."""
    for folder, inner, files in os.walk(ROOT):
        inner[:] = [name for name in inner if name not in SKIPPED_FOLDERS and not name.endswith("_cache")]
        for name in files:
            path = Path(folder) / name
            if path.suffix in TEXTS and path != Path(__file__).resolve() and name != ".git":
                yield path


def test_no_file_names_a_machine_an_index_or_an_issue() -> None:
    wrong = []
    for path in text_files():
        text = path.read_text(encoding="utf-8", errors="replace")
        for what, pattern in FORBIDDEN.items():
            for hit in pattern.finditer(text):
                line = text.count("\n", 0, hit.start()) + 1
                wrong.append(f"{path.relative_to(ROOT)}:{line} says {what}: {hit.group()}")
    assert wrong == []


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    pins = (ROOT / "installer" / "constraints.txt").read_text(encoding="utf-8")
    pinned = {_normal(line.split("==")[0]) for line in pins.splitlines() if "==" in line}
    missing = {_normal(re.split(r"[<>=;\[ ]", line)[0]) for line in declared} - pinned
    assert missing - {project["name"]} == set()  # its own extras


def test_pins_name_versions_and_nothing_else() -> None:
    pins = (ROOT / "installer" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in pins if not re.fullmatch(r"#.*|[\w.-]+==[\w.]+", line)] == []


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_top_of_the_checkout_holds_only_what_belongs_there() -> None:
    allowed = {
        "funneldesk", "resources", "installer", "tests", "build", "dist",
        "pyproject.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE",
    }  # fmt: skip
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - allowed == set()
