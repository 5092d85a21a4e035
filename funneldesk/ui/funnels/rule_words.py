"""Rules as sentences: when, if, then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneldesk.condition_words import Teller
from funneldesk.domain.rule import Action, Event, Params, Rule, params_of
from funneldesk.errors import UserError
from funneldesk.services.rule_conditions import activity_kind, record_kind, tree_of
from funneldesk.text import (
    N_,
    _,
    criterion_text,
    error_text,
    format_money,
    format_number,
    ngettext,
)
from funneldesk.text import (
    activity_kind as kind_text,
)

if TYPE_CHECKING:
    from funneldesk.services.rules import LogLine, RuleSheet

EVENTS: dict[str, str] = {
    Event.ENTERED: N_("a deal comes to a stage"),
    Event.LEFT: N_("a deal leaves a stage"),
    Event.STALE: N_("a deal stands still"),
    Event.WON: N_("a deal is won"),
    Event.LOST: N_("a deal is lost"),
    Event.ACTIVITY_DONE: N_("something was done for a deal or a lead"),
    Event.LEAD_ARRIVED: N_("a lead arrives"),
}
ACTIONS: dict[str, str] = {
    Action.TASK: N_("plan a task"),
    Action.REMIND: N_("remind"),
    Action.SET_FIELD: N_("fill in a field"),
    Action.CHANGE_OWNER: N_("give it to a manager"),
    Action.HAND_OVER: N_("hand it over: another manager and a task for them"),
    Action.MOVE: N_("move the deal"),
}
ARRIVALS = (Event.ENTERED, Event.LEAD_ARRIVED)  # what an import does in bulk
LISTS = {"manager_id": "managers", "source_id": "sources", "product_id": "products"}


def rule_text(rule: Rule, sheet: RuleSheet, currency: str) -> str:
    """A rule as one sentence."""
    parts = [when_text(rule, sheet)]
    kind = record_kind(rule)
    told = Teller(kind, sheet.asked[kind], currency).tell(tree_of(rule))
    if rule.imports and rule.event in ARRIVALS:
        parts.append(_("imported ones too"))
    if told:
        parts.append(_("if {what}").format(what=told))
    return _("{when}: {then}.").format(when=", ".join(parts), then=then_text(rule, sheet, currency))


def when_text(rule: Rule, sheet: RuleSheet) -> str:
    """What sets a rule off."""
    stage = _stage(sheet, rule.stage_id)
    if rule.event == Event.STALE:
        days = round(rule.days or 0)
        count = ngettext("{count} day", "{count} days", days).format(count=format_number(days))
        if rule.stage_id is not None:
            return _("When a deal in “{stage}” stands still for {days}").format(stage=stage, days=count)
        return _("When a deal stands still for {days}").format(days=count)
    if rule.stage_id is not None and rule.event == Event.ENTERED:
        return _("When a deal comes to “{stage}”").format(stage=stage)
    if rule.stage_id is not None and rule.event == Event.LEFT:
        return _("When a deal leaves “{stage}”").format(stage=stage)
    if rule.event == Event.ACTIVITY_DONE and activity_kind(rule):
        return _("When this was done: {kind}").format(kind=kind_text(activity_kind(rule)))
    return _("When {event}").format(event=_(EVENTS[rule.event]))


def field_text(key: str, sheet: RuleSheet) -> str:
    """What a field is called."""
    if key.startswith("custom:"):
        field = sheet.fields.get(int(key.removeprefix("custom:")))
        return field.name if field is not None else _("a field that is gone")
    return criterion_text(key)


def value_text(key: str, value: str, sheet: RuleSheet, currency: str) -> str:
    """A value as a person says it."""
    if key in LISTS and value.isdigit():
        return str(getattr(sheet.names, LISTS[key]).get(int(value), "…"))
    if key == "amount" and value.lstrip("-").isdigit():
        return format_money(int(value), currency)
    return f"“{value}”"


def then_text(rule: Rule, sheet: RuleSheet, currency: str) -> str:
    """What a rule does."""
    params = params_of(rule)
    who = sheet.names.managers.get(params.manager_id or 0, "")
    if rule.action == Action.CHANGE_OWNER:
        return _("give it to {manager}").format(manager=who or "…")
    if rule.action == Action.SET_FIELD:
        value = value_text(params.field, params.value, sheet, currency)
        return _("fill in {field}: {value}").format(field=field_text(params.field, sheet), value=value)
    if rule.action == Action.MOVE:
        return _move_text(params, sheet)
    days = round(params.days)
    within = _("today") if days == 0 else ngettext("in {count} day", "in {count} days", days).format(
        count=format_number(days)
    )  # fmt: skip
    for_whom = who or _("whoever has it")
    if rule.action == Action.HAND_OVER:
        return _("hand it over to {manager} with the task “{text}”, {when}").format(
            manager=for_whom, text=params.text, when=within
        )
    if rule.action == Action.REMIND:
        hours = round(params.days * 24)
        after = ngettext("in {count} hour", "in {count} hours", hours).format(count=format_number(hours))
        return _("remind {manager} of “{text}”, {when}").format(
            manager=for_whom, text=params.text, when=_("at once") if hours == 0 else after
        )
    return _("plan “{text}” ({kind}) for {manager}, {when}").format(
        text=params.text, kind=kind_text(params.kind), manager=for_whom, when=within
    )


def outcome_text(line: LogLine) -> str:
    """What came of a rule that was set off."""
    if line.outcome == "loop":
        return _("Stopped: it had acted on this already, the rules go in circles")
    if line.outcome == "gone":
        return _("Not done: what the rule names is not there any more")
    if line.outcome == "refused":
        return _("Not done: {why}").format(why=error_text(UserError(line.detail)))
    return _("Done")


def _move_text(params: Params, sheet: RuleSheet) -> str:
    if params.place == "won":
        return _("the deal is won")
    if params.place == "lost":
        reason = sheet.names.reasons.get(params.reason_id or 0, "…")
        return _("the deal is lost: {reason}").format(reason=reason)
    return _("move it to “{stage}”").format(stage=_stage(sheet, params.stage_id))


def _stage(sheet: RuleSheet, stage_id: int | None) -> str:
    stage = sheet.stages.get(stage_id or 0)
    return stage.name if stage is not None else "…"
