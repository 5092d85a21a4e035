"""What the groups of a list are called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from funneldesk.condition_words import field_name, option_words
from funneldesk.domain.condition import ValueType
from funneldesk.domain.condition_fields import AskField
from funneldesk.domain.record_list import RecordGroup
from funneldesk.text import _, format_money, format_number
from funneldesk.ui.lists.grouped_model import Heading


def headings(groups: Sequence[RecordGroup], field: AskField, kind: str, currency: str) -> list[Heading]:
    """The headings of groups: value, count and sum."""
    name = field_name(field, kind)
    found = []
    for group in groups:
        parts = [f"{name}: {key_words(field, group.key, currency)}", format_number(len(group.ids))]
        if kind != "lead" and group.amount:
            parts.append(format_money(group.amount, currency, cents=False))
        found.append(Heading(group.key, "  ·  ".join(parts), group.ids))
    return found


def key_words(field: AskField, key: int | float | str | None, currency: str) -> str:
    """The value that a group has in common."""
    if key is None:
        return _("none")
    if field.type in (ValueType.DAY, ValueType.MOMENT):
        return f"{date.fromisoformat(f'{key}-01'):%m.%Y}"
    if field.type is ValueType.FLAG:
        return _("yes") if key else _("no")
    if field.type is ValueType.MONEY:
        return format_money(int(float(key)), currency)
    if field.type is ValueType.NUMBER:
        number = float(key)
        return format_number(number, 0 if number.is_integer() else 2)
    return option_words(field, key)
