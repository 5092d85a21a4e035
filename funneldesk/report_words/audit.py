"""The audit in sentences: what stands out, what it costs, where it likely comes from, what to do (1.17)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from funneldesk.domain.results import Column, Report, Type
from funneldesk.report_words.groupings import missing_label
from funneldesk.report_words.spans import is_span, span_text
from funneldesk.text import (
    N_,
    _,
    format_days,
    format_money,
    format_money_short,
    format_number,
    format_percent,
    ngettext,
)

Row = Mapping[str, Any]
_Percent = Callable[[float | None], str]

_SLICES: dict[str, str] = {
    "manager": N_(
        "{slice}: from “{step}” {rate} go on ({advanced} of {resolved}), with the others {reference}."
    ),
    "source": N_(
        "Deals from the source “{slice}”: from “{step}” {rate} go on ({advanced} of {resolved}), "
        "of the others {reference}."
    ),
    "product": N_(
        "Deals about the product “{slice}”: from “{step}” {rate} go on ({advanced} of {resolved}), "
        "of the others {reference}."
    ),
    "month": N_(
        "Deals begun in {slice}: from “{step}” {rate} go on ({advanced} of {resolved}), "
        "of the others {reference}."
    ),
    "mark": N_(
        "Deals begun in the 90 days after “{slice}”: from “{step}” {rate} go on ({advanced} of {resolved}), "
        "of those of the 90 days before {reference}."
    ),
}
_WIN_RATE = N_("{slice} wins {rate} of the closed deals ({advanced} of {resolved}), the others {reference}.")
_FINDINGS: dict[str, str] = {
    "most": N_(
        "Most money is lost at “{step}”: {amount}, {share} of all that is lost; "
        "{rate} go on ({advanced} of {resolved})."
    ),
    "least": N_("The greatest share is lost at “{step}”: only {rate} go on ({advanced} of {resolved})."),
    "key_stage": N_(
        "“{step}” decides: from there {rate} are won ({advanced} of {resolved}), from the stage before "
        "{reference}. Bring the right deals there soon, and prepare this stage best of all."
    ),
    "more_contacts": N_(
        "{slice} takes {month_deals} new deals a month (the middle of the team is {usual}), and they bring "
        "good money: give more contacts."
    ),
    "weakest_step": N_(
        "{slice} takes {month_deals} new deals a month (the middle of the team is {usual}), but they bring "
        "little money: of the steps “{step}” is the furthest below the others, {rate} against {reference}."
    ),
    "too_few": N_("Nobody can be compared yet: ten decided deals are needed, and twenty of the others."),
}
_MIXED: dict[str, str] = {
    "manager": N_("For each manager alone the difference is gone: see first who works on these deals."),
    "source": N_("Within each source the difference is gone: see first where these deals come from."),
    "product": N_("Within each product the difference is gone: see first what is offered here."),
}
_MOSTLY: dict[str, str] = {
    "manager": N_("Likely cause: most of it lies in deals of {label} ({count})."),
    "source": N_("Likely cause: most of it lies in deals from the source “{label}” ({count})."),
    "product": N_("Likely cause: most of it lies in deals about the product “{label}” ({count})."),
    "month": N_("Likely cause: most of it lies in deals begun in {label} ({count})."),
}
_TO_DO: dict[str, str] = {
    "contact": N_("Listen to the calls and read the first letters of this stage."),
    "offer": N_("Look at the price policy and at the template of the offer."),
    "presentation": N_("Train those who hold it and go along to the next ones."),
    "contract": N_("See how sales, accounting and lawyers work together on the contract."),
    "payment": N_("Agree on days of payment and ask for the money now."),
    "first": N_("Listen to the calls: are these the right clients?"),
    "middle": N_("Read the offers, check prices and terms."),
    "last": N_("See how sales, accounting and lawyers bring a deal to its end."),
    "rate": N_("See where these deals come from, then go through them stage by stage."),
}
_KEEP: dict[str, str] = {
    "manager": N_("Have it shown to the team."),
    "source": N_("Get more deals from there."),
    "product": N_("Offer it more often."),
    "month": N_("Find out what was done otherwise then, and do it again."),
    "mark": N_("Keep to it."),
}
_NOW: dict[str, str] = {
    "payment": N_("Ask for the money now."),
    "contract": N_("Bring the signatures in this week."),
}
RULE = N_(
    "Every manager, source, product and month is compared with the others at every stage, and the 90 days "
    "after a marked change with those before. All these comparisons are judged together, so that of what is "
    "named at most a tenth is chance. Cost and worth: missing or additional deals, by the "
    "chance to win of the next stage, by the average won amount. The causes are likely ones, not proofs."
)
_COUNTED = ("hanging", "volume", "record")  # kinds whose sentences begin with how many deals
SIGNS: dict[str, str] = {"leak": "▼", "boost": "▲"}


@dataclass(frozen=True, slots=True)
class Finding:
    """A row of the audit in words: `sign` ▼ ▲ or •; `opens` deals stand behind it, `told` = it says so."""

    row: int
    sign: str
    text: str
    opens: int
    told: bool = False


def findings(report: Report) -> list[Finding]:
    """The sentences of an audit in its order; none of another report."""
    if report.name != "audit":
        return []
    return [
        Finding(
            place,
            SIGNS.get(row["flag"] or "", "•"),
            _sentence(report, row),
            row["count"],
            told=row["kind"] in _COUNTED,
        )
        for place, row in enumerate(report.rows)
    ]


def finding_text(finding: Finding) -> str:
    """A sentence where nothing can be pressed, with the number of its deals unless it says that itself."""
    said = finding.told or not finding.opens
    return finding.text if said else f"{finding.text} ({deals_text(finding.opens)})"


def deals_text(count: int) -> str:
    """What a sentence opens."""
    return ngettext("{count} deal", "{count} deals", count).format(count=format_number(count))


def notes(report: Report) -> list[str]:
    """What of an audit may be chance."""
    if report.name != "audit" or not report.totals["unsure"]:
        return []
    count = report.totals["unsure"]
    return [
        ngettext(
            "{count} more difference may be chance among so many comparisons; the report Leaks shows it.",
            "{count} more differences may be chance among so many comparisons; the report Leaks shows them.",
            count,
        ).format(count=format_number(count))
    ]


def with_sentences(report: Report, *, scripted: bool = False) -> Report:
    """An audit whose rows begin with their sentences, for files; any other report as it is.

    Whoever reads JSON or CSV by a script (`scripted`) finds percents written as they always were.
    """
    if report.name != "audit":
        return report
    percent = _percent_apart if scripted else format_percent
    told = [{"sentence": _sentence(report, row, percent), **row} for row in report.rows]
    return replace(report, rows=tuple(told), columns=(Column("sentence", Type.TEXT), *report.columns))


def _percent_apart(share: float | None) -> str:
    """As in files from before the sign stood as each language wants it."""
    return format_percent(share).replace("\u00a0%", "%").replace("%", "\u00a0%")


def _sentence(report: Report, row: Row, percent: _Percent = format_percent) -> str:
    parts = [_what(report, row, percent), _price(report, row), *_cause(row)]
    if row["cause"] != "mix":
        parts.append(_to_do(row))
    return " ".join(part for part in parts if part)


def _what(report: Report, row: Row, percent: _Percent) -> str:
    code, shown = row["finding"], _shown(report, row, percent)
    if row["kind"] in SIGNS:
        sentence = _WIN_RATE if row["step"] is None else _SLICES[row["by"]]
        return _(sentence).format(**shown)
    if row["kind"] == "step":
        return _(_FINDINGS[code.split("_")[0]]).format(**shown)
    if row["kind"] in ("hanging", "volume", "record", "nothing") and code != "too_few":
        return _counted(code, row).format(lost=shown["resolved"], **shown)
    return _(_FINDINGS[code]).format(**shown)


def _counted(code: str, row: Row) -> str:
    """A sentence whose words follow a number."""
    count = row["count"]
    if row["kind"] == "hanging":
        return ngettext(
            "{count} deal hangs at “{step}”, worth {amount}, for {days} days.",
            "{count} deals hang at “{step}”, worth {amount}, the longest for {days} days.",
            count,
        )
    if row["kind"] == "volume":
        return ngettext(
            "In the last seven days {count} deal came to “{step}”, usually {usual} a week.",
            "In the last seven days {count} deals came to “{step}”, usually {usual} a week.",
            count,
        )
    if code == "no_reason":
        return ngettext(
            "{count} loss of {lost} has no reason: without reasons nothing is learnt from losses.",
            "{count} losses of {lost} have no reason: without reasons nothing is learnt from losses.",
            count,
        )
    return ngettext(
        "{resolved} comparison was made: it shows no more than chance does.",
        "{resolved} comparisons were made: none shows more than chance does.",
        row["resolved"],
    )


def _price(report: Report, row: Row) -> str:
    if row["cost"]:
        return _("It costs about {amount}.").format(amount=_about(report, row["cost"]))
    if row["worth"]:
        return _("It brings about {amount}.").format(amount=_about(report, row["worth"]))
    return ""


def _about(report: Report, amount: float) -> str:
    """An estimate is no exact sum; the table has it in full."""
    return format_money_short(round(amount), report.currency)


def _cause(row: Row) -> list[str]:
    code, by = row["cause"], row["cause_by"]
    label, count = row["cause_label"], format_number(row["cause_count"] or 0)
    if code == "mix":
        return [_(_MIXED[by])]
    if code == "part":
        label = span_text(label) if by == "month" else label
        return [_(_MOSTLY[by]).format(label=label, count=count)]
    if code == "mark":
        return [_("Likely cause: the change “{label}”.").format(label=label)]
    if code == "reason":
        told = _("The lost ones name most often: “{label}” ({count} of {lost}).")
        return [told.format(label=label, count=count, lost=format_number(row["count"]))]
    return []


def _to_do(row: Row) -> str:
    kind, code, by, several = row["kind"], row["finding"], row["by"], row["count"] != 1
    last = code.split("_")[-1]
    if kind in ("leak", "step"):
        return _(_TO_DO[last])
    if kind == "boost":
        return _(_KEEP[by])
    if kind == "hanging":
        one, many = N_("Close it or let it go this week."), N_("Close them or let them go this week.")
        return _(_NOW[last]) if last in _NOW else _(many if several else one)
    if kind != "volume":
        return ""
    if code == "week_few_top":
        return _("The top of the funnel runs dry: look for clients.")
    if row["flag"] == "leak":
        return _("See what holds up the stages before it.")
    return _("Find out where they come from.")


def _money(report: Report, amount: float) -> str:
    return format_money(round(amount), report.currency, cents=False)


def _shown(report: Report, row: Row, percent: _Percent) -> dict[str, str]:
    """Every value as it is written in a sentence."""
    shown = {}
    for key, value in row.items():
        if value is None:
            shown[key] = missing_label(row["by"] or "") if key == "slice" else "–"
        elif isinstance(value, str):
            shown[key] = span_text(value) if is_span(report, key, row) else value
        elif key in ("rate", "reference", "share"):
            shown[key] = percent(value)
        elif key == "amount":
            shown[key] = _money(report, value)
        elif key == "days":
            shown[key] = format_days(value)
        else:
            shown[key] = format_number(value, 0 if float(value).is_integer() else 1)
    return shown
