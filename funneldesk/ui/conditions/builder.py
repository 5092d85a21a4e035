"""The builder of conditions: rows of field · condition · value, in groups of "all" or "any"."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from funneldesk.condition_words import field_name, op_words
from funneldesk.domain.condition import OPS, Condition, Group, Need, complete, need
from funneldesk.domain.condition_fields import AskField
from funneldesk.text import _
from funneldesk.ui.conditions.values import ValueEditor, make_editor
from funneldesk.ui.theme import SPACE_2, Theme
from funneldesk.ui.widgets.buttons import IconButton, push_button
from funneldesk.ui.widgets.fields import ChoiceField

DEEPEST = 2  # groups in groups that can be made here


class ConditionRow(QWidget):
    """One condition."""

    changed = Signal()
    removed = Signal(QWidget)

    def __init__(self, theme: Theme, kind: str, fields: Sequence[AskField], currency: str) -> None:
        super().__init__()
        self._theme = theme
        self._kind = kind
        self._fields = {field.key: field for field in fields}
        self._currency = currency
        self._editor: ValueEditor = ValueEditor()
        names = sorted(((f.key, field_name(f, kind)) for f in fields), key=lambda pair: pair[1].casefold())
        self.field = ChoiceField(names, fields[0].key, optional=False)
        self.op = ChoiceField(optional=False)
        self.field.setAccessibleName(_("Field"))
        self.op.setAccessibleName(_("Condition"))
        for box, width in ((self.field, 220), (self.op, 190)):
            box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            box.setMinimumWidth(theme.px(120))
            box.setMinimumContentsLength(12)
            box.setSizeAdjustPolicy(ChoiceField.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMaximumWidth(theme.px(width))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_2)
        self._grid.setColumnStretch(2, 1)
        self._grid.addWidget(self.field, 0, 0)
        self._grid.addWidget(self.op, 0, 1)
        self._grid.addWidget(self._editor, 0, 2)
        remove = IconButton(theme, "x", _("Remove this condition"), lambda: self.removed.emit(self))
        self._grid.addWidget(remove, 0, 3)
        self.field.changed.connect(self._field_chosen)
        self.op.changed.connect(lambda: self._op_chosen(keep=True))
        self._field_chosen()

    def condition(self) -> Condition | None:
        """What is asked, None while something is missing."""
        made = Condition(str(self.field.value()), str(self.op.value()), self._editor.value())
        return made if complete(made) else None

    def set_condition(self, condition: Condition) -> None:
        """Show a condition."""
        self.field.set_value(condition.field)
        self.op.set_value(condition.op)
        self._editor.set_value(condition.value)

    @property
    def editor(self) -> ValueEditor:
        """Where the value is given."""
        return self._editor

    def _field_chosen(self) -> None:
        field = self._fields[str(self.field.value())]
        self.op.blockSignals(True)
        self.op.set_options([(op, op_words(field.key, op)) for op in OPS[field.type]])
        self.op.blockSignals(False)
        self._op_chosen()

    def _op_chosen(self, *, keep: bool = False) -> None:
        field = self._fields[str(self.field.value())]
        wants = need(str(self.op.value()))
        kept = self._editor.value() if keep and wants in (Need.ONE, Need.SOME) else None
        fresh = make_editor(self._theme, self._currency, field, wants, self._kind)
        old, self._editor = self._editor, fresh
        self._grid.replaceWidget(old, fresh)
        old.hide()
        old.deleteLater()
        if kept is not None and type(old) is type(fresh):
            fresh.set_value(kept)
        fresh.changed.connect(self.changed)
        self.changed.emit()


class GroupBox(QFrame):
    """Rows and inner groups, with "all" or "any" above them."""

    changed = Signal()
    removed = Signal(QWidget)

    def __init__(
        self, theme: Theme, kind: str, fields: Sequence[AskField], currency: str, *, depth: int = 0
    ) -> None:
        super().__init__()
        self._theme = theme
        self._kind = kind
        self._fields = fields
        self._currency = currency
        self._depth = depth
        self.parts: list[ConditionRow | GroupBox] = []
        if depth:
            self.setObjectName("inner_group")
            self.setStyleSheet(f"#inner_group {{ border-left: 2px solid {theme.line}; padding-left: 8px; }}")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE_2 if depth else 0, 0, 0, 0)
        self._column.setSpacing(SPACE_2)
        head = QHBoxLayout()
        self.how = ChoiceField(
            ((False, _("All of these hold")), (True, _("Any of these holds"))), False, optional=False
        )
        self.how.setAccessibleName(_("How the conditions are joined"))
        self.how.changed.connect(self.changed)
        head.addWidget(self.how)
        head.addStretch(1)
        if depth:
            head.addWidget(IconButton(theme, "x", _("Remove this group"), lambda: self.removed.emit(self)))
        self._column.addLayout(head)
        foot = QHBoxLayout()
        self.add_button = push_button(
            _("Add a condition"), self._add_empty, role="link", theme=theme, icon="plus"
        )
        foot.addWidget(self.add_button)
        if depth < DEEPEST:
            self.group_button = push_button(
                _("Add a group"), self._add_group, role="link", theme=theme, icon="layers"
            )
            foot.addWidget(self.group_button)
        foot.addStretch(1)
        self._column.addLayout(foot)

    def group(self) -> Group:
        """What is asked; what is not complete is left out."""
        parts: list[Condition | Group] = []
        for part in self.parts:
            made = part.group() if isinstance(part, GroupBox) else part.condition()
            if made:
                parts.append(made)
        return Group(tuple(parts), bool(self.how.value()))

    def set_group(self, group: Group) -> None:
        """Show conditions; an empty group shows one empty row."""
        for old in list(self.parts):
            self._take_out(old)
        self.how.set_value(group.any)
        for part in group.parts:
            if isinstance(part, Group):
                inner = self._make_group()
                self._put(inner)
                inner.set_group(part)
            else:
                self.add_row().set_condition(part)
        if not self.parts:
            self.add_row()
        self.changed.emit()

    def add_row(self) -> ConditionRow:
        """One more condition."""
        row = ConditionRow(self._theme, self._kind, self._fields, self._currency)
        self._put(row)
        return row

    def _make_group(self) -> GroupBox:
        return GroupBox(self._theme, self._kind, self._fields, self._currency, depth=self._depth + 1)

    def _put(self, part: ConditionRow | GroupBox) -> None:
        part.changed.connect(self.changed)
        part.removed.connect(self._remove)
        self.parts.append(part)
        self._column.insertWidget(self._column.count() - 1, part)

    def _add_empty(self) -> None:
        self.add_row().field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_group(self) -> None:
        inner = self._make_group()
        self._put(inner)
        inner.how.set_value(True)
        inner.add_row().field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self, part: ConditionRow | GroupBox) -> None:
        self._take_out(part)
        self.add_button.setFocus()
        self.changed.emit()

    def _take_out(self, part: ConditionRow | GroupBox) -> None:
        self.parts.remove(part)
        self._column.removeWidget(part)
        part.hide()
        part.deleteLater()
