"""What can be done with the deals selected on the board: keys, menu, palette."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu

from funneldesk.text import _
from funneldesk.ui.actions import Actions
from funneldesk.ui.icons import theme_icon

if TYPE_CHECKING:
    from funneldesk.ui.board.page import BoardPage


def register(page: BoardPage, actions: Actions) -> None:
    """Add the board's actions to the window's."""

    def able() -> bool:
        return bool(page.area.selected_ids()) and page.writable()

    def add(name: str, text: str, handler: Callable[[], object], icon: str, *keys: str) -> None:
        actions.add(
            f"board-{name}", text, handler, icon=icon, shortcuts=keys, menu="deal", enabled=able, owner=page
        )

    add("left", _("To the stage before"), lambda: page.moves.sideways(-1), "arrow-left", "Ctrl+Shift+Left")
    add("right", _("To the next stage"), lambda: page.moves.sideways(1), "arrow-right", "Ctrl+Shift+Right")
    add("up", _("Higher in the column"), lambda: page.moves.up_or_down(-1), "arrow-up", "Ctrl+Shift+Up")
    add("down", _("Lower in the column"), lambda: page.moves.up_or_down(1), "arrow-down", "Ctrl+Shift+Down")
    add("won", _("Mark as won"), page.moves.win, "trophy")
    add("lost", _("Mark as lost…"), page.moves.lose, "circle-x")
    actions.add(
        "board-past", _("Board of a past day…"), page.past.begin, icon="history", menu="go", owner=page
    )
    add("edit", _("Edit the card"), page.edit_current, "pencil")
    add("delete", _("Delete deals"), page.delete, "trash-2", "Del")


def asked_for(page: BoardPage, params: Mapping[str, Any]) -> None:
    """Show what another screen asks the board for."""
    if params.get("funnel"):
        page.show_funnel(int(params["funnel"]))
    if "months" in params:
        page.months.choose(bool(params["months"]))
    if params.get("deal"):
        page.area.select([int(params["deal"])], focus=True)
    if params.get("new"):
        if page.model.board.complete and page.area.columns:
            page.quick_add()
        else:
            page.add_when_loaded = True


def context_menu(page: BoardPage, actions: Actions) -> QMenu:
    """The menu of the deals selected."""
    theme = page.context.theme
    menu = QMenu(page)
    actions.refresh()
    ids = page.area.selected_ids()
    menu.addAction(theme_icon(theme, "panel-right"), _("Open"), page.open_current)
    rename = actions.get("board-edit")
    menu.addAction(rename)
    rename.setEnabled(rename.isEnabled() and len(ids) == 1)
    menu.addSeparator()
    writable = page.writable()
    move = menu.addMenu(theme_icon(theme, "arrow-right-left"), _("Move to stage"))
    move.setEnabled(writable)
    stages = {found[1].stage_id or 0 for found in map(page.model.find, ids) if found is not None}
    for column in page.model.board.columns:
        if column.stage_id:
            action = move.addAction(column.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(stages == {column.stage_id})
            action.triggered.connect(
                lambda _checked=False, stage=column.stage_id: page.moves.selected_to(stage)
            )
    menu.addAction(actions.get("board-won"))
    menu.addAction(actions.get("board-lost"))
    menu.addSeparator()
    give = menu.addMenu(theme_icon(theme, "user-check"), _("Give to"))
    give.setEnabled(writable)
    for manager in page.model.board.managers:
        if manager.active:
            action = give.addAction(manager.name.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, chosen=manager.id: page.assign(chosen))
    menu.addSeparator()
    menu.addAction(actions.get("board-delete"))
    menu.aboutToHide.connect(menu.deleteLater)
    return menu
