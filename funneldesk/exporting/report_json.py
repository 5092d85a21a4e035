"""A report as JSON: fixed keys, plain numbers, nothing translated (DEFINITIONS: JSON)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.domain.ahead import Ahead
from funneldesk.domain.clock import from_micros
from funneldesk.domain.money import from_minor, minor_digits
from funneldesk.domain.results import Column, Comparison, Report, Type


def report_to_dict(report: Report, zone: ZoneInfo) -> dict[str, Any]:
    """The report as JSON values: moments ISO 8601 in `zone`, money in units, rates 0..1, unknown None."""
    filters: dict[str, Any] = {} if report.funnel is None else {"funnel": report.funnel}
    filters.update({key: _plain(value) for key, value in report.filters.items()})
    found = {
        "report": report.name,
        "as_of": _moment(report.as_of, zone),
        "from": _moment(report.start, zone),
        "to": _moment(report.end, zone),
        "population": report.population,
        "rule": report.rule,
        "filters": filters,
        "excluded": dict(report.excluded),
        "rows": [_values(row, report.columns, report.currency) for row in report.rows],
        "totals": _values(report.totals, report.total_columns, report.currency),
    }
    if "own_figure" in report.extra:
        found["own_figure"] = report.extra["own_figure"]
    if "unsuccessful" in report.extra:
        found["unsuccessful"] = [
            {
                **{key: row[key] for key in ("outcome", "reason", "lost")},
                "lost_amount": money_units(row["lost_amount"], report.currency),
            }
            for row in report.extra["unsuccessful"]
        ]
    if report.extra.get("ahead") is not None:
        found["ahead"] = _ahead(report, report.extra["ahead"], zone)
    season = report.extra.get("season")
    if season is not None:
        found["season"] = {
            "months": season.months,
            "weak": season.weak,
            "used": season.used,
            "arrivals": _listed(season.arrivals),
            "wins": _listed(season.wins),
            "chances_by_quarter": [list(each) for each in season.chances],
        }
    if "with_new_business" in report.extra:
        found["learnt"] = {
            "way": report.extra["by"][0],
            "training_months": report.extra["training_months"] or None,
            "season_months": report.extra["season_months"] or None,
        }
        found["new_business"] = {
            "counted": report.extra["with_new_business"],
            "expected_wins": report.extra["new_business"],
        }
    if report.comparison is not None:
        found["compared"] = _compared(report, report.comparison, zone)
    return found


def _ahead(report: Report, left: Ahead, zone: ZoneInfo) -> dict[str, Any]:
    """What a goal still takes, beside a reverse plan."""
    prospects = left.prospects

    def units(value: float | None) -> float | None:
        return None if value is None else money_units(value, report.currency)

    return {
        "from": _moment(left.start, zone),
        "to": _moment(left.end, zone),
        "won": left.won,
        "won_amount": units(left.won_amount),
        "missing_wins": left.missing_wins,
        "expected_wins": left.expected_wins,
        "new_wins": left.new_wins,
        "new_deals": left.new_deals,
        "working_days": left.working_days,
        "start_by": None if left.start_by is None else left.start_by.isoformat(),
        "cycle_p75_days": left.cycle_days,
        "decided": left.decided,
        "stages": [dict(row) for row in left.stages],
        "work": [dict(row) for row in left.work],
        "prospects": None
        if prospects is None
        else {
            "by": left.by,
            "total": prospects.total,
            "cost": units(prospects.cost),
            "rows": [
                {**row, "cost_per_lead": units(row["cost_per_lead"]), "cost": units(row["cost"])}
                for row in prospects.rows
            ],
        },
    }


def _compared(report: Report, other: Comparison, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "with": str(other.span),
        "as_of": _moment(other.as_of, zone),
        "from": _moment(other.start, zone),
        "to": _moment(other.end, zone),
        "rows": [
            {
                "label": list(line.label) or None,
                "figure": line.key,
                **_values(
                    {"now": line.now, "before": line.before, "change": line.change},
                    _same(report, line.key),
                    report.currency,
                ),
                "p": line.p,
                "verdict": line.verdict,
            }
            for line in other.rows
        ],
    }


def _listed(values: tuple[float, ...] | None) -> list[float] | None:
    return None if values is None else list(values)


def _same(report: Report, key: str) -> list[Column]:
    """The three numbers of a comparison as columns of the type of that one."""
    return [Column(name, report.column(key).type) for name in ("now", "before", "change")]


def report_json(report: Report, zone: ZoneInfo) -> str:
    """The text of `report_to_dict`, with a line end."""
    return json.dumps(report_to_dict(report, zone), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def money_units(minor: int | float, currency: str) -> int | float:
    """Minor units -> units: exact for a whole number of minor units, unrounded for an expected amount."""
    if isinstance(minor, float):
        return minor / float(10 ** minor_digits(currency))
    units = from_minor(minor, currency)
    return int(units) if units == units.to_integral_value() else float(units)


def _moment(micros: int | None, zone: ZoneInfo) -> str | None:
    return None if micros is None else from_micros(micros).astimezone(zone).isoformat()


def _values(values: Mapping[str, Any], columns: Iterable[Column], currency: str) -> dict[str, Any]:
    money = {column.key for column in columns if column.type is Type.MONEY}
    return {
        key: money_units(value, currency) if key in money and value is not None else _plain(value)
        for key, value in values.items()
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
