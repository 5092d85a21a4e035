"""The timeline of a card: what happened, newest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from funneldesk.domain.card import Names, TimelineItem
from funneldesk.domain.fields import CustomField
from funneldesk.text import _, activity_kind, format_date, format_days, format_money
from funneldesk.ui.clients.common import KIND_ICONS, full_moment, moment_words
from funneldesk.ui.clients.roles import person_kind_words, roles_words
from funneldesk.ui.clients.sections import icon_label
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE, SPACE_2
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import ElidedLabel, PlainLabel, Quiet


class TimelineView(QWidget):
    """`more_wished` when a person wants to see what is older."""

    more_wished = Signal()

    def __init__(
        self, context: AppContext, parent: QWidget | None = None, *, with_deals: bool = True
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._with_deals = with_deals
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_2 + 2)
        self._shown: tuple[object, ...] = ()
        self._rows: list[QWidget] = []
        self.empty = Quiet(_("Nothing has happened yet. Write down the first call above."), wrap=True)
        self._column.addWidget(self.empty)
        self.more = push_button(_("Show older"), self.more_wished.emit, role="link")
        self._column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)

    def show_items(
        self, items: Sequence[TimelineItem], more: bool, names: Names, fields: Mapping[int, CustomField]
    ) -> None:
        """Show these things; rows are made anew only when something differs."""
        self.more.setVisible(more)
        self.empty.setVisible(not items)
        now = (tuple(items), names)
        if now == self._shown:
            return
        self._shown = now
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        for place, item in enumerate(items):
            row = self._make_row(item, names, fields)
            self._column.insertWidget(place, row)
            self._rows.append(row)

    def texts(self) -> list[str]:
        """Every row as one text (for tests and screen readers)."""
        return [row.accessibleName() for row in self._rows]

    def _make_row(self, item: TimelineItem, names: Names, fields: Mapping[int, CustomField]) -> QWidget:
        if not self._with_deals:  # on a deal's own card its title says nothing
            item = replace(item, values={**item.values, "title": "", "deal": ""})
        icon, token, head, lines = item_words(item, names, fields, self._context.currency)
        theme, zone = self._context.theme, self._context.zone
        row = QWidget()
        grid = QGridLayout(row)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_2)
        grid.setVerticalSpacing(SPACE // 2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(icon_label(theme, icon, token), 0, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(ElidedLabel(head, "strong" if item.what in ("activity", "move") else ""), 0, 1)
        time = Quiet(moment_words(item.at, zone), small=True)
        time.setToolTip(full_moment(item.at, zone))
        grid.addWidget(time, 0, 2, Qt.AlignmentFlag.AlignRight)
        for number, (text, role) in enumerate(lines, 1):
            label = PlainLabel(breakable(text), role)
            label.setWordWrap(True)
            label.setMinimumWidth(1)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(label, number, 1, 1, 2)
        row.setAccessibleName("\n".join([head, *(text for text, _role in lines)]))
        return row


def breakable(text: str, longest: int = 32) -> str:
    """Text whose long words (addresses) can be broken, so that they do not widen the panel."""
    words = text.split(" ")
    return " ".join(
        "\u200b".join(word[i : i + longest] for i in range(0, len(word), longest))
        if len(word) > longest
        else word
        for word in words
    )


Words = tuple[str, str, str, list[tuple[str, str]]]  # icon, colour, head, (text, role) lines


def item_words(item: TimelineItem, names: Names, fields: Mapping[int, CustomField], currency: str) -> Words:
    """A thing that happened in words."""
    makers: dict[str, Callable[[], Words]] = {
        "activity": lambda: _activity(item),
        "move": lambda: _move(item, currency),
        "change": lambda: _change(item, names, fields, currency),
        "created": lambda: ("circle-plus", "quiet", _with_who(_("Added"), item.who), []),
        "imported": lambda: _imported(item),
        "invoice": lambda: _invoice(item),
        "payment": lambda: _payment(item),
    }
    return makers[item.what]()


def _with_who(text: str, who: str) -> str:
    return f"{text} · {who}" if who else text


def _activity(item: TimelineItem) -> Words:
    v = item.values
    lines = [(v["text"], "")] if v["text"] else []
    if v["result"]:
        lines.append((_("Result: {result}").format(result=v["result"]), ""))
    if v["comment"]:
        lines.append((v["comment"], "quiet"))
    about = " · ".join(part for part in (v["person"], v["deal"]) if part)
    if about:
        lines.append((about, "small"))
    return (
        KIND_ICONS.get(v["kind"], "circle-dot"),
        "accent",
        _with_who(activity_kind(v["kind"]), item.who),
        lines,
    )


def _move(item: TimelineItem, currency: str) -> Words:
    v = item.values
    if v["to_kind"] == "won":
        icon, token, what = "trophy", "won_text", _("Won")
    elif v["to_kind"] == "lost":
        icon, token, what = "circle-x", "lost_text", _("Lost")
    else:
        icon, token, what = "arrow-right", "quiet", v["to"] or _("Open, stage unknown")
    head = f"{v['from']} → {what}" if v["from"] else what
    lines: list[tuple[str, str]] = []
    if v["to_kind"] == "lost" and (v["reason"] or v["comment"]):
        lines.append((": ".join(part for part in (v["reason"], v["comment"]) if part), ""))
    if v["to_kind"] == "won" and v["amount"] is not None:
        lines.append((format_money(v["amount"], v["currency"] or currency), ""))
    parts = [v["title"]] if v["title"] else []
    if v["days"] is not None and v["days"] >= 0.05:
        parts.append(_("{days} days in the stage before").format(days=format_days(v["days"])))
    if item.who:
        parts.append(item.who)
    if parts:
        lines.append((" · ".join(parts), "small"))
    return icon, token, head, lines


def _change(item: TimelineItem, names: Names, fields: Mapping[int, CustomField], currency: str) -> Words:
    lines = []
    for field, old, new in item.values["edits"]:
        before = edit_value(field, old, names, fields, currency) or "—"
        after = edit_value(field, new, names, fields, currency) or "—"
        lines.append((f"{field_name(field, names)}: {before} → {after}", "quiet"))
    return "pencil", "quiet", _with_who(_("Changed"), item.who), lines


def _imported(item: TimelineItem) -> Words:
    name = item.values.get("file", "")
    head = _("Imported from {file}").format(file=name) if name else _("Imported")
    return "file-input", "quiet", _with_who(head, item.who), []


def _invoice(item: TimelineItem) -> Words:
    v = item.values
    sentence = _("Credit note {number}: {amount}") if v["amount"] < 0 else _("Invoice {number}: {amount}")
    head = sentence.format(number=v["number"], amount=format_money(v["amount"], v["currency"]))
    lines = []
    if v["due"]:
        lines.append(
            (_("To be paid by {day}").format(day=format_date(date.fromisoformat(v["due"]))), "quiet")
        )
    if v["comment"]:
        lines.append((v["comment"], "quiet"))
    return "receipt", "quiet", _with_who(head, item.who), lines


def _payment(item: TimelineItem) -> Words:
    v = item.values
    head = _("Payment: {amount}").format(amount=format_money(v["amount"], v["currency"]))
    lines = [(_("For invoice {number}").format(number=v["number"]), "quiet")] if v["number"] else []
    if v["comment"]:
        lines.append((v["comment"], "quiet"))
    return "banknote", "won_text", head, lines


def field_name(field: str, names: Names) -> str:
    """A column in words."""
    if field.startswith("field:"):
        return names.fields.get(int(field.split(":")[1]), _("Field"))
    return {
        "name": _("Name"),
        "title": _("Title"),
        "legal_name": _("Legal name"),
        "tax_id": _("Tax number"),
        "bank_account": _("Bank account"),
        "address": _("Address"),
        "city": _("City"),
        "region": _("Region"),
        "country": _("Country"),
        "size": _("Size"),
        "category": _("Category"),
        "roles": _("Roles"),
        "source_id": _("Source"),
        "manager_id": _("Manager"),
        "product_id": _("Product"),
        "comment": _("Comment"),
        "phone": _("Phone"),
        "email": _("E-mail"),
        "website": _("Site"),
        "contact": _("Contact"),
        "position": _("Position"),
        "first_name": _("First name"),
        "last_name": _("Last name"),
        "kind": _("Kind"),
        "amount": _("Amount"),
        "currency": _("Currency"),
        "expected_close": _("Expected close"),
        "loss_reason_id": _("Loss reason"),
        "loss_comment": _("Loss comment"),
        "competitor": _("Competitor"),
        "demand": _("First request"),
        "company_id": _("Company"),
        "person_id": _("Person"),
        "external_id": _("Number elsewhere"),
        "consent_at": _("Consent"),
        "consent_how": _("How it was given"),
        "file": _("File"),
        "drop_reason": _("Reason"),
    }.get(field, field)


def edit_value(field: str, value: Any, names: Names, fields: Mapping[int, CustomField], currency: str) -> str:
    """A value of a column in words."""
    if value is None or value == "":
        return ""
    lists = {
        "manager_id": names.managers,
        "source_id": names.sources,
        "product_id": names.products,
        "loss_reason_id": names.reasons,
    }
    if field in lists:
        return lists[field].get(value, "?")
    if field == "roles":
        return roles_words(str(value))
    if field == "kind":
        return person_kind_words(str(value))
    if field == "amount":
        return format_money(value, currency)
    if field == "expected_close":
        return format_date(date.fromisoformat(value))
    if field == "consent_at":
        return format_date(value)
    if field.startswith("field:"):
        from funneldesk.ui.clients.columns import value_words

        custom = fields.get(int(field.split(":")[1]))
        return value_words(custom, str(value), currency) if custom else str(value)
    return str(value)
