"""Icons: outline pictures of resources/icons, recoloured in code and kept."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from funneldesk.ui.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton

WORD_GAP = 6  # between a picture and the words behind it

_EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"/>'


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    from funneldesk.resources import resource_path

    path = resource_path("icons", f"{name}.svg")
    return path.read_text(encoding="utf-8") if path.is_file() else _EMPTY


@lru_cache(maxsize=1024)
def pixmap(name: str, colour: str, size: int = 16, ratio: float = 2.0) -> QPixmap:
    """The picture `name` drawn in `colour` (#rrggbb), `size` pixels wide, for a screen of `ratio`."""
    from PySide6.QtSvg import QSvgRenderer

    source = _source(name).replace("currentColor", QColor(colour).name())
    renderer = QSvgRenderer(QByteArray(source.encode()))
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, picture.width(), picture.height()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


@lru_cache(maxsize=1024)
def icon(name: str, colour: str, size: int = 16) -> QIcon:
    """An icon in one colour; disabled it is drawn faint by the style."""
    return QIcon(pixmap(name, colour, size))


def theme_icon(theme: Theme, name: str, token: str = "quiet", size: int = 16) -> QIcon:
    """An icon in a colour of the theme; `size` is given for 100 %."""
    return icon(name, getattr(theme, token), theme.px(size))


@lru_cache(maxsize=256)
def _before_words(name: str, colour: str, size: int, ratio: float = 2.0) -> QPixmap:
    picture = QPixmap(round((size + WORD_GAP) * ratio), round(size * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    picture.setDevicePixelRatio(ratio)
    painter = QPainter(picture)
    painter.drawPixmap(0, 0, pixmap(name, colour, size, ratio))
    painter.end()
    return picture


def dress_button(button: QAbstractButton, theme: Theme, name: str, token: str = "quiet") -> None:
    """Put a picture before a button's words, with room between them; faint when the button is off."""
    size, found = theme.px(16), QIcon()
    found.addPixmap(_before_words(name, getattr(theme, token), size), QIcon.Mode.Normal)
    found.addPixmap(_before_words(name, theme.disabled, size), QIcon.Mode.Disabled)
    button.setIcon(found)
    button.setIconSize(QSize(size + WORD_GAP, size))


def toggled_icon(theme: Theme, name: str, size: int = 20) -> QIcon:
    """An icon that is quiet when off and in the accent colour when on."""
    found = QIcon()
    pixels = theme.px(size)
    found.addPixmap(pixmap(name, theme.quiet, pixels), QIcon.Mode.Normal, QIcon.State.Off)
    found.addPixmap(pixmap(name, theme.accent, pixels), QIcon.Mode.Normal, QIcon.State.On)
    return found
