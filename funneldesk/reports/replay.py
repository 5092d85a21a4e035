"""How deals stood at a past moment: all histories replayed at once, by arrays.

The rules are those of `domain.history.row_standing`, which goes through one deal's moves one by one; a test
holds them against each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneldesk.domain.facts import DealFact
from funneldesk.domain.move_table import NONE, Past, PastDeal
from funneldesk.domain.rates import Rates
from funneldesk.reports.columns import LOST, OPEN, WON, by_deal, pieces, places_in, read

if TYPE_CHECKING:
    import numpy as np

_STATUS = {OPEN: "open", WON: "won", LOST: "lost"}


def stood(past: Past, k: int, as_of: int) -> list[DealFact]:
    """The facts of the deals that had any move until T, by the order of `past.deals`; K = `k` stages."""
    import numpy as np

    ids = np.fromiter((deal.id for deal in past.deals), dtype=np.int64, count=len(past.deals))
    there, told = replayed(past, k, ids)
    rows = zip(*[values.tolist() for values in told.values()], strict=True)
    deals = [deal for deal, is_there in zip(past.deals, there.tolist(), strict=True) if is_there]
    names = list(told)
    return [
        _fact(deal, dict(zip(names, row, strict=True)), past.money, as_of)
        for deal, row in zip(deals, rows, strict=True)
    ]


def replayed(past: Past, k: int, ids: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Which of the deals had any move until T, and of those by name what follows from their moves.

    `ids` in order.  Of owners, amounts and reasons as far as the moves tell them; {} where there are none.
    """
    import numpy as np

    found = read(past.moves)
    begins, whose, counts = by_deal(found["deal"])
    place, mine = places_in(ids, whose)
    if not mine.all():
        keep = np.repeat(mine, counts)
        found = {name: values[keep] for name, values in found.items()}
        begins, _whose, counts = by_deal(found["deal"])
    there = np.zeros(len(ids), dtype=bool)
    there[place[mine]] = True
    if not len(begins):
        return there, {}
    bounds = np.append(begins, len(found["deal"]))
    parts = []
    for deals in pieces(len(begins)):
        rows = slice(bounds[deals.start], bounds[min(deals.stop, len(begins))])
        own = {name: values[rows] for name, values in found.items()}
        parts.append(_standing(own, k, merged=len(past.moves.ranks) > k))
    told = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    for name in ("owner", "reason"):
        if name in found:
            told[f"last_{name}"] = found[name][bounds[1:] - 1]
    return there, told


def _begins(deal: np.ndarray) -> np.ndarray:
    """Where each deal's moves begin."""
    import numpy as np

    first = np.ones(len(deal), dtype=bool)
    first[1:] = deal[1:] != deal[:-1]
    return np.flatnonzero(first)


def _standing(found: dict[str, np.ndarray], k: int, *, merged: bool) -> dict[str, np.ndarray]:
    """Per deal with moves what follows from them, by the names of `_fact`."""
    import numpy as np

    kind, rank = found["kind"], found["rank"]
    same = np.zeros(len(kind), dtype=bool)
    same[1:] = (found["deal"][1:] == found["deal"][:-1]) & (kind[1:] == kind[:-1])
    still = same.copy()
    still[1:] &= (kind[1:] != OPEN) | ((rank[1:] == rank[:-1]) & (rank[1:] >= 0))
    own = {name: values[~still] for name, values in found.items()}
    begins = _begins(own["deal"])
    last = np.append(begins[1:], len(own["deal"])) - 1
    kind, rank = own["kind"], own["rank"]
    is_open, ranked = kind == OPEN, (kind == OPEN) & (rank > 0)
    again = np.zeros(len(kind), dtype=bool)
    again[1:] = is_open[1:] & (kind[:-1] == LOST)
    again[begins] = False
    top = np.maximum.reduceat(np.where(ranked, rank, 0), begins)
    last_open = np.maximum.reduceat(np.where(ranked, np.arange(len(kind)), -1), begins)
    ended = kind[last]
    entered = own["at"][last]
    if merged:
        # a move between two stages merged since counts as one, but it began a stay of its own then
        moved = np.ones(len(same), dtype=bool)
        moved[1:] = ~(same[1:] & (found["place"][1:] == found["place"][:-1]))
        every = _begins(found["deal"])
        came = np.maximum.reduceat(np.where(moved, np.arange(len(moved)), -1), every)
        entered = np.where(ended == OPEN, found["at"][came], entered)
    told = {
        "kind": ended,
        "stage": np.where(ended == OPEN, np.maximum(rank[last], 0), 0),
        "reach": np.where(ended == WON, k + 1, top),
        "visited": np.bitwise_or.reduceat(np.where(ranked, 1 << np.maximum(rank - 1, 0), 0), begins),
        "lost_at": np.where(last_open >= 0, rank[np.maximum(last_open, 0)], 0),
        "known": ~np.logical_or.reduceat(is_open & (rank == 0), begins),
        "reopened": np.logical_or.reduceat(again, begins),
        "strict": _strict(own, ranked, begins, k),
        "entered": entered,
        "at": own["at"][last],
    }
    return told | {name: own[name][last] for name in ("owner", "amount") if name in own}


def _strict(own: dict[str, np.ndarray], ranked: np.ndarray, begins: np.ndarray, k: int) -> np.ndarray:
    """Per deal how far it came stage by stage, as `row_standing` finds it.

    The next stage counts when it is first entered afterwards, or was at the very same known time.
    """
    import numpy as np

    count = len(begins)
    whose = np.repeat(np.arange(count), np.diff(np.append(begins, len(ranked))))
    strict = np.zeros(count, dtype=np.int64)
    going = np.ones(count, dtype=bool)
    reached, before = np.full(count, -1), np.full(count, NONE)
    for rank in range(1, k + 1):
        rows = np.flatnonzero(ranked & (own["rank"] == rank))
        rows = rows[np.diff(whose[rows], prepend=-1) > 0]  # the first of each deal
        place, time = np.full(count, -1), np.full(count, NONE)
        place[whose[rows]], time[whose[rows]] = rows, own["at"][rows]
        after = (place >= 0) & (place > reached)
        same = (place >= 0) & (time != NONE) & (time == before)
        going &= after | same
        reached, before = np.where(after, place, reached), time
        strict[going] = rank
    return strict


def _fact(deal: PastDeal, told: dict[str, int], money: Rates, as_of: int) -> DealFact:
    is_open, lost = told["kind"] == OPEN, told["kind"] == LOST
    at = _known(told["at"])
    owner = _known(told["last_owner"] if is_open else told["owner"])
    raw = deal.amount if is_open or told["amount"] == NONE else told["amount"]
    value = None if raw is None else money.convert(raw, deal.currency, as_of if is_open else at)
    return DealFact(
        deal.id, deal.created_at, _STATUS[told["kind"]], told["stage"], told["reach"], told["visited"],
        told["strict"],
        told["lost_at"] if lost else None, bool(told["known"]), deal.staged, _known(told["entered"]),
        None if is_open else at, deal.manager_id if owner is None else owner, value,
        raw is not None and value is None, deal.company_id, deal.person_id, deal.source_id, deal.product_id,
        (_known(told["last_reason"]) or deal.loss_reason_id) if lost else None,
        bool(deal.has_loss_comment) and lost, deal.expected_close, bool(told["reopened"]), deal.lead_id,
    )  # fmt: skip


def _known(value: int) -> int | None:
    return None if value == NONE else value
