"""Deals as arrays: for reports that count them all at once, and for groups of them at a past moment.

The same facts as deal by deal; tests hold both ways against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import repeat
from typing import TYPE_CHECKING, Any

from funneldesk.domain.deal_table import DealPlace, DealTable
from funneldesk.domain.done_table import DoneTable
from funneldesk.domain.facts import DealFact, FunnelFacts, Groups
from funneldesk.domain.move_table import NONE, Past
from funneldesk.domain.results import Population, ReportRequest
from funneldesk.reports.columns import DENSE, LOST, OPEN, WON, Columns, distinct, nowhere, numbers, order_of
from funneldesk.reports.happened import inside
from funneldesk.reports.population import has_period
from funneldesk.reports.replay import replayed

if TYPE_CHECKING:
    import numpy as np

_HUGE = 1 << 60  # sums from here on are not left to whole numbers of 64 bits
_FEW = 1 << 10  # values of a key that may be counted through without finding out which there are
_STATUS = {OPEN: "open", WON: "won", LOST: "lost"}


@dataclass(frozen=True, slots=True)
class DealColumns:
    """One number per deal, NONE where nothing is known; the names and ranks are those of `DealFact`.

    What the table does not tell (see `DealTable`) is NONE throughout.
    """

    id: np.ndarray
    created: np.ndarray
    kind: np.ndarray  # OPEN, WON, LOST
    stage: np.ndarray
    reach: np.ndarray
    visited: np.ndarray
    strict: np.ndarray
    lost_at: np.ndarray
    known: np.ndarray  # of bool
    staged: np.ndarray  # of bool
    closed: np.ndarray
    entered: np.ndarray
    owner: np.ndarray
    amount: np.ndarray
    no_rate: np.ndarray  # of bool
    source: np.ndarray
    reason: np.ndarray
    comment: np.ndarray  # of bool
    reopened: np.ndarray  # of bool
    lead: np.ndarray

    def where(self, keep: np.ndarray) -> DealColumns:
        """The deals for which `keep` is true."""
        every = [getattr(self, field.name) for field in fields(self)]
        kept = {id(column): column[keep] for column in {id(each): each for each in every}.values()}
        return DealColumns(*(kept[id(column)] for column in every))  # what is not told is one column

    def of_owners(self, owners: Sequence[int]) -> DealColumns:
        """Those of some managers."""
        import numpy as np

        return self.where(np.isin(self.owner, list(owners)))


def together(parts: Sequence[DealColumns]) -> DealColumns:
    """The deals of several funnels (at least one), in their order."""
    import numpy as np

    return DealColumns(
        *(np.concatenate([getattr(each, field.name) for each in parts]) for field in fields(DealColumns))
    )


def read_done(table: DoneTable) -> dict[str, np.ndarray]:
    """The columns of what was done."""
    if not table.kept:
        table.kept.update(numbers(table.columns))
    return table.kept


def told(facts: FunnelFacts) -> bool:
    """Whether the deals came as columns."""
    return facts.table is not None or facts.past is not None


def deals_of(facts: FunnelFacts, request: ReportRequest) -> DealColumns:
    """The deals of facts that came as columns, of the managers asked for."""
    return of_managers(facts, request.managers)


def of_managers(facts: FunnelFacts, managers: Sequence[int]) -> DealColumns:
    """The same, of these managers (none = of all)."""
    found = standing_now(facts.table, facts.as_of) if facts.table is not None else stood(facts)
    return found.of_owners(managers) if managers else found


def _read(table: DealTable) -> dict[str, np.ndarray]:
    """The columns by id."""
    found = numbers(table.columns)
    if table.flags:
        flags = found.pop("flags")
        found |= {name: flags >> place & 1 for place, name in enumerate(table.flags)}
    order = order_of(found["id"])  # they come in whatever order an index had them
    return found if order is None else {name: values[order] for name, values in found.items()}


def standing_now(table: DealTable, as_of: int) -> DealColumns:
    """The deals of a table of now (T = `as_of`, before which none has moved last)."""
    import numpy as np

    own = _read(table)
    at = own["place"]
    # by the number of a place what is told of it
    told = np.zeros((max(table.places, default=0) + 1, len(DealPlace._fields)), dtype=np.int64)
    told[list(table.places)] = list(table.places.values()) or told[:0]
    kind, stage, reach, visited, known, staged, foreign, reasoned, comment, reopened = np.ascontiguousarray(
        told.T
    )
    nothing = nowhere(len(at))
    never = np.zeros(len(at), dtype=bool)
    amount, no_rate = nothing, never
    if "amount" in own:
        amount = own["amount"]
        if foreign.any():
            moment = np.where(kind[at] == OPEN, as_of, own["closed"])
            amount, no_rate = _converted(table, own["id"], amount, foreign[at], moment)
    return DealColumns(
        id=own["id"],
        created=own.get("created", nothing),
        kind=kind[at],
        stage=stage[at],
        reach=reach[at],
        visited=visited[at],
        strict=np.zeros(len(at), dtype=np.int64),
        lost_at=nothing,
        known=known.astype(bool)[at],
        staged=staged.astype(bool)[at],
        closed=own.get("closed", nothing),
        entered=own.get("entered", nothing),
        owner=own.get("owner", nothing),
        amount=amount,
        no_rate=no_rate,
        source=own.get("source", nothing),
        # where it is not told which: one or another
        reason=own["reason"] if "reason" in own else np.where(reasoned, 0, NONE)[at],
        comment=comment.astype(bool)[at],
        reopened=reopened.astype(bool)[at],
        lead=own.get("lead", nothing),
    )


def stood(facts: FunnelFacts) -> DealColumns:
    """The deals of a past moment that had any move until T (`facts.past` with a table)."""
    import numpy as np

    past = facts.past
    assert past is not None and past.table is not None
    own = _read(past.table)
    there, at = replayed(past, facts.k, own["id"])
    own = {name: values[there] for name, values in own.items()}
    if not at:
        return DealColumns(*(np.zeros(0, dtype=np.int64) for _each in fields(DealColumns)))
    nothing = nowhere(len(own["id"]))
    never = np.zeros(len(nothing), dtype=bool)
    is_open, lost = at["kind"] == OPEN, at["kind"] == LOST
    owner = np.where(is_open, at["last_owner"], at["owner"]) if "owner" in at else nothing
    amount, no_rate = _money(past, own, at, facts.as_of) if "amount" in own else (nothing, never)
    reason = nothing
    if "reason" in own:
        # 0 is no reason either
        named = (at["last_reason"] != NONE) & (at["last_reason"] != 0)
        reason = np.where(lost, np.where(named, at["last_reason"], own["reason"]), NONE)
    return DealColumns(
        id=own["id"],
        created=own["created"],
        kind=at["kind"],
        stage=at["stage"],
        reach=at["reach"],
        visited=at["visited"],
        strict=at["strict"],
        lost_at=np.where(lost, at["lost_at"], NONE),
        known=at["known"].astype(bool),
        staged=own["staged"].astype(bool),
        closed=np.where(is_open, NONE, at["at"]),
        entered=at["entered"],
        owner=np.where(owner == NONE, own["manager"], owner),
        amount=amount,
        no_rate=no_rate,
        source=own.get("source", nothing),
        reason=reason,
        comment=own["comment"].astype(bool) & lost if "comment" in own else never,
        reopened=at["reopened"],
        lead=own.get("lead", nothing),
    )


def _money(
    past: Past, own: dict[str, np.ndarray], at: dict[str, np.ndarray], as_of: int
) -> tuple[np.ndarray, np.ndarray]:
    """The amounts in the accounting currency, and which have no rate."""
    import numpy as np

    assert past.table is not None
    is_open = at["kind"] == OPEN
    amount = np.where(is_open | (at["amount"] == NONE), own["amount"], at["amount"])
    return _converted(past.table, own["id"], amount, own["foreign"], np.where(is_open, as_of, at["at"]))


def _converted(
    table: DealTable, ids: np.ndarray, amount: np.ndarray, foreign: np.ndarray, moment: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    amount, no_rate = amount.copy(), np.zeros(len(amount), dtype=bool)
    for place in np.flatnonzero((foreign > 0) & (amount != NONE)).tolist():
        # few: each at the rate of its own day
        assert table.money is not None
        at = int(moment[place])
        code = table.currencies[int(ids[place])]
        value = table.money.convert(int(amount[place]), code, None if at == NONE else at)
        no_rate[place] = value is None
        amount[place] = NONE if value is None else value
    return amount, no_rate


def select_staged(
    deals: DealColumns, request: ReportRequest, population: Population, moves: Columns | None = None
) -> tuple[np.ndarray, dict[str, int]]:
    """As `population.select_staged`: which are chosen, and how many are left out and why."""
    import numpy as np

    keep = np.ones(len(deals.id), dtype=bool)
    excluded: dict[str, int] = {}
    if population is Population.COHORT:
        undated = deals.created == NONE
        excluded["no_created_at"] = int(undated.sum()) if has_period(request) else 0
        keep = inside(deals.created, request)
    elif population is Population.FINISHED:
        closed = deals.kind != OPEN
        undated = closed & (deals.closed == NONE)
        excluded["no_closed_at"] = int(undated.sum()) if has_period(request) else 0
        keep = closed & inside(deals.closed, request)
    elif population is Population.ACTIVE:
        keep = deals.kind == OPEN
    elif population is Population.ACTIVITY:
        assert moves is not None
        keep = np.isin(deals.id, moves.deal[moves.counts & inside(moves.at, request)])
    staged = keep & deals.staged
    excluded["no_stages"] = int(keep.sum() - staged.sum())
    excluded["unknown_path"] = int((staged & ~deals.known).sum())
    return staged, excluded


def grouped(deals: DealColumns, groups: Groups) -> list[DealFact]:
    """The deals in groups of those alike in all that `groups` looks at, as `facts_groups` tells them."""
    import numpy as np

    keep = np.ones(len(deals.id), dtype=bool)
    date = {None: None, "created_at": deals.created, "closed_at": deals.closed}[groups.dated]
    bounded = groups.start is not None or groups.end is not None
    if groups.only_open:
        keep &= deals.kind == OPEN
    if date is not None and bounded:
        if groups.dated == "closed_at":
            keep &= deals.kind != OPEN
        after = date >= groups.start if groups.start is not None else True
        before = date < groups.end if groups.end is not None else True
        keep &= (date == NONE) | (after & before)
    own = deals.where(keep)
    if not len(own.id):
        return []
    date = None if date is None else date[keep]
    wants = groups.by | ({"reason", "comment", "reopened"} if "traits" in groups.by else frozenset())
    ends = [own.stage, own.reach, own.visited, own.strict, own.lost_at, own.known, own.staged]
    keys = [own.kind, own.amount == NONE, own.no_rate, *(() if groups.crossed else ends)]
    keys += [own.owner] if "owner" in wants else []
    keys += [own.source] if "source" in wants else []
    keys += [own.reason] if "reason" in wants else []
    keys += [own.comment] if "comment" in wants else []
    keys += [own.reopened] if "reopened" in wants else []
    keys += [date == NONE] if date is not None else []
    which, many = _numbered(keys)
    # few mostly, and short numbers are sorted much faster
    order = np.argsort(which.astype(np.uint16) if many <= 1 << 16 else which, kind="stable")
    begins = np.flatnonzero(np.diff(which[order], prepend=-1))
    first = order[begins]
    sizes = np.diff(begins, append=len(order))
    at = None if date is None else date[first]
    facts = _facts(own.where(first), wants, groups.dated, at)
    sums = _sums(own.amount[order], begins)
    told = zip(facts, sums, sizes.tolist(), strict=True)
    return [fact._replace(amount=None if fact.amount is None else total, n=n) for fact, total, n in told]


def _sums(amounts: np.ndarray, begins: np.ndarray) -> list[int]:
    """The sums from each beginning to the next."""
    import numpy as np

    if np.abs(amounts, where=amounts != NONE, dtype=float, out=np.zeros(len(amounts))).sum() < _HUGE:
        found: list[int] = np.add.reduceat(amounts, begins).tolist()
        return found
    return [sum(part.tolist()) for part in np.split(amounts, begins[1:])]


def _numbered(keys: Sequence[np.ndarray]) -> tuple[np.ndarray, int]:
    """Numbers from 0 on, the same for those alike in all keys, and how many there are."""
    import numpy as np

    found, wide = np.zeros(len(keys[0]), dtype=np.int64), 1
    for key in keys:
        number = key.astype(np.int64)
        low, high = int(number.min()), int(number.max())
        if low == high:
            continue
        if low == NONE:
            nothing = number == NONE
            low = int(number.min(where=~nothing, initial=high)) - 1
            number[nothing] = low
        many = high - low + 1
        if many > _FEW:
            different, number = distinct(number)
            low, many = 0, len(different)
        if wide * many > DENSE * len(found):
            different, found = distinct(found)
            wide = len(different)
        found, wide = found * many + (number - low), wide * many
    different, found = distinct(found)
    return found, len(different)


def _facts(
    own: DealColumns, wants: frozenset[str], dated: str | None, at: np.ndarray | None
) -> list[DealFact]:
    """Deals each standing for its group: what is not looked at is empty."""
    nothing: list[Any] = [None] * len(own.id)

    def known(column: np.ndarray | None) -> list[Any]:
        return nothing if column is None else [None if x == NONE else x for x in column.tolist()]

    told: dict[str, list[Any]] = {
        "id": [0] * len(nothing),
        "status": [_STATUS[kind] for kind in own.kind.tolist()],
        "lost_at": known(own.lost_at),
        "path_known": own.known.tolist(),
        "owner": known(own.owner if "owner" in wants else None),
        "amount": known(own.amount),
        "no_rate": own.no_rate.tolist(),
        "source_id": known(own.source if "source" in wants else None),
        "loss_reason_id": known(own.reason if "reason" in wants else None),
        "has_loss_comment": (own.comment if "comment" in wants else own.kind == LOST).tolist(),
        "n": [1] * len(nothing),
    }
    told |= {name: getattr(own, name).tolist() for name in ("stage", "reach", "visited", "strict", "staged")}
    if dated is not None:
        told[dated] = known(at)
    if "reopened" in wants:
        told["reopened"] = own.reopened.tolist()
    empty = DealFact._field_defaults
    columns = [told[name] if name in told else repeat(empty.get(name)) for name in DealFact._fields]
    return list(map(DealFact._make, zip(*columns, strict=False)))
