"""Colours of charts for eyes that do not see all of them, in both themes.

What such eyes see is computed by Machado, Oliveira and Fernandes, "A Physiologically-based Model for
Simulation of Color Vision Deficiency" (IEEE TVCG 15, 2009), the matrices of severity 1.0 in linear RGB;
how far apart two colours are by CIE 1976 (Euclidean distance in L*a*b*, D65; 2.3 can just be noticed).
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from funneldesk.exporting import report_charts, sheet_charts
from funneldesk.exporting.chart_tables import colour_of
from funneldesk.ui.reports.charts import times
from funneldesk.ui.reports.charts.look import paper_look
from funneldesk.ui.theme import DARK, LIGHT, Theme, contrast

EYES = {
    "all colours": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
BESIDE = 20.0  # parts of one bar that touch
APART = 15.0  # marks of one chart, which have shapes or patterns of their own besides
# Which meanings touch, and which only stand in one chart: see ui/reports/charts.
TOUCHING = [("won", "lost"), ("won", "waiting"), ("won", "boost"), ("boost", "leak")]
IN_ONE_CHART = [("boost", "neutral"), ("leak", "neutral"), ("lost", "leak"), ("waiting", "neutral")]
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


def linear(colour: str) -> list[float]:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def seen(colour: str, eyes: str) -> list[float]:
    rgb = linear(colour)
    parts = [sum(a * b for a, b in zip(row, rgb, strict=True)) for row in EYES[eyes]]
    return [min(1.0, max(0.0, part)) for part in parts]


def lab(rgb: list[float]) -> tuple[float, float, float]:
    to_xyz = (
        (0.4124564, 0.3575761, 0.1804375),
        (0.2126729, 0.7151522, 0.0721750),
        (0.0193339, 0.1191920, 0.9503041),
    )
    white = (0.95047, 1.0, 1.08883)
    x, y, z = (
        sum(a * b for a, b in zip(row, rgb, strict=True)) / w for row, w in zip(to_xyz, white, strict=True)
    )

    def root(t: float) -> float:
        return t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116

    return 116 * root(y) - 16, 500 * (root(x) - root(y)), 200 * (root(y) - root(z))


def distance(one: str, two: str, eyes: str) -> float:
    pairs = zip(lab(seen(one, eyes)), lab(seen(two, eyes)), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5  # type: ignore[no-any-return]


def test_the_formulas_give_what_is_published() -> None:
    # white stays white for everybody; red and green of one lightness nearly meet for a deuteranope
    for eyes in EYES:
        assert lab(seen("#ffffff", eyes)) == pytest.approx((100, 0, 0), abs=0.1)
    # Lindbloom's sRGB primaries
    assert lab(seen("#ff0000", "all colours")) == pytest.approx((53.24, 80.09, 67.20), abs=0.02)
    assert lab(seen("#0000ff", "all colours")) == pytest.approx((32.30, 79.19, -107.86), abs=0.02)
    assert distance("#b05a00", "#6f7a00", "all colours") > 40
    assert distance("#b05a00", "#6f7a00", "deuteranopia") < 12


@THEMES
@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("pair", TOUCHING, ids=" and ".join)
def test_parts_of_a_bar_are_told_apart(theme: Theme, eyes: str, pair: tuple[str, str]) -> None:
    assert distance(getattr(theme, pair[0]), getattr(theme, pair[1]), eyes) >= BESIDE


@THEMES
@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("pair", IN_ONE_CHART, ids=" and ".join)
def test_marks_of_a_chart_are_told_apart(theme: Theme, eyes: str, pair: tuple[str, str]) -> None:
    assert distance(getattr(theme, pair[0]), getattr(theme, pair[1]), eyes) >= APART


@THEMES
@pytest.mark.parametrize("fill", ["won", "lost", "leak", "boost", "waiting", "neutral"])
def test_every_fill_or_its_outline_can_be_seen_on_the_ground(theme: Theme, fill: str) -> None:
    seen_by = max(contrast(getattr(theme, fill), theme.raised), contrast(theme.fill_outline, theme.raised))
    assert seen_by >= 3


@THEMES
def test_lines_have_no_outline_so_they_are_seen_by_themselves(theme: Theme) -> None:
    drawn = {"leak", *times.COLOURS}
    for path in Path(times.__file__).parent.glob("*.py"):
        drawn |= set(re.findall(r"pen\(\"(\w+)\"", path.read_text(encoding="utf-8")))
    # lines of the grid are decoration; `waiting` lies on an outline of its own
    for token in drawn - {"line", "waiting"}:
        assert contrast(getattr(theme, token), theme.raised) >= 3, token


@THEMES
@pytest.mark.parametrize("eyes", EYES)
def test_curves_of_one_style_differ_in_colour(theme: Theme, eyes: str) -> None:
    styles, colours = len(times.STYLES), times.COLOURS
    for place in range(12 - styles):  # as many stages as fit a chart
        one, two = (getattr(theme, colours[each % len(colours)]) for each in (place, place + styles))
        assert distance(one, two, eyes) >= APART, place


def test_curves_of_a_chart_differ_without_any_colour() -> None:
    look = paper_look("", 1.0)
    pens = [times.line_of(look, number) for number in range(2 * len(times.STYLES))]
    assert len({(pen.style(), pen.widthF()) for pen in pens}) == len(pens)


SERIES_OF_SHEETS = {
    **{
        f"{name} {number}": [colour_of(key, place) for place, key in enumerate(chart.series)]
        for name, charts in report_charts._CHARTS.items()
        for number, chart in enumerate(charts)
        if chart.kind != "ranges"  # its series are marks of unlike shapes
    },
    "kinds": list(sheet_charts.SERIES),
    "plan and fact": [colour_of(key, 0) for key in ("plan", "fact")],
    "won and lost clients": [
        colour_of(key, n) for n, key in enumerate(("won_median_days", "lost_median_days"))
    ],
}


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("colours", SERIES_OF_SHEETS.values(), ids=list(SERIES_OF_SHEETS))
def test_series_of_a_spreadsheets_chart_are_told_apart(colours: list[str], eyes: str) -> None:
    for one, two in pairwise(colours):
        assert distance(one, two, eyes) >= BESIDE
    assert len(set(colours)) == len(colours)
