"""How a Markdown page is set: sizes of headings, room between blocks, quiet tables."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import (
    QBrush,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextTable,
)

from funneldesk.ui.theme import BODY, HEADLINE, SPACE, SPACE_2, SPACE_3, SPACE_6, TITLE, Theme

LINE_HEIGHT = 135  # percent
INDENT = 18  # of a level of a list
_SIZES = {1: HEADLINE, 2: TITLE}
_ABOVE = {1: 0, 2: SPACE_6}


def dress(document: QTextDocument, theme: Theme) -> None:
    """Give a page that was just read from Markdown the look of the program."""
    document.setIndentWidth(theme.px(INDENT))
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    for block in _blocks(document):
        cursor.setPosition(block.position())
        cursor.setPosition(block.position() + block.length() - 1, QTextCursor.MoveMode.KeepAnchor)
        level = block.blockFormat().headingLevel()
        if level:
            cursor.setCharFormat(_heading(level, theme))
        if cursor.currentTable() is None:
            cursor.mergeBlockFormat(_room(block, level, theme))
        else:
            cursor.mergeBlockFormat(_line_height())
        _mark_code(cursor, block, theme)
    for table in _tables(document):
        _dress_table(table, theme)
    cursor.endEditBlock()


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _tables(document: QTextDocument) -> Iterator[QTextTable]:
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            yield frame


def _line_height() -> QTextBlockFormat:
    made = QTextBlockFormat()
    made.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    return made


def _room(block: QTextBlock, level: int, theme: Theme) -> QTextBlockFormat:
    made = _line_height()
    made.setTopMargin(theme.px(_ABOVE.get(level, 0)))
    listed = block.textList() is not None
    last = listed and block.next().textList() is None
    made.setBottomMargin(theme.px(SPACE if listed and not last else SPACE_2))
    return made


def _heading(level: int, theme: Theme) -> QTextCharFormat:
    # anew: what Markdown gave makes headings larger by steps of its own
    made = QTextCharFormat()
    made.setFont(theme.font(_SIZES.get(level, BODY), bold=True))
    return made


def _mark_code(cursor: QTextCursor, block: QTextBlock, theme: Theme) -> None:
    back = QTextCharFormat()
    back.setBackground(QBrush(theme.color("sunken")))
    for part in block.textFormats():
        if part.format.fontFixedPitch():
            start = block.position() + part.start
            cursor.setPosition(start)
            cursor.setPosition(start + part.length, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(back)


def _dress_table(table: QTextTable, theme: Theme) -> None:
    made = table.format()
    made.setCellPadding(theme.px(SPACE_2 - 2))
    made.setCellSpacing(0)
    made.setBorder(1)
    made.setBorderCollapse(True)
    made.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    made.setBorderBrush(QBrush(theme.color("line")))
    made.setTopMargin(theme.px(SPACE))
    made.setBottomMargin(theme.px(SPACE_3))
    table.setFormat(made)
    for column in range(table.columns()):
        cell = table.cellAt(0, column)
        head = cell.format()
        head.setBackground(QBrush(theme.color("sunken")))
        cell.setFormat(head)
