"""Another text in all cells of a column of the dry run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QWidget

from funneldesk.text import _
from funneldesk.ui.theme import SPACE_2, Theme
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import PlainLabel
from funneldesk.ui.widgets.popup_filter import Popup

Replace = Callable[[int, str, str, bool], None]  # column, old text, new text, only whole cells


class ReplacePopup(Popup):
    """Opens with the text of the current cell; Enter replaces."""

    def __init__(
        self, theme: Theme, parent: QWidget, headers: Sequence[str], column: int, found: str, take: Replace
    ) -> None:
        super().__init__(parent)
        self._take = take
        self.column_box = QComboBox()
        self.column_box.addItems(list(headers))
        self.column_box.setCurrentIndex(column)
        self.old = QLineEdit(found)
        self.new = QLineEdit()
        self.whole = QCheckBox(_("Only whole cells"))
        self.whole.setChecked(True)
        grid = QGridLayout()
        grid.setSpacing(SPACE_2)
        rows = ((_("Column"), self.column_box), (_("Replace"), self.old), (_("with"), self.new))
        for row, (words, field) in enumerate(rows):
            label = PlainLabel(words, "field")
            label.setBuddy(field)
            field.setAccessibleName(words)
            field.setMinimumWidth(theme.px(240))
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(self.whole, len(rows), 1)
        self.button = push_button(_("Replace in the rows shown"), self.done, role="primary")
        grid.addWidget(self.button, len(rows) + 1, 1)
        self.column.addLayout(grid)
        for field in (self.old, self.new):
            field.returnPressed.connect(self.done)

    def done(self) -> None:
        """Replace and close."""
        self.close()
        column = self.column_box.currentIndex()
        self._take(column, self.old.text(), self.new.text(), self.whole.isChecked())
