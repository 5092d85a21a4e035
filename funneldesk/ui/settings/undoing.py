"""Undo and journal in the settings: how far back undo reaches, and how much the journal takes up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from funneldesk.text import _, format_date, format_number, ngettext
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.widgets.forms import Form
from funneldesk.ui.widgets.labels import Quiet

if TYPE_CHECKING:
    from funneldesk.services.growth import Rule
    from funneldesk.store.database import Database
    from funneldesk.store.growth import Weight

_DAYS = (30, 90, 180, 365, 0)
_MEGABYTES = (50, 100, 200, 500, 1_000, 2_000)


class UndoSection(QWidget):
    """Two choices, and what there is now."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        form = Form(context.theme, label_width=180)
        spans = tuple((days, _span(days)) for days in _DAYS)
        self.days = form.add_choice("days", _("Undo reaches back"), spans, optional=False)
        sizes = tuple((size, _("{size} MB").format(size=format_number(size))) for size in _MEGABYTES)
        self.most = form.add_choice("most", _("The journal is at most"), sizes, optional=False)
        form.changed.connect(lambda _key: self._take())
        column.addWidget(form)
        self.words = Quiet("", wrap=True)
        self.words.setAccessibleName(_("What the journal holds"))
        column.addWidget(self.words)
        for field in (self.days, self.most):
            field.setEnabled(False)  # until it is known what is chosen
        self.reload()

    def reload(self) -> None:
        """Read what is chosen and what there is."""
        self._context.tasks.read(_read, self._show, receiver=self, key="settings-undo")

    def _show(self, found: tuple[Rule, Weight]) -> None:
        rule, weight = found
        for field, value in ((self.days, rule.days), (self.most, rule.megabytes)):
            field.blockSignals(True)
            field.set_value(value)
            field.setEnabled(not self._context.read_only)
            field.blockSignals(False)
        changes = ngettext("{count} change", "{count} changes", weight.entries).format(
            count=format_number(weight.entries)
        )
        size = _("{size} MB").format(size=format_number(weight.bytes / 1_000_000, 1))
        lines = [_("Now the journal holds {changes} and takes up {size}.").format(changes=changes, size=size)]
        if weight.oldest is not None:
            day = format_date(weight.oldest, self._context.zone)
            lines.append(_("The oldest of them that can be undone is of {day}.").format(day=day))
        self.words.setText("\n".join(lines))

    def _take(self) -> None:
        from funneldesk.services import growth

        rule = growth.Rule(int(str(self.days.value() or 0)), int(str(self.most.value() or growth.MEGABYTES)))
        self._context.tasks.write(lambda db: growth.choose(db, rule), receiver=self)


def _span(days: int) -> str:
    if not days:
        return _("without end")
    return ngettext("{count} day", "{count} days", days).format(count=format_number(days))


def _read(db: Database) -> tuple[Rule, Weight]:
    from funneldesk.services import growth

    return growth.rule_of(db), growth.weight(db)
