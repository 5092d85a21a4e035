"""Names of the file that the base does not know: made, or read as known ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from funneldesk.domain.folding import fold
from funneldesk.importing.fields import CUSTOM, Kind
from funneldesk.importing.words import WordUse
from funneldesk.text import N_, _, format_number, ngettext
from funneldesk.ui.import_wizard.columns_table import narrow
from funneldesk.ui.import_wizard.decisions import LISTS, Section, clear_layout
from funneldesk.ui.import_wizard.session import ImportSession
from funneldesk.ui.import_wizard.views import ValuesView
from funneldesk.ui.theme import SPACE_2, SPACE_3, Theme
from funneldesk.ui.widgets.buttons import ElidedButton, push_button
from funneldesk.ui.widgets.labels import ElidedLabel, Quiet

MOST = 40  # lines of one field; a longer list is named by its length
_TITLES = {
    "manager": N_("New managers"),
    "source": N_("New sources"),
    "product": N_("New products"),
    "lost_reason": N_("New loss reasons"),
    "funnel": N_("Funnels that are not in the base"),
    "stage": N_("Stages that the funnel does not have"),
    "to_stage": N_("Stages that the funnel does not have"),
}
_AS_IS = "\x00as-is"


@dataclass(frozen=True, slots=True)
class _Line:
    field: str
    text: str
    count: int
    state: str
    meaning: str | None
    proposals: tuple[str, ...]


class WordsPanel(QWidget):
    """A card for each field that has such names."""

    def __init__(self, theme: Theme, session: ImportSession) -> None:
        super().__init__()
        self._theme = theme
        self._session = session
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_2)
        self._shown: dict[str, list[_Line]] = {}
        self.combos: dict[tuple[str, str], QComboBox] = {}
        self.hints: dict[tuple[str, str], QPushButton] = {}
        self.for_all: dict[str, list[QPushButton]] = {}
        self.hide()

    def show_values(self, view: ValuesView | None) -> None:
        """Show what would be made; lines stay where they are while a person goes through them."""
        if view is None:
            return
        lines = self._lines(view)
        if lines == self._shown:
            return
        self._shown = lines
        clear_layout(self._column)
        self.combos = {}
        self.hints = {}
        self.for_all = {}
        for field, of_field in lines.items():
            self._column.addWidget(self._section(field, of_field, view))
        self.setVisible(bool(lines))

    def _lines(self, view: ValuesView) -> dict[str, list[_Line]]:
        spoken = self._session.spoken
        out: dict[str, dict[str, _Line]] = {}
        for word in view.words:
            if word.state in ("new", "unknown") and not _goes_without_saying(self._session, view, word):
                names = tuple(self._names(word.field, view))
                known = {fold(name): name for name in names}
                near = tuple(known.get(fold(p), p) for p, _score in word.proposals)
                line = _Line(word.field, word.text, word.count, word.state, None, near)
                out.setdefault(word.field, {})[word.text] = line
        for (field, text), meaning in spoken.items():
            out.setdefault(field, {})[text] = _Line(field, text, 0, "spoken", meaning, ())
        # those that are like a known one come first: there a person has something to say
        order = {
            field: sorted(of.values(), key=lambda line: (not line.proposals, fold(line.text)))
            for field, of in out.items()
        }
        return order

    def _section(self, field: str, lines: list[_Line], view: ValuesView) -> Section:
        section = Section(f"{_title(field, view)}: {format_number(len(lines))}")
        words = (
            _("They will be made, unless you say that they are known ones.")
            if _is_made(field, view)
            else _("Say what they mean, or their rows are rejected.")
        )
        section.column.addWidget(Quiet(words, wrap=True, small=True))
        open_ = [line.text for line in lines if line.meaning is None and not line.proposals]
        if field in view.options and len(open_) > 1:
            section.column.addLayout(self._for_all(field, open_))
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_2)
        grid.setVerticalSpacing(SPACE_2)
        grid.setColumnStretch(0, 1)
        for row, line in enumerate(lines[:MOST]):
            row *= 2  # below a name may stand one that it is like
            label = ElidedLabel(line.text)
            if line.count:
                label.setAccessibleDescription(
                    ngettext("{count} row", "{count} rows", line.count).format(count=line.count)
                )
            combo = self._combo(line, view)
            combo.setFixedWidth(round(168 * narrow(self._theme)))
            grid.addWidget(label, row, 0)
            grid.addWidget(combo, row, 1)
            if line.proposals:
                grid.addWidget(self._hint(line), row + 1, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
            self.combos[line.field, line.text] = combo
        section.column.addLayout(grid)
        if len(lines) > MOST:
            rest = len(lines) - MOST
            more = ngettext("and {count} more", "and {count} more", rest)
            section.column.addWidget(Quiet(more.format(count=format_number(rest))))
        return section

    def _for_all(self, field: str, open_: list[str]) -> QHBoxLayout:
        """One click for all values that nothing was said of and that are like no choice."""
        say = self._session.translate_all
        row = QHBoxLayout()
        row.setSpacing(SPACE_3)
        make = ngettext("Make {count} new choice", "Make {count} new choices", len(open_))
        leave = ngettext("Leave {count} empty", "Leave {count} empty", len(open_))
        count = format_number(len(open_))
        for words, meanings in ((make, {t: t for t in open_}), (leave, dict.fromkeys(open_, ""))):
            button = push_button(words.format(count=count), partial(say, field, meanings), role="link")
            row.addWidget(button)
            self.for_all.setdefault(field, []).append(button)
        row.addStretch(1)
        return row

    def _hint(self, line: _Line) -> QPushButton:
        """The known name that one is like; a click says that it is this one."""
        name = line.proposals[0]
        words = _("is it {name}?").format(name=" ".join(name.split())).replace("&", "&&")
        hint = ElidedButton(words, partial(self._session.translate, line.field, line.text, name))
        hint.setAccessibleDescription(line.text)
        self.hints[line.field, line.text] = hint
        return hint

    def _combo(self, line: _Line, view: ValuesView) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(_("What {name} means").format(name=line.text))
        combo.setMaxVisibleItems(16)
        combo.addItem(_("make new") if _is_made(line.field, view) else _("not known"), _AS_IS)
        for name in line.proposals:
            combo.addItem(_("is {name}").format(name=name), name)
        names = [n for n in self._names(line.field, view) if n not in line.proposals]
        if line.proposals and names:
            combo.insertSeparator(combo.count())
        for name in names:
            combo.addItem(name, name)
        if line.field in ("stage", "to_stage"):
            combo.insertSeparator(combo.count())
            combo.addItem(_("Won"), "Won")
            combo.addItem(_("Lost"), "Lost")
        combo.insertSeparator(combo.count())
        if line.field in view.options:
            combo.addItem(_("make a new choice"), line.text)
        combo.addItem(_("leave empty"), "")
        if line.meaning is not None:
            combo.setCurrentIndex(max(combo.findData(line.meaning), 0))
        combo.activated.connect(partial(self._chosen, combo, line))
        return combo

    def _chosen(self, combo: QComboBox, line: _Line, _index: int) -> None:
        meaning = combo.currentData()
        self._session.translate(line.field, line.text, None if meaning == _AS_IS else str(meaning))

    def _names(self, field: str, view: ValuesView) -> list[str]:
        base = view.base
        if field.startswith(CUSTOM):
            return list(view.options.get(field, ()))
        if field in LISTS:
            return list(base.names.get(LISTS[field], ()))
        if field == "funnel":
            return [funnel.name for funnel in base.funnels]
        flow = self._session.flow
        if flow is not None and flow.request.create_funnel:
            return list(flow.request.stages)
        chosen = flow.request.funnel if flow else None
        for funnel in base.funnels:
            if chosen is None or fold(funnel.name) == fold(chosen):
                return list(funnel.stages)
        return list(base.first_funnel.stages) if base.first_funnel else []


def _title(field: str, view: ValuesView) -> str:
    if field.startswith(CUSTOM) and field not in view.options:
        return _("Alike choices of the new field {name}").format(name=field.removeprefix(CUSTOM))
    if field.startswith(CUSTOM):
        return _("Not among the choices of {name}").format(name=field.removeprefix(CUSTOM))
    return _(_TITLES.get(field, ""))


def _is_made(field: str, view: ValuesView) -> bool:
    """Whether values of a field that are not known are made unasked."""
    return field in LISTS or (field.startswith(CUSTOM) and field not in view.options)


def _goes_without_saying(session: ImportSession, view: ValuesView, word: WordUse) -> bool:
    """Whether a value will be made with its funnel or its field, so that there is nothing to ask."""
    if word.field.startswith(CUSTOM):
        return word.field not in view.options and not word.proposals
    flow = session.flow
    making = flow is not None and flow.request.kind is Kind.DEALS and flow.request.create_funnel
    return making and word.field in ("stage", "funnel") and not word.proposals
