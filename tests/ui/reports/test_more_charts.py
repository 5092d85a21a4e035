"""Ways of selling, velocity, and losses by two things."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from funneldesk.domain.results import Report
from funneldesk.ui.reports.charts.items import Mark
from funneldesk.ui.reports.charts.sheet import Panel
from funneldesk.ui.reports.charts.strategy import HIGH, WIDE
from tests.ui.reports.charts_kit import chart, widths, words
from tests.ui.reports.sample import Reporting, ask


def marks(panel: Panel) -> list[Mark]:
    return [item for item in panel.canvas._kept if isinstance(item, Mark)]


def test_managers_stand_where_their_deals_and_their_work_say(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "strategy")
    (panel,) = chart(qtbot, report).panels
    assert [(mark.x(), mark.y()) for mark in marks(panel)] == [(r["volume"], r["depth"]) for r in report.rows]
    for hit, row in zip(panel.canvas.hits, report.rows, strict=True):
        assert str(row["manager"]) in words(panel.canvas) and str(row["manager"]) in hit.tip
        assert hit.area.contains(row["volume"], row["depth"])
    across, up = report.extra["usual"]
    told = [row for row in report.rows if row["strategy"] is not None]
    assert min(row["volume"] for row in told) <= across <= max(row["volume"] for row in told)
    assert "few, deeply" in words(panel.canvas) and any("middle" in each.text for each in panel.entries)
    assert min(row["depth"] for row in told) <= up <= max(row["depth"] for row in told)


def test_who_wins_more_has_the_larger_circle(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "strategy")
    (panel,) = chart(qtbot, report).panels
    wide = [mark.boundingRect().width() for mark in marks(panel)]
    assert wide == sorted(wide, reverse=True) and wide[0] > wide[-1]  # the rows stand by revenue


def test_without_a_team_to_compare_with_no_way_is_named(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "strategy")
    row = {**report.rows[0], "strategy": None}
    alone = replace(report, rows=(row,), extra={**report.extra, "usual": None})
    (panel,) = chart(qtbot, alone).panels
    assert "deeply" not in words(panel.canvas)
    assert [entry.text for entry in panel.entries] == [
        "larger = more revenue a month",
        "too few closed deals to tell",
    ]


def test_names_beside_circles_that_touch_do_not_lie_on_each_other(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "strategy")
    first = report.rows[0]
    close = [{**first, "manager": f"Manager {place}", "volume": 4.0 + place / 50} for place in range(4)]
    (panel,) = chart(qtbot, replace(report, rows=tuple(close))).panels
    panel.canvas.resize(WIDE + 80, HIGH + 60)  # with room for the axes; the names are placed for this size
    panel.canvas.grab()
    areas = [
        item.mapRectToScene(item.boundingRect())
        for item in panel.canvas._kept
        if "Manager" in getattr(item, "text", str)()
    ]
    assert len(areas) == 4
    for one, other in itertools.combinations(areas, 2):
        assert not one.intersects(other)


def test_the_promise_of_a_day_stands_over_what_was_won(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "velocity")
    row = report.rows[0]
    money, worth = chart(qtbot, report).panels
    assert widths(money.canvas) == [[row["velocity_per_day"]], [row["won_per_day"]]]
    assert widths(worth.canvas) == [[row["point_worth"]], [row["day_worth"]]]
    assert [hit.key for hit in money.canvas.hits] == ["open", "won"]


@pytest.mark.parametrize("unknown", [("velocity_per_day",), ("point_worth", "day_worth"), ("day_worth",)])
def test_what_is_not_known_of_the_velocity_has_no_bar(
    qtbot: QtBot, reporting: Reporting, unknown: tuple[str, ...]
) -> None:
    report = ask(reporting, "velocity")
    bare = replace(report, rows=({**report.rows[0], **dict.fromkeys(unknown)},))
    bars = [each for panel in chart(qtbot, bare).panels for each in widths(panel.canvas)]
    assert len(bars) == {1: 3, 2: 2}[len(unknown)] * (unknown != ("velocity_per_day",))


def crossed(reporting: Reporting) -> Report:
    return ask(reporting, "lost", by=("stage", "reason"))


def test_losses_by_two_things_are_a_map_with_every_loss_in_it(qtbot: QtBot, reporting: Reporting) -> None:
    report = crossed(reporting)
    (panel,) = chart(qtbot, report).panels
    rows = [report.rows[hit.row or 0] for hit in panel.canvas.hits]
    assert sum(row["lost"] for row in rows) == report.totals["lost"]
    assert all(str(row["lost"]) in words(panel.canvas).split("\n") for row in rows)
    for hit, row in zip(panel.canvas.hits, rows, strict=True):
        assert hit.key == "lost" and str(row["label"]) in hit.tip
        assert str(row["label_2"] or "Not stated") in hit.tip
    down = {row["label"]: hit.area.center().y() for hit, row in zip(panel.canvas.hits, rows, strict=True)}
    staged = [stage.name for stage in reporting.facts.stages if stage.name in down]
    assert sorted(staged, key=lambda name: down[name]) == staged  # stages stand as in the funnel


def test_a_map_of_too_many_values_shows_the_largest_and_says_so(qtbot: QtBot, reporting: Reporting) -> None:
    report = crossed(reporting)
    many = [{**row, "label_2": f"{row['label_2']} {place}"} for place, row in enumerate(report.rows)]
    (panel,) = chart(qtbot, replace(report, rows=tuple(many))).panels
    assert panel.columns < len({row["label_2"] for row in many})
    assert any("all are in the table" in entry.text for entry in panel.entries)
    shown = min(many[hit.row or 0]["lost"] for hit in panel.canvas.hits)
    assert shown >= max(sorted((row["lost"] for row in many), reverse=True)[panel.columns :])
