"""Deals as arrays: for reports that count them all at once, and for groups of them at a past moment.

The same facts as deal by deal; tests hold both ways against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from funneldesk.domain.deal_table import DealTable
from funneldesk.domain.done_table import DoneTable
from funneldesk.domain.facts import DealFact, FunnelFacts, Groups
from funneldesk.domain.move_table import NONE, Past
from funneldesk.domain.results import Population, ReportRequest
from funneldesk.reports.columns import LOST, OPEN, WON, Columns, numbers
from funneldesk.reports.happened import inside
from funneldesk.reports.population import has_period
from funneldesk.reports.replay import replayed

if TYPE_CHECKING:
    import numpy as np

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
    found = _now(facts.table, facts.k, facts.as_of) if facts.table is not None else stood(facts)
    return found.of_owners(request.managers) if request.managers else found


def _read(table: DealTable) -> dict[str, np.ndarray]:
    """The columns by id."""
    import numpy as np

    found = numbers(table.columns)
    if table.flags:
        flags = found.pop("flags")
        found |= {name: flags >> 2 * place & 3 for place, name in enumerate(table.flags)}
    ids = found["id"]
    if not np.all(ids[1:] > ids[:-1]):  # in whatever order an index had them
        order = np.argsort(ids)
        found = {name: values[order] for name, values in found.items()}
    return found


def _now(table: DealTable, k: int, as_of: int) -> DealColumns:
    import numpy as np

    own = _read(table)
    nothing = np.full(len(own["id"]), NONE)
    never = np.zeros(len(nothing), dtype=bool)
    amount, no_rate = nothing, never
    if "amount" in own:
        moment = np.where(own["kind"] == OPEN, as_of, own["closed"])
        amount, no_rate = _converted(table, own["id"], own["amount"], own["foreign"], moment)
    visited = np.zeros(len(nothing), dtype=np.int64)
    reach = np.zeros(len(nothing), dtype=np.int64)
    for slot, rank in sorted(table.bits, key=lambda bit: bit[1]):
        here = own["slots"] >> slot & 1
        visited |= here << (rank - 1)
        reach = np.where(here, rank, reach)
    kind = own["kind"]
    reach[kind == WON] = k + 1
    ranks = np.zeros(max(table.ranks, default=0) + 1, dtype=np.int64)
    ranks[list(table.ranks)] = list(table.ranks.values())
    stage = own["stage"]
    stood_in = (stage >= 0) & (stage < len(ranks))
    return DealColumns(
        id=own["id"],
        created=own["created"],
        kind=kind,
        stage=np.where(stood_in, ranks[np.where(stood_in, stage, 0)], 0),
        reach=reach,
        visited=visited,
        strict=np.zeros(len(nothing), dtype=np.int64),
        lost_at=nothing,
        known=own["known"].astype(bool),
        staged=own["staged"].astype(bool),
        closed=own["closed"],
        entered=own.get("entered", nothing),
        owner=np.where(own["closer"] == NONE, own["manager"], own["closer"]),
        amount=amount,
        no_rate=no_rate,
        source=nothing,
        reason=nothing,
        comment=never,
        reopened=never,
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
    nothing = np.full(len(own["id"]), NONE)
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

    no_rate = np.zeros(len(amount), dtype=bool)
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
    keys = [own.kind, own.stage, own.reach, own.visited, own.strict, own.lost_at, own.known, own.staged]
    keys += [own.amount == NONE, own.no_rate]
    keys += [own.owner] if "owner" in wants else []
    keys += [own.source] if "source" in wants else []
    keys += [own.reason] if "reason" in wants else []
    keys += [own.comment] if "comment" in wants else []
    keys += [own.reopened] if "reopened" in wants else []
    keys += [date == NONE] if date is not None else []
    which = _numbered(keys)
    order = np.argsort(which, kind="stable")
    begins = np.flatnonzero(np.diff(which[order], prepend=-1))
    first = order[begins]
    sums = np.add.reduceat(own.amount[order], begins)
    sizes = np.diff(np.append(begins, len(order)))
    found = []
    for place, total, n in zip(first.tolist(), sums.tolist(), sizes.tolist(), strict=True):
        fact = _fact(own, place, wants)
        if fact.amount is not None:
            fact = fact._replace(amount=total)
        if date is not None and groups.dated is not None:
            at = _known(int(date[place]))
            fact = (
                fact._replace(created_at=at) if groups.dated == "created_at" else fact._replace(closed_at=at)
            )
        found.append(fact._replace(n=n))
    return found


def _numbered(keys: Sequence[np.ndarray]) -> np.ndarray:
    """Small numbers, the same for those alike in all keys."""
    import numpy as np

    found = np.zeros(len(keys[0]), dtype=np.int64)
    wide = 1
    for key in keys:
        number = key.astype(np.int64)
        nothing = number == NONE
        low = int(np.min(number, where=~nothing, initial=1 << 62)) - 1
        many = int(np.max(number, where=~nothing, initial=low)) - low + 1
        if many > _FEW:
            different, number = np.unique(number, return_inverse=True)
            many = len(different)
        else:
            number = np.where(nothing, 0, number - low)
        if wide * many > 1 << 62:
            found = np.unique(found, return_inverse=True)[1]
            wide = int(found.max(initial=0)) + 1
        found, wide = found * many + number, wide * many
    return np.unique(found, return_inverse=True)[1]


def _fact(own: DealColumns, place: int, wants: frozenset[str]) -> DealFact:
    """One deal standing for its group: what is not looked at is empty."""

    def value(column: np.ndarray, key: str | None = None) -> int | None:
        return _known(int(column[place])) if key is None or key in wants else None

    lost = own.kind[place] == LOST
    return DealFact(
        id=0,
        created_at=None,
        status=_STATUS[int(own.kind[place])],
        stage=int(own.stage[place]),
        reach=int(own.reach[place]),
        visited=int(own.visited[place]),
        strict=int(own.strict[place]),
        lost_at=value(own.lost_at),
        path_known=bool(own.known[place]),
        staged=bool(own.staged[place]),
        entered_at=None,
        closed_at=None,
        owner=value(own.owner, "owner"),
        amount=value(own.amount),
        no_rate=bool(own.no_rate[place]),
        source_id=value(own.source, "source"),
        loss_reason_id=value(own.reason, "reason"),
        has_loss_comment=bool(own.comment[place]) if "comment" in wants else bool(lost),
        reopened=bool(own.reopened[place]) if "reopened" in wants else False,
    )


def _known(value: int) -> int | None:
    return None if value == NONE else value
