"""What stands beside the stage funnel and the reverse plan, read after they are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from funneldesk.domain.results import Report
from funneldesk.ui.reports.answer import Answer, times_request

if TYPE_CHECKING:
    from funneldesk.ui.reports.page import ReportsPage
    from funneldesk.ui.reports.view import ReportView

# of deals at all stages: with more, the days in stages take longer than a look at the funnel
HINTED = 30_000
FUNNEL, PLAN = "stage-funnel", "reverse-plan"


def read_more(page: ReportsPage, answer: Answer) -> None:
    """Ask for the rest of the report, and of a funnel for the median days by stage that the mouse tells."""
    service, request = page.service, times_request(answer.request)

    def told(take: Callable[[ReportView, Report], None]) -> Callable[[Report], None]:
        def check(report: Report) -> None:
            same = page.answer is not None and page.answer.request is answer.request
            if same and page.view is not None:
                take(page.view, report)

        return check

    def take_more(view: ReportView, report: Report) -> None:
        page.answer = replace(answer, report=report)
        page.output.set_report(report)
        view.show_more(report)

    def take_days(view: ReportView, times: Report) -> None:
        view.set_hints({r["stage"]: r["p50"] for r in times.rows if r["p50"] is not None})

    read = partial(page.context.tasks.read, failed=lambda _error: None, receiver=page)
    read(lambda db: service.with_more(db, answer.report, answer.request), told(take_more), key="more")
    if answer.report.name == FUNNEL and sum(row["count"] for row in answer.report.rows) < HINTED:
        read(lambda db: service.run(db, request), told(take_days), key="hints")
