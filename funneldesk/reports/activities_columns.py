"""The figures of `activities` from columns: the same as deal by deal, without an object for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneldesk.domain.facts import FunnelFacts
from funneldesk.domain.move_table import NONE
from funneldesk.domain.results import Population, ReportRequest
from funneldesk.reports.columns import OPEN, Columns, columns, places_in
from funneldesk.reports.deal_columns import deals_of, read_done, select_staged

if TYPE_CHECKING:
    import numpy as np

_NEVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Work:
    """What one owner's deals (or all) took of one kind before the entries into one stage."""

    owner: int | None
    team: bool
    kind: str
    rank: int
    done: int
    entered: int
    median: float | None


def works(
    facts: FunnelFacts, request: ReportRequest, population: Population
) -> tuple[list[Work], list[int | None], dict[str, int]]:
    """By owner and of the team, each kind that occurs, by rank; the owners there are; what was left out."""
    import numpy as np

    deals = deals_of(facts, request)
    staged, excluded = select_staged(deals, request, population)
    own = deals.where(staged & deals.known)
    limits = _limits(columns(facts.moves), own.id, facts.k)
    assert facts.done is not None
    done, kinds = read_done(facts.done), facts.done.kinds
    place, mine = places_in(own.id, done["deal"])
    place, kind, at = place[mine], done["kind"][mine], done["done"][mine]
    owners, whose = np.unique(own.owner, return_inverse=True)
    sizes = _Sizes(len(own.id), len(owners), len(kinds))
    present = np.bincount(whose[place] * sizes.kinds + kind, minlength=sizes.owners * sizes.kinds) > 0
    present = present.reshape(sizes.owners, sizes.kinds)
    found: list[Work] = []
    for rank in range(1, facts.k + 1):
        before = at < limits[rank - 1][place]
        entered = limits[rank - 1] < _NEVER
        found += _of_stage(sizes, rank, place[before], kind[before], whose, entered, owners, kinds, present)
    return found, [None if each == NONE else each for each in owners.tolist()], excluded


@dataclass(frozen=True, slots=True)
class _Sizes:
    deals: int
    owners: int
    kinds: int


def _limits(moves: Columns, ids: np.ndarray, k: int) -> list[np.ndarray]:
    """By rank per deal the time of its first entry into the stage, _NEVER where there is none."""
    import numpy as np

    found = []
    for rank in range(1, k + 1):
        rows = np.flatnonzero((moves.kind == OPEN) & (moves.rank == rank))
        rows = rows[np.diff(moves.deal[rows], prepend=-1) != 0]
        place, mine = places_in(ids, moves.deal[rows])
        first = np.full(len(ids), _NEVER)
        first[place[mine]] = moves.at[rows[mine]]
        found.append(first)
    return found


def _of_stage(
    sizes: _Sizes,
    rank: int,
    place: np.ndarray,
    kind: np.ndarray,
    whose: np.ndarray,
    entered: np.ndarray,
    owners: np.ndarray,
    kinds: tuple[str, ...],
    present: np.ndarray,
) -> Iterator[Work]:
    """`place` and `kind`: of what was done before the entry into the stage."""
    import numpy as np

    groups = sizes.owners * sizes.kinds
    total = np.bincount(whose[place] * sizes.kinds + kind, minlength=groups).reshape(present.shape)
    came = np.bincount(whose[entered], minlength=sizes.owners)
    inside = entered[place]
    counts = np.bincount(place[inside] * sizes.kinds + kind[inside], minlength=sizes.deals * sizes.kinds)
    some = np.flatnonzero(counts)
    values, most = counts[some], int(counts.max(initial=0)) + 1
    of = whose[some // sizes.kinds] * sizes.kinds + some % sizes.kinds
    # how often each number occurs, by owner and kind
    often = np.bincount(of * most + values, minlength=groups * most).reshape(*present.shape, most)
    for owner, name in enumerate(owners.tolist()):
        for each in np.flatnonzero(present[owner]).tolist():
            middle = _median_with_zeros(often[owner, each], int(came[owner]))
            whom = None if name == NONE else name
            yield Work(whom, False, kinds[each], rank, int(total[owner, each]), int(came[owner]), middle)
    for each in np.flatnonzero(present.any(axis=0)).tolist():
        middle = _median_with_zeros(often[:, each].sum(axis=0), int(came.sum()))
        yield Work(None, True, kinds[each], rank, int(total[:, each].sum()), int(came.sum()), middle)


def _median_with_zeros(often: np.ndarray, count: int) -> float | None:
    """The median of `count` numbers: n occurs `often[n]` times, all the others are zero."""
    import numpy as np

    if not count:
        return None
    until = np.cumsum(often)
    zeros = count - int(until[-1])

    def at(place: int) -> int:
        return 0 if place < zeros else int(np.searchsorted(until, place - zeros, side="right"))

    return (at((count - 1) // 2) + at(count // 2)) / 2
