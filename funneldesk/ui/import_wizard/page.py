"""The import: file, columns, check, import, on one page with its steps at the top."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from funneldesk.errors import Cancelled, UserError
from funneldesk.text import _, format_number, ngettext
from funneldesk.ui.context import AppContext
from funneldesk.ui.import_wizard import jobs as states
from funneldesk.ui.import_wizard import sources, work
from funneldesk.ui.import_wizard.check_step import CheckStep
from funneldesk.ui.import_wizard.columns_step import ColumnsStep
from funneldesk.ui.import_wizard.file_step import FileStep
from funneldesk.ui.import_wizard.foot import Foot
from funneldesk.ui.import_wizard.log_panel import LogPanel
from funneldesk.ui.import_wizard.made import show_made
from funneldesk.ui.import_wizard.opening import OpeningPage
from funneldesk.ui.import_wizard.result_step import PAGE_OF, ResultStep
from funneldesk.ui.import_wizard.stepper import Stepper
from funneldesk.ui.import_wizard.steps import (
    CHECK,
    COLUMNS,
    FILE,
    LOG,
    RESULT,
    next_button,
    open_steps,
    rows_written,
)
from funneldesk.ui.import_wizard.views import error_words
from funneldesk.ui.theme import SPACE_3, SPACE_6
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import Heading


class ImportPage(OpeningPage):
    """Four steps; Enter goes on, Esc and Alt+Left are the window's."""

    help_page = "import"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._go_when_planned = False
        self._build()
        self._connect()
        self._show_recent()
        self.go(FILE)

    def _build(self) -> None:
        theme = self._context.theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(SPACE_6, SPACE_3 + 2, SPACE_6, SPACE_3)
        head.setSpacing(SPACE_6)
        head.addWidget(Heading(_("Import")))
        self.stepper = Stepper(theme, [_("File"), _("Columns"), _("Check"), _("Import")])
        head.addWidget(self.stepper)
        head.addStretch(1)
        self.imports = push_button(_("Imports"), self._toggle_log, theme=theme, icon="history")
        self.imports.setToolTip(_("What was imported, what came of it, and taking it back"))
        head.addWidget(self.imports)
        column.addLayout(head)
        self.stack = QStackedWidget()
        self.file_step = FileStep(theme, self.session)
        self.columns_step = ColumnsStep(self._context, self.session)
        self.check_step = CheckStep(self._context, self.session)
        self.result_step = ResultStep(theme)
        self.log = LogPanel(self._context)
        for step in (self.file_step, self.columns_step, self.check_step, self.result_step, self.log):
            self.stack.addWidget(step)
        column.addWidget(self.stack, 1)
        self.foot = Foot(theme)
        column.addWidget(self.foot)

    def _connect(self) -> None:
        session = self.session
        session.changed.connect(self._changed)
        session.failed.connect(self._failed)
        session.busy_changed.connect(self._busy)
        session.progressed.connect(self._progressed)
        session.planned.connect(self._planned)
        self.stepper.chosen.connect(self.go)
        self.foot.next.clicked.connect(self.next)
        self.foot.back.clicked.connect(self.back)
        self.foot.stop.clicked.connect(session.cancel)
        self._connect_sources()
        self.check_step.save_wanted.connect(self._save_rejects)
        result = self.result_step
        result.cancel_wanted.connect(self._cancel_import)
        result.undo_wanted.connect(session.undo)
        result.save_wanted.connect(self._save_rejects)
        result.again_wanted.connect(self._again)
        result.made_wanted.connect(self._show_made)
        self.log.closed.connect(self._toggle_log)

    # -- Page ---------------------------------------------------------------------------------

    def title(self) -> str:
        return _("Import")

    def activated(self) -> None:
        (self.foot.next if self.foot.next.isVisibleTo(self) else self.file_step.drop.choose).setFocus()

    def show_params(self, **params: Any) -> None:
        """`path` of a file to import, or `text` of copied cells; `log` = the number of an import to show."""
        if "log" in params and not self.session.writing():
            self.show_log(int(params["log"] or 0))
        elif "path" in params:
            self.open_path(Path(params["path"]))
        elif params.get("text"):
            self.session.paste(str(params["text"]))

    # -- going through the steps --------------------------------------------------------------

    def go(self, step: int) -> None:
        """Show a step that can be reached."""
        if not open_steps(self.session, self.step)[step]:
            return
        self.step = step
        self._leave_log()
        self._go_when_planned = False
        self.foot.say("")
        self.file_step.drop.say("")
        if step == COLUMNS and self.session.values is None:
            self.session.ask()
        self._show_state()
        if self.foot.next.isEnabled():
            self.foot.next.setFocus()

    def next(self) -> None:
        """On: what the button at the foot says."""
        session = self.session
        if self.step == FILE and session.file is None:
            self.choose_file()
        elif session.busy in (states.READING, states.WRITING, states.UNDOING):
            return
        elif self.step == FILE:
            self.go(COLUMNS)
        elif self.step == COLUMNS:
            self.foot.say("")
            self._go_when_planned = True
            session.make_plan()
        elif self.step == CHECK:
            if session.current() and (rows_written(session) or session.to_mark()):
                session.run()
        elif session.kind is not None:
            funnel = session.funnel_written()
            self._context.show_page(PAGE_OF[session.kind], **({"funnel": funnel} if funnel else {}))

    def back(self) -> None:
        """To the step before."""
        if self.step and not self.session.writing():
            self.session.cancel()
            self.go(self.step - 1)

    def show_log(self, entry: int = 0) -> None:
        """Show the imports that were run, and one of them."""
        self.stack.setCurrentIndex(LOG)
        self.imports.setText(_("Back to the import"))
        self.log.show_import(entry)
        self._show_state()

    def _toggle_log(self) -> None:
        if self.stack.currentIndex() != LOG:
            self.show_log()
            return
        self._leave_log()
        self.go(self.step)

    def _leave_log(self) -> None:
        self.imports.setText(_("Imports"))
        self.stack.setCurrentIndex(self.step)

    def _show_made(self) -> None:
        result = self.session.result
        if result is not None and not show_made(self._context, result.change.journal_id, result.records):
            self.show_log(result.change.journal_id)

    def _show_state(self) -> None:
        session = self.session
        steps = open_steps(self.session, self.step)
        if session.result is not None:
            steps = [False, False, False, True]
        self.stepper.show_state(self.step, steps)
        words, ready = next_button(session, self.step)
        self.foot.show_buttons(words, ready=ready, back=0 < self.step < RESULT)
        listing = self.stack.currentIndex() == LOG
        self.foot.setVisible(not listing and (bool(words) or bool(session.busy) or bool(self.foot.said())))
        self.imports.setEnabled(not session.writing())

    # -- what comes from the session ----------------------------------------------------------

    def _changed(self, what: str) -> None:
        session = self.session
        if what == "file":
            self.file_step.show_file(session.file)
            self.columns_step.forget()
            if session.file is None:
                self.go(FILE)
            elif session.path is not None:
                sources.remember(self._context.settings, session.path)
                self._show_recent()
        elif what == "columns":
            self.columns_step.show_columns()
        elif what == "values":
            self.columns_step.show_values()
        elif what == "plan" and session.rows is not None:
            self.check_step.show_rows(session.rows, session.names)
            self.foot.say("")
        elif what == "vanished":
            self.foot.say("")
        elif what == "result" and session.result is not None:
            if self.stack.currentIndex() != LOG:
                self.go(RESULT)
            self.result_step.show_outcome(session.result, session.file.name if session.file else "")
        self._show_state()
        if what == "file" and session.file is not None and self.step == FILE:
            self.foot.next.setFocus()

    def _planned(self) -> None:
        if self._go_when_planned and self.step == COLUMNS:
            self.go(CHECK)
        self._show_state()

    def _busy(self, what: str) -> None:
        words = {
            states.READING: _("Reading the file…"),
            states.LOOKING: _("Looking at the columns…"),
            states.CHECKING: _("Checking the rows…"),
            states.UNDOING: _("Taking the import back…"),
        }
        self.foot.show_busy(words.get(what, ""), can_stop=what in (states.READING, states.CHECKING))
        if what == states.WRITING:
            self.step = RESULT
            self.stack.setCurrentIndex(RESULT)
            count = rows_written(self.session)
            title = ngettext("Importing {count} row", "Importing {count} rows", count)
            self.result_step.show_running(title.format(count=format_number(count)))
        self._show_state()

    def _progressed(self, done: int, total: int) -> None:
        if self.session.busy == states.WRITING:
            self.result_step.show_progress(done, total, self.session.elapsed())
        elif self.session.busy == states.READING:
            self.foot.show_part(done / work.PARTS)

    def _failed(self, error: Exception) -> None:
        session = self.session
        self._go_when_planned = False
        if self.step == RESULT and session.result is None:
            self.go(CHECK)
        if isinstance(error, Cancelled):
            self._say(_("Cancelled. Nothing was written."), error=False)
        elif isinstance(error, UserError):
            self._say(error_words(error, session.kind))
            if error.code == "import.question_date":
                self.session.ask()
        self._show_state()

    def _cancel_import(self) -> None:
        self.result_step.show_stopping()
        self.session.cancel()

    def _again(self) -> None:
        self.session.clear()
        self.go(FILE)
        self.file_step.drop.choose.setFocus()

    def _save_rejects(self) -> None:
        file = self.session.file
        path = sources.ask_rejects(self, self._context.settings, file.name if file else "")
        if path is not None:
            self.save_rejects(path)

    def save_rejects(self, path: Path) -> None:
        """Write the rejected rows with their reasons to a spreadsheet."""

        def done(count: int) -> None:
            words = ngettext("{count} row saved in {file}", "{count} rows saved in {file}", count)
            self._context.toast(words.format(count=format_number(count), file=path.name))

        self.session.save_rejects(path, done)

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not _typing(QApplication.focusWidget()):
            if self.foot.next.isVisible() and self.foot.next.isEnabled():
                self.next()
            return
        super().keyPressEvent(event)


def _typing(widget: QWidget | None) -> bool:
    """Whether Enter belongs to a field that is being typed in."""
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    inside = widget.parentWidget() if widget is not None else None
    view = inside.parentWidget() if inside is not None else None
    return isinstance(widget, QLineEdit) or isinstance(view, QAbstractItemView)
