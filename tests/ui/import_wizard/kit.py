"""A window whose import page is the real one, and small files to import."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from funneldesk.services import bases
from funneldesk.store.database import Database
from funneldesk.store.queries.client_list import count_clients
from funneldesk.ui.context import AppContext
from funneldesk.ui.import_wizard.columns_table import FIELD
from funneldesk.ui.import_wizard.field_popup import FieldPopup
from funneldesk.ui.import_wizard.page import ImportPage
from funneldesk.ui.main_window import MainWindow, complete_window
from funneldesk.ui.rail import RailItem
from funneldesk.ui.shell import Screens
from funneldesk.ui.wiring import shell_services
from tests.ui.shell_kit import Called, NotedPage, make_context

HEADS = ("Company", "Contact person", "Phone", "E-mail", "City", "Manager")
PEOPLE = (
    ("Delta Ltd", "Ann Brown", "+48 22 100 00 01", "ann@delta.example", "Warsaw", "Rachel Dunmore"),
    ("Omega Inc", "Bob Grey", "+48 22 100 00 02", "bob@omega.example", "Cracow", "Rachel Dunmore"),
    ("Sigma LLC", "Cid White", "+48 22 100 00 03", "cid@sigma.example", "Lodz", "Emma Tolliver"),
)


def make_import_window(db: Database, *, synchronous: bool = True) -> MainWindow:
    """A window on the import page."""
    context = make_context(db, synchronous=synchronous)

    def noted(name: str) -> QWidget:
        return NotedPage(name)

    def importer(given: AppContext) -> QWidget:
        return ImportPage(given)

    screens = Screens(
        items=tuple(RailItem(n, n.title(), "users") for n in ("board", "clients", "import")),
        pages={
            "board": lambda _c: noted("board"),
            "clients": lambda _c: noted("clients"),
            "import": importer,
        },
        cards={},
    )
    return complete_window(context, screens, shell_services(), Called().commands())


def import_page(window: MainWindow) -> ImportPage:
    """The import page of a window."""
    page = window.page("import")
    assert isinstance(page, ImportPage)
    return page


def enter(page: ImportPage) -> None:
    """Press Enter where the page has put the focus."""
    QTest.keyClick(page.foot.next, Qt.Key.Key_Return)


def cells(rows: Sequence[Sequence[object]]) -> str:
    """Rows as copied from a spreadsheet."""
    return "\n".join("\t".join(str(cell) for cell in row) for row in rows)


def sha(db: Database) -> str:
    """The fingerprint of what is in the base."""
    return bases.check(db).content_sha256


def clients(db: Database) -> int:
    """How many clients there are."""
    with db.read() as conn:
        return count_clients(conn)


def counts(page: ImportPage) -> dict[str, int]:
    """What the plan would do, by kind of outcome."""
    assert page.session.rows is not None
    return page.session.rows.plan.counts


def choose(page: ImportPage, column: str, field: str) -> None:
    """Open the list of fields of a column, type and press Enter."""
    views = page.session.columns
    row = next(i for i, view in enumerate(views) if view.name == column)
    table = page.columns_step.table
    table.setCurrentIndex(table.model_.index(row, FIELD))
    QTest.keyClick(table, Qt.Key.Key_F2)
    popup = page.findChildren(FieldPopup)[-1]
    QTest.keyClicks(popup.field, field)
    QTest.keyClick(popup.field, Qt.Key.Key_Return)


def field_of(page: ImportPage, column: str) -> str | None:
    """The field a column goes to by a person's choice or by what was known."""
    return next(
        view.field for view in page.session.columns if view.name == column and view.state != "proposed"
    )
