"""The moves of many deals as columns: so SQLite hands over half a million at once.

A row for each move costs ten times as much.  Reports that count moves by the hundred thousand make arrays of
the columns (`reports.columns`); to anybody else this is a sequence of `MoveFact` like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, overload

from funneldesk.domain.deal_table import DealTable
from funneldesk.domain.facts import MoveFact
from funneldesk.domain.rates import Rates

NONE = -(1 << 62)  # in a column: nothing known
MOVE_COLUMNS = ("at", "actor", "owner", "amount", "counts")  # beside deal, seq and place
CLOSING = "closing"  # the amounts of moves to won and lost only, instead of all
PLACED = 3  # added to a place, so that none is negative
IDS = frozenset(  # of columns: there any negative number is nothing, a short one
    ("deal", "manager", "owner", "source", "reason", "lead", "actor")
)
WON, LOST = -2, -3  # in `place`; an open place is its stage id, 0 = not known which
_KINDS = {WON: "won", LOST: "lost"}


class MoveTable(Sequence[MoveFact]):
    """Columns of whole numbers: deal, seq, place, and those of MOVE_COLUMNS asked for.

    In whatever order the base keeps them (as a sequence by deal and seq); `ranks`: of stages by id.  Small
    ones (`packed`: name, bits) come with the seq above them as one column `step`, a place PLACED more and 0
    for an id that is not known: half the time is that of telling numbers.  CLOSING may stand for the amounts.
    """

    def __init__(
        self,
        columns: Mapping[str, Any],
        ranks: Mapping[int, int],
        packed: Sequence[tuple[str, int]] = (),
    ) -> None:
        self.columns = columns
        self.ranks = ranks
        self.packed = packed
        self.kept: dict[str, Any] = {}  # what was made of the columns, for whoever asks again

    def unpacked(self, step: Any) -> dict[str, Any]:
        """What a `step`, or an array of them, is made of."""
        found = {}
        for name, bits in reversed(self.packed):
            found[name] = step & ((1 << bits) - 1)
            step = step >> bits
        return found | {"seq": step, "place": found["place"] - PLACED}

    @cached_property
    def _facts(self) -> tuple[MoveFact, ...]:
        if not len(self):
            return ()
        values = {name: list(map(int, column)) for name, column in self.columns.items()}
        if self.packed:
            steps = [self.unpacked(step) for step in values.pop("step")]
            values |= {name: [step[name] for step in steps] for name in steps[0]}
        if CLOSING in values:
            amounts = iter(values.pop(CLOSING))
            values["amount"] = [next(amounts) if place < 0 else NONE for place in values["place"]]
        nothing = {name: 1 if name == "counts" else NONE for name in MOVE_COLUMNS}
        for name, value in nothing.items():
            values.setdefault(name, [value] * len(self))
        names = ("deal", "seq", "place", *MOVE_COLUMNS)
        rows = sorted(zip(*[values[name] for name in names], strict=True))
        found: list[MoveFact] = []
        before: tuple[int, str, int] | None = None
        for deal, seq, place, at, actor, owner, amount, counts in rows:
            kind = _KINDS.get(place, "open")
            rank = 0 if place <= 0 else self.ranks.get(place, -1)
            if before is not None and before[0] != deal:
                before = None
            found.append(
                MoveFact(
                    deal, seq, _known(at),
                    None if before is None else before[1], 0 if before is None else before[2],
                    kind, rank, _known_id(actor), _known_id(owner), _known(amount), bool(counts),
                )
            )  # fmt: skip
            before = (deal, kind, rank)
        return tuple(found)

    def __len__(self) -> int:
        return len(self.columns["deal"])

    def __iter__(self) -> Iterator[MoveFact]:
        return iter(self._facts)

    @overload
    def __getitem__(self, place: int) -> MoveFact: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[MoveFact, ...]: ...
    def __getitem__(self, place: Any) -> Any:
        return self._facts[place]


class PastDeal(NamedTuple):
    """What is kept of a deal now and needed to tell how it stood at a past moment."""

    id: int
    created_at: int | None
    amount: int | None
    currency: str | None
    manager_id: int | None
    company_id: int | None
    person_id: int | None
    source_id: int | None
    product_id: int | None
    loss_reason_id: int | None
    has_loss_comment: bool
    expected_close: str | None
    lead_id: int | None
    staged: bool


@dataclass(frozen=True, slots=True)
class Past:
    """Deals and all their moves until T, to be replayed (`reports.replay`); the moves have a `reason` too."""

    deals: Sequence[PastDeal]
    moves: MoveTable
    money: Rates
    table: DealTable | None = None  # instead of `deals`, where none is needed by itself


def _known(value: int) -> int | None:
    return None if value == NONE else value


def _known_id(value: int) -> int | None:
    return None if value <= 0 else value
