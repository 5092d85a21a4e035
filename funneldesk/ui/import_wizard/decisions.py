"""What is decided beside the columns: dates, duplicates, the funnel, values for all rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import PurePath

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from funneldesk.field_words import field_title
from funneldesk.importing.dates import Order
from funneldesk.importing.fields import Kind, OnDuplicate
from funneldesk.importing.plan import Request
from funneldesk.text import N_, _, format_date
from funneldesk.ui.import_wizard.session import ImportSession
from funneldesk.ui.import_wizard.views import ValuesView
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3, Theme
from funneldesk.ui.widgets.buttons import IconButton, push_button
from funneldesk.ui.widgets.labels import ElidedLabel, PlainLabel, Quiet

DUPLICATES = {
    OnDuplicate.SKIP: N_("Leave them as they are"),
    OnDuplicate.FILL: N_("Fill in only what is empty"),
    OnDuplicate.UPDATE: N_("Overwrite with the file"),
    OnDuplicate.CREATE: N_("Make them once more"),
}
# the keys by which a row finds its record
KEY_WORDS = {
    "tax_id": N_("tax number"),
    "email": N_("e-mail"),
    "phone": N_("phone"),
    "name": N_("name"),
    "external_id": N_("number elsewhere"),
    "name_city": N_("name alike in the same city"),
}
ASKED = "name_city"  # not a key of its own accord: who is only alike is asked about  # fmt: skip
LISTS = {"manager": "manager", "source": "source", "product": "product", "lost_reason": "loss_reason"}


class Section(QFrame):
    """A card with a title."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_3)
        self.column.setSpacing(SPACE_2)
        self.title = PlainLabel(title, "strong")
        self.title.setWordWrap(True)
        self.column.addWidget(self.title)


def clear_layout(layout: QVBoxLayout, keep: int = 0) -> None:
    """Take away all but the first `keep` things."""
    while layout.count() > keep:
        item = layout.takeAt(keep)
        if item is None:
            return
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()


class Questions(Section):
    """Columns of dates that fit two orders; nothing is guessed."""

    def __init__(self, session: ImportSession) -> None:
        super().__init__(_("How are the dates meant?"))
        self._session = session
        self._shown: dict[int, tuple[str, QWidget]] = {}
        self.radios: dict[tuple[int, Order], QRadioButton] = {}

    def show_values(self, view: ValuesView | None) -> None:
        """Ask what is open; what is answered stays, so that it can be changed."""
        for question in view.questions if view else ():
            if question.column not in self._shown:
                box = self._ask(question.column, question.header, question.ambiguous)
                self._shown[question.column] = (question.header, box)
                self.column.addWidget(box)
        self.setVisible(bool(self._shown))

    def forget(self) -> None:
        """Other columns: nothing was asked yet."""
        clear_layout(self.column, keep=1)
        self._shown.clear()
        self.radios.clear()
        self.hide()

    def _ask(self, column: int, header: str, found: object) -> QWidget:
        box = QWidget()
        inner = QVBoxLayout(box)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(SPACE)
        example = str(getattr(found, "example", ""))
        words = Quiet(_("{column}: what is {example}?").format(column=header, example=example), wrap=True)
        inner.addWidget(words)
        group = QButtonGroup(box)
        for order in (Order.DMY, Order.MDY):
            day = date.fromisoformat(str(getattr(found, order.value)))
            radio = QRadioButton(format_date(day))
            radio.clicked.connect(partial(self._answer, column, order))
            group.addButton(radio)
            inner.addWidget(radio)
            self.radios[column, order] = radio
        return box

    def _answer(self, column: int, order: Order, _checked: bool = False) -> None:
        self._session.read_as(column, order)


class Duplicates(Section):
    """What happens with rows that are in the base already."""

    def __init__(self, session: ImportSession) -> None:
        super().__init__(_("Rows that are in the base already"))
        self.combo = QComboBox()
        self.combo.setAccessibleName(self.title.text())
        for rule, words in DUPLICATES.items():
            self.combo.addItem(_(words), rule)
        self.combo.activated.connect(
            lambda _i: session.change_request(on_duplicate=OnDuplicate(self.combo.currentData()))
        )
        self.hint = Quiet(_("They are known by:"), small=True)
        self.before = Quiet("", wrap=True, small=True)
        self.before.hide()
        self.column.addWidget(self.combo)
        self.column.addWidget(self.before)
        self.column.addWidget(self.hint)
        self._session = session
        self.keys: dict[str, QCheckBox] = {}
        grid = QGridLayout()
        grid.setVerticalSpacing(SPACE)
        for place, (key, words) in enumerate(KEY_WORDS.items()):
            box = QCheckBox(_(words))
            box.clicked.connect(self._keys_chosen)
            self.keys[key] = box
            alone = place >= len(KEY_WORDS) - 2  # the longest names get a line of their own
            row = place // 2 + (place == len(KEY_WORDS) - 1)
            grid.addWidget(box, row, 0 if alone else place % 2, 1, 2 if alone else 1)
        self.column.addLayout(grid)

    def show_rule(self, request: Request) -> None:
        """Show the rule that holds."""
        with QSignalBlocker(self.combo):
            self.combo.setCurrentIndex(self.combo.findData(request.on_duplicate))
        for key, box in self.keys.items():
            with QSignalBlocker(box):
                box.setChecked(key != ASKED if request.keys is None else key in request.keys)
        self.keys[ASKED].setVisible(request.kind is Kind.CLIENTS)
        self.setVisible(request.kind not in (Kind.HISTORY, Kind.ACTIVITIES))

    def show_values(self, view: ValuesView | None) -> None:
        """Say that the list came before."""
        before = view.before if view is not None else None
        self.before.setVisible(before is not None)
        if before is not None:
            words = _("This list came before, as {file}: only what has changed in it is written.")
            self.before.setText(words.format(file=before.file))

    def _keys_chosen(self) -> None:
        chosen = tuple(key for key, box in self.keys.items() if box.isChecked())
        usual = tuple(key for key in self.keys if key != ASKED)
        self._session.change_request(keys=None if chosen == usual else chosen)


class FunnelSection(Section):
    """Into which funnel the deals go, or a new one made of the stages of the file."""

    def __init__(self, theme: Theme, session: ImportSession) -> None:
        super().__init__(_("Funnel"))
        self._session = session
        self.combo = QComboBox()
        self.combo.setAccessibleName(_("Funnel"))
        self.combo.activated.connect(lambda _i: self._chosen())
        self.column.addWidget(self.combo)
        self.made = QWidget()
        inner = QVBoxLayout(self.made)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(SPACE_2)
        self.name = QLineEdit()
        self.name.setAccessibleName(_("Name of the new funnel"))
        self.name.editingFinished.connect(self._tell)
        self.stages = QListWidget()
        self.stages.setAccessibleName(_("Stages in their order"))
        self.stages.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.stages.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.stages.model().rowsMoved.connect(lambda *_args: self._tell())
        head = QHBoxLayout()
        head.addWidget(Quiet(_("Stages in their order")), 1)
        self.up = IconButton(theme, "arrow-up", _("Earlier"), lambda: self._move(-1))
        self.down = IconButton(theme, "arrow-down", _("Later"), lambda: self._move(1))
        head.addWidget(self.up)
        head.addWidget(self.down)
        inner.addWidget(self.name)
        inner.addLayout(head)
        inner.addWidget(self.stages)
        self.column.addWidget(self.made)
        self._row = theme.px(24)

    def show_values(self, view: ValuesView | None) -> None:
        """Show the funnels of the base, and the stages of the file."""
        flow = self._session.flow
        staged = flow is not None and flow.request.kind in (Kind.DEALS, Kind.HISTORY)
        self.setVisible(staged and view is not None)
        if view is None or flow is None or not staged:
            return
        request = flow.request
        new = request.create_funnel
        with QSignalBlocker(self.combo):
            self.combo.clear()
            for funnel in view.base.funnels:
                self.combo.addItem(funnel.name, funnel.name)
            if not view.base.funnels and request.kind is Kind.DEALS and view.base.first_funnel is not None:
                self.combo.addItem(_("{name} (will be made)").format(name=view.base.first_funnel.name), None)
            if view.stages() and request.kind is Kind.DEALS:
                self.combo.addItem(_("Make a funnel from the stages of this file"), "")
            wanted = "" if new else request.funnel
            at = self.combo.findData(wanted) if wanted is not None else 0
            self.combo.setCurrentIndex(max(at, 0))
        self.made.setVisible(new)
        if new:
            with QSignalBlocker(self.name):
                if not self.name.hasFocus():
                    self.name.setText(request.funnel or PurePath(flow.file).stem)
            self._fill(request.stages or view.stages())

    def _fill(self, stages: tuple[str, ...]) -> None:
        if list(stages) != self._names():
            self.stages.clear()
            self.stages.addItems(list(stages))
        self.stages.setFixedHeight(min(max(len(stages), 2), 9) * self._row + 8)

    def _names(self) -> list[str]:
        return [self.stages.item(i).text() for i in range(self.stages.count())]

    def _chosen(self) -> None:
        chosen = self.combo.currentData()
        if chosen == "":
            view, flow = self._session.values, self._session.flow
            assert view is not None and flow is not None
            name = PurePath(flow.file).stem
            self._session.change_request(create_funnel=True, funnel=name, stages=view.stages())
        else:
            self._session.change_request(create_funnel=False, funnel=chosen, stages=())

    def _tell(self) -> None:
        name = self.name.text().strip()
        flow = self._session.flow
        if flow is None or not flow.request.create_funnel:
            return
        stages = tuple(self._names())
        if name and (name, stages) != (flow.request.funnel, flow.request.stages):
            self._session.change_request(create_funnel=True, funnel=name, stages=stages)

    def _move(self, by: int) -> None:
        row = self.stages.currentRow()
        if row >= 0 and 0 <= row + by < self.stages.count():
            item = self.stages.takeItem(row)
            self.stages.insertItem(row + by, item)
            self.stages.setCurrentRow(row + by)
            self._tell()


class Constants(Section):
    """Values for all rows: a manager, a source, a funnel ..."""

    add_wanted = Signal()

    def __init__(self, theme: Theme, session: ImportSession) -> None:
        super().__init__(_("The same for all rows"))
        self._theme = theme
        self._session = session
        self.lines = QVBoxLayout()
        self.lines.setSpacing(SPACE)
        self.column.addLayout(self.lines)
        self.add = push_button(_("Set a manager, a source…"), self.add_wanted.emit, theme=theme, icon="plus")
        self.column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.edits: dict[str, QComboBox] = {}
        self._fresh: list[str] = []  # fields whose value is being typed

    def begin(self, field: str) -> None:
        """Open a line for a field."""
        if field not in self._fresh:
            self._fresh.append(field)
        self.show_values(self._session.values)
        if field in self.edits:
            self.edits[field].setFocus()

    def forget(self) -> None:
        """Another file: no line is open."""
        self._fresh = []

    def show_values(self, view: ValuesView | None) -> None:
        """A line for each value that is set."""
        flow = self._session.flow
        if flow is None:
            return
        constants = dict(flow.settings.constants)
        wanted = [*constants, *(f for f in self._fresh if f not in constants)]
        if list(self.edits) == wanted:
            return
        clear_layout(self.lines)
        self.edits = {}
        for field in wanted:
            self.lines.addWidget(self._line(field, constants.get(field, ""), flow.request.kind, view))

    def _line(self, field: str, text: str, kind: Kind, view: ValuesView | None) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        label = ElidedLabel(field_title(str(kind), field), "field")
        label.setFixedWidth(self._theme.px(88))
        edit = QComboBox()
        edit.setEditable(True)
        edit.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        edit.setAccessibleName(label.text())
        if view is not None:
            if field == "funnel":
                edit.addItems([f.name for f in view.base.funnels])
            else:
                edit.addItems(list(view.base.names.get(LISTS.get(field, ""), ())))
        edit.setCurrentText(text)
        keep: Callable[[], None] = partial(self._set, field, edit)
        edit.activated.connect(lambda _i: keep())
        inner = edit.lineEdit()
        assert inner is not None
        inner.editingFinished.connect(keep)
        row.addWidget(label)
        row.addWidget(edit, 1)
        row.addWidget(IconButton(self._theme, "x", _("Take away"), partial(self._drop, field)))
        self.edits[field] = edit
        return line

    def _set(self, field: str, edit: QComboBox) -> None:
        flow = self._session.flow
        text = edit.currentText().strip()
        if flow is not None and text and flow.settings.constants.get(field) != text:
            self._session.set_constant(field, text)

    def _drop(self, field: str) -> None:
        if field in self._fresh:
            self._fresh.remove(field)
        flow = self._session.flow
        if flow is not None and field in flow.settings.constants:
            self._session.set_constant(field, "")
        self.show_values(self._session.values)
