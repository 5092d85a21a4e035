"""Where the header is: under title rows, over two rows, or nowhere."""

from __future__ import annotations

from collections.abc import Sequence

from funneldesk.importing import synonyms
from funneldesk.importing.evidence import look
from funneldesk.importing.mapping import LEVEL, plain
from funneldesk.importing.staging import MARK, Cell, Extra, Row, shown

_LOOKED_AT = 40


def find_header(rows: Sequence[Row], extra: Extra | None = None) -> int:
    """The number of the header row among the first rows of a sheet; 0 when there is none.

    Weighs words that head columns, the share of the table's width that is filled with short
    different texts, and that what follows differs from it.  Of a header of two rows it is the lower.
    """
    first = rows[:_LOOKED_AT]
    if not first:
        return 0
    width = max(len(_texts(cells)) for _n, cells in first)
    best, best_place, best_score = 0, 0, 0.0
    for place, (number, cells) in enumerate(first):
        score = _score(cells, width, first[place + 1 :]) - place * 0.02
        if score > best_score:
            best, best_place, best_score = number, place, score
    if best_score < 0.9:
        return 0
    if best_place + 1 < len(first) and first[best_place + 1][0] == best + 1:
        lower = first[best_place + 1]
        if _continues(first[best_place], lower, extra or Extra()):
            return lower[0]
    return best


def _continues(upper: Row, lower: Row, extra: Extra) -> bool:
    """Whether the row under a header names columns under the groups above."""
    words = _words(lower[1])
    if not words or len(words) != len(_texts(lower[1])):
        return False
    known = sum(plain(w) in synonyms.every_phrase() for w in words)
    if known * 2 < len(words):
        return False
    above = upper[1]
    wide = {column for a, b, _c, d in extra.merges if a == upper[0] and d > b for column in range(b, d + 1)}
    for column, cell in enumerate(lower[1]):
        if cell is None:
            continue
        filled = column < len(above) and above[column] is not None
        if filled and column not in wide and not _opens_group(above, column):
            return False
    return True


def _opens_group(above: Sequence[Cell], column: int) -> bool:
    return column + 1 < len(above) and above[column + 1] is None


def find_above(rows: Sequence[Row], header: int, extra: Extra) -> int:
    """The number of the upper row of a header of two rows, 0 when the header has one row."""
    upper = next((row for row in rows if row[0] == header - 1), None)
    lower = next((row for row in rows if row[0] == header), None)
    if upper is None or lower is None:
        return 0
    words = _words(upper[1])
    if not words or len(words) != len(_texts(upper[1])):
        return 0
    across = [m for m in extra.merges if m[0] == upper[0] and m[3] > m[1]]
    wide = len(_texts(lower[1])) + len([m for m in extra.merges if m[0] == upper[0] and m[2] > m[0]])
    if any(m[3] - m[1] + 1 >= wide for m in across):
        return 0  # a title over the whole table
    downward = any(m[0] == upper[0] and m[2] == header for m in extra.merges)
    if across or downward:
        return upper[0]
    # Without merged cells: groups leave holes to their right, and what they name stands below.
    holes = any(_opens_group(upper[1], column) for column, cell in enumerate(upper[1]) if cell is not None)
    if len(words) < 2 or not holes:
        return 0
    return upper[0] if _continues(upper, lower, extra) else 0


def _texts(cells: Sequence[Cell]) -> list[Cell]:
    return [c for c in cells if c is not None and not (isinstance(c, str) and not c.strip())]


def _words(cells: Sequence[Cell]) -> list[str]:
    return [c for c in _texts(cells) if isinstance(c, str) and not c.startswith(MARK) and len(c) <= 80]


def _score(cells: Sequence[Cell], width: int, below: Sequence[Row]) -> float:
    filled = _texts(cells)
    words = _words(cells)
    if not words or len(words) < 0.6 * len(filled):
        return 0.0
    # each word once: a row that says "no" three times heads no three columns
    known = len({w for w in map(plain, words) if w in synonyms.every_phrase()})
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


def joined_names(upper: Row, lower: Row, columns: int, extra: Extra) -> list[str]:
    """The names of columns under a header of two rows: "Contact › Phone"."""
    above, below = header_names(upper[1], columns), header_names(lower[1], columns)
    groups = list(above)
    merged = [m for m in extra.merges if m[0] == upper[0] and m[3] > m[1]]
    for _a, first, _c, last in merged:
        groups[first : last + 1] = [above[first]] * (min(last + 1, columns) - first)
    if not merged:
        # Without merged cells a group reaches as far as there are names below and none beside it.
        for column in range(1, columns):
            if not groups[column] and below[column]:
                groups[column] = groups[column - 1]
    return [
        f"{group}{LEVEL}{name}" if group and name and group != name else group or name
        for group, name in zip(groups, below, strict=True)
    ]


def column_letter(index: int) -> str:
    """0 -> A, 26 -> AA: what a spreadsheet calls a column."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text
