"""Step 4: how far the import is, and then what it has done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from funneldesk.importing.fields import Kind
from funneldesk.record_words import RECORDS, record_words
from funneldesk.text import N_, _, format_number, ngettext
from funneldesk.ui.icons import pixmap
from funneldesk.ui.import_wizard.session import Outcome
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4, SPACE_6, Theme
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import Heading, PlainLabel, Quiet

_ROWS = (
    ("created", N_("new rows")), ("updated", N_("updated rows")), ("duplicates", N_("duplicate rows")),
    ("skipped", N_("rows left out")), ("rejected", N_("rejected rows")),
)  # fmt: skip
_BESIDE = (
    ("settled", N_("rows that had waited and came in")),
    ("vanished", N_("records no longer in the list")),
)
_SHOW = {
    Kind.CLIENTS: N_("Show clients"),
    Kind.LEADS: N_("Show leads"),
    Kind.DEALS: N_("Show board"),
    Kind.HISTORY: N_("Show board"),
    Kind.ACTIVITIES: N_("Show today"),
    Kind.PEOPLE: N_("Show clients"),
    Kind.INVOICES: N_("Show clients"),
    Kind.PAYMENTS: N_("Show clients"),
}
PAGE_OF = {
    Kind.CLIENTS: "clients",
    Kind.LEADS: "leads",
    Kind.DEALS: "board",
    Kind.HISTORY: "board",
    Kind.ACTIVITIES: "today",
    Kind.PEOPLE: "clients",
    Kind.INVOICES: "clients",
    Kind.PAYMENTS: "clients",
}


class ResultStep(QWidget):
    """Progress with rate and time left; the numbers, and what can be done now."""

    cancel_wanted = Signal()
    undo_wanted = Signal()
    save_wanted = Signal()
    again_wanted = Signal()
    made_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._build_running())
        self._stack.addWidget(self._build_done())

    # -- running ------------------------------------------------------------------------------

    def _build_running(self) -> QWidget:
        page = QWidget()
        outer = QVBoxLayout(page)
        outer.addStretch(2)
        box = QWidget()
        box.setFixedWidth(self._theme.px(520))
        column = QVBoxLayout(box)
        column.setSpacing(SPACE_3)
        self.running_title = Heading(_("Importing"), 2)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("How far the import is"))
        self.running_words = Quiet()
        self.cancel = push_button(_("Cancel"), self.cancel_wanted.emit)
        column.addWidget(self.running_title)
        column.addWidget(self.bar)
        column.addWidget(self.running_words)
        row = QHBoxLayout()
        row.addWidget(Quiet(_("Until it is done, nothing is written.")), 1)
        row.addWidget(self.cancel)
        column.addLayout(row)
        outer.addWidget(box, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(3)
        return page

    def show_running(self, title: str) -> None:
        """The writing has begun."""
        self._stack.setCurrentIndex(0)
        self.running_title.setText(title)
        self.bar.setRange(0, 0)
        self.running_words.setText("")
        self.cancel.setEnabled(True)
        self.cancel.setText(_("Cancel"))
        self.cancel.setFocus()

    def show_progress(self, done: int, total: int, seconds: float) -> None:
        """So many rows of so many after so many seconds."""
        if total <= 0:
            return
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        words = [_("{done} of {total} rows").format(done=format_number(done), total=format_number(total))]
        if done >= total:
            words = [_("Writing to the disk…")]
            self.bar.setRange(0, 0)
        elif done and seconds > 0.5:
            rate = done / seconds
            words.append(_("{rate} a second").format(rate=format_number(rate)))
            left = max(round((total - done) / rate), 1)
            words.append(
                ngettext("{count} second left", "{count} seconds left", left).format(
                    count=format_number(left)
                )
            )
        self.running_words.setText("  ·  ".join(words))

    def show_stopping(self) -> None:
        """Cancel was pressed."""
        self.cancel.setEnabled(False)
        self.cancel.setText(_("Stopping…"))

    # -- done ---------------------------------------------------------------------------------

    def _build_done(self) -> QWidget:
        page = QWidget()
        outer = QVBoxLayout(page)
        outer.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        outer.addStretch(1)
        box = QWidget()
        box.setMinimumWidth(self._theme.px(640))
        column = QVBoxLayout(box)
        column.setSpacing(SPACE_4)
        head = QHBoxLayout()
        head.setSpacing(SPACE_3)
        self._picture = QLabel()
        self.title = Heading("")
        self.title.setWordWrap(True)
        head.addWidget(self._picture)
        head.addWidget(self.title, 1)
        column.addLayout(head)
        self.note = Quiet("", wrap=True)
        column.addWidget(self.note)
        self._tables = QHBoxLayout()
        self._tables.setSpacing(SPACE_4)
        column.addLayout(self._tables)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(SPACE_2)
        theme = self._theme
        self.undo = push_button(_("Take back"), self.undo_wanted.emit, theme=theme, icon="undo-2")
        self.save = push_button(
            _("Save the rejected rows…"), self.save_wanted.emit, theme=theme, icon="file-down"
        )
        self.again = push_button(_("Import another file"), self.again_wanted.emit, theme=theme, icon="plus")
        self.made = push_button(
            _("Show what was made"), self.made_wanted.emit, theme=theme, icon="list-filter"
        )
        for button in (self.made, self.save, self.undo, self.again):
            self.buttons.addWidget(button)
        self.buttons.addStretch(1)
        column.addLayout(self.buttons)
        outer.addWidget(box, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(2)
        return page

    def show_outcome(self, outcome: Outcome, file: str) -> None:
        """Show what was done, or that it was taken back."""
        self._stack.setCurrentIndex(1)
        icon, token = ("undo-2", "quiet") if outcome.undone else ("circle-check", "success")
        self._picture.setPixmap(pixmap(icon, getattr(self._theme, token), self._theme.px(28)))
        self.title.setText(_headline(outcome))
        if outcome.undone:
            note = _undone_words(outcome)
        else:
            seconds = format_number(max(outcome.seconds, 0.1), 1)
            note = _("{file}, done in {seconds} s. It can be taken back now or at any later time.")
            note = note.format(file=file, seconds=seconds)
        self.note.setText(note)
        while (item := self._tables.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._tables.addWidget(_table(_("Rows"), _row_lines(outcome), total=True), 1)
        order = {kind: place for place, kind in enumerate(RECORDS)}
        made = sorted(outcome.records.items(), key=lambda item: order.get(item[0], len(order)))
        records = [(format_number(n), record_words(kind)) for kind, n in made]
        if records and not outcome.undone:
            self._tables.addWidget(_table(_("Made"), records), 1)
        there = not outcome.undone and bool(outcome.change.journal_id)
        self.undo.setVisible(there)
        self.made.setVisible(there and bool(outcome.records))
        self.save.setVisible(outcome.counts["rejected"] > 0)


def show_words(kind: Kind) -> str:
    """What the button says that leads to what was imported."""
    return _(_SHOW[kind])


def _headline(outcome: Outcome) -> str:
    if outcome.undone:
        return _("The import is taken back")
    written = outcome.counts["created"] + outcome.counts["updated"]
    if not written:
        return _("There was nothing to write")
    return ngettext("{count} row is in the base", "{count} rows are in the base", written).format(
        count=format_number(written)
    )


def _undone_words(outcome: Outcome) -> str:
    if outcome.left:
        words = ngettext(
            "{count} record stays, changed or built upon since; the list of imports names it.",
            "{count} records stay, changed or built upon since; the list of imports names them.",
            outcome.left,
        )
        return words.format(count=format_number(outcome.left))
    if outcome.again:
        return _("Everything is as it was before. Ctrl+Shift+Z brings the import back.")
    return _("All that it made is gone, and what it changed has its former values.")


def _row_lines(outcome: Outcome) -> list[tuple[str, str]]:
    counts = outcome.counts
    lines = [(format_number(counts[name]), _(words)) for name, words in _ROWS]
    lines.append((format_number(counts["read"]), _("read, all together")))
    if counts["waiting"]:
        lines.append((format_number(counts["waiting"]), _("of the rows left out wait for what they name")))
    if counts["blank"]:
        lines.append((format_number(counts["blank"]), _("blank, not counted")))
    summary = outcome.change.summary or {}
    for name, words in _BESIDE:
        if summary.get(name) and not outcome.undone:
            lines.append((format_number(int(summary[name])), _(words)))
    return lines


def _table(title: str, lines: Sequence[tuple[str, str]], *, total: bool = False) -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    grid = QGridLayout(card)
    grid.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
    grid.setHorizontalSpacing(SPACE_3)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(0, 1)  # words first: a number before them would ask for a case in Russian
    grid.addWidget(PlainLabel(title, "strong"), 0, 0, 1, 2)
    for row, (number, words) in enumerate(lines, 1):
        bold = total and row == len(_ROWS) + 1
        figure = PlainLabel(number, "strong" if bold else "")
        figure.setAlignment(Qt.AlignmentFlag.AlignRight)
        grid.addWidget(PlainLabel(words, "strong" if bold else "quiet"), row, 0)
        grid.addWidget(figure, row, 1)
    grid.setRowStretch(len(lines) + 1, 1)
    return card
