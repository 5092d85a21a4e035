"""The seasons of a forecast, as tables of their own under it."""

from __future__ import annotations

from dataclasses import replace

from funneldesk.domain.results import Column, Report, Type
from funneldesk.exporting.report_season import SeasonTable, SeasonWords
from funneldesk.report_words.labels import QUARTERS, column_label
from funneldesk.text import N_, _, format_number, format_percent, ngettext

UNKNOWN = "–"
_MONTHS = tuple(Column(key, Type.TEXT) for key in ("season_month", "season_arrivals", "season_wins"))
_NAMES = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
    N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


def month_title(month: int) -> str:
    """The name of a month, 1 to 12, standing alone."""
    return _(_NAMES[month - 1])


def season_title(report: Report) -> str:
    """The head over the months."""
    return _("Season") if "season" in report.extra else ""


def season_note(report: Report) -> str:
    """What the figures are, how sure, and whether the forecast uses them."""
    season = report.extra.get("season")
    if season is None:
        return ""
    if season.arrivals is None:
        return _("Seasons are told from twelve whole months on. Whole months so far: {count}.").format(
            count=format_number(season.months)
        )
    told = [
        ngettext(
            "From {count} whole month; 1 is an average month of the year.",
            "From {count} whole months; 1 is an average month of the year.",
            season.months,
        ).format(count=format_number(season.months))
    ]
    if season.weak:
        told.append(_("Less than two years: weak, drawn towards 1."))
    told.append(
        _("New deals are expected by it, as set for this funnel.")
        if season.used
        else _("Look whether it is so, then confirm it in the settings of the funnel: it is not used yet.")
    )
    return " ".join(told)


def season_report(report: Report) -> Report | None:
    """The indices by month as a table of words; None where there are none."""
    season = report.extra.get("season")
    if season is None or season.arrivals is None:
        return None
    wins = season.wins or (None,) * 12
    rows = tuple(
        {
            "season_month": _(_NAMES[month - 1]),
            "season_arrivals": _index(season.arrivals[month - 1]),
            "season_wins": _index(wins[month - 1]),
        }
        for month in range(1, 13)
    )
    return _table(report, _MONTHS if season.wins else _MONTHS[:2], rows)


def season_chances_title(report: Report) -> str:
    """The head over `season_chances`."""
    return _("Chance to win by quarter of the close") if season_chances(report) is not None else ""


def season_chances(report: Report) -> Report | None:
    """The chance to win from each stage by quarter of the close; None where there are no seasons."""
    season = report.extra.get("season")
    if season is None or season.arrivals is None:
        return None
    columns = (Column("stage", Type.TEXT), *(Column(key, Type.TEXT) for key in QUARTERS))
    rows = tuple(
        {
            "stage": row["stage"],
            **{key: _share(chances[place]) for key, chances in zip(QUARTERS, season.chances, strict=True)},
        }
        for place, row in enumerate(report.rows)
    )
    return _table(report, columns, rows)


def season_words(report: Report) -> SeasonWords | None:
    """The season's sheet in a spreadsheet, its numbers unrounded; None of a report without seasons."""
    season = report.extra.get("season")
    if season is None:
        return None
    tables: list[SeasonTable] = []
    if season.arrivals is not None:
        shown, known = (
            (_MONTHS, [season.arrivals, season.wins]) if season.wins else (_MONTHS[:2], [season.arrivals])
        )
        months = [(_(name), tuple(each[i] for each in known)) for i, name in enumerate(_NAMES)]
        quarters = [
            (row["stage"], tuple(chances[place] for chances in season.chances))
            for place, row in enumerate(report.rows)
        ]
        tables = [
            SeasonTable([column_label(column.key) for column in shown], months, Type.NUMBER),
            SeasonTable([column_label(key) for key in ("stage", *QUARTERS)], quarters, Type.RATE),
        ]
    return SeasonWords(season_title(report), season_title(report), season_note(report), tables)


def _table(report: Report, columns: tuple[Column, ...], rows: tuple[dict[str, str], ...]) -> Report:
    return replace(
        report, name="season", columns=columns, rows=rows, total_columns=(), totals={}, excluded={},
        extra={}, comparison=None,
    )  # fmt: skip


def _index(value: float | None) -> str:
    return UNKNOWN if value is None else format_number(value, 2)


def _share(value: float | None) -> str:
    return UNKNOWN if value is None else format_percent(value)
