"""README and CONTRIBUTING say what is true: the files they name are there, the words too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from funneldesk.cli.parser import WORDS
from funneldesk.store.sqlite_file import SCHEMA

ROOT = Path(__file__).resolve().parent.parent
# where a path that a document names may begin
STARTS = {
    "README.md": (".", "installer"),
    "CONTRIBUTING.md": (
        ".",
        "installer",
        "funneldesk",
        "funneldesk/importing",
        "tests/e2e",
        "resources/help/en",
    ),
    "installer/README.md": (".", "installer", "installer/files/linux"),
}
NAMED = re.compile(r"`([a-z_0-9/.-]+(?:\.py|\.md|\.toml|\.txt|\.sh|\.spec|\.nsi|/))`", re.IGNORECASE)


@pytest.mark.parametrize("document", STARTS)
def test_every_file_that_is_named_is_there(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = set(NAMED.findall(text)) | {
        target.split("#")[0] for target in re.findall(r"\]\(([^):]+)\)", text)
    }
    assert named
    missing = {
        name for name in named if not any((ROOT / start / name).exists() for start in STARTS[document])
    }
    assert missing == set()


def test_the_house_is_drawn_as_it_stands() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    drawn = text.split("## The house")[1].split("Who may import whom")[0]
    package = ROOT / "funneldesk"
    rooms = {f"{path.name}/" for path in package.iterdir() if (path / "__init__.py").exists()}
    files = {path.name for path in package.glob("*.py") if not path.name.endswith(("_words.py", "__.py"))}
    assert {name for name in rooms | files if name not in drawn} == set()


def test_readme_names_every_word_of_the_command_line() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").split("## Command line")[1].split("```")[1]
    assert {word for word in WORDS if not re.search(rf"[ |]{word}\b", lines)} == set()


def test_migrations_are_numbered_up_to_the_schema() -> None:
    steps = sorted((ROOT / "funneldesk/store/migrations/versions").glob("0*.py"))
    assert [path.name[:4] for path in steps] == [f"{number:04}" for number in range(1, SCHEMA + 1)]
