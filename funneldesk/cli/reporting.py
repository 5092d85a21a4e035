"""`funneldesk report`: a report by name, in any form, from one result."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.booklet import Printable, PrintOptions
from funneldesk.domain.condition import EVERYTHING, Group
from funneldesk.domain.condition_text import EXAMPLE
from funneldesk.domain.money import to_minor
from funneldesk.domain.results import Population, Report, ReportRequest, Rule, Span
from funneldesk.errors import UserError
from funneldesk.reports import catalog
from funneldesk.services import letterhead, reporting
from funneldesk.services.narrowing import narrow, understood
from funneldesk.store.database import Database
from funneldesk.text import _


def run_report(
    arguments: argparse.Namespace, path: Path, render: Callable[[Printable, Path, PrintOptions], None]
) -> int:
    """Compute the report and give it in the form asked for."""
    from funneldesk.cli.commands import open_for_reading, say

    form = "pdf" if arguments.booklet and arguments.format == "table" else arguments.format
    if arguments.booklet and (arguments.name != "managers" or form != "pdf"):
        say(_("A booklet is a PDF of the report managers: report managers --booklet -o OUT.pdf"))
        return 2
    if form in ("xlsx", "pdf") and not arguments.output:
        say(_("A spreadsheet or PDF needs a file to go to: -o OUT"))
        return 2
    with open_for_reading(path) as db:
        info = db.info()
        request = _request(db, arguments, info.zone)
        what = _counted(db, request, arguments)
        options = PrintOptions(
            info.zone, info.company, letterhead.logo(db), arguments.paper, arguments.across
        )
    output = Path(arguments.output) if arguments.output else None
    if form == "pdf" and output is not None:
        render(what, output, options)
    else:
        assert isinstance(what, Report)
        _give(what, form, output, info.zone)
    if arguments.output:
        say(_("Written: {path}").format(path=arguments.output))
    return 0


def _counted(db: Database, request: ReportRequest, arguments: argparse.Namespace) -> Printable:
    if not arguments.booklet:
        report = reporting.run(db, request)
        known = [column.key for column in report.columns]
        unknown = [key for key in request.columns if key not in known]
        if unknown:
            raise UserError("report.columns", name=report.name, columns=",".join(unknown), known=known)
        return reporting.with_more(db, report, request)
    from funneldesk.services import booklet

    return booklet.make(db, request)


def _request(db: Database, arguments: argparse.Namespace, zone: ZoneInfo) -> ReportRequest:
    funnel = reporting.funnel_by_name(db, arguments.funnel).funnel.id if arguments.funnel else None
    money = arguments.plan_amount
    amount = None if money is None else to_minor(money, db.info().currency)
    narrowed = narrow(db, arguments.where, _spec(arguments.conditions), arguments.view)
    if arguments.own:
        _check(
            arguments.name, "report.own", [name for name, info in catalog.CATALOG.items() if info.own_figure]
        )
    if arguments.turn:
        _check(arguments.name, "report.turn", [name for name, info in catalog.CATALOG.items() if info.turns])
    figure = understood(db, arguments.own) if arguments.own else EVERYTHING
    return ReportRequest(
        name=arguments.name,
        funnel_id=funnel,
        start=moment(arguments.start, zone),
        end=moment(arguments.end, zone),
        as_of=moment(arguments.as_of, zone),
        population=Population(arguments.population) if arguments.population else None,
        rule=Rule(arguments.rule) if arguments.rule else None,
        by=tuple(arguments.by),
        columns=tuple(arguments.columns),
        managers=tuple(reporting.manager_by_name(db, name).id for name in arguments.manager),
        where=narrowed.where,
        condition=narrowed.condition,
        condition_words=_told(db, narrowed.condition),
        figure=figure,
        figure_words=_told(db, figure),
        plan=arguments.plan,
        plan_amount=amount,
        new_business=arguments.new_business,
        turned=arguments.turn,
        training_months=arguments.training,
        season_months=arguments.season,
        **_compared_with(arguments.compare, zone),
    )


def _check(name: str, code: str, known: Sequence[str]) -> None:
    """UserError `code` where what is asked for would be passed over without a word: only `known` have it."""
    if name in catalog.CATALOG and name not in known:
        raise UserError(code, name=name, known=known)


def _compared_with(asked: str | None, zone: ZoneInfo) -> dict[str, Any]:
    """`previous`, `year`, or two dates FROM..TO, the second exclusive."""
    if not asked:
        return {}
    first, dots, until = asked.partition("..")
    if not dots:
        return {"compare": Span(asked)}
    return {
        "compare": Span.ANY,
        "compare_start": moment(first, zone),
        "compare_end": moment(until, zone),
    }


def _spec(file: str | None) -> object:
    """The JSON values of a file of conditions; UserError `condition.spec`, `condition.file`."""
    if file is None:
        return None
    try:
        return json.loads(Path(file).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UserError("condition.file", path=file, reason=error.strerror or str(error)) from error
    except ValueError as error:
        raise UserError("condition.spec", example=EXAMPLE) from error


def _told(db: Database, condition: Group) -> str:
    """Conditions in words, as the window tells them."""
    if not condition:
        return ""
    from funneldesk.condition_words import Teller
    from funneldesk.services import conditions

    return Teller("deal", conditions.catalogue(db, "deal"), db.info().currency).tell(condition)


def moment(given: str | None, zone: ZoneInfo) -> int | None:
    """An ISO date (00:00 in `zone`) or moment as microseconds UTC; UserError `date.unreadable`."""
    if not given:
        return None
    try:
        if len(given) <= 10:
            return clock.start_of_day(date.fromisoformat(given), zone)
        found = datetime.fromisoformat(given)
    except ValueError:
        raise UserError("date.unreadable", value=given) from None
    return clock.to_micros(found if found.tzinfo else found.replace(tzinfo=zone))


def _give(report: Report, form: str, output: Path | None, zone: ZoneInfo) -> None:
    from funneldesk.exporting.files import atomic_write

    if form == "xlsx":
        from funneldesk.report_words.files import write_xlsx

        assert output is not None
        write_xlsx(report, output, zone)
    else:
        content = _content(report, form, zone)
        if output is None:
            sys.stdout.buffer.write(content)
            sys.stdout.flush()
        else:
            atomic_write(output, content)


def _content(report: Report, form: str, zone: ZoneInfo) -> bytes:
    from funneldesk.report_words import with_chosen, with_sentences

    if form == "json":
        from funneldesk.exporting.report_json import report_json

        return report_json(with_sentences(report, scripted=True), zone).encode()
    if form == "csv":
        from funneldesk.exporting.report_compared import with_comparison
        from funneldesk.exporting.report_csv import report_csv

        return report_csv(with_comparison(with_chosen(with_sentences(report, scripted=True))))
    from funneldesk.cli.report_text import plain

    return plain(report, zone).encode()
