"""Drawing without a window: the command line renders PDFs with it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from funneldesk.domain.booklet import Printable


def ensure_application() -> QApplication:
    """The application, made without a display when there is none."""
    from PySide6.QtWidgets import QApplication

    known = QApplication.instance()
    if isinstance(known, QApplication):
        return known
    displays = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in displays):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QApplication(sys.argv[:1])


def render_report_pdf(
    what: Printable,
    path: Path,
    zone: ZoneInfo | None = None,
    *,
    company: str = "",
    logo: bytes = b"",
    paper: str | None = None,
    landscape: bool | None = None,
) -> None:
    """Write what is printed as PDF, with a window open or without a display at all."""
    application = ensure_application()
    from funneldesk.ui.reports.print import render_pdf

    render_pdf(what, path, zone=zone, company=company, logo=logo, paper=paper, landscape=landscape)
    application.processEvents()  # what was put away is deleted while Qt still lives
