"""`cross-table`: any two properties of deals crossed, with the figures of each pair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.folding import fold
from funneldesk.domain.results import MOST_HEADS, MOST_ROWS, Population, ReportRequest, Rule
from funneldesk.reports.built import (
    Built,
    Line,
    amount_of,
    counts,
    label_of,
    mean_amount,
    missing_money,
    money,
    rates,
    ratio,
    text,
    worth_known,
)
from funneldesk.reports.groupings import grouping
from funneldesk.reports.months import month_label, months_of
from funneldesk.reports.population import all_deals, known, number, select, with_status
from funneldesk.reports.report_info import OWN
from funneldesk.reports.statistics import wilson

WAYS = (
    "manager", "source", "product", "client", "status", "reached", "reason", "outcome", "month", "quarter",
)  # fmt: skip
SPANS = ("month", "quarter")
YES, NO, OTHERS = "own_yes", "own_no", "own_others"  # values of own fields that are not words of theirs
_OTHERS = (OTHERS,)  # as a value: those with few deals together
NOT_LOST = "not_lost"  # in the place of the reason of a loss
_NO_LOSS = (NOT_LOST,)  # as a value: no reason and no group of reasons is a tuple
_STATES = ("open", "won", "lost")
_FIGURES = (
    *counts("deals", *_STATES),
    *rates("win_rate", "win_rate_low", "win_rate_high"),
    *money("amount", "won_amount", "won_average"),
)


@dataclass(frozen=True, slots=True)
class _Way:
    """A property: of a deal its value, of a value its words; `ordered` = by the value, not by how many."""

    key_of: Callable[[DealFact], Any]
    label: Callable[[Any], str | None]
    ordered: bool = False


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per pair of values that any deal has (`label`, `label_2`); of one grouping a row per value.

    Win rate = won of closed, with its Wilson range; money in minor units, `amount` of all deals of the
    pair, None where none of them has an amount.  Values come by the number of their deals, stages and
    months in their own order.
    Of a reason, deals that are not lost have the value NOT_LOST, losses without one None.
    `reached` = the furthest stage (of one funnel), the last one when won; a month is that of the
    creation, of finished deals that of the close.  `custom:NAME` is a field of one's own; of its values
    those with few deals stand together as OTHERS where the table cannot show them all.
    `extra["sides"]` = for each grouping a line per value with the figures of all its deals: their counts
    open under `figure` + its `key` of the totals; `extra["places"]` = of each row the numbers of its
    values there.
    """
    by = request.by or WAYS[:2]
    chosen = select(all_deals(funnels), request, population)
    deals, excluded = chosen.deals, dict(chosen.excluded)
    if "reached" in by:
        staged = [deal for deal in deals if deal.staged]
        deals = known(staged)
        excluded["no_stages"] = number(chosen.deals) - number(staged)
        excluded["unknown_path"] = number(staged) - number(deals)
    ways = [
        _by_own(funnels, deals, name, most)
        if name.startswith(OWN)
        else _way(name, funnels, deals, population)
        for name, most in zip(by, (MOST_ROWS, MOST_HEADS), strict=False)
    ]
    totals = _line(deals)
    sides = [_side(place, way, deals, totals) for place, way in enumerate(ways)]
    orders = [{line["value"]: place for place, line in enumerate(side)} for side in sides]
    cells: dict[tuple[Hashable, ...], list[DealFact]] = {}
    for deal in deals:
        cells.setdefault(tuple(way.key_of(deal) for way in ways), []).append(deal)
    lines, places = [], []
    for keys in sorted(cells, key=lambda keys: [order[key] for order, key in zip(orders, keys, strict=True)]):
        named = {name: way.label(key) for name, way, key in zip(_LABELS, ways, keys, strict=False)}
        lines.append(_line(cells[keys], named))
        places.append(tuple(order[key] for order, key in zip(orders, keys, strict=True)))
    return Built(
        (*text(*_LABELS[: len(by)]), *_FIGURES),
        lines,
        _FIGURES,
        totals,
        excluded | missing_money(deals),
        {"by": by, "sides": sides, "places": places},
    )


_LABELS = ("label", "label_2")
_LAST = (_OTHERS, None, _NO_LOSS)  # values that stand behind all others


def _side(place: int, way: _Way, deals: Sequence[DealFact], totals: Line) -> list[Mapping[str, Any]]:
    """The values of a grouping with the figures of all their deals, in their order."""
    found: dict[Any, list[DealFact]] = {}
    for deal in deals:
        found.setdefault(way.key_of(deal), []).append(deal)

    def rank(value: Any) -> tuple[object, ...]:
        if way.ordered:
            return value is None, value
        last = _LAST.index(value) + 1 if value in _LAST else 0
        return last, -number(found[value]), way.label(value) or ""

    side: list[Mapping[str, Any]] = []
    for value in sorted(found, key=rank):
        # by the value, not its number: where the deals change meanwhile it must not open another's
        line, key = _line(found[value]), f"@{place}.{value}"
        totals.behind.update({name + key: own for name, own in line.behind.items()})
        side.append({"value": value, "key": key, "label": way.label(value), **line.values})
    return side


def _line(deals: list[DealFact], named: Mapping[str, str | None] | None = None) -> Line:
    line = Line(dict(named or {}))
    line.count("deals", deals)
    _open, won, lost = (line.count(state, with_status(deals, state)) for state in _STATES)
    wins = line.behind["won"]
    low, high = wilson(won, won + lost) if won + lost else (None, None)
    line.put(win_rate=ratio(won, won + lost), win_rate_low=low, win_rate_high=high)
    line.put(
        amount=amount_of(deals) if worth_known(deals) else None,
        won_amount=amount_of(wins) if worth_known(wins) else None,
        won_average=mean_amount(wins),
    )
    return line


def _way(
    name: str, funnels: Sequence[FunnelFacts], deals: Sequence[DealFact], population: Population
) -> _Way:
    if name in SPANS:
        return _by_span(name, deals, ZoneInfo(funnels[0].zone), population is Population.FINISHED)
    if name == "status":
        return _Way(lambda deal: _STATES.index(deal.status), lambda place: _STATES[place], ordered=True)
    if name == "reached":
        stages = funnels[0].stages
        return _Way(
            lambda deal: min(deal.reach, len(stages)) or None,
            lambda rank: stages[rank - 1].name if rank else None,
            ordered=True,
        )
    if name == "product":
        names = {key: told for facts in funnels for key, told in facts.products.items()}
        return _Way(lambda deal: deal.product_id, lambda key: label_of(names, key))
    found = grouping(name, funnels)
    if name in ("reason", "outcome"):  # a deal that is open again has none, whatever it was lost for once
        return _Way(
            lambda deal: found.key_of(deal) if deal.status == "lost" else _NO_LOSS,
            lambda key: NOT_LOST if key == _NO_LOSS else found.label(key),
        )
    return _Way(found.key_of, found.label)


def _by_own(funnels: Sequence[FunnelFacts], deals: Sequence[DealFact], name: str, most: int) -> _Way:
    """By an own field, in whatever letter case: the largest values, with the rest at most `most`."""
    yes_no = any(facts.own[name].yes_no for facts in funnels)
    told = {deal: value for facts in funnels for deal, value in facts.own[name].by_deal.items()}
    spelled: dict[str, Counter[str]] = {}
    for deal in deals:
        if deal.id in told:
            value = told[deal.id]
            spelled.setdefault(fold(value), Counter())[value] += 1
    stated = sum(sum(each.values()) for each in spelled.values())
    room = most - (stated < len(deals))
    largest = sorted(spelled, key=lambda key: (-sum(spelled[key].values()), key))
    kept = set(largest if len(largest) <= room else largest[: room - 1])

    def key_of(deal: DealFact) -> Any:
        if deal.id not in told:
            return None
        key = fold(told[deal.id])
        return key if key in kept else _OTHERS

    def label(key: Any) -> str | None:
        if key is None or key == _OTHERS:
            return None if key is None else OTHERS
        if yes_no:
            return YES if key == "1" else NO
        return min(spelled[key], key=lambda value: (-spelled[key][value], value))

    return _Way(key_of, label)


def _by_span(span: str, deals: Sequence[DealFact], zone: ZoneInfo, of_close: bool) -> _Way:
    def moment(deal: DealFact) -> int | None:
        return deal.closed_at if of_close else deal.created_at

    moments = list({at for deal in deals if (at := moment(deal)) is not None})
    months = dict(zip(moments, months_of(moments, zone).tolist() if moments else (), strict=True))

    def key_of(deal: DealFact) -> int | None:
        at = moment(deal)
        if at is None:
            return None
        month: int = months[at]
        return month if span == "month" else month // 3

    def label(key: int | None) -> str | None:
        if key is None:
            return None
        return month_label(key) if span == "month" else f"{key // 4}-Q{key % 4 + 1}"

    return _Way(key_of, label, ordered=True)
