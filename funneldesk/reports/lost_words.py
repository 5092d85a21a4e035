"""`lost-words`: what was said when deals were lost, under the reason chosen (DEFINITIONS: losses)."""

from __future__ import annotations

from collections.abc import Sequence

from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.folding import fold
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.reports.built import Built, Line, amount_of, counts, label_of, missing_money, money, text
from funneldesk.reports.population import all_deals, select, with_status

_COLUMNS = (*text("reason", "comment"), *counts("lost"), *money("lost_amount"))
_TOTALS = (*counts("lost"), *money("lost_amount"), *counts("no_reason", "no_comment"))


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per reason and comment, the reason most lost by first, in it the words said most often.

    Comments that differ in letter case and spaces only are one, told as it was written first.
    Without a comment: a row of its own, the last of its reason.  Money in minor units.
    """
    chosen = select(all_deals(funnels), request, population)
    losses = with_status(chosen.deals, "lost")
    said = funnels[0].comments
    names = {key: name for facts in funnels for key, name in facts.reasons.items()}
    by_reason: dict[int | None, list[DealFact]] = {}
    for deal in losses:
        by_reason.setdefault(deal.loss_reason_id, []).append(deal)
    lines = []
    for reason, own in sorted(by_reason.items(), key=lambda pair: (-len(pair[1]), str(pair[0]))):
        groups: dict[str, list[DealFact]] = {}
        for deal in own:
            groups.setdefault(_words(said.get(deal.id)), []).append(deal)
        for words, same in sorted(groups.items(), key=lambda pair: (not pair[0], -len(pair[1]), pair[0])):
            line = Line()
            line.put(reason=label_of(names, reason), comment=said[same[0].id].strip() if words else None)
            line.count("lost", same)
            line.put(lost_amount=amount_of(same))
            lines.append(line)
    totals = Line()
    totals.count("lost", losses)
    totals.put(lost_amount=amount_of(losses))
    totals.count("no_reason", by_reason.get(None, []))
    totals.count("no_comment", [deal for deal in losses if not _words(said.get(deal.id))])
    return Built(_COLUMNS, lines, _TOTALS, totals, {**chosen.excluded, **missing_money(losses)})


def _words(comment: str | None) -> str:
    return " ".join(fold(comment or "").split())
