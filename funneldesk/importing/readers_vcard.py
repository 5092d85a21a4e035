"""Contacts as vCard 2.1, 3.0 and 4.0 -> the staging file, one card a row.  Only in the child.

By RFC 2426 and RFC 6350; 2.1 with its quoted-printable lines and charsets is what phones still write.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from funneldesk.importing.child import ReadError, ReadOptions
from funneldesk.importing.readers_text import decode
from funneldesk.importing.staging import Cell, StagingWriter

# The columns, headed by words that the understanding of headers knows.
COLUMNS = (
    "Company", "Full name", "Last name", "First name", "Middle name", "Position", "Phone", "E-mail",
    "Website", "Address", "City", "Region", "Country", "Category", "Comment", "Birthday",
)  # fmt: skip
_ADDRESS = {2: "Address", 3: "City", 4: "Region", 6: "Country"}
_NAME = {0: "Last name", 1: "First name", 2: "Middle name"}
_SINGLE = {"FN": "Full name", "TITLE": "Position", "BDAY": "Birthday"}
_MANY = {"TEL": "Phone", "EMAIL": "E-mail", "URL": "Website", "NOTE": "Comment", "CATEGORIES": "Category"}
_JOINED = {"Phone": "; ", "E-mail": "; ", "Website": "; ", "Comment": "\n", "Category": ", ", "Address": "\n"}
_ESCAPED = re.compile(r"\\([\\,;:nN])")
_LINE = re.compile(rb"^(?:[\w-]+\.)?([A-Za-z-]+)((?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(.*)$", re.S)
_MAX_CARDS = 200_000


@dataclass(frozen=True, slots=True)
class Property:
    """A line of a card: its name, its parameters in capitals, its value as text."""

    name: str
    parameters: str
    value: str


def read(path: Path, writer: StagingWriter, options: ReadOptions, progress: Callable[[float], None]) -> None:
    """Read every card.  Raises ReadError `import.not_a_table` when there is none."""
    data = path.read_bytes()
    text, encoding = decode(data, options.encoding)
    if encoding.startswith("utf-16"):
        data = text.encode()
        encoding = "utf-8"
    writer.note("encoding", encoding)
    cards = []
    for card in _cards(data.removeprefix(b"\xef\xbb\xbf"), encoding):
        cards.append(_row(card))
        if len(cards) >= _MAX_CARDS:
            raise ReadError("import.too_large", size=len(data) // 1_000_000, limit=_MAX_CARDS)
    cards = [card for card in cards if card]
    if not cards:
        raise ReadError("import.not_a_table")
    used = [name for name in COLUMNS if any(name in card for card in cards)]
    writer.begin_sheet(path.stem)
    writer.add(1, list(used))
    for number, row in enumerate(cards, 2):
        cells: list[Cell] = [row.get(name) for name in used]
        writer.add(number, cells)
    writer.end_sheet()
    progress(0.99)


def _cards(data: bytes, encoding: str) -> Iterator[list[Property]]:
    card: list[Property] | None = None
    for line in _lines(data):
        found = _LINE.match(line)
        if found is None:
            continue
        name = found.group(1).decode("ascii", "replace").upper()
        value = found.group(3)
        if name == "BEGIN" and value.strip().upper() == b"VCARD":
            card = []
        elif name == "END" and value.strip().upper() == b"VCARD":
            if card is not None:
                yield card
            card = None
        elif card is not None:
            card.append(_property(name, found.group(2).decode("latin-1").upper(), value, encoding))


def _lines(data: bytes) -> Iterator[bytes]:
    """Lines with their continuations: a blank in front, or `=` at the end of quoted-printable."""
    whole: list[bytes] = []
    quoted = soft = False
    for line in data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"):
        if whole and soft:
            whole += (b"\n", line)
        elif whole and line[:1] in (b" ", b"\t"):
            whole.append(line[1:])
        else:
            if whole:
                yield b"".join(whole)
            whole = [line]
            quoted = b"QUOTED-PRINTABLE" in line.split(b":", 1)[0].upper()
        soft = quoted and line.endswith(b"=")
    if whole:
        yield b"".join(whole)


def _property(name: str, parameters: str, value: bytes, encoding: str) -> Property:
    if "QUOTED-PRINTABLE" in parameters:
        value = quopri.decodestring(value)
    charset = re.search(r"CHARSET=\"?([\w-]+)", parameters)
    if "ENCODING=B" in parameters:
        return Property("", parameters, "")  # a picture or a sound
    try:
        text = value.decode(charset.group(1) if charset else "utf-8")
    except (LookupError, UnicodeDecodeError):
        text = value.decode(encoding if charset is None else "utf-8", "replace")
    return Property(name, parameters, text)


def _parts(value: str) -> list[str]:
    """The parts between semicolons that are not escaped."""
    return [_plain(part) for part in re.split(r"(?<!\\);", value)]


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda m: "\n" if m.group(1) in "nN" else m.group(1), text).strip()


def _row(card: list[Property]) -> dict[str, str]:
    many: dict[str, list[str]] = {}
    row: dict[str, str] = {}
    for item in card:
        if item.name in ("N", "ADR", "ORG"):
            _structured(item, row)
        elif item.name in _SINGLE:
            if _plain(item.value):
                row.setdefault(_SINGLE[item.name], _plain(item.value))
        elif item.name in _MANY:
            value = re.sub(r"^(?:tel|mailto):", "", _plain(item.value), flags=re.I)
            column = many.setdefault(_MANY[item.name], [])
            if value and value not in column:
                column.append(value)
    row.update({name: _JOINED[name].join(values) for name, values in many.items() if values})
    if row.get("Full name") and row["Full name"] == row.get("Company"):
        del row["Full name"]  # the card of a firm itself
    return row


def _structured(item: Property, row: dict[str, str]) -> None:
    """The parts of a name, an address or an organisation."""
    columns = {"N": _NAME, "ADR": _ADDRESS, "ORG": {0: "Company"}}[item.name]
    for place, part in enumerate(_parts(item.value)):
        if place in columns and part:
            row.setdefault(columns[place], part)
