"""Values of a report as they are written: every output shows the same text for the same number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.money import from_minor, to_minor
from funneldesk.domain.results import Column, Report, Type
from funneldesk.report_words.groupings import grouping_title, missing_label
from funneldesk.report_words.labels import LABELS, column_label
from funneldesk.report_words.spans import is_span, span_text
from funneldesk.text import (
    N_,
    _,
    activity_kind,
    currency_sign,
    format_amount,
    format_date,
    format_days,
    format_money,
    format_number,
    format_percent,
    format_points,
    ngettext,
)

UNKNOWN = "–"
TENTH = 0.10  # a larger q may be chance (1.11)
_LIMITS = (5, 10)  # in a hundred: what is above them is told apart from what is not
_MOST_DIGITS = 6

_FLAGS: dict[str, str] = {
    "leak": N_("▼ below the others"),
    "boost": N_("▲ above the others"),
    "none": N_("no difference"),
    "few": N_("too few"),
}
_OUTCOMES: dict[str, str] = {"won": N_("Won"), "lost": N_("Lost")}
_STATES: dict[str, str] = {"open": N_("In progress"), "won": N_("Won"), "lost": N_("Lost")}
_NO_LOSS: dict[str, str] = {"not_lost": N_("Not lost")}
_OF_CROSS = {"status": _STATES, "reason": _NO_LOSS, "outcome": _NO_LOSS}
_OF_OWN: dict[str, str] = {"own_yes": N_("Yes"), "own_no": N_("No"), "own_others": N_("Others")}
_ROUGH = (
    "worth", "weighted_amount", "expected_amount", "won_average", "velocity_per_day", "won_per_day", "cost",
    "point_worth", "day_worth",
    "cost_per_lead", "cost_per_win", "revenue_per_month", "revenue_per_activity", "profit_per_activity",
    "amount_p10", "amount_p50", "amount_p90",
)  # fmt: skip
# numbers that are no counts: their decimals in every row, so that they stand under each other
_DIGITS = {"per_entry": 1, "per_win": 1, "volume": 1, "wins_per_month": 2, "expected_count": 1}
_TENTHS = ("median_success", "depth")
_MEASURES: dict[str, str] = {
    "money": N_("Won money"),
    "deals": N_("Won deals"),
    "calls": N_("Calls made"),
    "meetings": N_("Meetings held"),
}
_NOT_DEALS = ("calls", "meetings")  # measures of a plan that no deals stand behind
_STANDARDS: dict[str, str] = {"contact": N_("A contact at least every"), "answer": N_("An answer within")}
_SECTIONS: dict[str, str] = {
    "done": N_("Done in the week"),
    "created": N_("Created"),
    "moved": N_("Moved on"),
    "won": N_("Won"),
    "lost": N_("Lost"),
    "promised": N_("Promised for next week"),
}
_FINDINGS: dict[str, str] = {
    "leak": N_("Leak"),
    "boost": N_("Boost"),
    "hanging": N_("Hanging"),
    "step": N_("Greatest loss"),
    "volume": N_("Unusual week"),
    "key": N_("Key stage"),
    "people": N_("Contacts"),
    "record": N_("Records"),
    "nothing": N_("Comparisons"),
}
_KINDS = frozenset(ActivityKind)
_WEEKDAYS: dict[str, str] = {
    "mon": N_("Monday"),
    "tue": N_("Tuesday"),
    "wed": N_("Wednesday"),
    "thu": N_("Thursday"),
    "fri": N_("Friday"),
    "sat": N_("Saturday"),
    "sun": N_("Sunday"),
}
_RETURNS: dict[str, str] = {"margin": N_("margin"), "revenue": N_("revenue")}
_STRATEGIES: dict[str, str] = {
    "wide-shallow": N_("many, lightly"),
    "deep-few": N_("few, deeply"),
    "intensive": N_("many, deeply"),
    "under-loaded": N_("few, lightly"),
    "balanced": N_("balanced"),
}
RANGES = {
    "step_conversion": ("step_low", "step_high"),
    "win_rate": ("win_rate_low", "win_rate_high"),
    "conversion": ("conversion_low", "conversion_high"),
    "rate": ("low", "high"),
}


def cell_text(
    report: Report,
    column: Column,
    value: Any,
    row: Mapping[str, Any] | None = None,
    *,
    cents: bool | None = None,
) -> str:
    """One value in words; `row` (the whole row, or the totals) says more where the value is missing.

    `cents` as in `format_money`.
    """
    if value is None:
        return _missing(report, column, row)
    if column.key == "deals" and row is not None and row.get("measure") in _NOT_DEALS:
        return UNKNOWN
    if column.type is Type.COUNT:
        return format_number(value)
    if column.type is Type.MONEY:
        # what is expected is no exact sum: no cents
        cents = False if column.key in _ROUGH else cents
        return format_amount(round(value), report.currency, cents=cents)
    if column.type is Type.RATE:
        return format_percent(value)
    if column.type is Type.POINTS:
        return format_points(value)
    if column.type is Type.DAYS:
        return format_days(value)
    if column.type is Type.P:
        return chance_text(value)
    if column.type is Type.FLAG:
        return flag_text(value)
    if column.type is Type.NUMBER:
        return _number(report, column, value, row)
    if is_span(report, column.key, row or {}):
        return span_text(str(value))
    return _word(report, column, value, row)


def whole_money(report: Report, key: str | None = None) -> bool:
    """Whether none of its sums (under `key`) has cents; what is expected or an average never shows any."""
    exact = {
        column.key
        for column in (*report.columns, *report.total_columns)
        if column.type is Type.MONEY and column.key not in _ROUGH and key in (None, column.key)
    }
    if not exact:
        return True
    sums = [row.get(key) for row in (*report.rows, report.totals) for key in exact]
    if report.comparison is not None:
        sums += [line.before for line in report.comparison.rows if line.key in exact]
    return all(from_minor(round(each), report.currency) % 1 == 0 for each in sums if each is not None)


def _number(report: Report, column: Column, value: Any, row: Mapping[str, Any] | None) -> str:
    if row is not None and row.get("measure") == "money":
        return format_money(to_minor(Decimal(str(value)), report.currency), report.currency, cents=False)
    if column.key in ("limit", "checked", "kept") and row is not None and "standard" in row:
        return _of_standard(column.key, float(value), str(row["standard"]))
    if column.key in _DIGITS:
        return format_number(value, _DIGITS[column.key])
    digits = 1 if column.key in _TENTHS or column.key.endswith("_hours") else 2
    return format_number(value, 0 if float(value).is_integer() else digits)


def _of_standard(key: str, value: float, kind: str) -> str:
    """A limit or a count of a standard: days of contact, hours of an answer, leads."""
    whole = value.is_integer() or round(value, 1) >= 10  # as days are written
    shown = format_number(value, 0 if whole else 1)
    count = round(value) if whole else 2
    if kind == "contact":
        return ngettext("{count} day", "{count} days", count).format(count=shown)
    if key == "limit":
        return ngettext("{count} hour", "{count} hours", count).format(count=shown)
    return ngettext("{count} lead", "{count} leads", count).format(count=shown)


def _word(report: Report, column: Column, value: Any, row: Mapping[str, Any] | None) -> str:
    """A value that is a word: a code of ours in the language, a person's text as it is."""
    if report.name == "cycle" and column.key == "outcome":
        return _(_OUTCOMES.get(value, value))
    if column.key == "measure":
        return _(_MEASURES.get(value, value))
    if column.key == "standard":
        return _(_STANDARDS.get(value, value))
    if report.name == "cross-table" and column.key in ("label", "label_2"):
        return _of_cross(report, column.key, str(value))
    if report.name == "week":
        return _of_week(column.key, str(value), row or {})
    if report.name == "wins-when":
        return _contact(str(value))
    if column.key == "roi_of":
        return _(_RETURNS.get(value, value))
    if report.name == "receivables" and column.key == "label":
        return _receivable(report, str(value), row)
    if column.key == "strategy":
        return _(_STRATEGIES.get(value, value))
    if report.name == "audit":
        return _of_audit(column.key, str(value))
    if report.name == "activities" and column.key == "kind":
        return activity_kind(value)
    return str(value)


def _of_cross(report: Report, key: str, value: str) -> str:
    """A value of a grouping: codes in words, the rest is people's own words or a span's name."""
    by = dict(zip(LABELS, report.extra.get("by", ()), strict=False))
    name = by.get(key, "")
    words = _OF_OWN if name.startswith("custom:") else _OF_CROSS.get(name, {})
    return _(words[value]) if value in words else value


def _of_audit(key: str, value: str) -> str:
    """The kind of a finding, and by what deals were cut; the rest is people's own words."""
    if key == "kind":
        return _(_FINDINGS.get(value, value))
    return grouping_title(value) if key in ("by", "cause_by") else value


def _of_week(key: str, value: str, row: Mapping[str, Any]) -> str:
    """A section, the kind of what was done, the day of what is promised; the rest is people's own words."""
    section = row.get("section")
    if key == "section":
        return _(_SECTIONS.get(value, value))
    if key == "what" and section in ("done", "promised"):
        return activity_kind(value) if value in _KINDS else value
    return format_date(date.fromisoformat(value)) if key == "words" and section == "promised" else value


def _contact(label: str) -> str:
    """A weekday or an hour in words; numbers of contacts and days as they are, a dash in their ranges."""
    if len(label) == 2 and label[0] in "012":
        return f"{label}:00"
    return _(_WEEKDAYS[label]) if label in _WEEKDAYS else label.replace("-", "–")


def _receivable(report: Report, label: str, row: Mapping[str, Any] | None) -> str:
    """A client or manager, told apart from its credit; of buckets their names."""
    if report.extra.get("by") == ("bucket",):
        return column_label(label)
    return _("{name}, credit").format(name=label) if row and row.get("credit") else label


def chance_text(value: float) -> str:
    """A probability of a test, 0..1, as a person says it: so exactly that it is on its side of a limit."""
    count = value * 100
    if not round(count):
        return _("under 1 in 100")
    sides = [_side(count, limit) for limit in _LIMITS]
    exact = (
        digits
        for digits in range(_MOST_DIGITS)
        if [_side(round(count, digits), limit) for limit in _LIMITS] == sides
    )
    return _("{count} in 100").format(count=format_number(count, next(exact, _MOST_DIGITS)))


def _side(count: float, limit: int) -> int:
    return (count > limit) - (count < limit)


def flag_text(flag: str) -> str:
    """A verdict in words with its shape."""
    return _(_FLAGS[flag]) if flag in _FLAGS else flag


def certainty(row: Mapping[str, Any]) -> str:
    """What the q of a verdict means: how easily chance alone makes such a difference (1.11).

    The number itself says nothing to whoever reads a print, so that only the table has it.
    """
    if row["q"] is None or row["flag"] == "few":
        return _("not compared")
    if row["flag"] in ("leak", "boost"):
        return _("hardly by chance")
    return _("may well be chance") if row["q"] > TENTH else _("not by chance, but small")


def _missing(report: Report, column: Column, row: Mapping[str, Any] | None) -> str:
    row = row or {}
    by = tuple(report.extra.get("by", ()))
    if report.name == "receivables" and column.key == "label":
        return _("Total") if row is report.totals else missing_label(by[0] if by else "")
    if report.name == "standards" and column.key == "label":
        return _("all")
    if column.key in LABELS:
        return missing_label(dict(zip(LABELS, by, strict=False)).get(column.key, ""))
    if column.key == "manager" and column.type is Type.TEXT:
        whole = row.get("scope") == "team" or row is report.totals
        return _("Team") if whole else missing_label("manager")
    if column.key in ("source", "client") and column.type is Type.TEXT:
        return missing_label(column.key)
    if column.key == "slice" and report.name == "audit":
        return missing_label(str(row["by"])) if row.get("by") else UNKNOWN
    if column.key == "slice":
        return missing_label(by[0] if by else "")
    if column.key == "per_entry" and row.get("done"):
        return "≥ " + format_number(row["done"])  # nobody came that far with so many
    longest = row.get("longest")
    if report.name == "stage-times" and column.key in ("p25", "p50", "p75", "p90") and longest is not None:
        # the curve never comes so low: all that is known is "longer than the longest seen"
        return "> " + format_days(longest)
    return UNKNOWN


def money_head(report: Report, column: Column) -> str:
    """The head of a column, with the currency where it holds money."""
    label = column_head(report, column.key)
    return f"{label}, {currency_sign(report.currency)}" if column.type is Type.MONEY else label


def column_head(report: Report, key: str) -> str:
    """The head of a column; what is done before a move elsewhere is simply done in a week."""
    if report.name == "week" and key == "done":
        return _("Activities done")
    if report.name == "standards" and key == "label":
        return _("Applies to")
    return column_label(key, tuple(report.extra.get("by", ())))


def range_text(row: Mapping[str, Any], key: str) -> str:
    """The 95 % range of a rate as "17–69%", empty where there is none."""
    low_high = RANGES.get(key)
    if low_high is None:
        return ""
    low, high = row.get(low_high[0]), row.get(low_high[1])
    if low is None or high is None:
        return ""
    return f"{format_number(low * 100, 1)}–{format_percent(high)}"
