"""What the screen and the command line know of a report, and what it needs to be counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from funneldesk.domain.brought import BroughtAsked
from funneldesk.domain.deal_table import LEARNT
from funneldesk.domain.facts import FunnelFacts, Groups, Part
from funneldesk.domain.goals import Plan
from funneldesk.domain.move_table import MOVE_COLUMNS
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.domain.stay_table import StaysAsked
from funneldesk.reports.built import Built

Build = Callable[[Sequence[FunnelFacts], ReportRequest, Population, Rule | None], Built]

_GROUPS = {
    "stage": "end",
    "manager": "owner",
    "source": "source",
    "reason": "reason",
    "outcome": "reason",
    "reached": "reach",
}
_DEAL_BY_DEAL = frozenset({"client", "product", "month", "quarter"})  # groupings that no group of deals tells
_OF_ONE_FUNNEL = frozenset({"stage", "reached"})
OWN = "custom:"  # before the name of a field of one's own
_BY_STAGES = (Rule.VISITED, Rule.REACHED_BITRIX)


@dataclass(frozen=True, slots=True)
class ReportInfo:
    """A report as the screen and the command line know it.  `rules` empty = it has no rule to choose."""

    name: str
    build: Build
    population: Population
    populations: tuple[Population, ...]
    rule: Rule | None = None
    rules: tuple[Rule, ...] = ()
    by: tuple[str, ...] = ()
    by_default: tuple[str, ...] = ()
    by_most: int = 0  # how many groupings may be crossed
    crossed: bool = False  # the second one makes the columns
    by_stage: bool = False  # of one funnel (the first by default); otherwise over all funnels
    moves: bool = False  # always looks at the moves
    move_columns: tuple[str, ...] = MOVE_COLUMNS  # at these of them
    leads: bool = False  # at leads beside the deals
    activities: bool = False  # at what was done
    done_by_deal: bool = False  # at how much was done for each deal, and at nothing else of it
    done_in: Callable[[ReportRequest, int, ZoneInfo], tuple[int, int]] | None = None  # in this time only
    clients: bool = False  # at the names of clients
    stories: bool = False  # at the titles of closed deals, the words of losses, what is promised
    words: bool = False  # at what was said of losses, whenever they were
    marks: bool = False  # at changes that were marked
    ledger: bool = False  # at those, invoices, plans, costs and standards
    learns: bool = False  # from the whole funnel, whatever part of it is looked at
    chances: bool = True  # at the chance to win of a stage
    margins: bool = False  # at what deals earn by their lines
    # at nothing of deals but their status, money and this (see `Groups`); None = at each deal
    looks_at: tuple[str, ...] | None = None
    # or at these columns of deals, told all at once (see `DealTable`), where no deal is opened
    deal_columns: tuple[str, ...] | None = None
    # of moves only at how long deals were in stages: of those it chooses, or of every one
    stays_of_every: bool | None = None
    # or only at who brought deals to stages: what a request asks of that, None = moves are needed
    brought: Callable[[ReportRequest, Population], BroughtAsked | None] | None = None
    # at no other deals than these, or at the moves of no others
    part: Callable[[ReportRequest, Population, int], Part | None] | None = None
    moves_of: Callable[[ReportRequest, Population, int], Part | None] | None = None
    # at no others than these one by one, and at what chances are learnt from (these columns) of every one
    apart: Callable[[ReportRequest, int, ZoneInfo], Part] | None = None
    learnt: tuple[str, ...] = LEARNT
    # where it gives any, at no others at all: then nothing is foretold
    only: Callable[[ReportRequest, int, ZoneInfo, Sequence[Plan]], Part | None] | None = None
    # at what was created and closed in spans of the calendar and at nothing else
    spans: Callable[[ReportRequest, ZoneInfo], Callable[[int], int]] | None = None
    goal: bool = False  # asks for wins or money that are to be reached
    foretells: bool = False  # what is not there yet: deals yet to come may be counted, too
    own_figure: bool = False  # beside its counts those of deals that fulfil conditions may stand
    turns: bool = False  # its rows may be its columns and the other way round
    sentences: bool = False  # its rows are findings in words; two periods of them cannot be compared

    @property
    def compares(self) -> bool:
        """Whether the numbers are of a period, so that they can be compared with those of another."""
        if self.sentences:
            return False
        timed = (Population.COHORT, Population.ACTIVITY, Population.FINISHED)
        return self.population in timed and any(each in timed for each in self.populations)

    def groups_by(self, name: str) -> bool:
        """Whether it can be grouped so; what is crossed also by own fields of deals (`custom:NAME`)."""
        return name in self.by or (self.crossed and name.startswith(OWN))

    def needs_moves(self, request: ReportRequest) -> bool:
        """Whether `FunnelFacts.moves` must be filled for this request."""
        return self.moves or request.population is Population.ACTIVITY

    def columns_of_moves(self, request: ReportRequest) -> tuple[str, ...]:
        """The columns of moves that are looked at; those told all at once ask for counts in activity."""
        if self.deal_columns is None or (request.population or self.population) is Population.ACTIVITY:
            return self.move_columns
        return tuple(name for name in self.move_columns if name != "counts")

    def parts(self, request: ReportRequest, as_of: int) -> tuple[Part | None, Part | None]:
        """The deals that are looked at, and those whose moves are; None = all."""
        population = request.population or self.population
        asked = (self.part, self.moves_of)
        deals, moves = (None if part is None else part(request, population, as_of) for part in asked)
        return deals, moves

    def groups(self, request: ReportRequest, zone: ZoneInfo) -> Groups | None:
        """What this request looks at of deals, when those alike in it may come as one; else None."""
        if self.spans is not None and not (request.where or request.condition or request.managers):
            return Groups(start=request.start, end=request.end, next_span=self.spans(request, zone))
        population = request.population or self.population
        singly = population is Population.ACTIVITY or any(map(_singly, request.by))
        if self.looks_at is None or singly:
            return None
        by = set(self.looks_at)
        by |= {_GROUPS[each] for each in request.by or self.by_default if each in _GROUPS}
        if request.rule in _BY_STAGES:
            by.add("visited")
        return chosen_groups(by, population, request)

    def stays(self, request: ReportRequest) -> StaysAsked | None:
        """The stays that this request counts, when it asks nothing else of moves than their lengths."""
        population = request.population or self.population
        if self.stays_of_every is None or population is Population.ACTIVITY:
            return None
        return StaysAsked(chosen_groups({"reach"}, population, request), self.stays_of_every)

    def asks_brought(self, request: ReportRequest) -> BroughtAsked | None:
        """What this request asks of who brought deals to stages, when it asks nothing else of moves."""
        population = request.population or self.population
        return None if self.brought is None else self.brought(request, population)

    def told(self, request: ReportRequest, zone: ZoneInfo) -> tuple[str, ...] | None:
        """The columns of deals that this request looks at, when neither groups nor deals are needed."""
        return self.deal_columns if self.groups(request, zone) is None else None

    def one_funnel(self, request: ReportRequest) -> bool:
        """Whether this request is about the stages of one funnel."""
        return self.by_stage or not _OF_ONE_FUNNEL.isdisjoint(request.by or self.by_default)


def chosen_groups(by: set[str], population: Population, request: ReportRequest) -> Groups:
    """Groups of the deals of a population."""
    dated = {Population.COHORT: "created_at", Population.FINISHED: "closed_at"}.get(population)
    return Groups(
        frozenset(by),
        dated,
        request.start,
        request.end,
        population is Population.ACTIVE,
        population is Population.FINISHED,
    )


def _singly(by: str) -> bool:
    return by in _DEAL_BY_DEAL or by.startswith(OWN)
