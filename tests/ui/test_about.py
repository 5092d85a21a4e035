"""About: the terms of every part can be read there."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from funneldesk.ui import about
from funneldesk.ui.theme import LIGHT


def test_the_programs_own_licence_comes_first_then_the_overview(qtbot: QtBot) -> None:
    shown = about.Licences(LIGHT)
    qtbot.addWidget(shown)
    names = [shown.parts.item(row).text() for row in range(shown.parts.count())]
    assert names[:2] == ["FunnelDesk", "Overview"]
    assert {"Qt", "LGPL-3", "GPL-3", "Lucide", "DejaVu"} <= set(names)
    assert shown.terms.toPlainText().startswith("MIT License")
    shown.parts.setCurrentRow(1)
    assert "python-stdnum" in shown.terms.toPlainText()
    assert "|" not in shown.terms.toPlainText()


def test_an_installed_program_shows_the_parts_that_came_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "_resources" / "licenses"
    (folder / "parts").mkdir(parents=True)
    for name in ("LICENSE.txt", "README.md", "Qt.txt", "parts/numpy 2.4.6.txt"):
        (folder / name).write_text(name)
    monkeypatch.setattr(about, "resource_path", lambda *parts: tmp_path.joinpath("_resources", *parts))
    assert [path.name for path in about.licence_files()] == [
        "LICENSE.txt", "README.md", "numpy 2.4.6.txt", "Qt.txt",
    ]  # fmt: skip
