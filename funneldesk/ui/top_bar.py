"""The bar above the screens: back, forward, search, New, undo."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from funneldesk.text import _
from funneldesk.ui.actions import Actions
from funneldesk.ui.global_search import GlobalSearch
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_4, Theme
from funneldesk.ui.widgets.buttons import IconButton, PrimaryButton


class TopBar(QFrame):
    """Search in the middle, New at the right."""

    def __init__(
        self, theme: Theme, actions: Actions, search: GlobalSearch, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self._actions = actions
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_2, SPACE_2, SPACE_4, SPACE_2)
        layout.setSpacing(SPACE)
        for action_id, icon in (("back", "arrow-left"), ("forward", "arrow-right")):
            layout.addWidget(self._button(theme, action_id, icon))
        layout.addSpacing(SPACE_2)
        search.setMaximumWidth(theme.px(560))
        layout.addWidget(search, 4)
        layout.addStretch(1)
        for action_id, icon in (("undo", "undo-2"), ("redo", "redo-2")):
            layout.addWidget(self._button(theme, action_id, icon))
        layout.addSpacing(SPACE_2)
        self.new_button = PrimaryButton(_("New"), theme=theme, icon="plus")
        self.new_button.setAccessibleName(_("New"))
        layout.addWidget(self.new_button)

    def set_new_menu(self, menu: QMenu) -> None:
        """What can be made."""
        self.new_button.setMenu(menu)

    def _button(self, theme: Theme, action_id: str, icon: str) -> IconButton:
        action = self._actions.get(action_id)
        button = IconButton(theme, icon, action.toolTip(), action.trigger)
        button.setEnabled(action.isEnabled())

        def follow() -> None:
            button.setEnabled(action.isEnabled())
            keys = action.shortcut().toString()
            tip = action.text().replace("&", "")
            button.setToolTip(f"{tip} ({keys})" if keys else tip)

        action.changed.connect(follow)
        follow()
        return button
