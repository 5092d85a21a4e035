"""Names of what reports are grouped by, and what stands in the place of a missing one."""

from __future__ import annotations

from funneldesk.text import N_, _

_GROUPINGS: dict[str, str] = {
    "conditions": N_("Conditions"),
    "weekday": N_("Weekday of the first contact"),
    "hour": N_("Hour of the first contact"),
    "attempt": N_("Number of contacts"),
    "age": N_("Age of the contact, days"),
    "stage": N_("Stage"),
    "reason": N_("Reason"),
    "outcome": N_("Group of reasons"),
    "manager": N_("Manager"),
    "source": N_("Source"),
    "client": N_("Client"),
    "product": N_("Product"),
    "status": N_("Status"),
    "reached": N_("Furthest stage"),
    "week": N_("Week"),
    "month": N_("Month"),
    "quarter": N_("Quarter"),
    "bucket": N_("Days overdue"),
    "dates": N_("Expected dates, else pace"),
    "dated": N_("Expected dates only"),
    "pace": N_("Pace of past deals"),
    "mark": N_("Marked change"),
    "share": N_("Share of each source"),
    "rate": N_("Win rate of each source"),
}

# What stands in the place of a missing label.
_MISSING: dict[str, str] = {
    "stage": N_("At creation"),
    "reason": N_("Not stated"),
    "outcome": N_("Not stated"),
    "manager": N_("Nobody"),
    "source": N_("No source"),
    "client": N_("No client"),
    "product": N_("No product"),
    "reached": N_("No stage"),
    **dict.fromkeys(("month", "quarter"), N_("No date")),
    **dict.fromkeys(("weekday", "hour", "attempt", "age"), N_("No contact")),
}


def grouping_title(name: str) -> str:
    """What a report can be grouped by, in words; a field of one's own (`custom:NAME`) by its name."""
    if name.startswith("custom:"):
        return name.removeprefix("custom:")
    return _(_GROUPINGS[name]) if name in _GROUPINGS else name.replace("_", " ").capitalize()


def missing_label(grouping: str) -> str:
    """What is written where a row of that grouping has no label."""
    return _(_MISSING.get(grouping, N_("Not stated")))
