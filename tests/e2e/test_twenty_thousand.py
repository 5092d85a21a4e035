"""Twenty thousand prospects in three languages, through the window and through the command line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from funneldesk.app import main
from funneldesk.domain import clock
from funneldesk.services import bases
from funneldesk.ui.import_wizard.page import ImportPage
from funneldesk.ui.import_wizard.steps import CHECK
from tests.importing.makers import xlsx
from tests.ui.import_wizard.kit import enter, import_page, make_import_window
from tests.ui.shell_kit import drop

ROWS = 20_000
NOW = 1_790_000_000_000_000


@dataclass(frozen=True)
class Words:
    """How people of a language write their lists."""

    heads: tuple[str, ...]
    form: str  # how a company is written
    other_form: str  # and how the same one is written elsewhere
    phone: str
    cities: tuple[str, ...]
    managers: tuple[str, ...]
    total: str


LANGUAGES = {
    "ru": Words(
        ("Наименование", "ИНН", "Контактное лицо", "Должность", "Телефоны", "Эл. почта", "Сайт", "Город",
         "Адрес", "Источник", "Ответственный", "Примечание"),
        "ООО «Ромашка {i}»", "Ромашка {i} ООО", "+7 495 {a:03}-{b:02}-{c:02}", ("Тула", "Псков"),
        ("Анна Кравцова", "Игорь Белозёров"), "Итого",
    ),
    "pl": Words(
        ("Nazwa firmy", "NIP", "Osoba kontaktowa", "Stanowisko", "Telefon", "Adres e-mail", "Strona www",
         "Miasto", "Adres", "Źródło", "Opiekun", "Uwagi"),
        "Źródło {i} sp. z o.o.", "ZRODLO {i} Sp. z o. o.", "+48 22 {a:03} {b:02} {c:02}",
        ("Łódź", "Kraków"),
        ("Łucja Żak", "Piotr Ślaz"), "Razem",
    ),
    "en": Words(
        ("Company name", "Tax ID", "Contact person", "Position", "Phone", "E-mail", "Website", "City",
         "Address", "Source", "Manager", "Comment"),
        "Kelridge {i} Ltd", "KELRIDGE {i}, Ltd.", "+44 20 {a:04} {b:02}{c:02}", ("Leeds", "York"),
        ("Rachel Dunmore", "Colin Harwick"), "Total",
    ),
}  # fmt: skip


def prospects(words: Words) -> tuple[list[list[Any]], dict[str, int]]:
    """The rows of a list as it is sent, and what they should come to."""
    rows: list[list[Any]] = [[None], ["2026"], list(words.heads)]
    want = dict.fromkeys(("created", "updated", "duplicates", "skipped", "rejected", "blank"), 0)
    for i in range(ROWS - 2):
        row = prospect(words, i)
        kind = i % 50 if i >= 50 else 0
        first = prospect(words, i - 7)
        if kind in (41, 42, 43, 44):  # the company seven rows above once more, known by one thing only
            row = [f"Other {words.form.format(i=i)}", *[None] * 11]
            if kind == 41:
                row[4] = str(first[4]).split(",")[0].replace("+", "00").replace("-", "").replace(" ", "")
            elif kind == 42:
                row[5] = str(first[5]).upper()
            elif kind == 43:
                row[1] = str(first[1])
            else:
                row[0] = words.other_form.format(i=i - 7)
            want["duplicates"] += 1
        elif kind == 45:
            row[0] = row[2] = None
            want["rejected"] += 1
        else:
            want["created"] += 1
        rows.append(row)
        if i in (100, 2000, 3000):
            rows.append([None] * 3)
            want["blank"] += 1
    rows.append(list(words.heads))
    rows.append([words.total, ROWS])
    want["skipped"] += 2
    return rows, want


def prospect(words: Words, i: int) -> list[Any]:
    a, b, c = i // 10_000, i // 100 % 100, i % 100
    phone = words.phone.format(a=a + 200, b=b, c=c)
    second = words.phone.format(a=a + 500, b=b, c=c)
    return [
        words.form.format(i=i), f"{5_000_000_000 + i * 7}", f"{words.managers[0].split()[0]} N{i}",
        "Director",
        f"{phone}, {second}" if i % 3 == 0 else phone, f"office{i}@c{i}.example", f"www.c{i}.example",
        words.cities[i % 2], f"Main st. {i}", "Expo", words.managers[i % 2], f"={i}" if i % 11 == 0 else None,
    ]  # fmt: skip


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is made now is made at the same moment on both ways."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


class Shell:
    """The command line on one base."""

    def __init__(self, base: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._base, self._capsys = base, capsys

    def __call__(self, *words: str) -> str:
        self._capsys.readouterr()
        assert main(["--lang", "en", "--db", str(self._base), *words]) == 0
        return self._capsys.readouterr().out

    def sha(self) -> str:
        told = json.loads(self("check", "--json"))
        assert told["ok"], told["problems"]
        return str(told["content_sha256"])


def through_the_window(qtbot: QtBot, base: Path, file: Path, *, cancel: bool) -> dict[str, int]:
    """Drop the file and press Enter; with `cancel` once stop in the middle of the writing."""
    with bases.open_base(base) as db:
        window = make_import_window(db, synchronous=False)
        qtbot.addWidget(window)
        window.show()
        page = import_page(window)
        drop(window, file)
        qtbot.waitUntil(lambda: page.session.file is not None, timeout=60_000)
        enter(page)
        enter(page)
        qtbot.waitUntil(lambda: page.step == CHECK, timeout=60_000)
        if cancel:
            stop_in_the_middle(qtbot, page)
        enter(page)
        qtbot.waitUntil(lambda: page.session.result is not None, timeout=60_000)
        assert page.session.result is not None
        told = {**page.session.result.counts, **page.session.result.records}
        window.context.tasks.stop()
        window.close()
    return told


def stop_in_the_middle(qtbot: QtBot, page: ImportPage) -> None:
    before = bases.check(page._context.db).content_sha256
    page.session.progressed.connect(lambda _done, _total: page.session.cancel())
    enter(page)
    qtbot.waitUntil(lambda: page.session.busy == "" and page.step == CHECK, timeout=60_000)
    assert page.session.result is None
    assert bases.check(page._context.db).content_sha256 == before
    page.session.progressed.disconnect()


@pytest.fixture(params=sorted(LANGUAGES))
def sent(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, dict[str, int]]:
    """A list as it is sent, and what it should come to."""
    words = LANGUAGES[request.param]
    rows, want = prospects(words)
    return xlsx(tmp_path / f"prospects {request.param}.xlsx", rows), want


def test_window_and_command_line_import_the_same_and_undo_takes_all_back(
    qtbot: QtBot,
    sent: tuple[Path, dict[str, int]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file, want = sent
    one, other = tmp_path / "window.funneldesk", tmp_path / "line.funneldesk"
    shown, typed = Shell(one, capsys), Shell(other, capsys)
    shown("new")
    typed("new")
    empty = shown.sha()
    assert typed.sha() == empty

    told = through_the_window(qtbot, one, file, cancel=True)
    printed = json.loads(typed("import", str(file), "--as", "clients", "--json"))

    counts = {name: told[name] for name in ("read", *want)}
    assert counts == {"read": ROWS, **want}
    assert {name: printed[name] for name in counts} == counts
    assert counts["read"] == sum(counts[name] for name in want if name != "blank")
    assert {kind: told[kind] for kind in printed["records"]} == printed["records"]
    full = shown.sha()
    assert typed.sha() == full != empty
    shown("undo")  # in a base that was closed and opened again
    assert shown.sha() == empty
