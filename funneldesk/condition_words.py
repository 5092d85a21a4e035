"""Conditions in words: for the builder, for chips, for the heads of prints and files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from funneldesk.domain.condition import Condition, Group, Need, ValueType, need
from funneldesk.domain.condition_fields import AskField
from funneldesk.text import N_, _, format_date, format_money, format_number, ngettext

_TITLES: Final[Mapping[str, str]] = {
    "kind": N_("Kind"), "name": N_("Name"), "legal_name": N_("Legal name"), "tax_id": N_("Tax number"),
    "roles": N_("Role"), "size": N_("Company size"), "phone": N_("Phone"), "email": N_("E-mail"),
    "website": N_("Website"), "address": N_("Address"), "city": N_("City"), "region": N_("Region"),
    "country": N_("Country"), "category": N_("Category"), "manager": N_("Manager"), "source": N_("Source"),
    "has_open_deals": N_("Has open deals"), "open_deals": N_("Open deals"), "open_sum": N_("Open sum"),
    "won_deals": N_("Deals won"), "won_sum": N_("Sum won"), "next_step": N_("Next step"),
    "last_contact": N_("Last contact"), "created": N_("Created"), "updated": N_("Last change"),
    "consent": N_("Consent given"), "comment": N_("Comment"), "company": N_("Company"),
    "import": N_("Made by the import"),
    "position": N_("Position"), "title": N_("Title"), "person": N_("Contact person"),
    "lead_status": N_("Status"), "status": N_("Outcome"), "drop_reason": N_("Why dropped"),
    "closed": N_("Closed"), "client": N_("Client"), "funnel": N_("Funnel"), "stage": N_("Stage"),
    "amount": N_("Amount"), "currency": N_("Currency"), "product": N_("Product"),
    "entered": N_("In the stage since"), "days_in_stage": N_("Days in the stage"),
    "expected_close": N_("Expected close"), "lost_reason": N_("Loss reason"),
    "competitor": N_("Competitor"), "loss_comment": N_("Comment on the loss"), "demand": N_("Primary demand"),
    "client_city": N_("City of the client"), "client_region": N_("Region of the client"),
    "client_country": N_("Country of the client"), "client_size": N_("Size of the client"),
    "client_category": N_("Category of the client"), "client_tax_id": N_("Tax number of the client"),
    "client_phone": N_("Phone of the client"), "client_email": N_("E-mail of the client"),
}  # fmt: skip
_OF_OWNER: Final[Mapping[str, str]] = {
    "company": N_("{name} (of the company)"),
    "person": N_("{name} (of the person)"),
    "product": N_("{name} (of the product)"),
}
_OPS: Final[Mapping[str, str]] = {
    "contains": N_("contains"), "lacks": N_("does not contain"), "is": N_("is"), "is_not": N_("is not"),
    "starts": N_("begins with"), "empty": N_("is empty"), "filled": N_("is filled in"), "eq": "=",
    "ne": "≠", "gt": ">", "ge": "≥", "lt": "<", "le": "≤", "between": N_("from … to"),
    "today": N_("today"), "yesterday": N_("yesterday"), "tomorrow": N_("tomorrow"),
    "this_week": N_("this week"), "last_week": N_("last week"), "next_week": N_("next week"),
    "this_month": N_("this month"), "last_month": N_("last month"), "next_month": N_("next month"),
    "this_quarter": N_("this quarter"), "last_quarter": N_("last quarter"), "this_year": N_("this year"),
    "last_year": N_("last year"), "past": N_("already past"), "last_days": N_("in the last … days"),
    "next_days": N_("in the next … days"), "older_days": N_("more than … days ago"), "on": N_("on the day"),
    "before": N_("before the day"), "after": N_("after the day"),
    "one_of": N_("is one of"), "all_of": N_("has all of"), "none_of": N_("is none of"),
    "yes": N_("yes"), "no": N_("no"),
}  # fmt: skip
_SPECIAL: Final[Mapping[tuple[str, str], str]] = {
    ("next_step", "past"): N_("overdue"),
    ("next_step", "empty"): N_("not planned"),
    ("next_step", "filled"): N_("planned"),
    ("last_contact", "empty"): N_("never"),
}
_VALUES: Final[Mapping[tuple[str, str], str]] = {
    ("kind", "company"): N_("Company"), ("kind", "person"): N_("Person"),
    ("status", "open"): N_("Still open"), ("status", "won"): N_("Won"), ("status", "lost"): N_("Lost"),
    ("lead_status", "new"): N_("New lead"), ("lead_status", "qualified"): N_("Qualified"),
    ("lead_status", "converted"): N_("Became a deal"), ("lead_status", "dropped"): N_("Dropped"),
    ("roles", "client"): N_("Client"), ("roles", "partner"): N_("Partner"),
    ("roles", "supplier"): N_("Supplier"),
}  # fmt: skip
_FEW = 3  # choices named one by one


def field_name(field: AskField, kind: str = "") -> str:
    """What a field is called in a list of `kind`; one of another record says whose it is."""
    if not field.name:
        return _(_TITLES.get(field.key, field.key))
    if field.owner in (kind, "") or field.owner not in _OF_OWNER or kind == "client":
        return field.name
    return _(_OF_OWNER[field.owner]).format(name=field.name)


def op_words(field: str, op: str) -> str:
    """What a condition on a field is called."""
    return _(_SPECIAL.get((field, op)) or _OPS[op])


def option_words(field: AskField, value: object) -> str:
    """What one of the choices of a field is called."""
    known = _VALUES.get((field.key, str(value)))
    if known is not None:
        return _(known)
    return next((name for key, name in field.options if key == value), str(value))


class Teller:
    """Tells conditions of one kind of record in words, as it knows the fields and the currency."""

    def __init__(self, kind: str, fields: Sequence[AskField], currency: str) -> None:
        self.kind = kind
        self.currency = currency
        self._fields = {field.key: field for field in fields}

    def tell(self, group: Group) -> str:
        """The whole in one line; "" for an empty group."""
        parts = []
        for part in group.parts:
            if not isinstance(part, Group):
                parts.append(self.condition(part))
            elif part:
                inner = self.tell(part)
                parts.append(f"({inner})" if len(part.parts) > 1 and len(group.parts) > 1 else inner)
        word = _("or") if group.any else _("and")
        return f" {word} ".join(parts)

    def condition(self, condition: Condition) -> str:
        """One condition."""
        field = self._fields.get(condition.field)
        if field is None:
            return _("a field that is gone")
        name, op = field_name(field, self.kind), condition.op
        wants = need(op)
        if wants is Need.NOTHING:
            shape = _("{field}: {what}")
            return shape.format(field=name, what=op_words(field.key, op))
        if wants is Need.SOME:
            return f"{name} {self._some(field, condition)}"
        if wants is Need.DAYS:
            return f"{name} {_days(op, int(str(condition.value)))}"
        if wants is Need.TWO:
            return f"{name} {self._range(field, condition.value)}"
        return f"{name} {op_words(field.key, op)} {self.value(field, condition.value)}"

    def value(self, field: AskField, value: object) -> str:
        """A value of a field."""
        try:
            if field.type is ValueType.MONEY:
                return format_money(int(str(value)), self.currency)
            if field.type is ValueType.NUMBER:
                number = float(str(value))
                return format_number(number, 0 if number.is_integer() else 2)
            if field.type in (ValueType.DAY, ValueType.MOMENT):
                return format_date(date.fromisoformat(str(value)))
        except ValueError:
            return str(value)
        return _("“{text}”").format(text=value)

    def _some(self, field: AskField, condition: Condition) -> str:
        chosen: Any = condition.value
        names = [option_words(field, value) for value in chosen]
        shown = ", ".join(names[:_FEW])
        if len(names) > _FEW:
            more = len(names) - _FEW
            shown = _("{names} and {count} more").format(names=shown, count=more)
        if condition.op == "one_of":
            return f"{_('is')} {shown}" if len(names) == 1 else f"{_('is one of')}: {shown}"
        if condition.op == "none_of" and len(names) == 1:
            return f"{_('is not')} {shown}"
        return f"{op_words(field.key, condition.op)}: {shown}"

    def _range(self, field: AskField, value: Any) -> str:
        low, high = value
        if high is None:
            return _("from {low}").format(low=self.value(field, low))
        if low is None:
            return _("up to {high}").format(high=self.value(field, high))
        return _("from {low} to {high}").format(low=self.value(field, low), high=self.value(field, high))


def _days(op: str, count: int) -> str:
    shapes: dict[str, Callable[[], str]] = {
        "last_days": lambda: ngettext("in the last {count} day", "in the last {count} days", count),
        "next_days": lambda: ngettext("in the next {count} day", "in the next {count} days", count),
        "older_days": lambda: ngettext("more than {count} day ago", "more than {count} days ago", count),
    }
    return shapes[op]().format(count=format_number(count))
