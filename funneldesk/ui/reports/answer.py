"""A counted report and what is asked about it afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from funneldesk.condition_words import Teller
from funneldesk.domain.condition import Group
from funneldesk.domain.results import Report, ReportRequest, Type
from funneldesk.report_words import (
    cell_text,
    column_label,
    excluded_sentences,
    filter_texts,
    manager_of,
    population_sentence,
    reason_of,
    rule_sentence,
    sum_of,
)
from funneldesk.text import _

if TYPE_CHECKING:
    from funneldesk.store.database import Database


@dataclass(frozen=True, slots=True)
class Answer:
    """A report with the question it answers (its date pinned, so that its deals can be asked for)."""

    report: Report
    request: ReportRequest


def told(db: Database, request: ReportRequest, currency: str) -> ReportRequest:
    """The question with its conditions in words; those on fields that are gone are left out."""
    if not (request.condition or request.figure):
        return request
    from funneldesk.services import conditions

    fields = conditions.catalogue(db, "deal")
    known, teller = {field.key for field in fields}, Teller("deal", fields, currency)

    def there(tree: Group) -> Group:
        gone = {each.field for each in tree.conditions()} - known
        return tree.without(gone) if gone else tree

    tree, figure = there(request.condition), there(request.figure)
    return replace(
        request,
        condition=tree,
        condition_words=teller.tell(tree),
        figure=figure,
        figure_words=teller.tell(figure),
    )


def times_request(request: ReportRequest) -> ReportRequest:
    """The question for the days in the stages of the same deals."""
    return ReportRequest(
        "stage-times",
        funnel_id=request.funnel_id,
        start=request.start,
        end=request.end,
        as_of=request.as_of,
        live=request.live,
        population=request.population,
        managers=request.managers,
        where=request.where,
        condition=request.condition,
    )


def is_empty(report: Report) -> bool:
    """Whether no deal at all was counted."""
    numbers = (Type.COUNT, Type.NUMBER)
    counted = [c.key for c in report.columns if c.type in numbers and c.key != "rank"]
    totals = [c.key for c in report.total_columns if c.type is Type.COUNT]
    rows = any(row.get(key) for row in report.rows for key in counted)
    return not rows and not any(report.totals.get(key) for key in totals)


def why_number(report: Report) -> str:
    """Which deals were looked at, by which rule, with which filters, and what was left out and why."""
    told = [population_sentence(report), rule_sentence(report)]
    filters = filter_texts(report)
    if filters:
        told.append(_("Only: {filters}.").format(filters="; ".join(filters)))
    told += excluded_sentences(report) or [_("Nothing was left out.")]
    return " ".join(sentence for sentence in told if sentence)


def number_title(report: Report, row: int | None, key: str) -> str:
    """The name of a number: its row and its column."""
    by = tuple(report.extra.get("by", ()))
    person = manager_of(report, key)
    if person is not None:
        return f"{person[0]} · {column_label(person[1])}"
    side = sum_of(report, key)
    if side:
        return side
    label = reason_of(report, key) or column_label(key, by)
    if row is None:
        return label
    values = report.rows[row]
    names = [
        cell_text(report, column, values.get(column.key), values)
        for column in report.columns
        if column.type is Type.TEXT
    ]
    return " · ".join([*names, label])
