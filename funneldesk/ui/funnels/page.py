"""The editor of funnels: which there are, the stages of one, and all that is said of a stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.linter import Finding, check_funnel
from funneldesk.errors import UserError
from funneldesk.services.stages import FunnelSheet, Overview, OwnChance
from funneldesk.text import _, error_text, language
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.funnels import requests
from funneldesk.ui.funnels.automation import Automation
from funneldesk.ui.funnels.funnel_panel import FunnelPanel
from funneldesk.ui.funnels.middle import FunnelMiddle
from funneldesk.ui.funnels.rules_form import RulesForm
from funneldesk.ui.funnels.stage_form import StageForm
from funneldesk.ui.page import Page
from funneldesk.ui.theme import SPACE_3, SPACE_4
from funneldesk.ui.widgets.empty import EmptyState
from funneldesk.ui.widgets.scroll import ScrollArea

if TYPE_CHECKING:
    from funneldesk.store.database import Database

SHOWN = ("funnel", "stage", "deal", "loss_reason", "rule", "manager", "custom_field")  # what the page shows
WAIT_DAYS = 7.0  # for a stage that names a wait
HINTS = "funnel_hints"  # kept in the settings: codes that were put away, by funnel


class FunnelsPage(Page):
    """Every edit is one change with a toast that takes it back."""

    help_page = "funnels"

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.context = context
        self.overview = Overview((), 0)
        self._funnel_id = context.settings.last_funnel
        self._stage_id = 0
        self._chances: dict[int, OwnChance] = {}
        self._build()
        self.reload()

    # -- building -----------------------------------------------------------------------------

    def _build(self) -> None:
        theme, writable = self.context.theme, not self.context.read_only
        self.panel = FunnelPanel(theme, writable=writable)
        self.middle = FunnelMiddle(theme, writable=writable)
        self.form = StageForm(theme)
        self.rules = RulesForm(theme)
        self.automation = Automation(self.context, self)
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.addTab(_("Stage"))
        self.tabs.addTab(_("Rules of the funnel"))
        self.tabs.addTab(_("Automation"))
        self.tabs.setAccessibleName(_("Stage or rules"))
        self.sheets = QStackedWidget()
        self.sheets.addWidget(ScrollArea(self.form))
        self.sheets.addWidget(ScrollArea(self.rules))
        self.sheets.addWidget(ScrollArea(self.automation.panel))
        self.tabs.currentChanged.connect(self.sheets.setCurrentIndex)
        self.body = QStackedWidget()
        self.body.addWidget(self._columns())
        self.empty = EmptyState(
            theme,
            "funnel",
            _("A funnel is the way of a deal: its stages in order. Take a template and change it."),
            _("Choose a funnel"),
            self.choose_template,
            title=_("There is no funnel yet"),
        )
        self.body.addWidget(self.empty)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.panel)
        row.addWidget(_line())
        row.addWidget(self.body, 1)
        self._connect()

    def _columns(self) -> QWidget:
        columns = QWidget()
        row = QHBoxLayout(columns)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.middle, 5)
        row.addWidget(_line())
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_3, 0)
        column.setSpacing(SPACE_3)
        column.addWidget(self.tabs)
        column.addWidget(self.sheets, 1)
        row.addWidget(right, 6)
        return columns

    def _connect(self) -> None:
        self.panel.chosen.connect(self.show_funnel)
        self.panel.template_wanted.connect(self.choose_template)
        self.panel.empty_wanted.connect(self.new_empty)
        middle = self.middle
        middle.funnel_edited.connect(self._edit_funnel)
        middle.stage_added.connect(self._add_stage)
        middle.archive_wanted.connect(self._archive)
        middle.board_wanted.connect(self._show_board)
        middle.rehearsal_wanted.connect(self.rehearse)
        middle.hint_dismissed.connect(self._dismiss)
        middle.stages.chosen.connect(self.show_stage)
        # after the list has ended its own move or edit: the answer fills it anew
        middle.stages.reordered.connect(lambda ids: QTimer.singleShot(0, self, lambda: self._reorder(ids)))
        middle.stages.renamed.connect(
            lambda stage, name: QTimer.singleShot(0, self, lambda: self._edit_stage(stage, "name", name))
        )
        middle.stages.removal_wanted.connect(self.remove_stage)
        self.form.edited.connect(self._edit_stage)
        self.form.removal_wanted.connect(self.remove_stage)
        self.form.merge_wanted.connect(self.merge_stage)
        self.rules.edited.connect(self._edit_funnel)
        self.rules.reasons.edited.connect(
            lambda reason, key, value: self._write(requests.edit_reason(reason, {key: value}))
        )
        self.rules.reasons.added.connect(lambda name: self._write(requests.add_reason(name, self._funnel_id)))
        self.form.end_wanted.connect(self._end_of_a_wait)

    # -- showing ------------------------------------------------------------------------------

    def title(self) -> str:
        """The name of the screen."""
        return _("Funnels")

    def refresh(self, change: Change | None) -> None:
        """Read anew when a funnel, or what stands in it, has changed."""
        if change is None or any(change.touches(kind) for kind in SHOWN):
            self.reload()

    def show_params(self, **params: Any) -> None:
        """`funnel` opens that funnel."""
        if params.get("funnel"):
            self.show_funnel(int(params["funnel"]))

    def reload(self) -> None:
        """Read every funnel."""

        def read(db: Database) -> Overview:
            from funneldesk.services import stages

            return stages.overview(db)

        self.context.tasks.read(read, self._take, receiver=self, key="funnels")

    def _take(self, overview: Overview) -> None:
        self.overview = overview
        self._show()

    def show_funnel(self, funnel_id: int) -> None:
        """Edit another funnel."""
        self._funnel_id = funnel_id
        self._show()

    def show_stage(self, stage_id: int) -> None:
        """Edit another stage of the funnel."""
        self._stage_id = stage_id
        self.tabs.setCurrentIndex(0)
        sheet = self.sheet()
        if sheet is not None:
            self._show_stage(sheet, self._findings(sheet))

    def sheet(self) -> FunnelSheet | None:
        """The funnel that is being edited."""
        every = self.overview.sheets
        found = next((sheet for sheet in every if sheet.funnel.id == self._funnel_id), None)
        live = next((sheet for sheet in every if not sheet.funnel.archived), None)
        return found or live or next(iter(every), None)

    def _show(self) -> None:
        sheet = self.sheet()
        self.panel.show_funnels(self.overview.sheets, sheet.funnel.id if sheet is not None else 0)
        self.body.setCurrentIndex(0 if sheet is not None else 1)
        if sheet is None:
            return
        self._funnel_id = sheet.funnel.id
        if self._stage_id not in {stage.id for stage in sheet.stages}:
            self._stage_id = sheet.stages[0].id if sheet.stages else 0
        findings = self._findings(sheet)
        self.middle.show_sheet(sheet, findings, self._stage_id)
        put_away = self._put_away()
        self.middle.show_hints([f for f in findings if not f.stage_id and f.code not in put_away])
        self.rules.show_funnel(sheet.funnel, writable=self._writable(sheet))
        self.rules.reasons.show_reasons(self.overview.loss_reasons, sheet.funnel.id)
        self.form.set_lists(self.overview.managers, self.overview.fields)
        self.automation.show_funnel(sheet.funnel.id, writable=self._writable(sheet))
        self._read_chances(sheet.funnel.id)
        self._show_stage(sheet, findings)

    def _show_stage(self, sheet: FunnelSheet, findings: Sequence[Finding]) -> None:
        for rank, stage in enumerate(sheet.stages, 1):
            if stage.id == self._stage_id:
                own = [finding for finding in findings if finding.stage_id == stage.id]
                writable = self._writable(sheet)
                self.form.show_stage(stage, rank, len(sheet.stages), own, writable=writable)
        self._show_chance()

    def _read_chances(self, funnel_id: int) -> None:
        def read(db: Database) -> dict[int, OwnChance]:
            from funneldesk.services import stages

            return stages.own_chances(db, funnel_id)

        self.context.tasks.read(read, self._take_chances, receiver=self, key="funnel-chances")

    def _take_chances(self, chances: dict[int, OwnChance]) -> None:
        self._chances = chances
        self._show_chance()

    def _show_chance(self) -> None:
        own = self._chances.get(self._stage_id)
        self.form.set_own_chance(own.chance if own is not None else None, own.deals if own is not None else 0)

    def _findings(self, sheet: FunnelSheet) -> list[Finding]:
        return check_funnel(sheet.stages, reasons=self.overview.reasons)

    def _writable(self, sheet: FunnelSheet) -> bool:
        return not self.context.read_only and not sheet.funnel.archived

    # -- hints --------------------------------------------------------------------------------

    def _put_away(self) -> set[str]:
        kept = self.context.settings.more.get(HINTS, {})
        codes = kept.get(str(self._funnel_id), []) if isinstance(kept, dict) else []
        return {str(code) for code in codes}

    def _dismiss(self, code: str) -> None:
        kept = self.context.settings.more.get(HINTS, {})
        known = dict(kept) if isinstance(kept, dict) else {}
        known[str(self._funnel_id)] = sorted(self._put_away() | {code})
        self.context.settings.more[HINTS] = known
        self._show()

    # -- requests: each is one change -----------------------------------------------------------

    def _write(
        self,
        work: requests.Write,
        failed: Callable[[Exception], None] | None = None,
        done: Callable[[Change], None] | None = None,
    ) -> None:
        def refused(error: Exception) -> None:
            # what was typed or dragged goes back to what the base says
            self._show()
            if failed is not None:
                failed(error)
            elif isinstance(error, UserError):
                self.context.toast(error_text(error), None, error=True)

        save(self.context, work, self, done, refused)

    def _edit_funnel(self, key: str, value: Any) -> None:
        self._write(requests.edit_funnel(self._funnel_id, key, value))

    def _edit_stage(self, stage_id: int, key: str, value: Any) -> None:
        def failed(error: Exception) -> None:
            if isinstance(error, UserError) and self.form.stage_id() == stage_id:
                self.form.refuse(key, error_text(error))

        self._write(requests.edit_stage(stage_id, key, value), failed)

    def _add_stage(self, name: str) -> None:
        def done(change: Change) -> None:
            self.middle.new_stage.clear()
            self._stage_id = change.new_id("stage")
            self.reload()

        self._write(requests.add_stage(self._funnel_id, name), done=done)

    def _reorder(self, ids: list[int]) -> None:
        self._write(requests.reorder(self._funnel_id, ids))

    def _archive(self, archived: bool) -> None:
        self._write(requests.archive(self._funnel_id, archived))

    def remove_stage(self, stage_id: int) -> None:
        """Remove a stage; with open deals in it, ask where they go."""
        self._let_go(stage_id, merge=False)

    def merge_stage(self, stage_id: int) -> None:
        """Merge a stage into another that is asked for."""
        self._let_go(stage_id, merge=True)

    def _let_go(self, stage_id: int, *, merge: bool) -> None:
        sheet = self.sheet()
        if sheet is None or not self._writable(sheet) or len(sheet.stages) < 2:
            return
        stage = next((each for each in sheet.stages if each.id == stage_id), None)
        count = sheet.open_deals.get(stage_id, 0)
        if stage is None:
            return
        if not merge and not count:
            self._send_off(stage_id, None, merge=False)
            return
        from funneldesk.ui.funnels.remove_dialog import StageGoesDialog

        others = [each for each in sheet.stages if each.id != stage_id]
        dialog = StageGoesDialog(self.context.theme, stage, others, count, merge=merge, parent=self)
        dialog.agreed.connect(lambda target: self._send_off(stage_id, target, merge=merge))
        dialog.open()

    def _send_off(self, stage_id: int, target: int | None, *, merge: bool) -> None:
        if target is not None:
            self._stage_id = target
        self._write(requests.let_go(stage_id, target, merge=merge))

    def choose_template(self) -> None:
        """Make a funnel from a template."""
        from funneldesk.ui.template_dialog import TemplateDialog

        dialog = TemplateDialog(self.context.theme, self)
        dialog.chosen.connect(self._make_from)
        dialog.open()

    def _make_from(self, key: str) -> None:
        self._write(requests.from_template(key, language()), done=self._show_new)

    def new_empty(self) -> None:
        """Make a funnel with one stage and a name that is asked for."""
        from funneldesk.ui.ask_dialog import AskDialog

        words = (_("New funnel"), _("Name"), _("Add"))
        dialog = AskDialog(self.context.theme, *words, self, help_page=self.help_page)
        dialog.answered.connect(self._make_empty)
        dialog.open()

    def _make_empty(self, name: str) -> None:
        self._write(requests.from_name(name, _("New request"), language()), done=self._show_new)

    def _show_new(self, change: Change) -> None:
        # what was read before it was made does not know it: it is shown once all is read anew
        self._funnel_id = change.new_id("funnel")
        self.reload()

    def _end_of_a_wait(self, stage_id: int) -> None:
        """A stage that waits gets a time limit, and a rule for when it has lasted too long."""
        stage = next((s for s in self.overview.stages_of(self._funnel_id) if s.id == stage_id), None)
        if stage is not None and stage.limit_days is None:
            self._edit_stage(stage_id, "limit_days", WAIT_DAYS)
        self.automation.end_wait(self._funnel_id, stage_id, 2 * WAIT_DAYS)

    def rehearse(self) -> None:
        """Try other stages on past deals."""
        from funneldesk.ui.funnels.rehearsal_dialog import RehearsalDialog

        sheet = self.sheet()
        if sheet is None or not sheet.stages:
            return
        dialog = RehearsalDialog(
            self.context, sheet, self.overview.sheets, writable=self._writable(sheet), parent=self
        )
        funnel_id = sheet.funnel.id
        dialog.agreed.connect(
            lambda draft: save(
                self.context, requests.adopt(funnel_id, draft), dialog, dialog.adopted, dialog.refused
            )
        )
        dialog.open()

    def _show_board(self) -> None:
        self.context.show_page("board", funnel=self._funnel_id)


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("role", "rule")
    line.setFixedWidth(1)
    return line
