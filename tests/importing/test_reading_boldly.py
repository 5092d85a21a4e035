"""Large workbooks are read while they are looked at: the same comes out, and a far cell ends nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from funneldesk.errors import UserError
from funneldesk.importing import readers, readers_sheet
from funneldesk.importing.child import Limits, ReadOptions, read_file
from funneldesk.importing.staging import FAR, Row, SheetInfo, Staging
from tests.importing import hostile

ERRORS = '<row r="3" hidden="1"><c r="A3" t="e"><v>#REF!</v></c><c r="B3"><f>1+1</f></c></row>'
LONELY = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def found(path: Path) -> list[tuple[SheetInfo, object, list[Row]]]:
    base = Staging(path)
    return [(sheet, base.extra(sheet.id), list(base.rows(sheet.id))) for sheet in base.sheets()]


@pytest.mark.parametrize("more", ["", ERRORS, LONELY, ERRORS + '<row r="4"><c r="AAA4"><v>5</v></c></row>'])
def test_what_is_read_boldly_is_the_same(more: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.book(hostile.HEAD + hostile.BODY + more))
    told: list[bool] = []
    if more == LONELY:  # there the reader would end this process
        monkeypatch.setattr(readers_sheet, "_begin", lambda _path: None)
    monkeypatch.setattr(readers_sheet, "_LARGE", 0)
    for name, options in (("bold", ReadOptions()), ("careful", ReadOptions(careful=True))):
        readers.read(path, tmp_path / name, options, lambda _part: None, told.append)
    assert told == [True, False]
    assert found(tmp_path / "bold") == found(tmp_path / "careful")
    assert found(tmp_path / "bold")[0][2][1] == (2, ["Acme", 79001234567])


def test_what_is_wrong_is_told_though_the_reader_fails_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.book(hostile.HEAD, dtd="<!DOCTYPE a>"))
    monkeypatch.setattr(readers_sheet, "_LARGE", 0)
    with pytest.raises(UserError) as error:
        readers.read(path, tmp_path / "staging", ReadOptions(), lambda _part: None)
    assert error.value.params["reason"] == "DTD"


def test_a_child_that_ends_at_a_far_cell_of_a_large_file_is_followed_by_a_careful_one(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    padding = " " * (readers_sheet._LARGE + 1)
    path.write_bytes(hostile.book(hostile.HEAD + hostile.BODY + padding + LONELY))
    read_file(path, tmp_path / "staging", limits=Limits(memory=700_000_000))
    (_sheet, _extra, rows), *_rest = found(tmp_path / "staging")
    assert rows[1] == (2, ["Acme", 79001234567])
    assert FAR in str(rows[-1][1])
