"""The program's own test of an installed copy, run from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from funneldesk.text import LANGUAGES
from funneldesk.ui import self_test

ROOT = Path(__file__).resolve().parent.parent.parent


def test_it_passes_and_leaves_what_it_made_in_the_folder(tmp_path: Path) -> None:
    out = tmp_path / "made"
    done = subprocess.run(
        [sys.executable, "-m", "funneldesk", "--self-test", str(out)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = (out / "self-test.txt").read_text(encoding="utf-8")
    assert said.splitlines()[-1].startswith("all right")
    for language in LANGUAGES:
        assert not QImage(str(out / f"{language}-first.png")).isNull()
        assert (out / f"{language}.pdf").read_bytes().startswith(b"%PDF-")
        assert f"{language}: base of schema 1 brought to" in said
        assert f"{language}: prospects-{language}.xlsx: 41 rows read" in said
    assert "words: Доска, Отмена" in said
    assert "password: set, refused without it, opened with it" in said
    assert not (tmp_path / "user" / "config").exists(), "the user's settings were touched"


def test_a_part_that_is_missing_fails_it(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(self_test, "_load_everything", lambda: 1)
    monkeypatch.setattr(self_test, "resource_path", lambda *parts: tmp_path.joinpath("nowhere", *parts))
    assert self_test.run(tmp_path / "made") == 1
    assert "FileNotFoundError" in capsys.readouterr().out
    assert (tmp_path / "made" / "self-test.txt").read_text(encoding="utf-8").endswith("FAILED\n")
