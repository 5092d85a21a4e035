"""Step 1: the file, what its rows are, its sheet and header, and how its text is read."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from funneldesk.field_words import kind_title
from funneldesk.importing.fields import Kind
from funneldesk.text import N_, _, format_number, ngettext
from funneldesk.ui.icons import pixmap
from funneldesk.ui.import_wizard.drop_area import DropArea
from funneldesk.ui.import_wizard.file_grid import FileGrid
from funneldesk.ui.import_wizard.session import ImportSession
from funneldesk.ui.import_wizard.views import FileView
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_6, Theme
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.flow import FlowLayout
from funneldesk.ui.widgets.labels import ElidedLabel, PlainLabel, Quiet

KIND_HINTS = {
    Kind.CLIENTS: N_("Companies and people with their phones, e-mails and addresses."),
    Kind.LEADS: N_("Requests whose need is not known yet."),
    Kind.DEALS: N_("Deals with client, stage, amount and dates."),
    Kind.HISTORY: N_("When deals that are in the base moved from stage to stage."),
    Kind.ACTIVITIES: N_("Calls, letters, meetings and notes of clients that are in the base."),
    Kind.PEOPLE: N_("Contact persons, each with the name of the company."),
    Kind.INVOICES: N_("Invoices with client, date and amount."),
    Kind.PAYMENTS: N_("Payments, each with its invoice or client."),
}
ENCODINGS = (
    "utf-8", "windows-1251", "windows-1250", "windows-1252", "iso8859-2", "koi8-r", "cp866", "cp852",
    "utf-16",
)  # fmt: skip
DELIMITERS = ((",", N_("comma")), (";", N_("semicolon")), ("\t", N_("tab")), ("|", N_("vertical bar")))


class FileStep(QWidget):
    """The place to drop a file, and once there is one, what it is."""

    other_wanted = Signal()

    def __init__(self, theme: Theme, session: ImportSession) -> None:
        super().__init__()
        self._session = session
        self._theme = theme
        self.drop = DropArea(theme)
        self.shown = QWidget()
        margin = QWidget()
        inner = QVBoxLayout(margin)
        inner.setContentsMargins(SPACE_6, SPACE_3, SPACE_6, SPACE_6)
        inner.addWidget(self.drop)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(margin)
        self._stack.addWidget(self.shown)
        column = QVBoxLayout(self.shown)
        column.setContentsMargins(SPACE_6, SPACE_3, SPACE_6, SPACE_3)
        column.setSpacing(SPACE_3)
        column.addLayout(self._name_row())
        column.addLayout(self._kind_row())
        column.addLayout(self._shape_row())
        self.grid = FileGrid(theme)
        self.grid.header_chosen.connect(session.choose_header)
        column.addWidget(self.grid, 1)

    def _name_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        icon = QLabel()
        icon.setPixmap(pixmap("file-spreadsheet", self._theme.accent, self._theme.px(20)))
        self.name = ElidedLabel("", "title")
        self.facts = Quiet()
        self.other = push_button(_("Another file…"), self.other_wanted.emit)
        row.addWidget(icon)
        row.addWidget(self.name, 1)
        row.addWidget(self.facts)
        row.addSpacing(SPACE_2)
        row.addWidget(self.other)
        return row

    def _kind_row(self) -> FlowLayout:
        row = FlowLayout(spacing=SPACE_2)
        row.addWidget(PlainLabel(_("The rows are"), "strong"))
        self._kinds = QButtonGroup(self)
        self.kind_buttons: dict[Kind, QPushButton] = {}
        for kind in Kind:
            button = QPushButton(kind_title(str(kind)))
            button.setProperty("role", "chip")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, k=kind: self._session.set_kind(k))
            self._kinds.addButton(button)
            self.kind_buttons[kind] = button
            row.addWidget(button)
        self.hint = Quiet()
        row.addWidget(self.hint)
        return row

    def _shape_row(self) -> FlowLayout:
        row = FlowLayout(spacing=SPACE_2)
        self.sheet = self._combo(_("Sheet"))
        self.sheet.activated.connect(lambda _i: self._session.choose_sheet(int(self.sheet.currentData())))
        self.encoding = self._combo(_("Encoding"))
        self.delimiter = self._combo(_("Columns are separated by"))
        for combo in (self.encoding, self.delimiter):
            combo.activated.connect(lambda _i: self._reread())
        self._pairs: dict[QComboBox, QWidget] = {}
        for combo in (self.sheet, self.encoding, self.delimiter):
            self._pairs[combo] = _pair(combo)
            row.addWidget(self._pairs[combo])
        self.tables = PlainLabel("", "strong")
        row.addWidget(self.tables)
        self.header_words = Quiet()
        row.addWidget(self.header_words)
        self.no_header = push_button(_("The columns have no names"), self._toggle_header, role="link")
        row.addWidget(self.no_header)
        return row

    @staticmethod
    def _combo(name: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return combo

    # -- showing ------------------------------------------------------------------------------

    def show_file(self, view: FileView | None) -> None:
        """Show what is known of the file, or the place to drop one."""
        self._stack.setCurrentIndex(0 if view is None else 1)
        if view is None:
            return
        self.name.setText(view.name)
        self.facts.setText(_facts(view))
        self.kind_buttons[view.kind].setChecked(True)
        for kind, button in self.kind_buttons.items():
            button.setProperty("on", "true" if kind is view.kind else "")
            button.style().unpolish(button)
            button.style().polish(button)
        self.hint.setText(_(KIND_HINTS[view.kind]))
        self._fill_sheets(view)
        self._fill_text(view)
        if view.header:
            words = _("Row {row} names the columns. Click another row if it should be that one.")
            self.header_words.setText(words.format(row=view.header))
        else:
            self.header_words.setText(_("No row names the columns. Click the row that should."))
        self.no_header.setVisible(bool(view.header))
        self.grid.show_file(view)

    def _fill_sheets(self, view: FileView) -> None:
        with QSignalBlocker(self.sheet):
            self.sheet.clear()
            for sheet in view.sheets:
                words = sheet.name or _("Sheet {number}").format(number=sheet.id)
                if sheet.first_row > 1 and view.of_parted(sheet):
                    words = _("{sheet}: table from row {row}").format(sheet=words, row=sheet.first_row)
                if sheet.hidden:
                    words = _("{sheet} (hidden)").format(sheet=words)
                if not sheet.rows:
                    words = _("{sheet} (empty)").format(sheet=words)
                self.sheet.addItem(words, sheet.id)
                model = self.sheet.model()
                if not sheet.rows and isinstance(model, QStandardItemModel):
                    model.item(self.sheet.count() - 1).setEnabled(False)
            self.sheet.setCurrentIndex(next(i for i, s in enumerate(view.sheets) if s.id == view.sheet.id))
        self._show_pair(self.sheet, len(view.sheets) > 1)
        tables = sum(view.of_parted(sheet) for sheet in view.sheets)
        self.tables.setVisible(tables > 1)
        words = ngettext("{count} table on this sheet", "{count} tables on this sheet", tables)
        self.tables.setText(words.format(count=format_number(tables)))

    def _fill_text(self, view: FileView) -> None:
        with QSignalBlocker(self.encoding), QSignalBlocker(self.delimiter):
            self.encoding.clear()
            names = ENCODINGS if view.encoding in ENCODINGS else (view.encoding, *ENCODINGS)
            self.encoding.addItems(list(names))
            self.encoding.setCurrentText(view.encoding)
            self.delimiter.clear()
            known = [sign for sign, _name in DELIMITERS]
            for sign, name in DELIMITERS:
                self.delimiter.addItem(_(name), sign)
            if view.delimiter and view.delimiter not in known:
                self.delimiter.addItem(view.delimiter, view.delimiter)
            self.delimiter.setCurrentIndex(max(self.delimiter.findData(view.delimiter), 0))
        self._show_pair(self.encoding, bool(view.encoding))
        self._show_pair(self.delimiter, bool(view.encoding) and bool(view.delimiter))

    def _show_pair(self, combo: QComboBox, there: bool) -> None:
        self._pairs[combo].setVisible(there)

    def _reread(self) -> None:
        self._session.reread(
            encoding=self.encoding.currentText(), delimiter=str(self.delimiter.currentData())
        )

    def _toggle_header(self) -> None:
        self._session.choose_header(0)


def _pair(combo: QComboBox) -> QWidget:
    """A field with its name before it, shown and hidden together."""
    pair = QWidget()
    row = QHBoxLayout(pair)
    row.setContentsMargins(0, 0, SPACE_2, 0)
    row.setSpacing(SPACE_2)
    label = PlainLabel(combo.accessibleName(), "field")
    label.setBuddy(combo)
    row.addWidget(label)
    row.addWidget(combo)
    return pair


def _facts(view: FileView) -> str:
    rows = ngettext("{count} row", "{count} rows", view.count).format(count=format_number(view.count))
    width = view.sheet.columns
    columns = ngettext("{count} column", "{count} columns", width).format(count=format_number(width))
    return f"{rows} · {columns}"
