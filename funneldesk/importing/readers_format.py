"""Number formats of an xlsx that make zeros: 0123 shown by the format 0000.  Only in the child.

The reader gives only the number; a phone or a code would lose its zeros without a word.
"""

from __future__ import annotations

import re
import zipfile
from posixpath import join, normpath

_LOOKED_AT = 400_000  # bytes of a sheet: some hundred rows tell the formats of its columns
_FORMAT = re.compile(r'<(?:x:)?numFmt\b[^>]*?numFmtId="(\d+)"[^>]*?formatCode="(0{2,24})"')
_STYLES = re.compile(r"<(?:x:)?cellXfs\b.*?</(?:x:)?cellXfs>", re.S)
_STYLE = re.compile(r'<(?:x:)?xf\b[^>]*?numFmtId="(\d+)"')
_CELL = re.compile(rb'<(?:x:)?c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?')
_SHEET = re.compile(r"<(?:x:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<Relationship\b[^>]*>")


def padded_columns(archive: zipfile.ZipFile) -> dict[str, dict[int, int]]:
    """Sheet name -> column (from 0) -> digits, for columns whose cells are shown with leading zeros."""
    names = set(archive.namelist())
    if not {"xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    widths = _styles(archive.read("xl/styles.xml").decode("utf-8", "replace"))
    if not widths:
        return {}
    found = {}
    for sheet, part in _parts(archive).items():
        if part in names:
            with archive.open(part) as stream:
                found[sheet] = _columns(stream.read(_LOOKED_AT), widths)
    return {sheet: columns for sheet, columns in found.items() if columns}


def _styles(text: str) -> dict[int, int]:
    """Style -> number of zeros in its format."""
    zeros = {number: len(code) for number, code in _FORMAT.findall(text)}
    block = _STYLES.search(text)
    if not zeros or block is None:
        return {}
    return {i: zeros[number] for i, number in enumerate(_STYLE.findall(block.group())) if number in zeros}


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found.group(1) if found else ""


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    from html import unescape

    relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    target = {_attribute(tag, "Id"): _attribute(tag, "Target") for tag in _RELATION.findall(relations)}
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    out = {}
    for tag in _SHEET.findall(book):
        place = target.get(_attribute(tag, "r:id"), "")
        if place:
            out[unescape(_attribute(tag, "name"))] = normpath(join("xl", place)).lstrip("/")
    return out


def _columns(data: bytes, widths: dict[int, int]) -> dict[int, int]:
    """Columns in which most of the looked-at cells have one such style."""
    seen: dict[bytes, dict[int, int]] = {}
    for letters, style in _CELL.findall(data):
        width = widths.get(int(style or b"0"), 0)
        counts = seen.setdefault(letters, {})
        counts[width] = counts.get(width, 0) + 1
    out = {}
    for letters, counts in seen.items():
        width = max((w for w in counts if w), key=lambda w: counts[w], default=0)
        if width and counts[width] * 2 >= sum(counts.values()):
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            out[column - 1] = width
    return out
