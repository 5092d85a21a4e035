"""Sentences of reports: what was counted, by which rule, what was left out and why."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from funneldesk.domain.clock import DAY
from funneldesk.domain.results import Report
from funneldesk.report_words import audit, forecast
from funneldesk.text import (
    N_,
    _,
    format_date,
    format_number,
    format_percent,
    ngettext,
)

_POPULATIONS: dict[str, str] = {
    "cohort": N_("Created in the period"),
    "activity": N_("Moved in the period"),
    "snapshot": N_("All there are"),
    "finished": N_("Finished in the period"),
    "active": N_("Open now"),
}
_COUNTED: dict[str, str] = {
    "cohort": N_("Counted: deals created in the period, as they stand at the date of the report."),
    "activity": N_("Counted: moves made in the period; a deal that moves twice counts twice in entries."),
    "snapshot": N_("Counted: all deals that exist at the date of the report, whatever the period."),
    "finished": N_("Counted: deals that ended in the period and are still closed."),
    "active": N_("Counted: deals open at the date of the report, whatever the period."),
}
_COUNTED_ALWAYS: dict[str, str] = {
    "cohort": N_("Counted: all deals, as they stand at the date of the report."),
    "activity": N_("Counted: all moves there are; a deal that moves twice counts twice in entries."),
    "finished": N_("Counted: all deals that ended and are still closed."),
}
_COUNTED_OTHERWISE: dict[str, str] = {
    "receivables": N_("Counted: invoices and payments dated up to the date of the report."),
    "week": N_("Counted: what happened in these days; promised: what is planned for the seven days after."),
    "standards": N_("Counted: open days of deals and leads that arrived, in the period."),
    "plan-fact": N_("Counted: what was won and done in each month."),
}
_RULES: dict[str, str] = {
    "current": N_("Now"),
    "visited": N_("Visited"),
    "reached": N_("Reached"),
    "reached_bitrix": N_("Reached, lost only where seen"),
    "strict": N_("Strict order"),
}
_RULE_SENTENCES: dict[str, str] = {
    "current": N_("A deal counts at the stage where it is now. Won and lost deals stand apart."),
    "visited": N_("A deal counts at every stage it really entered, in any order."),
    "reached": N_("A deal counts at the highest stage it reached and at all stages before it."),
    "reached_bitrix": N_(
        "A deal counts at the highest stage it reached and all before it; "
        "a lost one only where it really was."
    ),
    "strict": N_("A deal counts at a stage only if it went through all stages up to it in their order."),
}
_OWN_RULES: dict[str, str] = {
    "finished-funnel": N_(
        "A deal passed a stage when it ended further on; it is lost at the stage it was in before the loss."
    ),
    "managers": N_(
        "A deal belongs to its manager while open, and to whoever closed it afterwards. "
        "The range beside a rate holds the true one in 95 cases of 100; a verdict is given only where "
        "chance is unlikely: of ten verdicts at most one may be due to it."
    ),
    "manager-matrix": N_(
        "A step is credited to whoever brought the deal into the stage, over all deals created in the period."
    ),
    "stage-times": N_(
        "Every stay in a stage counts; deals still there count by the time so far. Calendar days."
    ),
    "cycle": N_(
        "From creation to the close, in calendar days. Chance by age counts losses as the other end."
    ),
    "lost": N_(
        "Share of losses is of all lost deals; loss rate is of the deals that came to the stage, "
        "or of the closed deals of the row."
    ),
    "cross-table": N_(
        "Every deal counts once, in the row and the column of its values. Win rate is of the closed deals, "
        "average won amount of the won ones that have an amount."
    ),
    "key-stage": N_(
        "The stage where the chance to win grows most; named only with 30 decided deals, 10 wins, "
        "10 losses, and the same answer in 60% of 500 repeats with deals drawn at random."
    ),
    "active-funnel": N_(
        "Expected amount is amount by chance to win. A deal hangs when it is in the stage longer than "
        "nine of ten stays (with fewer than 20 stays: twice the median)."
    ),
    "velocity": N_(
        "Open deals, by win rate, by average won amount, by mean cycle in days. Without a period: "
        "the last 90 days. Won per day is the money really won."
    ),
    "dynamics": N_(
        "Created by the day of creation; won and lost by the day of the close, if they are closed still."
    ),
    "sources": N_(
        "A lead and its deal are one case; a deal without a lead counts as a lead too. Rate is won of leads. "
        "A verdict is given only where chance is unlikely: of ten verdicts at most one may be due to it."
    ),
    "leaks": N_(
        "Each manager, source, product or month is compared with all the others together. A verdict needs "
        "ten decided deals, a difference of 5 points or a fifth, and that chance is unlikely: of ten "
        "verdicts at most one may be due to it. Cost is what the missing deals would have brought."
    ),
    "audit": audit.RULE,
    "strategy": N_(
        "Deals a month and median activities per closed deal, each against the median of the managers with "
        "ten closed deals; three such managers are needed. A quarter more or a fifth less tells them apart."
    ),
    "lost-words": N_(
        "Losses with the same words under the same reason are one row, whatever their letter case. A loss "
        "without words stands at the end of its reason."
    ),
    "lost-history": N_(
        "Won before: won before the latest lost deal was created. Since first contact: from the first "
        "activity or deal to the loss. Lengths of won and lost deals are compared within a client, over all "
        "time."
    ),
    "activities": N_(
        "All activities before the first entry into the stage, on deals that never got there too, divided by "
        "the deals that entered. Beside it the median of the deals that entered."
    ),
    "reaction": N_(
        "Hours from the arrival of a lead (or of a deal without one) to the first activity or move. "
        "Unanswered: none yet at the date of the report."
    ),
    "week": N_(
        "Done and promised count for whose activity it is, moves for who made them, the rest for the manager "
        "of the deal. Moved on: to a later stage."
    ),
    "standards": N_(
        "Contact: days on which the last contact with the deal or its client was not longer ago than the "
        "limit, of all open days. Answer: leads answered in time, of those answered or past the limit."
    ),
    "leads-deals": N_(
        "A deal is of a lead when it was made of one. By the month of the close. The win rates are of won "
        "and lost; how often mere chance makes two rates so different stands beside them."
    ),
    "wins-when": N_(
        "A contact is something done on the deal before its close; weekday and hour are those of the first. "
        "The verdict compares each row with all the others."
    ),
    "plan-fact": N_(
        "Won money and deals count for the manager at the close, calls and meetings for who did them. "
        "The chance of the running month: won so far, open deals by pace and new business in 10,000 "
        "simulated outcomes."
    ),
    "receivables": N_(
        "Outstanding: invoices dated up to the date of the report less what was paid up to then. Credit "
        "notes, what was paid too much and money on account stand in rows of their own."
    ),
    "reverse-plan": N_(
        "The goal divided by the chance to win from the stage. That is an even chance; for 80% and "
        "90% more are needed. Without a goal: ten wins."
    ),
}


def population_title(population: str) -> str:
    """Which deals are looked at, as a choice in a menu."""
    return _(_POPULATIONS.get(population, population))


def rule_title(rule: str) -> str:
    """A counting rule as a choice in a menu."""
    return _(_RULES.get(rule, rule))


def rule_hint(rule: str) -> str:
    """What a counting rule means, in a sentence."""
    return _(_RULE_SENTENCES.get(rule, ""))


def population_sentence(report: Report) -> str:
    """Which deals were looked at."""
    if report.name in _COUNTED_OTHERWISE:
        return _(_COUNTED_OTHERWISE[report.name])
    population = report.population or ""
    bounded = report.start is not None or report.end is not None
    table = _COUNTED if bounded or population not in _COUNTED_ALWAYS else _COUNTED_ALWAYS
    return _(table.get(population, ""))


def rule_sentence(report: Report) -> str:
    """How they were counted: the rule, and what is the report's own."""
    own = forecast.rule(report) if report.name == "forecast" else _OWN_RULES.get(report.name, "")
    sentences = []
    if report.rule and not (own and report.name in ("managers", "key-stage", "sources")):
        sentences.append(_(_RULE_SENTENCES.get(report.rule, "")))
    if own:
        sentences.append(_(own))
    if "own_figure" in report.extra:
        told = _("Own figure: how many of the deals counted at the stage fulfil this: {conditions}.")
        sentences.append(told.format(conditions=report.extra["own_figure"]))
    return " ".join(sentence for sentence in sentences if sentence)


def excluded_sentences(report: Report) -> list[str]:
    """What was left out and why, a sentence per cause that happened."""
    found = []
    for cause, count in report.excluded.items():
        if count:
            found.append(_excluded(cause, count).format(count=format_number(count)))
    return found


def _excluded(cause: str, count: int) -> str:
    sentences = {
        "no_amount": ngettext(
            "{count} deal without amount is not in the sums.",
            "{count} deals without amount are not in the sums.",
            count,
        ),
        "no_rate": ngettext(
            "{count} deal in a currency without a rate is not in the sums.",
            "{count} deals in a currency without a rate are not in the sums.",
            count,
        ),
        "no_created_at": ngettext(
            "{count} deal without a creation date is left out.",
            "{count} deals without a creation date are left out.",
            count,
        ),
        "no_closed_at": ngettext(
            "{count} closed deal without a closing date is left out.",
            "{count} closed deals without a closing date are left out.",
            count,
        ),
        "no_stages": ngettext(
            "{count} deal without stages is left out.", "{count} deals without stages are left out.", count
        ),
        "unknown_path": ngettext(
            "{count} deal came without history: it is not counted by stage.",
            "{count} deals came without history: they are not counted by stage.",
            count,
        ),
        "no_time": ngettext(
            "{count} stay of unknown length is left out.",
            "{count} stays of unknown length are left out.",
            count,
        ),
        "negative_cycle": ngettext(
            "{count} deal was closed before it was created: its length is left out.",
            "{count} deals were closed before they were created: their lengths are left out.",
            count,
        ),
        "assumed_amount": ngettext(
            "{count} open deal without amount is taken for the median won amount.",
            "{count} open deals without amount are taken for the median won amount.",
            count,
        ),
        "invoice_no_rate": ngettext(
            "{count} invoice in a currency without a rate is not in the sums.",
            "{count} invoices in a currency without a rate are not in the sums.",
            count,
        ),
        "cost_no_rate": ngettext(
            "{count} cost in a currency without a rate is left out.",
            "{count} costs in a currency without a rate are left out.",
            count,
        ),
        "cost_of_all": ngettext(
            "{count} source has a cost that is not shown: it is for all leads, and this is a part.",
            "{count} sources have costs that are not shown: they are for all leads, and this is a part.",
            count,
        ),
        "no_expected_close": ngettext(
            "{count} open deal without an expected date is not counted.",
            "{count} open deals without an expected date are not counted.",
            count,
        ),
        "no_client": ngettext(
            "{count} deal without a client is left out.",
            "{count} deals without a client are left out.",
            count,
        ),
    }
    return sentences.get(cause, "{count} " + cause.replace("_", " "))


def is_young(report: Report) -> bool:
    """Whether so few of its deals are closed that the reader is warned of it."""
    maturity = report.totals.get("maturity")
    return maturity is not None and maturity < 0.8 and bool(report.totals.get("created"))


def note_sentences(report: Report) -> list[str]:
    """What a reader must know before believing the numbers: too few, not yet mature, no verdict."""
    notes = []
    if is_young(report):
        notes.append(
            _("Only {share} of these deals are closed: conversions will still change.").format(
                share=format_percent(report.totals["maturity"])
            )
        )
    closed = (report.totals.get("won") or 0) + (report.totals.get("lost") or 0)
    if "win_rate" in report.totals and 0 < closed < 10:
        notes.append(
            ngettext(
                "Only {count} closed deal: too few to conclude anything.",
                "Only {count} closed deals: too few to conclude anything.",
                closed,
            ).format(count=closed)
        )
    return notes + audit.notes(report) + _key_notes(report) + _velocity_notes(report) + forecast.notes(report)


def _key_notes(report: Report) -> list[str]:
    if report.name != "key-stage":
        return []
    key = report.totals.get("key_stage")
    if key:
        return [_("The stage that decides most is {stage}.").format(stage=key)]
    pair = [report.totals.get(name) for name in ("candidate_1", "candidate_2")]
    names = ", ".join(str(name) for name in pair if name)
    if names:
        return [_("No stage is sure to be the key one. Candidates: {stages}.").format(stages=names)]
    return [_("Too few decided deals to name a key stage.")]


def _velocity_notes(report: Report) -> list[str]:
    if report.name != "velocity" or not report.rows:
        return []
    promised, won = report.rows[0]["velocity_per_day"], report.rows[0]["won_per_day"]
    if promised and won is not None and promised > 1.5 * won:
        return [_("The open deals promise far more per day than is really won: many of them are stale.")]
    return []


def period_text(start: int | None, end: int | None, zone: ZoneInfo | None = None) -> str:
    """The period with both days included, or "all time"."""
    zone = zone or ZoneInfo("UTC")
    if start is None and end is None:
        return _("all time")
    # the end is exclusive: its last day is the one before
    last = None if end is None else end - 1
    if start is None:
        return _("to {day}").format(day=format_date(last, zone))
    if last is None:
        return _("from {day}").format(day=format_date(start, zone))
    if last - start < DAY:
        return format_date(start, zone)
    return f"{format_date(start, zone)} – {format_date(last, zone)}"
