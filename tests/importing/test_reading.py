"""Foreign files: every format is read, every bad one ends in a message."""

from __future__ import annotations

import os
import sys
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest

from funneldesk.errors import Cancelled, UserError
from funneldesk.importing.child import Limits, ReadOptions, read_file
from funneldesk.importing.readers import sniff
from funneldesk.importing.readers_text import decode, find_delimiter
from funneldesk.importing.staging import DATE, ERROR, FAR, Staging
from tests.importing import makers

HEADS = {
    "en": ["Company", "City", "Phone", "Amount"],
    "ru": ["Компания", "Город", "Телефон", "Сумма"],
    "pl": ["Nazwa firmy", "Miejscowość", "Telefon komórkowy", "Wartość"],
}
BODY = {
    "en": ["Acme Ltd", "London", "+44 20 7946 0018", 1500.5],
    "ru": ["ООО «Ёлка»", "Королёв", "+7 495 123-45-67", 1500.5],
    "pl": ["Żółć sp. z o.o.", "Łódź", "+48 42 555 01 23", 1500.5],
}
MAKERS = {
    "xlsx": makers.xlsx,
    "ods": makers.ods,
    "csv": makers.csv,
    "html": makers.html,
    "xml": makers.spreadsheet_ml,
}


def read(path: Path, tmp_path: Path, options: ReadOptions | None = None) -> list[tuple[int, list[object]]]:
    staging = tmp_path / "staging"
    read_file(path, staging, options)
    base = Staging(staging)
    return [(n, list(cells)) for n, cells in base.rows(base.sheets()[-1].id)]


@pytest.mark.parametrize("language", ["en", "ru", "pl"])
@pytest.mark.parametrize("form", MAKERS)
def test_every_format_gives_the_same_cells_whatever_the_file_is_called(
    form: str, language: str, tmp_path: Path
) -> None:
    path = MAKERS[form](tmp_path / "list.xls", [HEADS[language], BODY[language], [None] * 4, BODY[language]])
    rows = read(path, tmp_path)
    assert [n for n, _cells in rows] == [1, 2, 4]
    assert rows[0][1] == HEADS[language]
    assert [str(c) for c in rows[1][1]] == [str(c) for c in BODY[language]]


def test_a_date_cell_stays_a_date_and_a_whole_number_has_no_point(tmp_path: Path) -> None:
    path = makers.xlsx(tmp_path / "a.xlsx", [["day", "phone"], [date(2026, 3, 5), 79001234567]])
    assert read(path, tmp_path)[1] == (2, [f"{DATE}2026-03-05T00:00:00", 79001234567])


def test_zeros_that_only_the_format_shows_are_kept(tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "zeros.xlsx"))
    page, code = book.add_worksheet("A & B"), book.add_format({"num_format": "0000000000"})
    page.write_row(0, 0, ["NIP", "Sum"])
    for row in range(1, 4):
        page.write_number(row, 0, 12345678 + row, code)
        page.write_number(row, 1, 12)
    book.close()
    assert read(tmp_path / "zeros.xlsx", tmp_path)[1] == (2, ["0012345679", 12])


def test_hidden_sheets_are_there_and_marked(tmp_path: Path) -> None:
    path = makers.xlsx(tmp_path / "a.xlsx", [["a", "b"]], hidden="Old")
    read(path, tmp_path)
    assert [(s.name, s.hidden) for s in Staging(tmp_path / "staging").sheets()] == [
        ("Old", True),
        ("Sheet1", False),
    ]


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("ru", "windows-1251"), ("ru", "koi8-r"), ("ru", "cp866"), ("ru", "utf-16"), ("ru", "utf-8-sig"),
        ("pl", "windows-1250"), ("pl", "iso8859-2"), ("pl", "cp852"), ("pl", "utf-16-le"), ("pl", "utf-8"),
    ],
)  # fmt: skip
def test_the_encoding_of_a_text_is_found(language: str, encoding: str) -> None:
    written = makers.text_of([[str(h).replace("«", "").replace("»", "") for h in HEADS[language]]] + [
        [str(v).replace("«", "").replace("»", "") for v in BODY[language]]
    ] * 5, ";")  # fmt: skip
    assert decode(written.encode(encoding))[0].removeprefix("\ufeff") == written


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_gives_even_columns(delimiter: str) -> None:
    rows = [["name", "note", "sum"], ["Acme, Inc.", "one; two", "1,5"], ["B | C", "x", "2,5"], ["D", "", ""]]
    assert find_delimiter(makers.text_of(rows, delimiter)) == delimiter


def test_a_guard_against_formulas_is_taken_off_again(tmp_path: Path) -> None:
    path = makers.csv(tmp_path / "a.csv", [["a", "b"], ["'=1+1", "'tis"]])
    assert read(path, tmp_path)[1][1] == ["=1+1", "'tis"]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.xlsx", b"", "import.empty"),
        ("a.xlsx", b"PK\x03\x04 but nothing of a zip behind it", "import.unreadable"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "import.unreadable"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "import.encrypted",
        ),
        ("a.csv", bytes(range(256)) * 20, "import.not_a_table"),
        ("a.pdf", b"%PDF-1.7\n\x00\x01\x02\x03\x04\x05\x06\x07\x08" * 5, "import.not_a_table"),
        ("a.xml", b"<?xml version='1.0'?><feed/>", "import.not_a_table"),
        ("a.html", b"<html><p>no table</p></html>", "import.not_a_table"),
    ],
)
def test_what_is_no_table_ends_in_a_message(name: str, data: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UserError) as raised:
        read(path, tmp_path)
    assert raised.value.code == code
    assert not (tmp_path / "staging").exists()


def test_a_file_that_is_not_there_is_a_message(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"import\.not_found"):
        read(tmp_path / "none.csv", tmp_path)


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\x00" * 200_000_000)
    with pytest.raises(UserError, match=r"import\.bomb"):
        read(path, tmp_path)


def test_a_far_cell_does_not_take_the_memory(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    page = book.create_sheet("far", 0)
    page["A1"], page["XFD1048576"] = "x", 1
    del book["Sheet"]
    book.save(tmp_path / "far.xlsx")
    rows = read(tmp_path / "far.xlsx", tmp_path)
    assert rows == [(1, ["x"]), (1_048_576, [ERROR + FAR])]  # said, not cut without a word
    staging = Staging(tmp_path / "staging")
    assert staging.extra(staging.sheets()[-1].id).far == {1_048_576}


def test_memory_is_watched_from_outside_where_the_system_keeps_no_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from funneldesk.importing import child, memory

    assert memory.resident(os.getpid()) > 10_000_000 or sys.platform == "win32"
    monkeypatch.setattr(child, "resident", lambda _pid: 2_000_000_000)
    path = makers.csv(tmp_path / "a.csv", [["a", "b"]])
    with pytest.raises(UserError, match=r"import\.memory"):
        read_file(path, tmp_path / "staging")
    assert not (tmp_path / "staging").exists()


@pytest.mark.skipif("sys.platform == 'win32'")
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(UserError, match=r"import\.not_a_table"):
        read_file(tmp_path / "a.csv", tmp_path / "staging")


def test_a_cell_of_a_million_signs_is_refused(tmp_path: Path) -> None:
    path = makers.csv(tmp_path / "a.csv", [["a", "b"], ["x" * 1_000_001, "y"]])
    with pytest.raises(UserError, match=r"import\.long_cell"):
        read_file(path, tmp_path / "staging")


def test_the_child_is_ended_at_its_time_limit(tmp_path: Path) -> None:
    path = makers.csv(tmp_path / "big.csv", [["a", "b"]] + [["x" * 50, "y" * 50]] * 200_000)
    started = time.monotonic()
    with pytest.raises(UserError, match=r"import\.timeout"):
        read_file(path, tmp_path / "staging", limits=Limits(seconds=0.15))
    assert time.monotonic() - started < 45, "sixty seconds are the usual limit"
    assert not (tmp_path / "staging").exists()


@pytest.mark.skipif("sys.platform != 'linux'")
def test_the_child_is_ended_at_its_memory_limit(tmp_path: Path) -> None:
    path = makers.csv(tmp_path / "big.csv", [["a", "b"]] + [["x" * 1000, "y" * 1000]] * 60_000)
    with pytest.raises(UserError, match=r"import\.memory"):
        read_file(path, tmp_path / "staging", limits=Limits(memory=150_000_000))


def test_cancel_ends_the_child(tmp_path: Path) -> None:
    path = makers.csv(tmp_path / "big.csv", [["a", "b"]] + [["x" * 50, "y" * 50]] * 200_000)
    with pytest.raises(Cancelled):
        read_file(path, tmp_path / "staging", cancelled=lambda: True)
    assert not (tmp_path / "staging").exists()


def test_first_bytes_say_what_a_file_is() -> None:
    assert sniff(b"PK\x03\x04") == "zip"
    assert sniff(b"\xef\xbb\xbf<html><table>") == "html"
    assert sniff("имя;сумма".encode("cp1251")) == "text"
    assert sniff("имя;сумма".encode("utf-16")) == "text"
