"""Step 2: each column of the file and where it goes, and what must be decided beside."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from funneldesk.field_words import field_title, type_title
from funneldesk.importing.fields import CUSTOM, CUSTOM_RECORD, Kind
from funneldesk.text import _, format_number, ngettext
from funneldesk.ui.context import AppContext
from funneldesk.ui.import_wizard.columns_table import FIELD, NAME, ColumnsTable, narrow
from funneldesk.ui.import_wizard.decisions import Constants, Duplicates, FunnelSection, Questions
from funneldesk.ui.import_wizard.field_popup import OUT, Choice, FieldPopup
from funneldesk.ui.import_wizard.mappings_menu import MappingsButton
from funneldesk.ui.import_wizard.new_fields import NewFields
from funneldesk.ui.import_wizard.session import ImportSession
from funneldesk.ui.import_wizard.splits import Splits
from funneldesk.ui.import_wizard.units import Units
from funneldesk.ui.import_wizard.views import GOES_IN, ColumnView, ValuesView, field_choices
from funneldesk.ui.import_wizard.words_panel import WordsPanel
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_6
from funneldesk.ui.widgets.labels import Quiet
from funneldesk.ui.widgets.scroll import ScrollArea

_FIRST = ("manager", "source", "funnel", "stage", "status", "product", "category", "country", "city")


class ColumnsStep(QWidget):
    """The table at the left, decisions at the right."""

    def __init__(self, context: AppContext, session: ImportSession) -> None:
        super().__init__()
        theme = context.theme
        self._theme = theme
        self._session = session
        self.table = ColumnsTable(theme)
        self.table.choose_wanted.connect(self.choose_field)
        self.table.drop_wanted.connect(lambda row: self._map(row, OUT))
        self.table.accept_wanted.connect(self._accept)
        self.summary = Quiet()
        self.mappings = MappingsButton(context, session)
        left = QVBoxLayout()
        left.setSpacing(SPACE_2)
        head = QHBoxLayout()
        head.addWidget(self.summary, 1)
        head.addWidget(self.mappings)
        left.addLayout(head)
        left.addWidget(self.table, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_6, SPACE_3, SPACE_6, SPACE_3)
        row.setSpacing(SPACE_3)
        row.addLayout(left, 1)
        row.addWidget(self._build_side())

    def _build_side(self) -> QWidget:
        theme, session = self._theme, self._session
        self.questions = Questions(session)
        self.units = Units(session)
        self.splits = Splits(session)
        self.duplicates = Duplicates(session)
        self.new_fields = NewFields(theme, session)
        self.funnel = FunnelSection(theme, session)
        self.constants = Constants(theme, session)
        self.constants.add_wanted.connect(self._choose_constant)
        self.words = WordsPanel(theme, session)
        inner = QWidget()
        inner.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, SPACE_2, 0)
        column.setSpacing(SPACE_2)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._parts = (
            self.questions, self.units, self.splits, self.new_fields, self.funnel, self.words,
            self.duplicates, self.constants,
        )  # fmt: skip
        for part in self._parts:
            column.addWidget(part)
        column.addStretch(1)
        self.side = ScrollArea(inner)
        self.side.setFixedWidth(round(368 * narrow(theme)))
        return self.side

    # -- showing ------------------------------------------------------------------------------

    def show_columns(self) -> None:
        """Show how the columns are mapped."""
        flow = self._session.flow
        views = self._session.columns
        if flow is None:
            return
        self.table.model_.show(views, flow.request.kind)
        if views and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.table.model_.index(0, NAME))
        used = sum(v.state in GOES_IN for v in views)
        words = ngettext("{used} of {count} column goes in.", "{used} of {count} columns go in.", len(views))
        self.summary.setText(words.format(used=format_number(used), count=format_number(len(views))))
        self.duplicates.show_rule(flow.request)
        self.constants.show_values(self._session.values)

    def show_values(self) -> None:
        """Show what the values ask."""
        view = self._session.values
        self.table.model_.hints = view.hints if view is not None else {}
        for part in self._parts:
            part.show_values(view)

    def forget(self) -> None:
        """Another file: nothing of the one before stays."""
        self.questions.forget()
        self.units.forget()
        self.splits.forget()
        self.mappings.reload()
        self.constants.forget()
        self.funnel.hide()
        self.duplicates.show_values(None)
        self.words.show_values(ValuesView())
        self.new_fields.show_values(None)

    # -- choosing -----------------------------------------------------------------------------

    def choose_field(self, row: int) -> None:
        """Open the list of fields for a column."""
        view = self._session.columns[row]
        popup = FieldPopup(self._theme, self, self._choices(view), view.field or OUT, partial(self._map, row))
        index = self.table.model_.index(row, FIELD)
        place = QWidget(self.table.viewport())
        place.setGeometry(self.table.visualRect(index))
        popup.destroyed.connect(place.deleteLater)
        popup.open_at(place)

    def _choices(self, view: ColumnView) -> list[Choice]:
        flow = self._session.flow
        assert flow is not None
        kind = flow.request.kind
        used = {v.field for v in self._session.columns if v.state in GOES_IN}
        out = [Choice(OUT, _("leave out"), "circle-x", quiet=True)]
        for key, words in field_choices(kind):
            out.append(Choice(key, words, quiet=key in used and key != view.field))
        if kind in CUSTOM_RECORD:
            names = list(flow.own_names())
            out.extend(Choice(CUSTOM + name, name, "tag") for name in names)
            if view.name not in names:
                words = _("New field “{name}”").format(name=view.name)
                if hint := self.table.model_.hints.get(view.index):
                    words += f": {type_title(hint.type)}"
                out.append(Choice(CUSTOM + view.name, words, "plus"))
        return out

    def _map(self, row: int, key: str) -> None:
        view = self._session.columns[row]
        if key != (view.field or OUT) or view.state in (
            "proposed",
            "doubt",
            "likely",
            "out",
            "taken",
            "rival",
        ):
            self._session.set_map(view.index, key or None)
        self.table.setFocus()

    def _accept(self, row: int) -> None:
        view = self._session.columns[row]
        if view.field:
            self._session.set_map(view.index, view.field)
        elif view.state == "out" and self._can_be_new(view):
            self._session.set_map(view.index, CUSTOM + view.name)

    def _can_be_new(self, view: ColumnView) -> bool:
        return self._session.kind in CUSTOM_RECORD and bool(view.samples)

    def _choose_constant(self) -> None:
        kind = self._session.kind
        if kind is None:
            return
        choices = [Choice(key, words) for key, words in _constants_first(kind)]
        FieldPopup(self._theme, self, choices, "", self.constants.begin).open_at(self.constants.add)


def _constants_first(kind: Kind) -> list[tuple[str, str]]:
    """The fields that are likely to be the same for all rows first."""
    known = dict(field_choices(kind))
    first = [key for key in _FIRST if key in known]
    rest = [key for key in known if key not in first]
    return [(key, field_title(str(kind), key)) for key in (*first, *rest)]
