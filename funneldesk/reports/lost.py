"""`lost`: where, why and with whom deals are lost (DEFINITIONS: losses)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import Column, Population, ReportRequest, Rule
from funneldesk.reports.built import Built, Line, amount_of, counts, missing_money, money, rates, ratio, text
from funneldesk.reports.groupings import Grouping, grouping, measured_by
from funneldesk.reports.population import all_deals, closed, has_period, known, number, select, with_status

_TOTALS = (
    *counts("lost"),
    *money("lost_amount"),
    *counts("finished", "no_reason", "no_comment", "lost_later_reopened"),
    *rates("loss_rate"),
)
_LABELS = ("label", "label_2", "label_3")

Keys = tuple[Hashable, ...]


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per value of the grouping, or of two or three crossed (`label`, `label_2`, `label_3`).

    Money in minor units.  `lost_share` is of all losses.  `loss_rate` is of `base`: who entered the stage;
    the closed deals of the manager, source or client; all closed deals for a reason or its group.  A missing
    label is None: at creation, not stated, nobody, no source, no client.
    """
    by = request.by or ("stage",)
    chosen = select(all_deals(funnels), request, population)
    excluded = dict(chosen.excluded)
    ended = traced = closed(chosen.deals)
    if "stage" in by:
        staged = [deal for deal in ended if deal.staged]
        traced = known(staged)
        excluded["no_stages"] = number(ended) - number(staged)
        excluded["unknown_path"] = number(staged) - number(traced)
        ended = staged
    groupings = [grouping(name, funnels) for name in by]
    totals = _totals(ended, _reopened(funnels, request))
    return Built(
        _columns(len(by)),
        _lines(groupings, funnels, traced, totals),
        _TOTALS,
        totals,
        excluded | missing_money(with_status(ended, "lost")),
        {"by": by},
    )


def _columns(groupings: int) -> tuple[Column, ...]:
    return (
        *text(*_LABELS[:groupings]),
        *counts("lost"),
        *rates("lost_share"),
        *money("lost_amount"),
        *rates("lost_amount_share"),
        *counts("base"),
        *rates("loss_rate"),
    )


def _totals(ended: list[DealFact], reopened: list[DealFact] | None) -> Line:
    totals = Line()
    losses = with_status(ended, "lost")
    many, of = totals.count("lost", losses), totals.count("finished", ended)
    totals.put(lost_amount=amount_of(losses), loss_rate=ratio(many, of))
    totals.count("no_reason", [deal for deal in losses if deal.loss_reason_id is None])
    totals.count("no_comment", [deal for deal in losses if not deal.has_loss_comment])
    if reopened is None:
        totals.put(lost_later_reopened=None)
    else:
        totals.count("lost_later_reopened", reopened)
    return totals


def _reopened(funnels: Sequence[FunnelFacts], request: ReportRequest) -> list[DealFact] | None:
    # When such a deal had been lost is not kept with it, so a period cannot be applied.
    if has_period(request):
        return None
    return [deal for deal in all_deals(funnels) if deal.reopened and deal.status != "lost"]


def _lines(
    groupings: list[Grouping], funnels: Sequence[FunnelFacts], ended: list[DealFact], totals: Line
) -> list[Line]:
    cells: dict[Keys, list[DealFact]] = {keys: [] for keys in _always(groupings, funnels, ended)}
    keys_of = [each.key_of for each in groupings]
    for deal in with_status(ended, "lost"):
        cells.setdefault(tuple([key_of(deal) for key_of in keys_of]), []).append(deal)
    base_of = measured_by(groupings, ended)
    made = []
    for keys, deals in cells.items():
        line = Line()
        for name, each, key in zip(_LABELS, groupings, keys, strict=False):
            line.put(**{name: each.label(key)})
        many = line.count("lost", deals)
        amount, base = amount_of(deals), line.count("base", *base_of(keys))
        line.put(
            lost_share=ratio(many, totals.values["lost"]),
            lost_amount=amount,
            lost_amount_share=ratio(amount, totals.values["lost_amount"]),
            loss_rate=ratio(many, base),
        )
        made.append((keys, line))
    made.sort(key=lambda pair: _place(groupings, *pair))
    return [line for _, line in made]


def _always(groupings: list[Grouping], funnels: Sequence[FunnelFacts], ended: list[DealFact]) -> list[Keys]:
    """The rows shown even without losses: all stages; all managers or sources with closed deals."""
    if len(groupings) > 1:
        return []
    only = groupings[0]
    if only.name == "stage":
        return [(rank,) for rank in range(1, funnels[0].k + 1)]
    if only.name in ("manager", "source"):
        return [(key,) for key in dict.fromkeys(only.key_of(deal) for deal in ended)]
    return []


def _place(groupings: list[Grouping], keys: Keys, line: Line) -> tuple[object, ...]:
    stages = tuple(key for each, key in zip(groupings, keys, strict=True) if each.name == "stage")
    labels = tuple(line.values.get(name) or "" for name in _LABELS)
    return (*stages, -line.values["lost"], -line.values["lost_amount"], labels)
