"""`stage-funnel`: how many deals are at, or came to, each stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from funneldesk.domain.facts import DealFact, FunnelFacts, Groups
from funneldesk.domain.move_table import NONE
from funneldesk.domain.results import Column, Population, ReportRequest, Rule
from funneldesk.reports.built import (
    Built,
    Line,
    amount_of,
    counts,
    mean_amount,
    missing_money,
    money,
    rates,
    ratio,
    text,
)
from funneldesk.reports.columns import LOST, OPEN, WON, columns, places_in
from funneldesk.reports.deal_columns import DealColumns, deals_of, grouped, told
from funneldesk.reports.deal_columns import select_staged as select_columns
from funneldesk.reports.happened import Events, events, events_of
from funneldesk.reports.population import Selection, select_staged, with_status
from funneldesk.reports.probability import chosen, of_deal, weigh
from funneldesk.reports.statistics import wilson
from funneldesk.reports.steps import COUNTED, step, won_by

if TYPE_CHECKING:
    import numpy as np

_COLUMNS = (
    *text("stage"),
    *counts("rank", opens=False),
    *counts("count"),
    *money("amount", "weighted_amount"),
    *rates("share"),
    *counts("entered", "advanced", "lost", "waiting"),
    *rates("step_conversion", "step_low", "step_high"),
    *money("point_worth"),
)
POINT = 0.01
_ENTRIES = (*counts("entries", opens=False), *counts("distinct_deals"))


def _total_columns(activity: bool) -> tuple[Column, ...]:
    # Activity counts events: a deal won twice in the period is two wins, so the number cannot
    # be the length of a list of deals.
    return (
        *(counts("deals") if activity else ()),
        *counts("created"),
        *counts("open"),
        *counts("won", "lost", opens=not activity),
        *counts("won_by_rule"),
        *money("won_amount", "lost_amount"),
        *rates("overall_conversion", "win_rate", "win_rate_low", "win_rate_high", "maturity"),
        *(counts("backward", "reopened", opens=False) if activity else ()),
    )


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """Rows by stage, in the funnel's order; amounts in minor units, rates 0..1.

    `count`, `share` and the amounts follow the rule; entered, advanced, lost and waiting are by
    reach whatever the rule (1.4), and so are all totals but `won_by_rule`.  `point_worth` is what one point
    more of the step conversion would have brought: a hundredth of the deals that went on or were lost, by
    their chance to win from the next stage, at the average won amount; None without a win.
    """
    facts, rule = funnels[0], rule or Rule.REACHED
    activity = population is Population.ACTIVITY
    own: DealColumns | None = None
    if told(facts):
        deals = deals_of(facts, request)
        staged, excluded = select_columns(deals, request, population, columns(facts.moves))
        own = deals.where(staged)
        taken = Selection(grouped(own, Groups()), excluded)
    else:
        taken = select_staged(facts, request, population)
    totals = Line()
    _state_totals(totals, taken.deals, population)
    totals.count("won_by_rule", won_by(rule, taken.deals, facts.k))
    lines = _rows(facts, taken.deals, rule)
    if activity and own is not None:
        _counted(lines, totals, own, events_of(columns(facts.moves), own.id, request))
    elif activity:
        _activity(lines, totals, taken.deals, events(columns(facts.moves), taken.deals, request))
    base = totals.values["open"] if rule is Rule.CURRENT else (lines[0].values["count"] if lines else 0)
    for line in lines:
        line.put(share=ratio(line.values["count"], base))
    return Built(
        columns=_COLUMNS + (_ENTRIES if activity else ()),
        lines=lines,
        total_columns=_total_columns(activity),
        totals=totals,
        excluded=taken.excluded | missing_money(taken.deals),
    )


def _rows(facts: FunnelFacts, deals: list[DealFact], rule: Rule) -> list[Line]:
    chance = of_deal(facts)
    counted = COUNTED[rule]
    next_chances, average = [*chosen(facts)[1:], 1.0], mean_amount(with_status(deals, "won"))
    lines = []
    for rank, stage in enumerate(facts.stages, start=1):
        line = Line()
        here = [deal for deal in deals if counted(deal, rank)]
        line.put(stage=stage.name, rank=rank)
        line.count("count", here)
        line.put(amount=amount_of(here), weighted_amount=weigh(here, chance))
        went = step(deals, rank)
        line.count("entered", went.entered)
        line.count("advanced", went.advanced)
        line.count("lost", went.lost)
        line.count("waiting", went.waiting)
        low, high = went.interval
        line.put(step_conversion=went.conversion, step_low=low, step_high=high)
        ended = line.values["advanced"] + line.values["lost"]
        worth = None if average is None else POINT * ended * next_chances[rank - 1] * average
        line.put(point_worth=worth if ended else None)
        lines.append(line)
    return lines


def _state_totals(totals: Line, deals: list[DealFact], population: Population) -> None:
    won, lost = with_status(deals, "won"), with_status(deals, "lost")
    created = totals.count("created", deals)
    totals.count("open", with_status(deals, "open"))
    wins, losses = totals.count("won", won), totals.count("lost", lost)
    totals.put(won_amount=amount_of(won), lost_amount=amount_of(lost))
    # Wins of created is a conversion only where all that was created is looked at.
    whole = population in (Population.COHORT, Population.SNAPSHOT)
    totals.put(
        overall_conversion=ratio(wins, created) if whole else None,
        maturity=ratio(wins + losses, created) if whole else None,
    )
    _win_rate(totals, wins, losses)


def _win_rate(totals: Line, won: int, lost: int) -> None:
    low, high = wilson(won, won + lost)
    totals.put(win_rate=ratio(won, won + lost), win_rate_low=low, win_rate_high=high)


def _counted(lines: list[Line], totals: Line, deals: DealColumns, happened: Events) -> None:
    """As `_activity`, of deals that came as columns."""
    import numpy as np

    for rank, line in enumerate(lines, start=1):
        entries = (happened.kind == OPEN) & (happened.rank == rank)
        line.put(entries=int(entries.sum()), distinct_deals=len(happened.deals(entries)))
    place, _mine = places_in(deals.id, happened.deal)
    kept = np.where(deals.amount == NONE, 0, deals.amount)[place] if len(place) else happened.amount
    money = np.where(happened.amount == NONE, kept, happened.amount)
    totals.put(deals=len(deals.id), created=int(happened.created.sum()))
    won, lost = happened.kind == WON, happened.kind == LOST
    _happened(totals, happened, won, lost, int(money[won].sum()), int(money[lost].sum()))


def _happened(
    totals: Line, happened: Events, won: np.ndarray, lost: np.ndarray, won_amount: int, lost_amount: int
) -> None:
    wins, losses = int(won.sum()), int(lost.sum())
    totals.put(won=wins, lost=losses, won_amount=won_amount, lost_amount=lost_amount)
    totals.put(backward=int(happened.backward.sum()), reopened=int(happened.reopened.sum()))
    _win_rate(totals, wins, losses)
    for key in ("won", "lost"):
        totals.behind.pop(key)


def _activity(lines: list[Line], totals: Line, deals: list[DealFact], happened: Events) -> None:
    by_id = {deal.id: deal for deal in deals}
    worth = {deal.id: deal.amount for deal in deals}
    for rank, line in enumerate(lines, start=1):
        entries = (happened.kind == OPEN) & (happened.rank == rank)
        line.put(entries=int(entries.sum()))
        line.count("distinct_deals", [by_id[each] for each in happened.deals(entries)])
    totals.count("deals", deals)
    totals.count("created", [by_id[each] for each in happened.deal[happened.created].tolist()])
    won, lost = happened.kind == WON, happened.kind == LOST
    _happened(totals, happened, won, lost, happened.money(won, worth), happened.money(lost, worth))
