"""The moves of many deals as arrays, and what reports ask of them all at once.

The same questions as in `moves`, without an object for each move; a test holds both against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from funneldesk.domain.facts import DealFact, MoveFact
from funneldesk.domain.move_table import CLOSING, IDS, NONE, PLACED, MoveTable
from funneldesk.domain.move_table import LOST as LOST_PLACE
from funneldesk.domain.move_table import WON as WON_PLACE
from funneldesk.reports.population import values_of

if TYPE_CHECKING:
    import numpy as np

OPEN, WON, LOST = 0, 1, 2
_NOBODY = NONE - 1  # has brought a deal to a stage (NONE: it is not known who)
_AT_ONCE = 1 << 14  # moves, or deals with their moves, that are looked at together
DENSE = 8  # ids are at most so many times as wide apart as there are of them
_KINDS = {"open": OPEN, "won": WON, "lost": LOST}


@dataclass(frozen=True, slots=True)
class Columns:
    """Moves by deal and seq: whole numbers, NONE where nothing is known; ranks as in `MoveFact`."""

    deal: np.ndarray
    at: np.ndarray
    kind: np.ndarray
    rank: np.ndarray
    actor: np.ndarray
    owner: np.ndarray
    amount: np.ndarray
    counts: np.ndarray  # of bool

    def where(self, keep: np.ndarray) -> Columns:
        """The moves for which `keep` is true."""
        if keep.all():
            return self
        every = [getattr(self, field.name) for field in fields(self)]
        kept = {id(column): column[keep] for column in {id(each): each for each in every}.values()}
        return Columns(*(kept[id(column)] for column in every))  # what is not told is one column

    def at_places(self, places: slice) -> Columns:
        """Some of them that lie together, without a copy."""
        return Columns(*(getattr(self, field.name)[places] for field in fields(self)))

    def of(self, deals: Sequence[DealFact]) -> Columns:
        """The moves of these deals."""
        import numpy as np

        return self.where(np.isin(self.deal, ids_of(deals)))

    def effective(self) -> Columns:
        """Without moves to the place the deal is already in (DEFINITIONS: ground rules)."""
        import numpy as np

        keep = np.ones(len(self.deal), dtype=bool)
        still = (self.deal[1:] == self.deal[:-1]) & (self.kind[1:] == self.kind[:-1])
        # two places without a rank (-1) are not taken for one
        still &= (self.kind[1:] != OPEN) | ((self.rank[1:] == self.rank[:-1]) & (self.rank[1:] >= 0))
        keep[1:] = ~still
        return self.where(keep)

    def goes_on(self) -> np.ndarray:
        """Per move whether the deal has another after it."""
        import numpy as np

        found = np.zeros(len(self.deal), dtype=bool)
        found[:-1] = self.deal[1:] == self.deal[:-1]
        return found


def ids_of(deals: Sequence[DealFact]) -> np.ndarray:
    """Their ids."""
    import numpy as np

    return np.fromiter(values_of(deals, "id"), dtype=np.int64, count=len(deals))


def columns(moves: Sequence[MoveFact]) -> Columns:
    """The columns of moves that stand by deal and seq."""
    if not isinstance(moves, MoveTable):
        return _of_facts(moves)
    if "columns" not in moves.kept:  # a page asks them for several tables
        moves.kept["columns"] = _of_table(moves)
    found: Columns = moves.kept["columns"]
    return found


def _of_facts(moves: Sequence[MoveFact]) -> Columns:
    import numpy as np

    def column(values: Sequence[int | None]) -> np.ndarray:
        return np.array([NONE if each is None else each for each in values], dtype=np.int64)

    return Columns(
        column([m.deal_id for m in moves]),
        column([m.at for m in moves]),
        column([_KINDS[m.to_kind] for m in moves]),
        column([m.to_rank for m in moves]),
        column([m.actor for m in moves]),
        column([m.owner for m in moves]),
        column([m.amount for m in moves]),
        np.array([m.counts for m in moves], dtype=bool),
    )


def numbers(told: Mapping[str, Sequence[int]]) -> dict[str, np.ndarray]:
    """The columns of a table as arrays, NONE where nothing is known."""
    import numpy as np

    found = {name: np.asarray(values, dtype=np.int64) for name, values in told.items()}
    for name in IDS.intersection(found):
        found[name][found[name] < 0] = NONE
    return found


def nowhere(many: int) -> np.ndarray:
    """A column of which nothing is known, that takes no memory and cannot be written to."""
    import numpy as np

    return np.broadcast_to(np.int64(NONE), many)


def read(table: MoveTable) -> dict[str, np.ndarray]:
    """The columns of a table by deal and seq, with `kind` and `rank` made of their places."""
    import numpy as np

    found = numbers(table.columns)
    if table.packed:
        found |= _unpacked(table, found.pop("step"))
    if CLOSING in found:
        closes = found["place"] < 0
        amount = np.full(len(closes), NONE)
        amount[closes] = found.pop(CLOSING)
        found["amount"] = amount
    deal, seq = found["deal"], found["seq"]
    same = deal[1:] == deal[:-1]
    if not np.all((deal[1:] > deal[:-1]) | (same & (seq[1:] > seq[:-1]))):
        order = np.lexsort((seq, deal))
        found = {name: values[order] for name, values in found.items()}
    # by a table of places, PLACED more: lost, won, ..., not known which, then the stages by their ids
    place = found["place"]
    ranks = np.full(max(int(place.max(initial=0)), max(table.ranks, default=0)) + PLACED + 1, -1)
    ranks[: PLACED + 1] = 0
    for stage_id, rank in table.ranks.items():
        ranks[stage_id + PLACED] = rank
    kinds = np.full(len(ranks), OPEN, dtype=np.int8)
    kinds[[WON_PLACE + PLACED, LOST_PLACE + PLACED]] = WON, LOST
    found["kind"], found["rank"] = np.empty(len(place), dtype=np.int8), np.empty(len(place), dtype=np.int64)
    for rows in pieces(len(place)):
        at = place[rows] + PLACED
        found["kind"][rows], found["rank"][rows] = kinds[at], ranks[at]
    return found


def _unpacked(table: MoveTable, step: np.ndarray) -> dict[str, np.ndarray]:
    """The columns that a `step` is made of."""
    import numpy as np

    names = ["seq", *(name for name, _bits in table.packed)]
    found = {name: np.empty(len(step), dtype=np.int64) for name in names}
    for rows in pieces(len(step)):
        for name, values in table.unpacked(step[rows]).items():
            found[name][rows] = np.where(values == 0, NONE, values) if name in IDS else values
    return found


def pieces(many: int) -> Iterator[slice]:
    """So many rows in pieces: what is made of one stays in the cache of the processor."""
    return (slice(low, low + _AT_ONCE) for low in range(0, many, _AT_ONCE))


def _of_table(table: MoveTable) -> Columns:
    import numpy as np

    found = read(table)
    nothing = nowhere(len(found["deal"]))
    return Columns(
        found["deal"],
        found.get("at", nothing),
        found["kind"],
        found["rank"],
        found.get("actor", nothing),
        found.get("owner", nothing),
        found.get("amount", nothing),
        found["counts"].astype(bool) if "counts" in found else np.broadcast_to(True, len(nothing)),
    )


@dataclass(frozen=True, slots=True)
class Stays:
    """Stays in open stages with a rank: zero-length ones are real, `over` where the deal has left."""

    deal: np.ndarray
    rank: np.ndarray
    entered: np.ndarray
    over: np.ndarray
    length: np.ndarray  # microseconds, until T while it lasts; NONE where a time is not known


def stays(moves: Columns, as_of: int) -> Stays:
    """All stays of effective moves (DEFINITIONS: time in a stage)."""
    import numpy as np

    over = moves.goes_on()
    left = np.full(len(moves.at), as_of, dtype=np.int64)
    left[:-1][over[:-1]] = moves.at[1:][over[:-1]]
    here = (moves.kind == OPEN) & (moves.rank > 0)
    entered, left, over = moves.at[here], left[here], over[here]
    length = np.where((entered != NONE) & (left != NONE), left - entered, NONE)
    return Stays(moves.deal[here], moves.rank[here], entered, over, length)


def places_in(ids: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each of `wanted` stands among `ids` (each once), and whether it is among them at all."""
    import numpy as np

    if not len(ids) or not len(wanted):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
    low, high = int(min(ids.min(), wanted.min())), int(max(ids.max(), wanted.max()))
    if high - low < DENSE * len(ids):
        # numbers given one after the other: to look each up in a table is faster than to search
        table = np.full(high - low + 1, -1)
        table[ids - low] = np.arange(len(ids))
        place = table[wanted - low]
        return np.maximum(place, 0), place >= 0
    order = None if np.all(ids[1:] > ids[:-1]) else np.argsort(ids)
    place = np.minimum(np.searchsorted(ids, wanted, sorter=order), len(ids) - 1)
    place = place if order is None else order[place]
    return place, ids[place] == wanted


def order_of(ids: np.ndarray) -> np.ndarray | None:
    """In which order numbers (each once) ascend; None = in their own."""
    import numpy as np

    if np.all(ids[1:] > ids[:-1]):
        return None
    low, high = int(ids.min()), int(ids.max())
    if high - low >= DENSE * len(ids):
        return np.argsort(ids)
    place = np.full(high - low + 1, -1)
    place[ids - low] = np.arange(len(ids))
    return place[place >= 0]


def distinct(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different ones of some numbers in their order, and which of these each of the numbers is."""
    import numpy as np

    nothing = values == NONE
    high = int(values.max(initial=NONE))
    low = int(values.min(where=~nothing, initial=high))
    if high - low >= DENSE * len(values):
        return np.unique(values, return_inverse=True)
    # close together: to count them through is faster than to sort them
    number = np.where(nothing, 0, values - (low - 1))
    there = np.zeros(high - low + 2, dtype=bool)
    there[number] = True
    different = np.flatnonzero(there) + (low - 1)
    different[:1] = NONE if there[0] else different[:1]
    return different, (np.cumsum(there) - 1)[number]


def brought_to(moves: Columns, ids: np.ndarray, reach: np.ndarray, k: int) -> list[np.ndarray]:
    """By rank 1..k: per deal the actor of its first entry into that stage, NONE where none is known.

    Of deals by id and reach.  A stage the deal skipped is credited to the first move that took it beyond
    (DEFINITIONS: comparing slices: the credit of a step is never the last owner's).  A move to where the deal
    is already takes it nowhere.
    """
    import numpy as np

    # rank by rank, so that those of one stage lie together
    actors = np.full((k + 1, len(ids)), _NOBODY)
    begins, whose, counts = by_deal(moves.deal)
    place, mine = places_in(ids, whose)
    if not mine.all():
        moves = moves.where(np.repeat(mine, counts))
        begins, _whose, counts = by_deal(moves.deal)
        place = place[mine]
    for deals in pieces(len(begins)):
        first = int(begins[deals.start])
        rows = slice(first, first + int(counts[deals].sum()))
        _bring(moves.at_places(rows), begins[deals] - first, counts[deals], place[deals], reach, actors)
    actors[actors == _NOBODY] = NONE
    return list(actors[1:])


def _bring(
    moves: Columns,
    begins: np.ndarray,
    counts: np.ndarray,
    place: np.ndarray,
    reach: np.ndarray,
    actors: np.ndarray,
) -> None:
    """Write by rank and place of a deal who brought it there, of all moves of some deals."""
    import numpy as np

    k = len(actors) - 1
    rank, deal = moves.rank, np.repeat(place, counts)
    is_open, most = (moves.kind == OPEN) & (rank > 0), np.repeat(np.minimum(reach[place], k), counts)
    beyond = is_open & (rank > most)  # further than the deal is said to have come
    top = np.where(is_open, np.minimum(rank, most), (k + 1) * (moves.kind == WON))
    above = np.repeat(np.arange(len(begins)) * (k + 2), counts)
    furthest = np.maximum.accumulate(top + above) - above
    before = np.empty_like(furthest)
    before[1:] = furthest[:-1]
    before[begins] = 0
    further = top > before
    entries = is_open & (rank <= k)
    fresh = entries & further & ~beyond  # never there before; of others, from the end, the first one stays
    for which in (np.flatnonzero(entries & ~fresh)[::-1], np.flatnonzero(fresh)):
        actors[rank[which], deal[which]] = moves.actor[which]
    # a move that takes a deal further than ever before goes beyond the stages in between
    far = np.flatnonzero(top > before + (0 if beyond.any() else 1))
    low = np.maximum(before[far], 1)
    many = top[far] - low
    rows = np.repeat(far, many)
    passed = np.repeat(low - (many.cumsum() - many), many) + np.arange(len(rows))
    of = deal[rows]
    skipped = actors[passed, of] == _NOBODY  # an entry, early or late, counts more than to have gone beyond
    actors[passed[skipped], of[skipped]] = moves.actor[rows[skipped]]


def by_deal(deal: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where the moves of each deal begin, whose they are and how many, of moves by deal."""
    import numpy as np

    begins = np.append(np.arange(min(len(deal), 1)), np.flatnonzero(deal[1:] != deal[:-1]) + 1)
    return begins, deal[begins], np.diff(begins, append=len(deal))
