"""A question of one line: a name, an address, or one of a list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from funneldesk.ui.dialog import Dialog
from funneldesk.ui.theme import SPACE, SPACE_2, Theme
from funneldesk.ui.widgets.buttons import PrimaryButton
from funneldesk.ui.widgets.fields import ChoiceField
from funneldesk.ui.widgets.labels import PlainLabel


class AskDialog(Dialog):
    """`answered` carries what was typed, without blanks at its ends, or the value of what was chosen."""

    answered = Signal(object)

    def __init__(
        self,
        theme: Theme,
        title: str,
        label: str,
        do: str,
        parent: QWidget,
        *,
        help_page: str,
        text: str = "",
        options: Sequence[tuple[object, str]] = (),
    ) -> None:
        super().__init__(theme, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.help_page = help_page
        column = self.headed(title, 420, SPACE_2)
        words = PlainLabel(label)
        words.setWordWrap(True)
        column.addWidget(words)
        self.field = ChoiceField(options, optional=False) if options else QLineEdit(text)
        self.field.setAccessibleName(label)
        column.addWidget(self.field)
        self.do_button = PrimaryButton(do, self.accept)
        column.addSpacing(SPACE)
        self.add_foot(column, self.do_button)
        if isinstance(self.field, QLineEdit):
            self.field.selectAll()
            self.field.textChanged.connect(lambda _text: self._look())
        self.field.setFocus()
        self._look()

    def answer(self) -> object:
        """What is given now; "" and None are no answer."""
        return self.field.text().strip() if isinstance(self.field, QLineEdit) else self.field.value()

    def _look(self) -> None:
        self.do_button.setEnabled(self.answer() not in ("", None))

    # Qt overrides

    def accept(self) -> None:
        """Give the answer when there is one."""
        answer = self.answer()
        if answer not in ("", None):
            super().accept()
            self.answered.emit(answer)
