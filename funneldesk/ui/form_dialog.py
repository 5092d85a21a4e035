"""A dialog that asks for some values and does one thing with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from funneldesk.domain.change import Change
from funneldesk.errors import UserError
from funneldesk.text import error_text
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.widgets.buttons import PrimaryButton
from funneldesk.ui.widgets.fields import ChoiceField
from funneldesk.ui.widgets.forms import Form
from funneldesk.ui.widgets.labels import Quiet

if TYPE_CHECKING:
    from funneldesk.store.database import Database


class FormDialog(Dialog):
    """A heading, a form, Cancel and the button that does it; errors stand under `error_key`."""

    error_key = "title"

    def __init__(self, context: AppContext, parent: QWidget | None, title: str, do: str, icon: str) -> None:
        super().__init__(context.theme, parent)
        self.context = context
        column = self.headed(title, 480)
        self.about = Quiet(wrap=True)
        self.about.hide()
        column.addWidget(self.about)
        self.form = Form(context.theme)
        column.addWidget(self.form)
        self.extra = QVBoxLayout()
        column.addLayout(self.extra)
        column.addStretch(1)
        self.button = PrimaryButton(do, self.accept, theme=context.theme, icon=icon)
        self.foot = self.add_foot(column, self.button)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.accept)

    def tell(self, text: str) -> None:
        """What the dialog is about."""
        self.about.setText(text)
        self.about.setVisible(bool(text))

    def choice(self, key: str) -> ChoiceField:
        """A field that is a choice."""
        field = self.form.field(key)
        assert isinstance(field, ChoiceField)
        return field

    def collected(self) -> dict[str, Any]:
        """The values that are handed to `write`."""
        return self.form.values()

    def write(self, db: Database, actor: Any, values: dict[str, Any]) -> Change:
        """Do it."""
        raise NotImplementedError

    def done_with(self, change: Change) -> None:
        """It is done."""

    def _failed(self, error: Exception) -> None:
        self.button.setEnabled(True)
        if isinstance(error, UserError):
            self.form.set_error(self.error_key, error_text(error))

    def _saved(self, change: Change) -> None:
        super().accept()
        self.done_with(change)

    # Qt overrides

    def accept(self) -> None:
        """Do it when nothing is missing."""
        if self.form.check() and self.button.isEnabled():
            values = self.collected()
            self.button.setEnabled(False)
            save(
                self.context, lambda db, actor: self.write(db, actor, values), self, self._saved, self._failed
            )
