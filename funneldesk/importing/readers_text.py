"""csv, tsv and other separated text -> the staging file.  Runs only in the child."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from funneldesk.importing.child import ReadError, ReadOptions
from funneldesk.importing.staging import Cell, StagingWriter

DELIMITERS = ("\t", ";", ",", "|")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# The encodings of the three languages; a detector that knows all of the world's guesses wrongly.
_CANDIDATES = ("windows-1251", "windows-1250", "iso8859-2", "koi8-r", "cp866", "cp852", "windows-1252")
_SAMPLE = 200_000
_MAX_COLUMNS = 16_384
_GUARDED = re.compile(r"^'(?=[=@+\-\t\r\n'])")


def read(path: Path, writer: StagingWriter, options: ReadOptions, progress: Callable[[float], None]) -> None:
    """Read separated text; its encoding and delimiter are found unless given."""
    data = path.read_bytes()
    text, encoding = decode(data, options.encoding)
    writer.note("encoding", encoding)
    write_text(text, path.stem, writer, options, progress)


def write_text(
    text: str, name: str, writer: StagingWriter, options: ReadOptions, progress: Callable[[float], None]
) -> None:
    """Write separated text as one sheet called `name`."""
    text = text.replace("\x00", "")
    declared = re.match(r"\ufeff?\"?sep=(.)\"?\r?\n", text)
    skip = 0
    if declared:
        skip, delimiter = declared.end(), declared.group(1)
    else:
        delimiter = find_delimiter(text[:_SAMPLE])
    delimiter = options.delimiter or delimiter
    writer.note("delimiter", delimiter)
    writer.begin_sheet(name)
    total = max(len(text), 1)
    length = 0
    for number, cells in enumerate(_records(text[skip:], delimiter), 2 if declared else 1):
        if len(cells) > _MAX_COLUMNS:
            raise ReadError("import.too_wide", row=number)
        writer.add(number, [_cell(c) for c in cells])
        length += sum(map(len, cells)) + len(cells)
        if not number % 5000:
            progress(min(0.99, length / total))
    writer.end_sheet()


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(500_000_000)  # what is too long is refused when it is staged
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=False)
    except csv.Error as error:
        raise ReadError("import.unreadable", reason=str(error)) from error


def _cell(text: str) -> Cell:
    if not text or text.isspace():
        return None
    if text[0] == "'":
        # The sign that guards a text from becoming a formula, written by our own export too.
        return _GUARDED.sub("", text)
    if text[0] == "\x01":
        return text.lstrip("\x01") or None
    return text


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Bytes -> text and the encoding's name: the mark, strict UTF-8, then a restricted detector."""
    if encoding is not None:
        try:
            return data.decode(encoding, "replace").removeprefix("\ufeff"), encoding
        except LookupError:
            raise ReadError("import.unknown_encoding", encoding=encoding) from None
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace"), name.removesuffix("-sig")
    if b"\x00" in data[:1000]:
        name = "utf-16-le" if data[1:1000:2].count(0) > data[:1000:2].count(0) else "utf-16-be"
        return data.decode(name, "replace"), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    import chardet

    # Lines of plain ASCII say nothing about the encoding; the others decide.
    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())[:_SAMPLE]
    found = chardet.detect(telling, include_encodings=_CANDIDATES, no_match_encoding="cp1252")["encoding"]
    name = found or "windows-1252"
    return data.decode(name, "replace"), name.lower()


def find_delimiter(sample: str) -> str:
    """The delimiter whose column counts are the most consistent over the first rows."""
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        if delimiter not in sample:
            continue
        widths: Counter[int] = Counter()
        for number, cells in enumerate(_records(sample, delimiter)):
            if number >= 200:
                break
            if any(c.strip() for c in cells):
                widths[len(cells)] += 1
        rows = sum(widths.values())
        wide = {width: count for width, count in widths.items() if width > 1}
        if not wide:
            continue
        width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
        # Consistency first; among equals the wider, which prose with commas never is.
        score = count / rows * (1 + min(width, 20) / 40)
        if score > best_score:
            best, best_score = delimiter, score
    return best
