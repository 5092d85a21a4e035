"""Which screens there are and where they live; a screen's module is loaded when it is first shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from funneldesk.text import _
from funneldesk.ui.context import AppContext
from funneldesk.ui.rail_items import rail_items
from funneldesk.ui.shell import Screens


def make_screens() -> Screens:
    """The screens of the program, named in the language spoken now."""
    return Screens(
        items=rail_items(),
        pages={
            "today": _today,
            "board": _board,
            "clients": _clients,
            "leads": _leads,
            "deals": _deals,
            "doubles": _doubles,
            "transfer": _transfer,
            "again": _again,
            "reports": _reports,
            "goals": _goals,
            "import": _import,
            "funnels": _funnels,
            "settings": _settings,
            "help": _help,
        },
        cards={"company": _client_card, "person": _client_card, "deal": _deal_card},
        new=(
            ("new-deal", _("New deal"), "briefcase", lambda context: context.show_page("board", new=True)),
            ("new-client", _("New client"), "building-2",
             lambda context: context.show_page("clients", new=True)),
        ),
    )  # fmt: skip


def _today(context: AppContext) -> QWidget:
    from funneldesk.ui.today.page import TodayPage

    return TodayPage(context)


def _board(context: AppContext) -> QWidget:
    from funneldesk.ui.board.page import BoardPage

    return BoardPage(context)


def _clients(context: AppContext) -> QWidget:
    from funneldesk.ui.clients.page import ClientsPage

    return ClientsPage(context)


def _leads(context: AppContext) -> QWidget:
    from funneldesk.ui.leads.page import LeadsPage

    return LeadsPage(context)


def _doubles(context: AppContext) -> QWidget:
    from funneldesk.ui.doubles.page import DoublesPage

    return DoublesPage(context)


def _deals(context: AppContext) -> QWidget:
    from funneldesk.ui.deals.page import DealsPage

    return DealsPage(context)


def _transfer(context: AppContext) -> QWidget:
    from funneldesk.ui.transfer.page import TransferPage

    return TransferPage(context)


def _again(context: AppContext) -> QWidget:
    from funneldesk.ui.again.page import AgainPage

    return AgainPage(context)


def _reports(context: AppContext) -> QWidget:
    from funneldesk.ui.reports.page import ReportsPage

    return ReportsPage(context)


def _goals(context: AppContext) -> QWidget:
    from funneldesk.ui.goals.page import GoalsPage

    return GoalsPage(context)


def _import(context: AppContext) -> QWidget:
    from funneldesk.ui.import_wizard.page import ImportPage

    return ImportPage(context)


def _funnels(context: AppContext) -> QWidget:
    from funneldesk.ui.funnels.page import FunnelsPage

    return FunnelsPage(context)


def _settings(context: AppContext) -> QWidget:
    from funneldesk.ui.settings.page import SettingsPage

    return SettingsPage(context)


def _help(context: AppContext) -> QWidget:
    from funneldesk.ui.help import HelpPage

    return HelpPage(context.theme)


def _client_card(context: AppContext, kind: str, record_id: int) -> QWidget:
    from funneldesk.ui.clients.card import ClientCard

    return ClientCard(context, kind, record_id)


def _deal_card(context: AppContext, _kind: str, record_id: int) -> QWidget:
    from funneldesk.ui.deal.card import DealCard

    return DealCard(context, record_id)
