"""The program's mark in the forms that each system wants, drawn from resources/icons/funneldesk.svg."""

from __future__ import annotations

import os
import struct
from pathlib import Path

from PySide6.QtCore import QBuffer, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT = Path(__file__).resolve().parent.parent
MARK = ROOT / "resources" / "icons" / "funneldesk.svg"
ICO_SIZES = (16, 20, 24, 32, 48, 64, 128, 256)
# Apple's names of the forms in an .icns, by pixels
ICNS_SIZES = {b"icp4": 16, b"icp5": 32, b"icp6": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024}


def png(size: int) -> bytes:
    """The mark as a PNG of `size` pixels each way."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication([])
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(MARK)).render(painter)
    painter.end()
    del application
    return _written(image, "PNG")


def _written(image: QImage, form: str) -> bytes:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, form)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def ico() -> bytes:
    """For Windows: a table of PNGs (which Windows reads since Vista)."""
    pictures = [(size, png(size)) for size in ICO_SIZES]
    head, offset = struct.pack("<HHH", 0, 1, len(pictures)), 6 + 16 * len(pictures)
    for size, data in pictures:
        edge = size % 256  # 0 stands for 256
        head += struct.pack("<BBBBHHII", edge, edge, 0, 0, 1, 32, len(data), offset)
        offset += len(data)
    return head + b"".join(data for _size, data in pictures)


def side_bmp() -> bytes:
    """The picture beside the first and the last page of the set-up program: the mark on its own colour."""
    image = QImage(164, 314, QImage.Format.Format_RGB888)
    image.fill(QColor("#2f5fd0"))
    painter = QPainter(image)
    painter.drawImage(34, 60, QImage.fromData(png(96)))
    painter.end()
    return _written(image, "BMP")


def icns() -> bytes:
    """For macOS: PNGs, each under the name of its form."""
    parts = [(name, png(size)) for name, size in ICNS_SIZES.items()]
    body = b"".join(name + struct.pack(">I", len(data) + 8) + data for name, data in parts)
    return b"icns" + struct.pack(">I", len(body) + 8) + body
