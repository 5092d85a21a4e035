"""What the screens of clients, leads and deals do alike: the table, its order and columns, saved views."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from funneldesk.ui.context import AppContext
from funneldesk.ui.lists.grouped_model import GroupedModel
from funneldesk.ui.lists.tools import ListTools
from funneldesk.ui.page import Page
from funneldesk.ui.theme import Theme
from funneldesk.ui.widgets.buttons import IconButton
from funneldesk.ui.widgets.flow import HeadRow
from funneldesk.ui.widgets.paged_model import TableColumn
from funneldesk.ui.widgets.paged_table import PagedTable
from funneldesk.ui.widgets.searchbox import SearchBox

RowFetcher = Callable[[Any, Sequence[int]], Mapping[int, Mapping[str, Any]]]


def list_head(theme: Theme, left: Sequence[QWidget], search: SearchBox, right: Sequence[QWidget]) -> HeadRow:
    """The head of a list: what it is, and at the right the search and what can be done."""
    return HeadRow(left, (search, *right), search=search, least=theme.px(110), most=theme.px(280))


class ListPage(Page):
    """A screen with one table.  Who inherits makes the parts named here, then calls `put_table`."""

    _context: AppContext
    _sort: tuple[str, bool]  # the key of a column, and whether it goes down
    tools: ListTools
    search: SearchBox
    columns_button: IconButton
    stack: QStackedWidget
    model: GroupedModel
    table: PagedTable

    def put_table(
        self,
        name: str,
        title: str,
        columns: Sequence[TableColumn],
        fetch: RowFetcher,
        *,
        opened: Callable[[int], None],
        selected: Callable[[list[int]], None],
        menu: Callable[[QPoint], None],
    ) -> None:
        """Put a new table in the place of the old one, whose rows it shows; `name` keeps its widths."""
        context = self._context
        old = getattr(self, "table", None)
        self.model = GroupedModel(context.tasks, context.theme, list(columns), fetch, self)
        self.table = PagedTable(name, self.model, context.settings, context.tasks, context.theme)
        self.table.setAccessibleName(title)
        self.table.set_sort(*self._sort)
        self.table.opened.connect(opened)
        self.table.ids_selected.connect(selected)
        self.table.menu_wished.connect(menu)
        self.table.heading_clicked.connect(lambda heading: self.model.fold(heading))
        self.table.sort_wished.connect(self._sort_by)
        self.stack.insertWidget(0, self.table)
        if old is not None:
            self.model.set_records(old.model().records(), old.model().headings())
            self.stack.removeWidget(old)
            old.deleteLater()
        self.stack.setCurrentWidget(self.table)

    def reload(self) -> None:
        """Ask for the ids that pass what is asked for, in order."""
        raise NotImplementedError

    def arrangement(self) -> dict[str, Any]:
        """Order, groups and columns, as a saved view keeps them."""
        return {
            "sort": list(self._sort),
            "group": self.tools.by,
            "columns": [column.key for column in self.table.shown_columns()],
        }

    def arrange_as(self, spec: Mapping[str, Any]) -> None:
        """Take order and columns from a saved view; what it does not know (any more) stays as it is."""
        sort, columns = spec.get("sort"), spec.get("columns")
        keys = {column.key for column in self.model.columns}
        if isinstance(sort, list) and len(sort) == 2 and sort[0] in keys:
            self._sort = (str(sort[0]), bool(sort[1]))
            self.table.set_sort(*self._sort)
        if isinstance(columns, list):
            self.table.show_columns([str(key) for key in columns])

    def activated(self) -> None:
        """The list takes the keys."""
        self.table.setFocus()

    def focus_search(self) -> None:
        """Ctrl+F."""
        self.search.setFocus()
        self.search.selectAll()

    def selection_menu(self) -> QMenu:
        """What can be done with the records selected."""
        raise NotImplementedError

    def _context_menu(self, spot: QPoint) -> None:
        menu = self.selection_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(spot)

    def _sort_by(self, key: str, descending: bool) -> None:
        self._sort = (key, descending)
        self.reload()

    def _show_columns(self) -> None:
        menu = self.table.column_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.columns_button.mapToGlobal(QPoint(0, self.columns_button.height() + 4)))
