"""Number formats of a workbook that say more than the number: 0123 by 0000, a sum in euros.

Only in the child.  The reader gives only the number; a phone or a code would lose its zeros
without a word, a sum its currency.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from html import unescape
from posixpath import join, normpath

_FORMAT = re.compile(r"<(?:x:)?numFmt\b[^>]*>")
_STYLES = re.compile(r"<(?:x:)?cellXfs\b.*?</(?:x:)?cellXfs>", re.S)
_STYLE = re.compile(r'<(?:x:)?xf\b[^>]*?numFmtId="(\d+)"')
_SHEET = re.compile(r"<(?:x:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_ZEROS = re.compile(r"^0{2,24}$")
_SIGNS = {"€": "EUR", "₽": "RUB", "zł": "PLN", "£": "GBP", "₴": "UAH", "₸": "KZT", "р.": "RUB", "руб": "RUB"}
_CODE = re.compile(r"\b(EUR|USD|PLN|RUB|GBP|UAH|KZT|BYN|CHF|CZK)\b")


@dataclass(slots=True)
class Styles:
    """Style -> what its number format says."""

    zeros: dict[int, int] = field(default_factory=dict)
    currency: dict[int, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.zeros or self.currency)


def zeros_of(code: str) -> int | None:
    """0000 -> 4; None when a format makes no leading zeros."""
    return len(code) if _ZEROS.match(code) else None


def currency_of(code: str) -> str | None:
    """The currency that a number format shows; a bare $ is what every machine calls its own."""
    for sign, currency in _SIGNS.items():
        if sign in code:
            return currency
    if "[$$-409]" in code or "[$US$" in code:
        return "USD"
    found = _CODE.search(code)
    return found.group(1) if found else None


def styles_of(archive: zipfile.ZipFile) -> Styles:
    """The telling styles of an xlsx."""
    styles = Styles()
    if "xl/styles.xml" not in archive.namelist():
        return styles
    text = archive.read("xl/styles.xml").decode("utf-8", "replace")
    block = _STYLES.search(text)
    if block is None:
        return styles
    codes: dict[str, str] = {}
    for tag in _FORMAT.findall(text):
        codes[_attribute(tag, "numFmtId")] = unescape(_attribute(tag, "formatCode"))
    for index, number in enumerate(_STYLE.findall(block.group())):
        code = codes.get(number, "")
        zeros, currency = zeros_of(code), currency_of(code)
        if zeros:
            styles.zeros[index] = zeros
        if currency:
            styles.currency[index] = currency
    return styles


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found.group(1) if found else ""


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> its part of the zip."""
    if "xl/_rels/workbook.xml.rels" not in archive.namelist():
        return {}
    relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    target = {_attribute(tag, "Id"): _attribute(tag, "Target") for tag in _RELATION.findall(relations)}
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    out = {}
    for tag in _SHEET.findall(book):
        place = target.get(_attribute(tag, "r:id"), "")
        if place:
            out[unescape(_attribute(tag, "name"))] = normpath(join("/xl", place)).lstrip("/")
    return out
