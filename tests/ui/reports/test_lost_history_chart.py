"""The chart of lost clients: what they bought before, and how long a loss took beside a win."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from funneldesk.domain.results import Report
from funneldesk.text import format_money_short
from funneldesk.ui.reports.charts.items import Mark
from funneldesk.ui.reports.charts.lost_history import MOST, SIGNS
from funneldesk.ui.reports.charts.sheet import Panel
from tests.ui.reports.charts_kit import chart, widths, words
from tests.ui.reports.sample import Reporting, ask


def client(number: int, amount: int, won: float | None, lost: float | None) -> dict[str, Any]:
    return {
        "client": f"Client {number}", "lost": 1, "prior_won": 1 if amount else 0, "prior_won_amount": amount,
        "interaction_days": 90.0, "won_median_days": won, "lost_median_days": lost,
    }  # fmt: skip


def lost_clients(reporting: Reporting, *rows: dict[str, Any]) -> Report:
    return replace(ask(reporting, "lost-history"), rows=rows)


def marks(panel: Panel) -> list[Mark]:
    return [item for item in panel.canvas._kept if isinstance(item, Mark)]


LENGTHS = [(20.0, 60.0), (40.0, 10.0), (30.0, 30.0), (None, 5.0), (12.0, None)]


def test_who_bought_most_stands_on_top(qtbot: QtBot, reporting: Reporting) -> None:
    rows = [client(n, 10_000 * (MOST + 2 - n), *LENGTHS[n % 5]) for n in range(MOST + 5)]
    report = lost_clients(
        reporting, *[{**row, "prior_won_amount": max(0, row["prior_won_amount"])} for row in rows]
    )
    bars = chart(qtbot, report).panels[0]
    assert widths(bars.canvas) == [[row["prior_won_amount"] for row in report.rows[:MOST]]]
    assert [hit.row for hit in bars.canvas.hits] == list(range(MOST))
    assert {hit.key for hit in bars.canvas.hits} == {"prior_won"}
    assert "2 more rows" in bars.entries[-1].text
    first = words(bars.canvas).split("\n")[0]
    assert first == format_money_short(report.rows[0]["prior_won_amount"], report.currency)


def test_a_client_lost_slower_than_won_stands_over_the_line(qtbot: QtBot, reporting: Reporting) -> None:
    report = lost_clients(reporting, *(client(n, 0, *days) for n, days in enumerate(LENGTHS)))
    (panel,) = chart(qtbot, report).panels  # nobody bought anything
    assert [(mark.x(), mark.y()) for mark in marks(panel)] == LENGTHS[:3]
    assert [hit.row for hit in panel.canvas.hits] == [0, 1, 2]
    for hit, (won, lost) in zip(panel.canvas.hits, LENGTHS, strict=False):
        assert hit.key == "lost" and hit.area.contains(won or 0, lost or 0)
        assert hit.tip.startswith(f"Client {hit.row}")


def test_of_very_many_clients_some_are_drawn_and_that_is_said(qtbot: QtBot, reporting: Reporting) -> None:
    report = lost_clients(reporting, *(client(n, 0, 10.0 + n, 20.0) for n in range(SIGNS + 7)))
    (panel,) = chart(qtbot, report).panels
    assert len(marks(panel)) == len(panel.canvas.hits) == SIGNS
    assert panel.entries[-1].text == "7 more rows in the table"


@pytest.mark.parametrize("count", [0, 2])
def test_too_few_clients_are_no_picture(qtbot: QtBot, reporting: Reporting, count: int) -> None:
    report = lost_clients(reporting, *(client(n, 0, 10.0, 20.0) for n in range(count)))
    assert chart(qtbot, report).panels == []


def test_the_clients_of_a_report_are_all_in_it(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "lost-history")
    both = [r for r in report.rows if r["won_median_days"] is not None and r["lost_median_days"] is not None]
    bars, lengths = chart(qtbot, report).panels
    assert len(marks(lengths)) == len(both) > 10
    assert widths(bars.canvas)[0][0] == max(row["prior_won_amount"] for row in report.rows)
