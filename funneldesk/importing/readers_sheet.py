"""xlsx, xlsm, xlsb, xls and ods -> the staging file.  Runs only in the child."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from funneldesk.collector import collector_paused
from funneldesk.importing.child import ReadError
from funneldesk.importing.readers_look import MAX_UNPACKED, NO_VALUE, BookLook, Look, look_into
from funneldesk.importing.staging import DATE, ERROR, FAR, MARK, TIME, Cell, StagingWriter, joined

Progress = Callable[[float], None]
_MAX_PARTS = 5_000
_MAX_RATIO = 400
_MAX_BOX = 30_000_000
_LARGE = 20_000_000  # bytes unpacked from which a workbook is read while it is looked at
_MAX_MERGES = 50_000
_NEAR = 2_000  # columns that are read of a sheet with a far cell
_EXACT = 1e15  # below it a float holds every whole number
_TOGETHER = 2_048  # rows that are staged at once


def read_zip(
    path: Path, writer: StagingWriter, progress: Progress, bold: Callable[[bool], None] | None = None
) -> None:
    """A workbook that is a zip: looked at before it is read.

    A large one is read while it is looked at, which may end this process by a far cell: then `bold`
    has been called with True, and it must be read anew without it.
    """
    begun: _Begun | None = None
    try:
        with zipfile.ZipFile(path) as archive:
            names = _check(archive)
            if bold is not None and sum(part.file_size for part in archive.infolist()) >= _LARGE:
                bold(True)
                book, begun = _look_meanwhile(path, lambda: _look(archive, names))
                bold(False)
            else:
                book = _look(archive, names)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise ReadError("import.unreadable", reason=type(error).__name__) from error
    if not ({"xl/workbook.xml", "xl/workbook.bin", "content.xml"} & names):
        raise ReadError("import.not_a_table")
    if book.from_1904:
        writer.note("epoch", "1904")
    if any(look.box > _MAX_BOX or look.unplaced for look in book.sheets.values()):
        begun = None
        _read_openpyxl(path, writer, progress, book)
    else:
        _read_calamine(path, writer, progress, book, begun)


_Begun = tuple[Any, Any]  # a workbook, and its first sheet read


def _look_meanwhile(path: Path, look: Callable[[], BookLook]) -> tuple[BookLook, _Begun | None]:
    """What `look` finds, and the workbook begun to be read meanwhile: its reader leaves Python alone."""
    from concurrent.futures import ThreadPoolExecutor

    begun: _Begun | None = None
    with ThreadPoolExecutor(1) as beside:
        looked = beside.submit(look)
        try:
            begun = _begin(path)
        except BaseException:  # noqa: BLE001 - what `look` finds comes first; else it comes up again
            begun = None
    return looked.result(), begun


def _begin(path: Path) -> _Begun | None:
    import python_calamine as calamine

    with path.open("rb") as file:  # which is read as a whole at once
        book = calamine.load_workbook(file)
    first = next(iter(_worksheets(book)), None)
    return None if first is None else (book, book.get_sheet_by_name(first.name))


def _worksheets(book: Any) -> list[Any]:
    import python_calamine as calamine

    return [m for m in book.sheets_metadata if m.typ == calamine.SheetTypeEnum.WorkSheet]


def _look(archive: zipfile.ZipFile, names: set[str]) -> BookLook:
    """What the workbook says beside its values, by its format."""
    if "xl/workbook.bin" in names:
        from funneldesk.importing.readers_xlsb import look_into_xlsb

        return look_into_xlsb(archive)
    if "content.xml" in names and "xl/workbook.xml" not in names:
        from funneldesk.importing.readers_ods import look_into_ods

        return look_into_ods(archive)
    return look_into(archive)


def read_ole(path: Path, head: bytes, writer: StagingWriter, progress: Progress) -> None:
    """An .xls; an encrypted .xlsx is such a file too."""
    data = head if len(head) < 8192 else path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise ReadError("import.encrypted")
    from funneldesk.importing.readers_biff import look_into_xls

    looked = look_into_xls(data)
    if looked.from_1904:
        writer.note("epoch", "1904")
    _read_calamine(path, writer, progress, looked)


def _check(archive: zipfile.ZipFile) -> set[str]:
    parts = archive.infolist()
    if len(parts) > _MAX_PARTS:
        raise ReadError("import.too_many_parts", parts=len(parts))
    unpacked = sum(p.file_size for p in parts)
    packed = sum(p.compress_size for p in parts)
    if unpacked > MAX_UNPACKED or (unpacked > 50_000_000 and unpacked > packed * _MAX_RATIO):
        raise ReadError("import.bomb", size=unpacked // 1_000_000)
    names = set()
    for part in parts:
        if part.filename.startswith(("/", "\\")) or ".." in part.filename.split("/"):
            raise ReadError("import.unreadable", reason="part name")
        if part.flag_bits & 1:
            raise ReadError("import.encrypted")
        names.add(part.filename)
    return names


def _read_calamine(
    path: Path,
    writer: StagingWriter,
    progress: Progress,
    looked: BookLook | None = None,
    begun: _Begun | None = None,
) -> None:
    import python_calamine as calamine

    try:
        with path.open("rb") as file:
            book, first = begun or (calamine.load_workbook(file), None)
            with collector_paused():
                _copy(book, writer, progress, looked or BookLook(), first)
    except calamine.PasswordError as error:
        raise ReadError("import.encrypted") from error
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError) as error:
        raise ReadError("import.unreadable", reason=type(error).__name__) from error


def _copy(book: Any, writer: StagingWriter, progress: Progress, looked: BookLook, first_sheet: Any) -> None:
    """Every sheet; the first when it was read already is `first_sheet`."""
    import python_calamine as calamine

    metas = _worksheets(book)
    for index, meta in enumerate(metas):
        sheet = book.get_sheet_by_name(meta.name) if index or first_sheet is None else first_sheet
        look = looked.of(meta.name)
        writer.begin_sheet(
            meta.name,
            hidden=meta.visible != calamine.SheetVisibleEnum.Visible,
            extra=_extra(look, sheet.merged_cell_ranges),
        )
        if sheet.start is not None:
            # iter_rows begins at A1 whatever the first used cell.
            height = max(sheet.end[0] + 1, 1)
            if (sheet.end[0] + 1) * (sheet.end[1] + 1) > _MAX_BOX * 2:
                raise ReadError("import.too_wide", row=sheet.end[0] + 1)
            rows: Iterator[list[Any]] = sheet.iter_rows()
            first = 1
            while part := list(islice(rows, _TOGETHER)):
                _put(part, first, writer, look)
                first += len(part)
                progress((index + first / height) / len(metas))
        writer.end_sheet()
        progress((index + 1) / len(metas))


def _put(rows: list[list[Any]], first: int, writer: StagingWriter, look: Look) -> None:
    """Rows as the reader gives them -> the staging file, column by column where nothing is peculiar."""
    last = first + len(rows) - 1
    plain = not look.zeros and not any(first <= number <= last for number in look.odd)
    if plain and rows[0] and writer.takes_columns(first):
        columns = [_column(cells) for cells in zip(*rows, strict=True)]
        if any(column.__class__ is str or None not in column for column in columns):  # so no row is blank
            writer.add_columns(first, len(rows), columns)
            return
    for number, cells in enumerate(rows, first):
        row = _cells(cells)
        if look.zeros:
            _pad(row, look.zeros)
        if number in look.odd:
            _put_odd(row, look.odd[number])
        writer.add(number, row)


def _cells(values: Sequence[Any]) -> list[Cell]:
    """Nearly every cell is a text that begins with a letter or a digit and stays as it is."""
    return [c if c.__class__ is str and c and c[0].isalnum() else _cell(c) for c in values]


def _column(values: Sequence[Any]) -> list[Cell] | str:
    """As `_cells`; most columns are texts, none of them blank: seen to be so as a whole, and left joined."""
    kinds = set(map(type, values))
    if kinds == {str} and all(map(str.strip, values)):
        text = joined(values)
        if text and MARK not in text:
            return text
    if (
        kinds == {float}
        and not any(map(math.isnan, values))
        and -_EXACT < min(values) <= max(values) < _EXACT
    ):
        if not any(map(float.is_integer, values)):
            return list(values)
        return [int(value) if value.is_integer() else value for value in values]
    return _cells(values)


def _extra(look: Look, merges: Any) -> dict[str, Any]:
    """What goes along with a sheet: hidden rows, merged cells (row, column, to row, to column)."""
    extra: dict[str, Any] = {}
    if look.hidden:
        extra["hidden"] = sorted(look.hidden)
    if look.currency:
        extra["currency"] = {str(column): code for column, code in look.currency.items()}
    ranges = [(a[0] + 1, a[1], b[0] + 1, b[1]) for a, b in (merges or ())[:_MAX_MERGES]] or look.merges
    if ranges:
        extra["merges"] = ranges
    return extra


def _put_odd(row: list[Cell], odd: dict[int, str]) -> None:
    """Errors and formulas without a value, which the reader gives as nothing."""
    for column, text in odd.items():
        if column >= len(row):
            row.extend([None] * (column + 1 - len(row)))
        row[column] = ERROR + text


def _pad(row: list[Cell], zeros: dict[int, int]) -> None:
    """Numbers under a format such as 0000000000 become the text that people see."""
    for column, width in zeros.items():
        value = row[column] if column < len(row) else None
        if value.__class__ is int:
            row[column] = str(value).zfill(width)


def _cell(value: Any) -> Cell:
    if value.__class__ is str:
        if not value or value.isspace():
            return None
        return value if value[0] != MARK else value.lstrip(MARK) or None
    if value.__class__ is float:
        if value.is_integer() and -_EXACT < value < _EXACT:
            return int(value)
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        return DATE + value.replace(tzinfo=None).isoformat(timespec="seconds")
    if isinstance(value, date):
        return f"{DATE}{value.isoformat()}T00:00:00"
    if isinstance(value, time | timedelta):
        return TIME + str(value)
    return str(value)


def _read_openpyxl(path: Path, writer: StagingWriter, progress: Progress, looked: BookLook) -> None:
    """A sheet with a far cell: row by row, without a box."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for index, sheet in enumerate(book.worksheets):
        look = looked.of(sheet.title)
        extra: dict[str, Any] = {**_extra(look, None), "far": []}
        writer.begin_sheet(sheet.title, hidden=sheet.sheet_state != "visible", extra=extra)
        sheet.reset_dimensions()
        rows: Iterable[Any] = sheet.iter_rows()
        for number, cells in enumerate(rows, 1):
            if not cells:
                continue
            kept = [_openpyxl_cell(c) for c in cells[:_NEAR]]
            if any(c.value is not None for c in cells[_NEAR:]):
                extra["far"].append(number)
                if all(cell is None for cell in kept):
                    kept = [ERROR + FAR]  # so that the row is not taken for a blank one
            if number in look.odd and NO_VALUE in look.odd[number].values():
                _put_odd(kept, {c: t for c, t in look.odd[number].items() if t == NO_VALUE and c < _NEAR})
            writer.add(number, kept)
        writer.end_sheet()
        progress((index + 1) / len(book.worksheets))
    book.close()


def _openpyxl_cell(cell: Any) -> Cell:
    if cell.data_type == "e":
        return ERROR + str(cell.value)
    return _cell(cell.value)
