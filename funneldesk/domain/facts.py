"""The facts every report is computed from: deals, stage by stage, as they stood at T.

`store.queries.facts` makes them (from the kept columns when T is now, else from the history),
`reports` count them.  Times are microseconds UTC, money is minor units of the accounting
currency, ranks are 1..K for open stages in their order and K+1 for WON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from funneldesk.domain.goals import Mark, Plan, SourceCost, Standard

if TYPE_CHECKING:
    from funneldesk.domain.brought import BroughtTable
    from funneldesk.domain.deal_table import DealTable
    from funneldesk.domain.done_table import DoneTable
    from funneldesk.domain.move_table import Past
    from funneldesk.domain.stay_table import StayTable


@dataclass(frozen=True, slots=True)
class StageInfo:
    """An open stage as reports see it; its rank is its place in `FunnelFacts.stages`, from 1."""

    id: int
    name: str
    probability: float  # the template's, 0..1
    limit_days: float | None = None
    hold: bool = False


class DealFact(NamedTuple):
    """One deal as it stood at T, or `n` deals that a report need not tell apart (`grouped`).

    Of several the id is 0, `amount` is their sum, a time is one of the period that all of theirs lie in, and
    what the report does not look at is empty; all of them have an amount or none has.
    """

    id: int
    created_at: int | None
    status: str  # open, won, lost
    stage: int  # rank of the current open stage; 0 = none (closed, or path unknown)
    reach: int  # highest rank of any open stage ever entered; K+1 iff won; 0 = none
    visited: int  # bit k-1 set = stage of rank k really entered
    strict: int  # visited s1..sk with first entries in non-decreasing order, the largest such k
    lost_at: int | None  # rank left by the last move to lost; 0 = at creation; None = not lost
    path_known: bool
    staged: bool  # False: a deal without stages
    entered_at: int | None  # of the current stay
    closed_at: int | None
    owner: int | None  # manager id: at T while open, at the close afterwards
    amount: int | None  # in the accounting currency; None = without amount (or without a rate)
    no_rate: bool = False  # has an amount in a currency without a rate
    company_id: int | None = None
    person_id: int | None = None
    source_id: int | None = None
    product_id: int | None = None
    loss_reason_id: int | None = None
    has_loss_comment: bool = False
    expected_close: str | None = None
    reopened: bool = False  # ever lost and open again later
    lead_id: int | None = None  # the lead it was made of
    margin: int | None = None  # of its lines, in the accounting currency; None = a cost is not known
    n: int = 1  # how many deals it stands for


class MoveFact(NamedTuple):
    """One move of a deal with time <= T, in order of seq.

    Ranks: 0 = nowhere (creation) or an unknown place, 1..K open stages, -1 = a known place
    that has no rank now (a stage of another funnel or removed), `won`/`lost` by kind.
    """

    deal_id: int
    seq: int
    at: int | None
    from_kind: str | None  # None = creation
    from_rank: int
    to_kind: str
    to_rank: int
    actor: int | None
    owner: int | None
    amount: int | None
    counts: bool = True  # False: made by a change of the funnel itself, stays out of activity


@dataclass(frozen=True, slots=True)
class Groups:
    """What a report looks at of deals, so that those alike in it may come as one fact.

    Always: the status and the money.  `by`: end (where it was lost, whether its path is known and whether it
    has stages), reach (that, and how far it came and where it is), visited (that, and each stage it was in),
    owner, source, reason, traits (whether a loss has any reason, and a comment, and whether the deal was once
    lost and opened again).
    `dated`: the time (created_at or closed_at) that must lie in [start, end); of deals
    without that time the report still wants to know.
    """

    by: frozenset[str] = frozenset()
    dated: str | None = None
    start: int | None = None
    end: int | None = None
    only_open: bool = False
    only_closed: bool = False  # and, with traits and without a period, those that were lost once
    # By spans of the calendar: the first moment of the span after that of a moment.  Then what was created
    # and what was closed are told apart (`FunnelFacts.begun`), and nothing else is asked of deals (of
    # lost ones not even the money).
    next_span: Callable[[int], int] | None = None

    @property
    def bounded(self) -> bool:
        """Whether a period is asked for."""
        return self.start is not None or self.end is not None

    @property
    def crossed(self) -> bool:
        """Whether deals are told apart in ways that no index has together, but not by where they are."""
        ends = self.by & {"end", "reach", "visited"}
        return len(self.by & {"owner", "source", "reason"}) > 1 and not ends and self.next_span is None


@dataclass(frozen=True, slots=True)
class OwnValues:
    """What deals have in a field of one's own, by deal; of a `yes_no` field "1" or "0"."""

    yes_no: bool
    by_deal: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Part:
    """The deals that a report of a period looks at: those of which any of this is so, or may be.

    `created`, `closed`: in [start, end).  `open`: at T.  `buyers`: with them all deals won by their clients.
    """

    start: int | None = None
    end: int | None = None
    created: bool = False
    closed: bool = False
    open: bool = False
    buyers: bool = False

    @property
    def lasting(self) -> bool:
        """Whether a deal is in it at any T or at none: nothing that happens later changes that."""
        return not (self.closed or self.open or self.buyers)


class LeadFact(NamedTuple):
    """A lead created until T, as it is kept now."""

    id: int
    created_at: int | None
    status: str  # new, qualified, converted, dropped
    source_id: int | None
    manager_id: int | None
    deal_id: int | None


class ActivityFact(NamedTuple):
    """Something done until T (planned activities and notes are none)."""

    id: int
    kind: str  # call, letter, meeting, message, task
    done_at: int
    manager_id: int | None
    deal_id: int | None
    lead_id: int | None
    company_id: int | None
    person_id: int | None


class PlannedFact(NamedTuple):
    """Something promised: planned, not done."""

    manager_id: int | None
    due_at: int
    kind: str
    subject: str
    deal_id: int | None


class InvoiceFact(NamedTuple):
    """What is outstanding at T of an invoice (or was paid on account: negative, without a due date).

    Minor units of the accounting currency; None = no rate for its own currency.  `credit`: a credit
    note, an overpaid invoice, or money on account.
    """

    id: int  # 0 = on account
    client: str | None
    manager_id: int | None
    deal_id: int | None
    due_date: str | None
    outstanding: int | None
    credit: bool


@dataclass(frozen=True, slots=True)
class Ledger:
    """What reports compare with beside deals; money in minor units of the accounting currency."""

    invoices: tuple[InvoiceFact, ...] = ()
    plans: tuple[Plan, ...] = ()
    costs: tuple[SourceCost, ...] = ()
    marks: tuple[Mark, ...] = ()
    standards: tuple[Standard, ...] = ()
    costs_without_rate: int = 0


@dataclass(frozen=True, slots=True)
class FunnelFacts:
    """All that a report on one funnel may look at.

    `deals` holds every deal of the funnel that exists at T and passes the filters, whatever the
    period: the reports choose the population.  `moves` is filled only for reports that need it.
    """

    funnel_id: int
    funnel: str
    stages: tuple[StageInfo, ...]
    as_of: int
    currency: str
    deals: tuple[DealFact, ...]
    moves: Sequence[MoveFact] = ()
    begun: tuple[DealFact, ...] | None = None  # as they were created, where `deals` tells only of closes
    past: Past | None = None  # instead of `deals`: what `reports.replay` makes them of
    table: DealTable | None = None  # instead of `deals`, for reports that count columns
    learnt: DealTable | None = None  # every deal, where `deals` are only those that are looked at one by one
    stays: StayTable | None = None  # instead of `moves`, for reports that count lengths of stays
    brought: BroughtTable | None = None  # or for those that count who brought deals to stages
    probability_source: str = "template"
    training_months: int = 12  # of history that chances are learnt from; 0 = all
    season_months: int = 0  # of history that seasons are learnt from; 0 = all
    expected_close: str = "dates"  # as `Funnel.expected_close`
    season: bool = False  # new business is expected by the seasons of the own history
    managers: Mapping[int, str] = field(default_factory=dict)
    sources: Mapping[int, str] = field(default_factory=dict)
    products: Mapping[int, str] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)
    outcomes: Mapping[int, str] = field(default_factory=dict)  # reason id -> outcome group
    companies: Mapping[int, str] = field(default_factory=dict)  # filled when --by client asks
    people: Mapping[int, str] = field(default_factory=dict)  # likewise, for deals without a company
    # (company or person, its id) -> its category; filled with them, those without one are not in it
    categories: Mapping[tuple[str, int], str] = field(default_factory=dict)
    # The chosen probability by rank, computed from the unfiltered funnel; None = from `deals`.
    probabilities: tuple[float, ...] | None = None
    zone: str = "UTC"  # the base's time zone, for calendar periods
    # Filled only for reports that need them; over several funnels the first one carries them all.
    leads: tuple[LeadFact, ...] = ()
    activities: tuple[ActivityFact, ...] = ()
    # instead of `activities`, where the deals come as columns or only how much was done for each is asked
    done: DoneTable | None = None
    ledger: Ledger = field(default_factory=Ledger)
    planned: tuple[PlannedFact, ...] = ()
    titles: Mapping[int, str] = field(default_factory=dict)  # of deals closed in the time looked at
    comments: Mapping[int, str] = field(default_factory=dict)  # of their losses
    own: Mapping[str, OwnValues] = field(default_factory=dict)  # by `custom:NAME` that is grouped by
    # The same funnel without filters, for reports that learn from all of it; None = nothing is filtered.
    whole: FunnelFacts | None = None

    @property
    def k(self) -> int:
        """The number of open stages."""
        return len(self.stages)
