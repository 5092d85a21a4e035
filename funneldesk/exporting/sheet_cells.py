"""Texts as the cells of a spreadsheet can hold them, and notes on what could not be held."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

LONGEST_CELL = 32_767  # characters, the limit of .xlsx
_LEFT = " […]"  # at the end of a text that goes on among the notes
# What XML, and so .xlsx, cannot hold at all.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Codes of what a sheet of notes says; whoever has words gives them.
WORDS: Mapping[str, str] = {
    "notes": "notes", "row": "row", "column": "column", "what": "what", "text": "text",
    "long": "continued here", "control": "control characters left out",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a cell does not hold: its row and column (from 1), why, and the rest of the text."""

    row: int
    column: str
    why: str  # long, control
    rest: tuple[str, ...] = ()


@dataclass(slots=True)
class CellTexts:
    """Makes texts fit and remembers what it had to do."""

    words: Mapping[str, str] = field(default_factory=lambda: WORDS)
    notes: list[Note] = field(default_factory=list)

    def fit(self, text: str, row: int, column: str, *, longest: int | None = LONGEST_CELL) -> str:
        """`text` without what no file can hold; the end of one that is too long goes to the notes."""
        plain = _CONTROL.sub("", text)
        if plain != text:
            self.notes.append(Note(row, column, "control"))
        # the limit counts UTF-16 units, of which some letters take two
        if longest is None or len(plain) * 2 <= longest or _units(plain) <= longest:
            return plain
        head, rest = _cut(plain, longest - len(_LEFT))
        parts = []
        while rest:
            part, rest = _cut(rest, longest)
            parts.append(part)
        self.notes.append(Note(row, column, "long", tuple(parts)))
        return head + _LEFT


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str, most: int) -> tuple[str, str]:
    end = min(len(text), most)
    while _units(text[:end]) > most:
        end -= max(1, (_units(text[:end]) - most) // 2)
    return text[:end], text[end:]
