"""The logo of prints: a picture chosen, made small, kept in the base."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from funneldesk.errors import UserError
from funneldesk.text import _, error_text
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import PlainLabel

MOST = QSize(900, 270)  # sharp at three hundred dots to the inch in the head of a page
SHOWN = QSize(150, 40)


class LogoField(QWidget):
    """The picture as it is, a button to choose another, one to take it away."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        self.picture = PlainLabel("")
        self.picture.setAccessibleName(_("Logo on prints"))
        self.choose = push_button(_("Choose a picture…"), self._ask, theme=context.theme, icon="image")
        self.remove = push_button(_("Remove"), lambda: self._keep(b""), theme=context.theme)
        self.remove.setAccessibleName(_("Remove the logo"))
        row.addWidget(self.picture)
        row.addWidget(self.choose)
        row.addWidget(self.remove)
        row.addStretch(1)
        self.refresh()

    def refresh(self) -> None:
        """Show the logo of the base."""
        kept = self._context.logo
        picture = QPixmap.fromImage(QImage.fromData(kept)) if kept else QPixmap()
        size = SHOWN * self._context.theme.scale
        if not picture.isNull():
            smooth = Qt.TransformationMode.SmoothTransformation
            picture = picture.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, smooth)
        self.picture.setPixmap(picture)
        self.picture.setVisible(not picture.isNull())
        self.remove.setVisible(bool(kept))
        for button in (self.choose, self.remove):
            button.setEnabled(not self._context.read_only)

    def take(self, path: Path) -> None:
        """Keep the picture of a file, made as small as prints need it."""
        try:
            self._keep(small_png(path))
        except UserError as error:
            self._context.toast(error_text(error), error=True)

    def _ask(self) -> None:
        kinds = _("Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.gif)")
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Logo on prints"), "", kinds)
        if chosen:
            self.take(Path(chosen))

    def _keep(self, picture: bytes) -> None:
        from funneldesk.services import letterhead

        def kept(_done: object) -> None:
            self._context.logo = picture
            self.refresh()

        def failed(error: Exception) -> None:
            if isinstance(error, UserError):
                self._context.toast(error_text(error), error=True)
            else:
                raise error

        self._context.tasks.write(lambda db: letterhead.set_logo(db, picture), kept, failed, receiver=self)


def small_png(path: Path) -> bytes:
    """A picture no larger than prints need, as PNG; UserError `logo.unreadable`."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and (size.width() > MOST.width() or size.height() > MOST.height()):
        # made small while it is read: a photo of a hundred megapixels takes no memory for them
        reader.setScaledSize(size.scaled(MOST, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise UserError("logo.unreadable", name=path.name)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
