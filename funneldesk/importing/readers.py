"""A foreign file -> the staging file.  Runs only in the child of `child.py`.

The first bytes say what a file is, never its name: an HTML table or plain text called .xls is common.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from funneldesk.importing.child import ReadError, ReadOptions
from funneldesk.importing.staging import StagingWriter, Told
from funneldesk.importing.tables import TableWriter

Progress = Callable[[float], None]
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = (
    b"\x09\x08\x10\x00",
    b"\x09\x08\x08\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x00\x04\x00",
)


def sniff(head: bytes) -> str:
    """What the first bytes of a file say: zip, ole, html, xml, vcard, binary or text."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith((_OLE, *_BIFF)):
        return "ole"
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").replace(b"\x00", b"")[:2000].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<style", b"<head", b"<div")):
        return "html"
    if start.startswith(b"begin:vcard"):
        return "vcard"
    if start.startswith((b"<?xml", b"<workbook")):
        return "html" if b"<html" in start else "xml"
    if start.startswith(
        (b"%pdf", b"\x89png", b"gif8", b"\xff\xd8\xff", b"rar!", b"7z\xbc\xaf", b"\x7felf", b"mz")
    ):
        return "binary" if not _texty(head) else "text"
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return "text"
    return "text" if _texty(head) else "binary"


def _texty(head: bytes) -> bool:
    """Whether bytes look like text in some encoding: no control bytes but for UTF-16's zeros."""
    if not head:
        return True
    zeros = head.count(0)
    if zeros:
        odd, even = head[1::2].count(0), head[::2].count(0)
        return max(odd, even) > 0.3 * len(head) / 2 and min(odd, even) <= 0.05 * len(head) / 2
    odd_bytes = sum(head.count(code) for code in range(32) if code not in (9, 10, 12, 13, 26, 27))
    return odd_bytes <= len(head) // 200


def read(
    path: Path,
    staging: Path,
    options: ReadOptions,
    progress: Progress,
    bold: Callable[[bool], None] = lambda _now: None,
    told: Told | None = None,
) -> None:
    """Read the file at `path` into a new staging file.  Raises ReadError (import.*).

    `bold` is told before and after something is read that was not looked into yet, `told` of every
    block of rows that is staged.
    """
    with path.open("rb") as file:
        head = file.read(8192)
    kind = sniff(head)
    with TableWriter(staging, told) as writer:
        writer.note("format", kind)
        _read(path, kind, head, writer, options, progress, bold)
    progress(1.0)


def _read(
    path: Path,
    kind: str,
    head: bytes,
    writer: StagingWriter,
    options: ReadOptions,
    progress: Progress,
    bold: Callable[[bool], None],
) -> None:
    if kind == "zip":
        from funneldesk.importing import readers_sheet

        readers_sheet.read_zip(path, writer, progress, None if options.careful else bold)
    elif kind == "ole":
        from funneldesk.importing import readers_sheet

        readers_sheet.read_ole(path, head, writer, progress)
    elif kind in ("html", "xml"):
        from funneldesk.importing import readers_markup

        readers_markup.read(path, kind, writer, options, progress)
    elif kind == "vcard":
        from funneldesk.importing import readers_vcard

        readers_vcard.read(path, writer, options, progress)
    elif kind == "text":
        from funneldesk.importing import readers_text

        readers_text.read(path, writer, options, progress)
    else:
        raise ReadError("import.not_a_table")
