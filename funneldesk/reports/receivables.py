"""`receivables`: what clients owe at T, by how long it is overdue (DEFINITIONS: receivables)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.facts import FunnelFacts, InvoiceFact
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports.built import Built, Line, label_of, money, text

CLIENT, MANAGER, BUCKET = "client", "manager", "bucket"
GROUPINGS = (CLIENT, MANAGER, BUCKET)
# the last day past due of each bucket, the oldest without one
BUCKETS = (("not_due", 0), ("d1_30", 30), ("d31_60", 60), ("d61_90", 90), ("d90_plus", None))
KEYS = (*(key for key, _last in BUCKETS), "no_due_date", "credit")
_COLUMNS = (
    *text("label"),
    *money(*KEYS, "total"),
    Column("invoices", Type.COUNT),
    Column("max_days_past_due", Type.COUNT),
)


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per client, manager or bucket, the largest first; minor units of the accounting currency.

    Outstanding = invoice - payments dated <= T, of invoices dated <= T.  Days past due are calendar
    days after the due date in the base's zone.  Credit notes, what was paid too much and money on
    account stand in rows of their own, negative, under `credit`; `total` is the sum of a row.  The totals
    are a row of the table.
    """
    facts = funnels[0]
    grouping = (request.by or (CLIENT,))[0]
    today = clock.local_date(facts.as_of, ZoneInfo(facts.zone))
    known = [fact for fact in facts.ledger.invoices if fact.outstanding is not None]
    names = {key: name for each in funnels for key, name in each.managers.items()}
    groups: dict[tuple[str | None, bool], list[InvoiceFact]] = {}
    for fact in known:
        label = {CLIENT: fact.client, MANAGER: label_of(names, fact.manager_id)}.get(grouping)
        key = bucket_of(fact, today) if grouping == BUCKET else label
        groups.setdefault((key, fact.credit), []).append(fact)
    lines = [_line(label, own, today) for (label, _credit), own in groups.items()]
    if grouping == BUCKET:
        lines.sort(key=lambda line: KEYS.index(line.values["label"]))
    else:
        lines.sort(key=_largest_first)
    excluded = {"invoice_no_rate": len(facts.ledger.invoices) - len(known)}
    totals = _line(None, known, today)
    return Built(_COLUMNS, lines, _COLUMNS, totals, excluded, {"by": (grouping,)})


def _largest_first(line: Line) -> tuple[bool, bool, int, str]:
    label = line.values["label"]
    return line.values["credit"] != 0, label is None, -line.values["total"], label or ""


def bucket_of(fact: InvoiceFact, today: date) -> str:
    """The key under which an outstanding sum stands."""
    if fact.credit:
        return "credit"
    if fact.due_date is None:
        return "no_due_date"
    late = days_past_due(fact, today)
    return next(key for key, last in BUCKETS if last is None or late <= last)


def days_past_due(fact: InvoiceFact, today: date) -> int:
    """Calendar days since the due date, 0 while it has not passed or there is none."""
    if fact.credit or fact.due_date is None:
        return 0
    return max(0, (today - date.fromisoformat(fact.due_date)).days)


def _line(label: str | None, facts: Sequence[InvoiceFact], today: date) -> Line:
    sums = dict.fromkeys(KEYS, 0)
    for fact in facts:
        sums[bucket_of(fact, today)] += fact.outstanding or 0
    line = Line()
    line.put(label=label, **sums, total=sum(sums.values()))
    line.put(invoices=sum(1 for fact in facts if not fact.credit))
    line.put(max_days_past_due=max((days_past_due(fact, today) for fact in facts), default=0))
    return line
