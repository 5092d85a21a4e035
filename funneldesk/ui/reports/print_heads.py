"""Heads of columns on paper: in as many lines as let the letters of a table be larger."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

from funneldesk.text import typeset

_UNIT = re.compile(r", (\S{1,2})$")
LETTERS = 11  # a head that is no longer stays in one line


def head_lines(label: str, most: int) -> list[str]:
    """A head in at most so many lines, the longest as short as can be; no sign of money stands alone."""
    label = _UNIT.sub(",\u00a0\\1", typeset(label))
    words = label.split(" ")
    if len(label) <= LETTERS:
        return [label]
    best = [label]
    for many in range(2, min(most, len(words)) + 1):
        for cuts in combinations(range(1, len(words)), many - 1):
            ends = (0, *cuts, len(words))
            lines = [" ".join(words[a:b]) for a, b in pairwise(ends)]
            if _longest(lines) < _longest(best):
                best = lines
    return best


def _longest(lines: list[str]) -> int:
    return max(map(len, lines))
