"""The command line on a base with a password: from the environment or asked, never an argument."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from funneldesk.app import main
from funneldesk.cli.parser import command_parser
from funneldesk.services import bases, clients, copies, passwords

Run = Callable[..., tuple[int, str, str]]
NAME, PASSWORD, OTHER = "Zyzzyva Holdings", "correct horse", "battery staple"


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    passwords.lock_all()
    yield
    passwords.lock_all()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    place = tmp_path / "b.funneldesk"
    with bases.new_base(place, template="general", language="en", currency="EUR", zone="UTC") as db:
        clients.create_company(db, name=NAME)
    return place


@pytest.fixture
def run(base: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str) -> tuple[int, str, str]:
        passwords.lock_all()  # each word is a program of its own
        capsys.readouterr()
        status = main(["--lang", "en", "--db", str(base), *words])
        told = capsys.readouterr()
        assert PASSWORD not in told.out + told.err
        return status, told.out, told.err

    return call


@pytest.fixture
def protected(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUNNELDESK_NEW_PASSWORD", PASSWORD)
    status, _out, told = run("password", "set")
    assert status == 0
    assert told.index("A forgotten password cannot be reset") < told.index("is protected by the new password")


def answers(monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    """A terminal at which somebody answers so; what was asked."""
    asked: list[str] = []
    left = iter(words)

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return next(left)

    monkeypatch.setattr(getpass, "getpass", ask)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    return asked


@pytest.mark.usefixtures("protected")
def test_every_word_takes_the_password_from_the_environment(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, base: Path
) -> None:
    status, _out, told = run("check")
    assert (status, told.count("\n")) == (1, 1)
    assert "FUNNELDESK_PASSWORD" in told
    monkeypatch.setenv("FUNNELDESK_PASSWORD", "wrong horse")
    status, _out, told = run("check")
    assert (status, told.count("\n")) == (1, 1)
    assert "does not open" in told
    monkeypatch.setenv("FUNNELDESK_PASSWORD", PASSWORD)
    sheet = tmp_path / "more.csv"
    sheet.write_text("Company,Phone\nAda Ltd,+48 22 000 12 34\n", encoding="utf-8")
    copy = str(tmp_path / "copy.funneldesk")
    for words in (
        ("check",), ("check", "--repair"), ("import", str(sheet), "--as", "clients"), ("imports",),
        ("waiting",), ("journal",), ("undo",), ("redo",), ("report", "managers"), ("rates",),
        ("export", "clients", "-o", str(tmp_path / "out.csv")), ("backup", copy), ("restore", copy),
        ("check", "--salvage", str(tmp_path / "saved.funneldesk")), ("demo", "--deals", "3"),
    ):  # fmt: skip
        status, _out, told = run(*words)
        assert status == 0, (words, told)
    assert NAME in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    for path in (base, Path(copy), tmp_path / "saved.funneldesk"):
        assert NAME.encode() not in path.read_bytes()


def test_a_backup_without_a_password_takes_it_from_the_base_and_says_so(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, base: Path
) -> None:
    plain = str(tmp_path / "usb.funneldesk")
    assert run("backup", plain)[0] == 0
    copies.note_of(base).unlink()  # as on another computer
    monkeypatch.setenv("FUNNELDESK_NEW_PASSWORD", PASSWORD)
    assert run("password", "set")[0] == 0
    status, _out, told = run("restore", plain)
    assert status == 0
    assert "the base has none now" in told
    assert base.read_bytes().startswith(b"SQLite")
    assert "none now" not in run("restore", plain)[2]


@pytest.mark.usefixtures("protected")
def test_at_a_terminal_it_is_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answers(monkeypatch, "wrong horse", PASSWORD)
    status, _out, told = run("check")
    assert (status, len(asked)) == (0, 2)
    assert "does not open" in told
    asked = answers(monkeypatch, "wrong 1", "wrong 2", "wrong 3", PASSWORD)
    assert run("check")[0] == 1
    assert len(asked) == 3


def test_set_changed_and_removed_at_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch, base: Path) -> None:
    answers(monkeypatch, PASSWORD, "correct hoarse")
    status, _out, told = run("password", "set")
    assert status == 1
    assert "differ" in told
    assert base.read_bytes().startswith(b"SQLite")
    answers(monkeypatch, PASSWORD, PASSWORD)
    assert run("password", "set")[0] == 0
    answers(monkeypatch, PASSWORD)
    assert "has a password already" in run("password", "set")[2]
    answers(monkeypatch, PASSWORD, OTHER, OTHER)
    assert run("password", "change")[0] == 0
    answers(monkeypatch, PASSWORD)
    status, _out, told = run("password", "remove")
    assert status == 1
    assert "does not open" in told
    answers(monkeypatch, OTHER)
    assert run("password", "remove")[0] == 0
    assert run("check")[0] == 0


def test_without_a_terminal_nothing_is_asked(run: Run) -> None:
    status, _out, told = run("password", "set")
    assert status == 1
    assert "FUNNELDESK_NEW_PASSWORD" in told


def test_there_is_no_argument_for_a_password(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command_parser().parse_args(["password", "set", PASSWORD])
    with pytest.raises(SystemExit):
        command_parser().parse_args(["password", "--help"])
    assert "--password" not in capsys.readouterr().out


def test_further_copies_go_along_and_those_out_of_reach_are_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, base: Path
) -> None:
    here, away, unknown = (tmp_path / name / "c.funneldesk" for name in ("disk", "usb", "friend"))
    for path in (here, away):
        assert run("backup", str(path))[0] == 0
    unknown.parent.mkdir()
    unknown.write_bytes(here.read_bytes())
    away.parent.rename(tmp_path / "unplugged")
    monkeypatch.setenv("FUNNELDESK_NEW_PASSWORD", PASSWORD)
    missing = str(tmp_path / "none.funneldesk")
    status, _out, told = run("password", "set", "--also", missing)
    assert (status, missing in told) == (1, True)
    assert base.read_bytes().startswith(b"SQLite")  # nothing was done yet
    status, _out, told = run("password", "set", "--also", str(unknown))
    assert status == 1  # one is out of reach
    assert str(away) in told and "password set --also" in told
    assert f"{unknown} was brought along" in told
    assert not any(path.read_bytes().startswith(b"SQLite") for path in (base, here, unknown))
    (tmp_path / "unplugged").rename(away.parent)
    monkeypatch.setenv("FUNNELDESK_PASSWORD", PASSWORD)
    assert run("password", "set", "--also", str(away))[0] == 0
    assert not away.read_bytes().startswith(b"SQLite")
    assert run("password", "set")[0] == 1
    away.parent.rename(tmp_path / "unplugged")
    status, _out, told = run("password", "remove")  # here `set --also` would protect the base again
    assert (status, str(away) in told, "--also" in told) == (1, True, False)
    assert run("password", "set")[0] == 1
    other = tmp_path / "other.funneldesk"
    with bases.new_base(other, template="general", language="en") as db:
        clients.create_company(db, name="Somebody else's")
    status, _out, told = run("password", "set", "--also", str(other))
    assert (status, "is another base" in told) == (1, True)
    assert other.read_bytes().startswith(b"SQLite")
