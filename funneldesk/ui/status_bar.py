"""The foot of the window: what is selected, the file, and the job under way."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from funneldesk.text import _, format_number, ngettext
from funneldesk.ui.tasks import Job
from funneldesk.ui.theme import SPACE, SPACE_3, Theme
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import ElidedLabel, Quiet


class StatusBar(QFrame):
    """One quiet line."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "foot")
        self._job: Job | None = None
        self._selection = Quiet(small=True)
        self._job_text = Quiet(small=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(theme.px(140))
        self._cancel = push_button(_("Cancel"), self.cancel, role="link")
        self._file = ElidedLabel("", "small")
        self._file.setMinimumWidth(theme.px(80))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_3, 0, SPACE_3, 0)
        layout.setSpacing(SPACE_3)
        self.setFixedHeight(theme.px(26))
        layout.addWidget(self._selection)
        layout.addStretch(1)
        for widget in (self._job_text, self._bar, self._cancel):
            layout.addWidget(widget)
            widget.hide()
        self._cancel.setStyleSheet(f"min-height: {theme.px(20)}px;")
        layout.addSpacing(SPACE)
        layout.addWidget(self._file, 1)
        from PySide6.QtCore import Qt

        self._file.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def set_file(self, name: str) -> None:
        """The base that is open."""
        self._file.setText(name)

    def set_selection(self, count: int, total: str = "") -> None:
        """How many records are selected and what they add up to (in words)."""
        if not count:
            self._selection.setText("")
            return
        text = ngettext("{count} selected", "{count} selected", count).format(count=format_number(count))
        self._selection.setText(f"{text} · {total}" if total else text)

    def selection_text(self) -> str:
        """What it says about the selection."""
        return self._selection.text()

    def follow(self, job: Job) -> None:
        """Show how far a job is, until it ends."""
        self._job = job
        self._job_text.setText(job.title)
        self._bar.setRange(0, 0)
        for widget in (self._job_text, self._bar, self._cancel):
            widget.show()
        job.progress.connect(self._show_progress)
        job.finished.connect(self._end)

    def cancel(self) -> None:
        """Ask the job under way to stop."""
        if self._job is not None:
            self._job.cancel()
            self._job_text.setText(_("Stopping…"))

    def _show_progress(self, done: int, total: int, text: str) -> None:
        job = self._job
        if job is None or self.sender() is not job or job.cancelled():
            return
        words = text or job.title
        if total > 0:
            self._bar.setRange(0, total)
            self._bar.setValue(done)
            far = _("{done} of {total}").format(done=format_number(done), total=format_number(total))
            words = f"{words}: {far}" if words else far
        self._job_text.setText(words)

    def _end(self) -> None:
        if self.sender() is self._job or self.sender() is None:
            self._job = None
            for widget in (self._job_text, self._bar, self._cancel):
                widget.hide()
