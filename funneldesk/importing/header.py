"""Where the header is: under title rows, or nowhere."""

from __future__ import annotations

from collections.abc import Sequence

from funneldesk.importing import synonyms
from funneldesk.importing.evidence import look
from funneldesk.importing.mapping import plain
from funneldesk.importing.staging import MARK, Cell, Row, shown

_LOOKED_AT = 40


def find_header(rows: Sequence[Row]) -> int:
    """The number of the header row among the first rows of a sheet; 0 when there is none.

    Weighs words that head columns, the share of the table's width that is filled with short
    different texts, and that what follows differs from it.
    """
    first = rows[:_LOOKED_AT]
    if not first:
        return 0
    width = max(len(_texts(cells)) for _n, cells in first)
    best, best_score = 0, 0.0
    for place, (number, cells) in enumerate(first):
        score = _score(cells, width, first[place + 1 :]) - place * 0.02
        if score > best_score:
            best, best_score = number, score
    return best if best_score >= 0.9 else 0


def _texts(cells: Sequence[Cell]) -> list[Cell]:
    return [c for c in cells if c is not None and not (isinstance(c, str) and not c.strip())]


def _score(cells: Sequence[Cell], width: int, below: Sequence[Row]) -> float:
    filled = _texts(cells)
    words = [c for c in filled if isinstance(c, str) and not c.startswith(MARK) and len(c) <= 80]
    if not words or len(words) < 0.6 * len(filled):
        return 0.0
    known = sum(plain(w) in synonyms.every_phrase() for w in words)
    if not below and not known:
        return 0.0
    share = len(words) / max(width, 1)
    different = len({w.strip().casefold() for w in words}) / len(words)
    profile = look(words)
    data = profile.email + profile.phone + profile.date + profile.number + profile.link
    score = share * different * (1 - min(data, 1.0)) + 2.0 * known / max(width, len(words))
    if below and len(_texts(below[0][1])) < 0.3 * len(words) and not known:
        score *= 0.5
    if width > 2 and len(filled) == 1:
        score *= 0.3
    return score


def header_names(cells: Sequence[Cell], columns: int) -> list[str]:
    """The names of the columns; an empty one is called by nothing, doubles get no mark."""
    names = [" ".join(shown(c).split()) for c in cells[:columns]]
    return names + [""] * (columns - len(names))


def column_letter(index: int) -> str:
    """0 -> A, 26 -> AA: what a spreadsheet calls a column."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text
