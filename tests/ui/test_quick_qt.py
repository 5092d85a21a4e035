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


def test_what_is_no_longer_used_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "qt.bytecode"
    run(path)
    size = path.stat().st_size
    run(path, b"answer = 43\n")
    assert path.stat().st_size == size


def test_files_are_compiled_as_their_own_caller_would(tmp_path: Path) -> None:
    source = b"def f(x: 3) -> None: ...\nanswer = f.__annotations__['x']\n"
    for name in (NAME, "other.py"):
        with kept_bytecode(tmp_path / "qt.bytecode"):
            found: dict[str, object] = {}
            exec(compile(source, name, "exec", dont_inherit=True), found)
            exec(eval("compile(source, name, 'exec')", {"source": source, "name": name}), found)
        assert found["answer"] == 3


def test_a_folder_that_cannot_be_written_is_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert run(tmp_path / "file" / "qt.bytecode") == 42
    (tmp_path / "folder").mkdir()
    assert run(tmp_path / "folder") == 42  # cannot be replaced, and nothing is left behind
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]


@pytest.mark.parametrize("damage", [0, 4, 30, -1])
def test_one_wrong_bit_is_noticed(tmp_path: Path, damage: int) -> None:
    path = tmp_path / "qt.bytecode"
    run(path)
    whole = path.read_bytes()
    broken = bytearray(whole)
    broken[damage] ^= 1
    path.write_bytes(broken)
    assert run(path) == 42
    assert path.read_bytes() == whole


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\xff" * 100])
def test_a_broken_keep_is_made_anew(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "qt.bytecode"
    assert run(path) == 42
    whole = path.read_bytes()
    path.write_bytes(whole[:4] + data)
    assert run(path) == 42
    assert path.read_bytes() == whole
