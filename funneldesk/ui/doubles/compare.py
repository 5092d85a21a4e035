"""Clients side by side: which card stays, and for each field the value that stays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from funneldesk.domain.doubles import merged_fields
from funneldesk.text import _, format_date
from funneldesk.ui.clients.sections import LinkButton
from funneldesk.ui.clients.timeline import edit_value, field_name
from funneldesk.ui.context import AppContext
from funneldesk.ui.doubles.words import counts_words
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3
from funneldesk.ui.widgets.labels import ElidedLabel, PlainLabel, Quiet, plain_tooltip

if TYPE_CHECKING:
    from funneldesk.services.doubles import Comparison, Merge

COLUMN = 230  # width of a card at 100 %


class Choice(QRadioButton):
    """A value to choose: one line that shortens itself, whole in its tooltip."""

    def __init__(self, text: str, value: Any, width: int) -> None:
        super().__init__()
        self.value = value
        line = " ".join(text.split())
        shown = self.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, width)
        self.setText(shown.replace("&", "&&"))
        self.setAccessibleName(text)
        if shown != text:
            self.setToolTip(plain_tooltip(text))


class CompareView(QWidget):
    """`changed` when what would be merged is another; `open_card` when one wants to see a card."""

    changed = Signal()
    open_card = Signal(str, int)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._shown: Comparison | None = None
        self._body: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addStretch(1)
        self.included: dict[int, QCheckBox] = {}
        self.keepers: dict[int, QRadioButton] = {}
        self.choices: dict[str, list[Choice]] = {}

    def show_comparison(self, shown: Comparison | None) -> None:
        """Show clients, with what is proposed chosen."""
        self._shown = shown
        if self._body is not None:
            self._body.hide()
            self._body.deleteLater()
            self._body = None
        self.included, self.keepers, self.choices = {}, {}, {}
        if shown is None:
            return
        self._body = QWidget()
        grid = QGridLayout(self._body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_3)
        grid.setVerticalSpacing(SPACE)
        grid.setColumnMinimumWidth(0, self._context.theme.px(116))
        self._add_heads(grid, shown)
        self._add_fields(grid, shown)
        self._add_rest(grid, shown)
        grid.setColumnStretch(len(shown.records) + 1, 1)
        self._column.insertWidget(0, self._body)

    def merge(self) -> Merge | None:
        """What is chosen; None while fewer than two cards are."""
        from funneldesk.services.doubles import Merge

        shown = self._shown
        if shown is None:
            return None
        ids = [i for i, box in self.included.items() if box.isChecked()]
        keep = next((i for i, radio in self.keepers.items() if radio.isChecked()), 0)
        if len(ids) < 2 or keep not in ids:
            return None
        values, custom = dict(shown.values), dict[int, str]()
        if len(ids) < len(shown.records):  # what is proposed came from all of them
            from funneldesk.domain.doubles import proposed_values

            records = [record for record in shown.records if record.id in ids]
            values = proposed_values(shown.kind, records, keep)
        for key, choices in self.choices.items():
            chosen = next((c for c in choices if c.isChecked() and c.isEnabled()), None)
            if chosen is not None and key.startswith("field:"):
                custom[int(key.split(":")[1])] = str(chosen.value)
            elif chosen is not None:
                values[key] = chosen.value
        return Merge(shown.kind, keep, tuple(i for i in ids if i != keep), values, custom)

    # -- rows ---------------------------------------------------------------------------------

    def _add_heads(self, grid: QGridLayout, shown: Comparison) -> None:
        keepers = QButtonGroup(self._body)
        width = self._context.theme.px(COLUMN)
        for column, record in enumerate(shown.records, start=1):
            head = QWidget()
            head.setFixedWidth(width)
            lines = QVBoxLayout(head)
            lines.setContentsMargins(0, 0, 0, SPACE_2)
            lines.setSpacing(SPACE)
            name = LinkButton(partial(self.open_card.emit, shown.kind, record.id))
            name.set_words(record.name, width)
            lines.addWidget(name, 0, Qt.AlignmentFlag.AlignLeft)
            lines.addWidget(
                Quiet(
                    _("since {day}").format(day=format_date(record.created_at, self._context.zone)),
                    small=True,
                )
            )
            box = QCheckBox(_("The same client"))
            box.setChecked(True)
            box.setVisible(len(shown.records) > 2)
            box.toggled.connect(lambda _on: self._include())
            lines.addWidget(box)
            stays = QRadioButton(_("This card stays"))
            stays.setChecked(record.id == shown.keeper)
            stays.setAccessibleName(f"{_('This card stays')}: {record.name}")
            stays.toggled.connect(lambda _on: self.changed.emit())
            keepers.addButton(stays)
            lines.addWidget(stays)
            self.included[record.id], self.keepers[record.id] = box, stays
            grid.addWidget(head, 0, column, Qt.AlignmentFlag.AlignTop)

    def _include(self) -> None:
        """A card that is not the same client offers no values and cannot stay."""
        assert self._shown is not None
        for place, record in enumerate(self._shown.records):
            inside = self.included[record.id].isChecked()
            self.keepers[record.id].setEnabled(inside)
            for choices in self.choices.values():
                for choice in choices:
                    if choice.property("card") == place:
                        choice.setEnabled(inside)
        if not any(radio.isChecked() and radio.isEnabled() for radio in self.keepers.values()):
            for radio in self.keepers.values():
                if radio.isEnabled():
                    radio.setChecked(True)
                    break
        self.changed.emit()

    def _add_fields(self, grid: QGridLayout, shown: Comparison) -> None:
        names, currency = shown.names, self._context.currency
        for field in merged_fields(shown.kind):
            values = [getattr(record, field) for record in shown.records]
            words = [self._words(shown, field, value) for value in values]
            if any(words):
                self._add_row(grid, field, field_name(field, names), words, values, shown.values.get(field))
        from funneldesk.ui.clients.columns import value_words

        for own in shown.fields:
            values = [shown.custom[record.id].get(own.id, "") for record in shown.records]
            if any(values):
                words = [value_words(own, value, currency) if value else "" for value in values]
                place = [record.id for record in shown.records].index(shown.keeper)
                proposed = values[place] or next(value for value in values if value)
                self._add_row(grid, f"field:{own.id}", own.name, words, values, proposed)

    def _words(self, shown: Comparison, field: str, value: Any) -> str:
        if field == "company_id":
            return shown.companies.get(value, "")
        return edit_value(field, value, shown.names, {}, self._context.currency)

    def _add_row(
        self,
        grid: QGridLayout,
        key: str,
        title: str,
        words: Sequence[str],
        values: Sequence[Any],
        proposed: Any,
    ) -> None:
        row = grid.rowCount()
        grid.addWidget(_title(title, self._context.theme.px(116)), row, 0, Qt.AlignmentFlag.AlignTop)
        width = self._context.theme.px(COLUMN)
        if len({word for word in words if word}) < 2 or proposed not in values:
            for column, word in enumerate(words, start=1):
                label = ElidedLabel(" ".join(word.split()) or "—", "" if word else "quiet")
                label.setFixedWidth(width)
                grid.addWidget(label, row, column)
            return
        group = QButtonGroup(self._body)
        self.choices[key] = []
        for column, (word, value) in enumerate(zip(words, values, strict=True), start=1):
            choice = Choice(word or "—", value, width - self._context.theme.px(28))
            choice.setFixedWidth(width)
            choice.setProperty("card", column - 1)
            choice.setAccessibleName(f"{title}: {word or '—'}")
            choice.setChecked(value == proposed and group.checkedButton() is None)
            group.addButton(choice)
            self.choices[key].append(choice)
            grid.addWidget(choice, row, column)

    def _add_rest(self, grid: QGridLayout, shown: Comparison) -> None:
        """What is kept from every card: the ways to reach it, and its records."""
        for title, texts in (
            (
                _("Contacts"),
                ["\n".join(p.value for p in shown.contacts.get(r.id, ())) for r in shown.records],
            ),
            (_("All of it is kept"), [counts_words(shown.counts.get(r.id, {})) for r in shown.records]),
        ):
            row = grid.rowCount()
            grid.addWidget(_title(title, self._context.theme.px(116)), row, 0, Qt.AlignmentFlag.AlignTop)
            for column, text in enumerate(texts, start=1):
                label = PlainLabel(text or "—")
                label.setWordWrap(True)
                label.setFixedWidth(self._context.theme.px(COLUMN))
                label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
                grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)


def _title(text: str, width: int) -> PlainLabel:
    label = PlainLabel(text, "field")
    label.setWordWrap(True)
    label.setFixedWidth(width)
    return label
