"""What the tests of prints share: the words of a PDF."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

from pypdf import PdfReader

ZONE = ZoneInfo("Europe/Warsaw")


def squeezed(text: str) -> str:
    """A text without its spaces, with the minus of a keyboard."""
    return re.sub(r"\s+", "", text).replace("\u2212", "-")


def printed(path: Path) -> list[str]:
    """The words of each page of a PDF, squeezed."""
    return [squeezed(page.extract_text()) for page in PdfReader(path).pages]
