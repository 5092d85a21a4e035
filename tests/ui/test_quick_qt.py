"""Bytecode of PySide6's embedded files is kept and used, and a broken keep does no harm."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from funneldesk.ui.quick_qt import kept_bytecode

SOURCE = b"answer = 42\n"
NAME = "shibokensupport/made_up.py"


def run(path: Path, source: bytes = SOURCE, name: str = NAME) -> object:
    with kept_bytecode(path):
        code = compile(source, name, "exec")
    found: dict[str, object] = {}
    exec(code, found)
    return found["answer"]


@pytest.fixture(autouse=True)
def may_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def test_what_was_compiled_is_kept_and_other_source_is_compiled_anew(tmp_path: Path) -> None:
    path = tmp_path / "qt.bytecode"
    assert run(path) == 42
    kept = path.read_bytes()
    assert run(path) == 42
    assert path.read_bytes() == kept
    assert run(path, b"answer = 43\n") == 43


def test_only_the_files_of_pyside_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "qt.bytecode"
    assert run(path, name="other.py") == 42
    assert not path.exists()


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\xff" * 100])
def test_a_broken_keep_is_made_anew(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "qt.bytecode"
    assert run(path) == 42
    whole = path.read_bytes()
    path.write_bytes(whole[:4] + data)
    assert run(path) == 42
    assert path.read_bytes() == whole
