"""Doubles in the whole base: found in groups, compared, merged, or said to be none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from funneldesk.domain.change import Change
from funneldesk.domain.doubles import Group
from funneldesk.errors import Cancelled, UserError
from funneldesk.text import _, error_text, format_number, ngettext
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.doubles.compare import CompareView
from funneldesk.ui.doubles.words import reasons_words
from funneldesk.ui.page import Page
from funneldesk.ui.tasks import Job
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import IconButton, PrimaryButton, push_button
from funneldesk.ui.widgets.empty import EmptyState
from funneldesk.ui.widgets.fields import ChoiceField
from funneldesk.ui.widgets.labels import Heading, Quiet
from funneldesk.ui.widgets.scroll import ScrollArea

if TYPE_CHECKING:
    from funneldesk.services.doubles import Comparison
    from funneldesk.store.database import Database

Found = tuple[Sequence[Group], Mapping[tuple[str, int], str]]
_MOST = 6  # cards of a group side by side


class DoublesPage(Page):
    """The groups at the left, the cards of one of them side by side at the right."""

    help_page = "doubles"

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._groups: list[Group] = []
        self._names: Mapping[tuple[str, int], str] = {}
        self._job: Job | None = None
        self._begun = False
        self._done: set[int] = set()  # entries of the journal that were made while this screen lives
        self._build()

    # -- building -----------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_2)
        column.setSpacing(SPACE_2)
        head = QHBoxLayout()
        head.setSpacing(SPACE_2)
        head.addWidget(
            IconButton(theme, "arrow-left", _("To the clients"), lambda: self._context.show_page("clients"))
        )
        head.addWidget(Heading(_("Doubles")))
        self.count = Quiet()
        head.addSpacing(SPACE_2)
        head.addWidget(self.count)
        head.addStretch(1)
        self.which = ChoiceField(
            (
                ("", _("All")),
                ("certain", _("Certain ones")),
                ("company", _("Companies")),
                ("person", _("People")),
            ),
            "",
            optional=False,
        )
        self.which.setAccessibleName(_("Which doubles"))
        self.which.changed.connect(self._show_groups)
        head.addWidget(self.which)
        self.find_button = push_button(_("Look again"), self.look, theme=theme, icon="refresh-cw")
        head.addWidget(self.find_button)
        self.all_button = push_button("", self.merge_certain, theme=theme, icon="git-merge")
        head.addWidget(self.all_button)
        column.addLayout(head)
        self.stack = QStackedWidget()
        column.addWidget(self.stack, 1)
        self.working = EmptyState(
            theme,
            "search",
            _("Every client is compared with those like it."),
            _("Stop"),
            self.stop,
            title=_("Looking for doubles…"),
            primary=False,
        )
        self.none = EmptyState(
            theme, "check-check", _("No two cards look like the same client."), _("Look again"), self.look,
            title=_("No doubles"), primary=False,
        )  # fmt: skip
        self.stopped = EmptyState(
            theme, "git-merge", _("The search was stopped."), _("Look for doubles"), self.look
        )
        self.main = self._main()
        for widget in (self.working, self.main, self.none, self.stopped):
            self.stack.addWidget(widget)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.merge)
        QShortcut(QKeySequence("Ctrl+D"), self, self.dismiss)

    def _main(self) -> QWidget:
        theme = self._context.theme
        self.list = QListWidget()
        self.list.setAccessibleName(_("Groups of doubles"))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setStyleSheet(f"QListView::item {{ padding: {theme.px(5)}px {theme.px(6)}px; }}")
        self.list.setMinimumWidth(theme.px(220))
        self.list.currentRowChanged.connect(lambda _row: self._show_group())
        self.compare = CompareView(self._context)
        self.compare.changed.connect(self._enable)
        self.compare.open_card.connect(self.open_card)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(SPACE_3, 0, 0, 0)
        column.setSpacing(SPACE_2)
        self.more = Quiet(wrap=True)
        self.more.hide()
        column.addWidget(self.more)
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.compare)
        area = ScrollArea(inner)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        column.addWidget(area, 1)
        foot = QFrame()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        self.merge_button = PrimaryButton(_("Merge"), self.merge, theme=theme, icon="git-merge")
        self.merge_button.setToolTip("Ctrl+Return")
        self.not_button = push_button(_("Not doubles"), self.dismiss, theme=theme, icon="split")
        self.not_button.setToolTip("Ctrl+D")
        row.addWidget(self.merge_button)
        row.addWidget(self.not_button)
        row.addStretch(1)
        column.addWidget(foot)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.list)
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setSizes([theme.px(280), theme.px(800)])
        split.setChildrenCollapsible(False)
        return split

    # -- finding ------------------------------------------------------------------------------

    def look(self) -> None:
        """Look through the whole base, away from the window."""
        if self._job is not None:
            return
        self._begun = True
        self.stack.setCurrentWidget(self.working)
        self._enable()

        def work(db: Database, progress: Callable[..., None], cancelled: Callable[[], bool]) -> Found:
            from funneldesk.services import doubles

            groups = doubles.find(db, progress, cancelled)
            return groups, doubles.names(db, groups)

        title = _("Looking for doubles")
        self._job = self._context.tasks.run(work, self._take, self._failed, title=title, receiver=self)
        if self.stack.currentWidget() is not self.working:  # answered at once
            self._job = None
            self._enable()

    def stop(self) -> None:
        """Stop looking."""
        if self._job is not None:
            self._job.cancel()

    def _take(self, found: Found) -> None:
        self._job = None
        self._groups, self._names = list(found[0]), found[1]
        self._show_groups()

    def _failed(self, error: Exception) -> None:
        self._job = None
        self.stack.setCurrentWidget(self.stopped)
        if isinstance(error, UserError) and not isinstance(error, Cancelled):
            self._context.toast(error_text(error), None, error=True)
        self._enable()

    # -- showing ------------------------------------------------------------------------------

    def shown_groups(self) -> list[Group]:
        """The groups that pass the choice."""
        which = self.which.value()
        if which == "certain":
            return [group for group in self._groups if group.certain]
        return [group for group in self._groups if not which or group.kind == which]

    def _show_groups(self) -> None:
        place = max(self.list.currentRow(), 0)
        groups = self.shown_groups()
        self.list.blockSignals(True)
        self.list.clear()
        for group in groups:
            names = [self._names.get((group.kind, i), "") for i in group.ids]
            distinct = list(dict.fromkeys(name for name in names if name))
            head = " / ".join(distinct[:2]) + (" …" if len(distinct) > 2 else "")
            item = QListWidgetItem(f"{head}\n{len(group.ids)} · {reasons_words(group.reasons)}")
            item.setToolTip("")
            self.list.addItem(item)
        self.list.blockSignals(False)
        if groups:
            self.list.setCurrentRow(min(place, len(groups) - 1))
        self._show_group()
        count = len(groups)
        words = ngettext("{count} group", "{count} groups", count).format(count=format_number(count))
        self.count.setText(words if groups else "")
        self.stack.setCurrentWidget(self.main if groups else self.none)
        self._enable()

    def group(self) -> Group | None:
        """The group chosen."""
        groups, row = self.shown_groups(), self.list.currentRow()
        return groups[row] if 0 <= row < len(groups) else None

    def _show_group(self) -> None:
        group = self.group()
        if group is None:
            self.compare.show_comparison(None)
            return
        ids = group.ids[:_MOST]

        def read(db: Database) -> Comparison:
            from funneldesk.services import doubles

            return doubles.compare(db, group.kind, ids)

        self._context.tasks.read(read, self._show, receiver=self, key="doubles-compare")

    def _show(self, shown: Comparison) -> None:
        group = self.group()
        left = len(group.ids) - _MOST if group is not None else 0
        self.more.setVisible(left > 0)
        if left > 0:
            words = ngettext(
                "{count} more card follows after these are merged.",
                "{count} more cards follow after these are merged.",
                left,
            )
            self.more.setText(words.format(count=format_number(left)))
        self.compare.show_comparison(shown if len(shown.records) > 1 else None)
        self._enable()

    def _enable(self) -> None:
        writable, idle = not self._context.read_only, self._job is None
        one = self.compare.merge()
        count = 0 if one is None else len(one.gone_ids) + 1
        words = ngettext("Merge {count} card", "Merge {count} cards", count).format(count=count)
        self.merge_button.setText(words if count else _("Merge"))
        self.merge_button.setEnabled(writable and count > 0)
        self.not_button.setEnabled(writable and self.group() is not None)
        self.find_button.setEnabled(idle)
        certain = sum(group.certain for group in self._groups)
        words = ngettext("Merge {count} certain group", "Merge {count} certain groups", certain)
        self.all_button.setText(words.format(count=format_number(certain)))
        self.all_button.setVisible(certain > 0)
        self.all_button.setEnabled(writable and idle)

    # -- doing --------------------------------------------------------------------------------

    def merge(self) -> None:
        """Make one client of the cards shown, with the values chosen."""
        one = self.compare.merge()
        if one is None or self._context.read_only:
            return

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import doubles

            return doubles.merge(db, [one], actor=actor)

        save(self._context, write, self, lambda _change: self._drop(one.kind, one.gone_ids))

    def merge_certain(self) -> None:
        """Merge every group that is beyond doubt, as proposed; one undo takes it back."""
        groups = [group for group in self._groups if group.certain]
        if not groups or self._context.read_only:
            return

        def work(db: Database, _progress: Callable[..., None], _cancelled: Callable[[], bool]) -> Change:
            from funneldesk.services import acting, doubles

            return doubles.merge_groups(db, groups, actor=acting.actor(db, self._context.me))

        def done(change: Change) -> None:
            self._context.tell(change)
            self._groups = [group for group in self._groups if not group.certain]
            self._show_groups()

        title = _("Merging doubles")
        self._context.tasks.run(work, done, title=title, receiver=self, writes=True)

    def dismiss(self) -> None:
        """Remember that the cards of the group are not the same client."""
        group = self.group()
        if group is None or self._context.read_only:
            return

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import doubles

            return doubles.dismiss(db, group.kind, group.ids, actor=actor)

        save(self._context, write, self, lambda _change: self._drop(group.kind, group.ids[1:]))

    def _drop(self, kind: str, ids: Sequence[int]) -> None:
        """Clients that are no doubles any more leave their groups."""
        kept = []
        for group in self._groups:
            left = tuple(i for i in group.ids if group.kind != kind or i not in ids)
            if len(left) > 1:
                kept.append(Group(group.kind, left, group.reasons))
        self._groups = kept
        self._show_groups()

    # -- what the window calls ----------------------------------------------------------------

    def title(self) -> str:
        """The name of the screen."""
        return _("Doubles")

    def activated(self) -> None:
        """The first time the base is looked through at once."""
        if not self._begun:
            self.look()
        self.list.setFocus()

    def refresh(self, change: Change | None) -> None:
        """F5, and what was done here taken back: look again; else the cards shown are read anew."""
        again = change is not None and change.journal_id in self._done
        if change is None or again:
            self.look()
            return
        if change.touches("not_double") or change.label.code.endswith(".merged"):
            self._done.add(change.journal_id)
        elif change.touches("company") or change.touches("person"):
            self._show_group()
