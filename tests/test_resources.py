from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from funneldesk import resources


@pytest.fixture(autouse=True)
def _fresh() -> None:
    resources.resource_root.cache_clear()


def test_resources_of_a_checkout_are_found() -> None:
    assert resources.resource_path("icons", "phone.svg").is_file()


def test_resources_of_an_installed_package_come_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "funneldesk"
    (package / "_resources" / "icons").mkdir(parents=True)
    (tmp_path / "resources" / "icons").mkdir(parents=True)
    monkeypatch.setattr(resources, "_HERE", package)
    assert resources.resource_root() == package / "_resources"
    resources.resource_root.cache_clear()


def test_a_damaged_installation_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "_HERE", tmp_path / "funneldesk")
    with pytest.raises(FileNotFoundError, match="damaged"):
        resources.resource_root()


def test_every_icon_is_a_drawing_of_24_units_in_one_colour() -> None:
    # style-*.svg are parts of the style sheet, which cannot recolour; funneldesk.svg is our mark
    every = resources.resource_path("icons").glob("*.svg")
    icons = [path for path in every if not path.name.startswith(("style-", "funneldesk"))]
    assert len(icons) >= 80
    for path in icons:
        root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
        assert root.get("viewBox") == "0 0 24 24", path.name
        assert root.get("stroke") == "currentColor", path.name


def test_every_icon_the_window_asks_for_is_there() -> None:
    asked = re.compile(r'(?:\bicon=|theme_icon\([\w.]+, |\bpixmap\()"([a-z0-9-]+)"')
    names = {
        name
        for path in Path(resources.__file__).parent.joinpath("ui").rglob("*.py")
        for name in asked.findall(path.read_text(encoding="utf-8"))
    }
    assert len(names) > 10
    assert {name for name in names if not resources.resource_path("icons", f"{name}.svg").exists()} == set()


def test_every_icon_is_asked_for_by_somebody() -> None:
    package = Path(resources.__file__).parent
    asked = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    every = {path.stem for path in resources.resource_path("icons").glob("*.svg")}
    icons = {name for name in every if not name.startswith("style-")}  # those have the theme in their name
    assert {name for name in icons if not re.search(rf'"{name}(\.svg)?"', asked)} == set()
