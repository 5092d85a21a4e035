"""Buttons: primary, quiet, with an icon, and chips."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from funneldesk.text import _
from funneldesk.ui.icons import dress_button, theme_icon
from funneldesk.ui.theme import Theme
from funneldesk.ui.widgets.labels import plain_tooltip


def push_button(
    text: str,
    on_click: Callable[[], object] | None = None,
    *,
    role: str = "",
    theme: Theme | None = None,
    icon: str = "",
    parent: QWidget | None = None,
) -> QPushButton:
    """A button with words.  Roles: primary, danger, link, chip, or none."""
    button = QPushButton(text, parent)
    if role:
        button.setProperty("role", role)
    if icon and theme is not None:
        token = {"primary": "on_accent", "danger": "danger", "link": "accent"}.get(role, "quiet")
        dress_button(button, theme, icon, token)
    if on_click is not None:
        button.clicked.connect(lambda _checked=False: on_click())
    return button


class ElidedButton(QPushButton):
    """A link whose words end in an ellipsis where there is no room, and are its tooltip then."""

    def __init__(self, text: str, on_click: Callable[[], object]) -> None:
        super().__init__(text)
        self.setProperty("role", "link")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda _checked=False: on_click())

    # Qt overrides

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self).width()
        option.text = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room, Qt.TextFlag.TextShowMnemonic
        )
        self.setToolTip(plain_tooltip(self.text().replace("&&", "&")) if option.text != self.text() else "")
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)


class PrimaryButton(QPushButton):
    """The one thing to do here, in the accent colour."""

    def __init__(
        self,
        text: str,
        on_click: Callable[[], object] | None = None,
        *,
        theme: Theme | None = None,
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setProperty("role", "primary")
        if icon and theme is not None:
            dress_button(self, theme, icon, "on_accent")
        if on_click is not None:
            self.clicked.connect(lambda _checked=False: on_click())


class CopyButton(QPushButton):
    """Puts a text on the clipboard and says for a while that it did: there it cannot be seen."""

    SAYS_MS = 2000

    def __init__(self, words: str, text: Callable[[], str], theme: Theme) -> None:
        super().__init__(words)
        self._words, self._text, self._theme = words, text, theme
        dress_button(self, theme, "copy", "quiet")
        self._back = QTimer(self, singleShot=True, interval=self.SAYS_MS)
        self._back.timeout.connect(lambda: self._say(self._words, "copy"))
        self.clicked.connect(lambda _checked=False: self.copy())

    def copy(self) -> None:
        """Do it."""
        QGuiApplication.clipboard().setText(self._text())
        self.setMinimumWidth(self.width())
        self._say(_("Copied"), "check")
        self._back.start()

    def _say(self, words: str, icon: str) -> None:
        self.setText(words)
        dress_button(self, self._theme, icon, "quiet")


class IconButton(QToolButton):
    """A small button with an icon; `tip` is its name for the mouse and for screen readers."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        tip: str,
        on_click: Callable[[], object] | None = None,
        *,
        token: str = "quiet",
        size: int = 16,
        text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setIcon(theme_icon(theme, icon, token, size))
        self.setIconSize(QSize(theme.px(size), theme.px(size)))
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if text:
            self.setText(text)
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        if on_click is not None:
            self.clicked.connect(lambda _checked=False: on_click())
