"""The sentences of advice: each says a number, what it is compared with, and what to do."""

from __future__ import annotations

from typing import Any

from funneldesk.domain.booklet import Advice, Booklet
from funneldesk.report_words.cells import cell_text
from funneldesk.report_words.spans import long_span_text
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

_SENTENCES: dict[str, str] = {
    "rate_leak": N_(
        "{rate} of the closed deals are won ({won} of {closed}), surely fewer than the others win: first see "
        "where these deals come from, then the steps that are marked below."
    ),
    "rate_boost": N_(
        "{rate} of the closed deals are won ({won} of {closed}), surely more than the others win: let the "
        "team see how it is done."
    ),
    "leak_first": N_(
        "From “{step}” {rate} go on ({advanced} of {resolved}), with the others {reference}: listen to the "
        "calls of this stage together."
    ),
    "leak_middle": N_(
        "From “{step}” {rate} go on ({advanced} of {resolved}), with the others {reference}: read the offers "
        "and check prices and terms."
    ),
    "leak_last": N_(
        "From “{step}” {rate} go on ({advanced} of {resolved}), with the others {reference}: see how sales, "
        "accounting and lawyers bring a contract to its end."
    ),
    "boost": N_(
        "From “{step}” {rate} go on ({advanced} of {resolved}), with the others {reference}: have it "
        "shown to the team."
    ),
    "plan_unsure": N_(
        "{measure}: {fact} of the {plan} planned for {month}; the chance to make it is {chance}. Still "
        "missing: {gap}."
    ),
    "plan_missed": N_("{measure}: {fact} of the {plan} planned for {month}. Missing: {gap}."),
    "slow": N_(
        "Half of the stays in “{stage}” take longer than {days} days, in the team {team_days}: agree on a "
        "next step with a date for each of these deals."
    ),
    "more_contacts": N_(
        "{volume} new deals a month, the middle of the team is {team}, and they bring good money: give more "
        "contacts."
    ),
    "weakest_step": N_(
        "{volume} new deals a month (the middle of the team is {team}), but little money: of the steps "
        "“{step}” is the furthest below the others, {rate} against {reference}."
    ),
    "reason": N_(
        "{count} of {lost} losses ({share}) name “{reason}”, in the team {team_share}: prepare an "
        "answer to it."
    ),
    "too_few": N_("Closed deals: {closed}, won: {won}. Too few to judge."),
    "no_difference": N_(
        "{rate} of the closed deals are won ({won} of {closed}): no sure difference from the others."
    ),
}
_RATES = ("rate", "reference", "share", "team_share", "chance")


def advice_text(advice: Advice, booklet: Booklet) -> str:
    """The advice in a sentence."""
    known, currency = advice.params, booklet.managers.currency
    if advice.code == "hanging":
        return ngettext(
            "{count} open deal hangs, worth {amount}, at “{stage}” for {days} days: close it or let it go "
            "this week.",
            "{count} open deals hang, worth {amount}, the longest at “{stage}” for {days} days: close "
            "them or let them go this week.",
            known["count"],
        ).format(**_shown(known, currency))
    if advice.code == "expected":
        return ngettext(
            "{count} open deal is expected to bring {amount}: agree on its next step.",
            "{count} open deals are expected to bring {amount}: agree on the next step of each.",
            known["count"],
        ).format(**_shown(known, currency))
    if advice.code == "no_reason":
        return ngettext(
            "{count} loss of {lost} has no reason: without reasons nothing is learnt from losses.",
            "{count} losses of {lost} have no reason: without reasons nothing is learnt from losses.",
            known["count"],
        ).format(**_shown(known, currency))
    shown = _shown(known, currency)
    if advice.code in ("plan_unsure", "plan_missed"):
        columns = {column.key: column for column in booklet.plan.columns}
        shown |= {
            key: cell_text(booklet.plan, columns[key], known[key], known)
            for key in ("measure", "plan", "fact", "gap", "chance")
        }
        shown["month"] = long_span_text(known["month"])
    sentence = _(_SENTENCES[advice.code]).format(**shown)
    if known.get("cost"):
        cost = format_money_short(round(known["cost"]), currency)
        sentence += " " + _("It costs about {amount}.").format(amount=cost)
    return sentence


def _shown(known: Any, currency: str) -> dict[str, str]:
    shown = {}
    for key, value in known.items():
        if value is None or isinstance(value, str):
            shown[key] = value or "–"
        elif key == "amount":
            shown[key] = format_money(round(value), currency, cents=False)
        elif key in ("days", "team_days"):
            shown[key] = format_days(value)
        elif key in _RATES:
            shown[key] = format_percent(value)
        else:
            shown[key] = format_number(value, 0 if float(value).is_integer() else 1)
    return shown
