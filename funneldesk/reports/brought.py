"""Who brought deals to each stage and what became of them, from what is kept of it (`domain.brought`).

The rules are those of `columns.brought_to`, which goes through the moves; a test holds them against each
other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from funneldesk.domain.brought import BITS, LOW, NEXT, WIDE, WON, BroughtTable, Walked

if TYPE_CHECKING:
    import numpy as np

_ALIKE = 1 << BITS  # ids below it are their own lowest digit


class Brought(NamedTuple):
    """Of the deals that somebody brought to a stage: how many wait there, went on and were lost there."""

    waiting: int
    on: int
    lost: int


def steps(table: BroughtTable, k: int) -> list[dict[int | None, Brought]]:
    """By rank 1..k: whoever brought deals there (None = nobody knows) and what became of these."""
    import numpy as np

    # those that went beyond a stage without having been there come first
    walked = sorted(table.walked, key=lambda each: not _missed(each, k))
    sizes = [len(each.text) // WIDE + 1 for each in walked]
    entries = np.frombuffer("".join(each.text + NEXT for each in walked).encode("ascii"), dtype="<u4")
    kind = entries.astype(np.uint8)
    actors, who = _actors(entries)
    ranks = _by_character(table, 0)
    again = _again(table, kind, ranks)
    # how far the deals of an entry came and whether they were lost, the rank of its stage, and who it was
    many = len(actors)
    came = [(each.reach * 2 + each.lost) * (k + 1) * many for each in walked]
    key = np.repeat(np.array(came, dtype=np.int32), sizes)
    key += (ranks * np.int32(many))[kind]
    key += who
    if len(again):
        key[again] = 0
    counts = np.bincount(key, minlength=(k + 2) * 2 * (k + 1) * many).reshape(k + 2, 2, k + 1, many)
    found = np.zeros((k + 1, 3, many), dtype=np.int64)
    for rank in range(1, k + 1):
        found[rank] = counts[rank, 0, rank], counts[rank + 1 :, :, rank].sum((0, 1)), counts[rank, 1, rank]
    missed = [each for each in (_missed(each, k) for each in walked) if each]
    for rank, first in _beyond(kind, _by_character(table, k + 1), missed, sizes, k):
        found[rank, 1] += np.bincount(who[first], minlength=many)
    return [
        {actor: Brought(*told) for actor, told in zip(actors, each, strict=True) if any(told)}
        for each in found[1:].transpose(0, 2, 1).tolist()
    ]


def _missed(walked: Walked, k: int) -> int:
    """The ranks that deals went beyond without ever having been there, a bit each."""
    return ((1 << min(walked.reach, k)) - 1) & ~walked.visited


def _actors(entries: np.ndarray) -> tuple[list[int | None], np.ndarray]:
    """Who there is by id (None = nobody knows), and of each entry the place of its actor in that."""
    import numpy as np

    digits = sum(LOW << 8 * place for place in range(WIDE - 1))
    who = (entries >> np.uint32(8)).view(np.int32)
    who -= np.int32(digits)
    highest = int(who.max(initial=0))
    if highest < _ALIKE:
        return [each or None for each in range(highest + 1)], who
    there = np.zeros(highest + 1, dtype=bool)
    there[who] = True
    ids = [
        sum((told >> 8 * place & _ALIKE - 1) << BITS * place for place in range(WIDE - 1))
        for told in np.flatnonzero(there).tolist()
    ]
    return [each or None for each in ids], (np.cumsum(there, dtype=np.int32) - np.int32(1))[who]


def _by_character(table: BroughtTable, won: int) -> np.ndarray:
    """By the first character of an entry the rank of the stage, 0 = it has none."""
    import numpy as np

    found = np.zeros(1 << 8, dtype=np.int32)
    for slot, rank in table.ranks.items():
        found[LOW + slot] = rank
    found[ord(WON)] = won
    return found


def _again(table: BroughtTable, kind: np.ndarray, ranks: np.ndarray) -> np.ndarray:
    """Entries into stages merged since, which have one rank, where the deal was in another of them before."""
    import numpy as np

    merged = [rank for rank, slots in Counter(table.ranks.values()).items() if slots > 1]
    if not merged:
        return np.empty(0, dtype=np.int64)
    rows = np.flatnonzero(np.isin(ranks, merged)[kind])
    deal = np.cumsum(kind == ord(NEXT[0]))[rows]
    _stages, first = np.unique(deal * len(ranks) + ranks[kind[rows]], return_index=True)
    return np.delete(rows, first)


def _beyond(
    kind: np.ndarray, tops: np.ndarray, missed: Sequence[int], sizes: Sequence[int], k: int
) -> Iterator[tuple[int, np.ndarray]]:
    """By rank the first entries that took deals beyond a stage where they never were.

    `missed`: of the first texts; `sizes`: how many entries each has; `tops`: how far one takes a deal.
    """
    import numpy as np

    sizes = sizes[: len(missed)]
    kind = kind[: sum(sizes)]
    top, deal = tops[kind], np.cumsum(kind == ord(NEXT[0]), dtype=np.int32)
    for rank in range(1, k + 1):
        asked = np.array([each >> rank - 1 & 1 for each in missed], dtype=bool)
        if asked.any():
            further = np.flatnonzero(np.repeat(asked, sizes) & (top > rank))
            yield rank, further[np.flatnonzero(np.diff(deal[further], prepend=-1))]
