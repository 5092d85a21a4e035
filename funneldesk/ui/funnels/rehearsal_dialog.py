"""Other stages tried on past deals: the draft at the left, both reports at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from funneldesk.domain.draft import as_it_is, mapped
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.errors import UserError
from funneldesk.services.funnel_templates import templates
from funneldesk.services.stages import FunnelSheet
from funneldesk.text import _, error_text, format_number, language, ngettext
from funneldesk.ui.context import AppContext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.funnels.comparing import StageTable
from funneldesk.ui.funnels.draft_form import DraftForm
from funneldesk.ui.funnels.words import proposed_names
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import PrimaryButton, push_button
from funneldesk.ui.widgets.fields import ChoiceField
from funneldesk.ui.widgets.labels import Heading, PlainLabel, Quiet
from funneldesk.ui.widgets.scroll import ScrollArea

if TYPE_CHECKING:
    from funneldesk.domain.change import Change
    from funneldesk.services.rehearsal import Proposal, Rehearsal
    from funneldesk.store.database import Database

_WAIT_MS = 250
_PROPOSED = 6


class RehearsalDialog(Dialog):
    """`agreed` carries the draft that is to be adopted."""

    help_page = "automation"

    agreed = Signal(object)

    def __init__(
        self,
        context: AppContext,
        sheet: FunnelSheet,
        others: Sequence[FunnelSheet],
        *,
        writable: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context.theme, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context, self._sheet = context, sheet
        theme = context.theme
        self.setWindowTitle(_("Rehearse other stages"))
        room = self.screen().availableSize()
        self.resize(min(theme.px(1120), room.width() - 40), min(theme.px(640), room.height() - 60))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addWidget(Heading(_("Rehearse other stages: {funnel}").format(funnel=sheet.funnel.name), 2))
        column.addWidget(
            Quiet(
                _("Past deals go through the stages you draft. Nothing changes until you adopt them."),
                wrap=True,
            )
        )
        row = QHBoxLayout()
        row.setSpacing(SPACE_4)
        row.addWidget(self._left(others), 5)
        row.addWidget(self._right(), 7)
        column.addLayout(row, 1)
        self.error = PlainLabel("", "error")
        self.error.setWordWrap(True)
        self.error.hide()
        column.addWidget(self.error)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_2)
        foot.addStretch(1)
        foot.addWidget(push_button(_("Close"), self.reject))
        self.adopt_button = PrimaryButton(_("Adopt these stages"), self._adopt, theme=theme, icon="check")
        self.adopt_button.setAutoDefault(False)
        self.adopt_button.setEnabled(writable)
        foot.addWidget(self.adopt_button)
        column.addLayout(foot)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self.rehearse)
        self.form.changed.connect(self._timer.start)
        self.form.set_draft(as_it_is(sheet.stages))
        self.rehearse()
        context.tasks.read(self._read_proposals, self._show_proposals, receiver=self)

    # -- building -----------------------------------------------------------------------------

    def _left(self, others: Sequence[FunnelSheet]) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        self._starts: dict[str, list[str]] = {"": []}
        options: list[tuple[object, str]] = [("", _("this funnel as it is"))]
        for other in others:
            if other.funnel.id != self._sheet.funnel.id and other.stages:
                self._starts[f"funnel:{other.funnel.id}"] = [stage.name for stage in other.stages]
                options.append((f"funnel:{other.funnel.id}", other.funnel.name))
        for info in templates(language()):
            self._starts[info.key] = [stage.name for stage in info.stages]
            options.append((info.key, _("template: {name}").format(name=info.name)))
        label = PlainLabel(_("Begin with"), "field")
        column.addWidget(label)
        self.begin = ChoiceField(options, optional=False)
        self.begin.setAccessibleName(label.text())
        self.begin.changed.connect(self._begin)
        column.addWidget(self.begin)
        self.form = DraftForm(self._context.theme, self._sheet)
        column.addWidget(ScrollArea(self.form), 1)
        self.proposed = QVBoxLayout()
        self.proposed.setSpacing(SPACE_2)
        column.addLayout(self.proposed)
        return part

    def _right(self) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        self.now, self.then = StageTable(self._context.theme), StageTable(self._context.theme)
        for words, table in ((_("As it is"), self.now), (_("As it would have been"), self.then)):
            column.addWidget(PlainLabel(words, "strong"))
            table.setAccessibleName(words)
            column.addWidget(table, 1)
        column.addWidget(
            Quiet(_("Reached: all deals that came so far. Passed on: of those decided."), small=True)
        )
        return part

    # -- showing ------------------------------------------------------------------------------

    def _begin(self) -> None:
        names = self._starts[str(self.begin.value() or "")]
        stages = self._sheet.stages
        self.form.set_draft(mapped(stages, names) if names else as_it_is(stages))
        self._timer.start()

    def rehearse(self) -> None:
        """Send the past deals through the draft."""
        draft = self.form.draft()
        request = ReportRequest(
            "stage-funnel", funnel_id=self._sheet.funnel.id, population=Population.SNAPSHOT, rule=Rule.REACHED
        )

        def read(db: Database) -> Rehearsal:
            from funneldesk.services import rehearsal

            return rehearsal.rehearse(db, draft, request)

        self.error.hide()
        self._context.tasks.read(read, self._take, receiver=self, key="rehearsal")

    def _take(self, found: Rehearsal) -> None:
        self.now.show_report(found.now)
        self.then.show_report(found.then)

    def _read_proposals(self, db: Database) -> list[Proposal]:
        from funneldesk.services import rehearsal

        return rehearsal.proposals(db, self._sheet.funnel.id)

    def _show_proposals(self, proposals: Sequence[Proposal]) -> None:
        known = {stage.name for stage in self._sheet.stages}
        named = [(p, next(iter(proposed_names([p.result])), p.name)) for p in proposals]
        fresh = [(p, name) for p, name in named if name and name not in known][:_PROPOSED]
        if fresh:
            self.proposed.addWidget(
                PlainLabel(_("What repeats in the past deals; a click adds it:"), "field")
            )
        for proposal, name in fresh:
            deals = ngettext("{count} deal", "{count} deals", proposal.deals)
            words = f"{name} · {deals.format(count=format_number(proposal.deals))}"
            button = push_button(words.replace("&", "&&"), role="chip")
            button.clicked.connect(lambda _checked=False, chosen=name: self.form.add_stage(chosen))
            self.proposed.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    # -- adopting -----------------------------------------------------------------------------

    def _adopt(self) -> None:
        self.agreed.emit(self.form.draft())

    def adopted(self, _change: Change) -> None:
        """The funnel is as it was drafted."""
        self.accept()

    def refused(self, error: Exception) -> None:
        """Say why it was not adopted."""
        if isinstance(error, UserError):
            self.error.setText(error_text(error))
            self.error.show()
