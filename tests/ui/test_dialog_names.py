"""Every control of every dialog has a name for screen readers; a dialog nobody thought of is found."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from funneldesk import ui
from funneldesk.domain.billing import Invoice, Payment
from funneldesk.domain.condition import Condition, Group
from funneldesk.domain.fields import CustomField, FieldType
from funneldesk.domain.goals import Mark, SourceCost, Standard, StandardKind
from funneldesk.domain.items import DealItem
from funneldesk.domain.questions import LeadQuestion, QuestionKind
from funneldesk.domain.results import ReportRequest
from funneldesk.domain.rule import Action, Event, Params, Rule
from funneldesk.domain.team import CurrencyRate, Product
from funneldesk.services import (
    bases,
    billing,
    cards,
    conditions,
    criteria,
    deal_items,
    demo,
    fields,
    funnels,
    goals,
    questionnaire,
    reporting,
    rules,
    stages,
    team,
)
from funneldesk.services.activities import About
from funneldesk.store.database import Database
from funneldesk.store.queries.board import ClosingFacts, closing_facts
from funneldesk.store.transaction import select_records
from funneldesk.text import language
from funneldesk.ui.about import AboutDialog, ShortcutsDialog
from funneldesk.ui.actions import Actions
from funneldesk.ui.again.dialogs import CallsDialog, RepeatDialog
from funneldesk.ui.ask_dialog import AskDialog
from funneldesk.ui.board.criteria_dialog import CriteriaDialog
from funneldesk.ui.board.deal_dialogs import LossDialog, WonDialog
from funneldesk.ui.clients.billing_dialogs import InvoiceDialog, PaymentDialog
from funneldesk.ui.clients.formula import FormulaDialog
from funneldesk.ui.clients.new_client import NewClientDialog
from funneldesk.ui.clients.privacy import EraseDialog
from funneldesk.ui.conditions.chip import ConditionDialog
from funneldesk.ui.context import AppContext
from funneldesk.ui.crash import CrashDialog
from funneldesk.ui.deal.items import ItemDialog
from funneldesk.ui.deal.new_deal import NewDealDialog
from funneldesk.ui.dialog import Dialog, HelpWindow
from funneldesk.ui.funnels.rehearsal_dialog import RehearsalDialog
from funneldesk.ui.funnels.remove_dialog import StageGoesDialog
from funneldesk.ui.funnels.rule_dialog import RuleDialog
from funneldesk.ui.funnels.rule_log import RuleLog
from funneldesk.ui.goals.dialogs import CostDialog, MarkDialog, StandardDialog
from funneldesk.ui.help import help_file
from funneldesk.ui.leads.dialogs import ConvertDialog, DropDialog, LeadDialog
from funneldesk.ui.lists.field_dialog import FieldDialog
from funneldesk.ui.lists.tags_dialog import TagsDialog
from funneldesk.ui.mending_dialog import MendingDialog
from funneldesk.ui.password_dialogs import AskPasswordDialog, PasswordDialog, RewritingDialog
from funneldesk.ui.reports.laying_out import Laying
from funneldesk.ui.reports.pack_dialog import PackDialog
from funneldesk.ui.reports.preview import PreviewDialog
from funneldesk.ui.settings.field_dialog import OwnFieldDialog
from funneldesk.ui.settings.product import ProductDialog
from funneldesk.ui.settings.questions import QuestionDialog
from funneldesk.ui.settings.rates import RateDialog
from funneldesk.ui.template_dialog import TemplateDialog
from funneldesk.ui.today.calendar_model import Slot
from funneldesk.ui.today.plan_dialog import PlanDialog
from funneldesk.ui.today.result import ResultDialog, Subject
from tests.ui.names_kit import nameless, unreachable
from tests.ui.shell_kit import make_context

REQUIRED = '["amount", "client", "phone", "meeting", "receipt", "demand"]'


@dataclass(frozen=True)
class Desk:
    """A sample base in which everything has been made that a dialog can be about."""

    db: Database
    context: AppContext
    parent: QWidget

    def one(self, cls: type[Any], place: int = 0) -> Any:
        with self.db.read() as conn:
            return select_records(conn, cls)[place]

    def closing(self) -> ClosingFacts:
        with self.db.read() as conn:
            return closing_facts(conn, [1])

    def card(self) -> Any:
        found = cards.client(self.db, "company", 1, 10)
        assert found is not None
        return found[0]


def _rule_dialog(desk: Desk, action: Action) -> QDialog:
    params = Params("Look", days=2, manager_id=1, field="comment", value="x", place="lost", reason_id=1)
    rule = Rule(event=Event.ENTERED, stage_id=1, days=3, action=action, params=params.dumps())
    return RuleDialog(desk.context, rules.sheet(desk.db), rule, desk.parent)


def _rehearsal(desk: Desk) -> QDialog:
    sheets = stages.overview(desk.db).sheets
    return RehearsalDialog(desk.context, sheets[0], sheets, writable=True, parent=desk.parent)


def _leaving(desk: Desk, merge: bool) -> QDialog:
    first, *others = stages.overview(desk.db).sheets[0].stages
    return StageGoesDialog(desk.context.theme, first, others, 3, merge=merge, parent=desk.parent)


def _conditions(desk: Desk) -> QDialog:
    tree = Group((Condition("amount", "between", (1, 2)), Group((Condition("title", "contains", "a"),))))
    return ConditionDialog(desk.context, "deal", conditions.catalogue(desk.db, "deal"), tree, desk.parent)


def _mending(desk: Desk) -> QDialog:
    dialog = MendingDialog(desk.context.theme, "This base is damaged", "Why", desk.parent)
    dialog.offer("Save what can be read", lambda: None)
    dialog.show_lines(["deals: 3"])
    return dialog


def _rewriting(desk: Desk) -> QDialog:
    dialog = RewritingDialog(desk.context.theme, "Set the password", "sales.funneldesk")
    QTimer.singleShot(0, dialog.end)  # nothing else closes it
    return dialog


# Every dialog of the program, and how it is opened: a new record and one that is there already.
DIALOGS: dict[type[QDialog], list[Callable[[Desk], QDialog]]] = {
    CriteriaDialog: [lambda d: CriteriaDialog(d.context, criteria.questions(d.db, [1], 2), d.parent)],
    WonDialog: [lambda d: WonDialog(d.context, d.closing(), d.parent)],
    LossDialog: [lambda d: LossDialog(d.context, d.closing(), d.parent)],
    ConditionDialog: [_conditions],
    StageGoesDialog: [lambda d: _leaving(d, False), lambda d: _leaving(d, True)],
    RuleDialog: [lambda d, action=action: _rule_dialog(d, action) for action in Action],  # type: ignore[misc]
    RehearsalDialog: [_rehearsal],
    RuleLog: [lambda d: RuleLog(d.context, d.parent)],
    CallsDialog: [lambda d: CallsDialog(d.context, 2, "Call in spring", d.parent)],
    RepeatDialog: [lambda d: RepeatDialog(d.context, 2, d.parent)],
    MendingDialog: [_mending],
    AskPasswordDialog: [lambda d: AskPasswordDialog(d.context.theme, d.db.path, d.parent)],
    PasswordDialog: [
        lambda d, what=what: PasswordDialog(d.context.theme, what, 8, d.parent)  # type: ignore[misc]
        for what in ("set", "change", "remove")
    ],
    RewritingDialog: [_rewriting],
    Laying: [lambda d: Laying(3, d.parent)],
    CrashDialog: [lambda d: CrashDialog(d.context.theme, ValueError("x"), d.parent)],
    LeadDialog: [
        lambda d: LeadDialog(d.context, d.parent),
        lambda d: LeadDialog(d.context, d.parent, lead_id=1),
    ],
    ConvertDialog: [lambda d: ConvertDialog(d.context, d.parent, 1)],
    DropDialog: [lambda d: DropDialog(d.context, d.parent, [1])],
    ProductDialog: [
        lambda d: ProductDialog(d.context, d.parent, None),
        lambda d: ProductDialog(d.context, d.parent, d.one(Product)),
    ],
    OwnFieldDialog: [
        lambda d: OwnFieldDialog(d.context, "deal", None, d.parent),
        lambda d: OwnFieldDialog(d.context, "deal", d.one(CustomField), d.parent),
    ],
    QuestionDialog: [
        lambda d: QuestionDialog(d.context, d.parent, None),
        lambda d: QuestionDialog(d.context, d.parent, d.one(LeadQuestion)),
    ],
    RateDialog: [
        lambda d: RateDialog(d.context, d.parent, None),
        lambda d: RateDialog(d.context, d.parent, d.one(CurrencyRate)),
    ],
    FieldDialog: [
        lambda d: FieldDialog(
            d.context, [("deal", 1), ("deal", 2)], conditions.catalogue(d.db, "deal"), "deal", d.parent
        ),
    ],
    TagsDialog: [
        lambda d: TagsDialog(d.context, [("deal", 1)], conditions.catalogue(d.db, "deal"), d.parent)
    ],
    ResultDialog: [lambda d: ResultDialog(d.context, Subject(About(deal_id=1), "Racks"), d.parent)],
    PlanDialog: [lambda d: PlanDialog(d.context, Slot(date(2026, 6, 1), 540), d.parent)],
    EraseDialog: [lambda d: EraseDialog(d.context, d.parent, 1, "Ann Lark")],
    InvoiceDialog: [
        lambda d: InvoiceDialog(d.context, d.parent, d.card()),
        lambda d: InvoiceDialog(d.context, d.parent, d.card(), d.one(Invoice)),
    ],
    PaymentDialog: [
        lambda d: PaymentDialog(d.context, d.parent, d.card()),
        lambda d: PaymentDialog(d.context, d.parent, d.card(), d.one(Payment)),
    ],
    FormulaDialog: [lambda d: FormulaDialog(d.context, d.parent, "deal", 1, name="Bonus")],
    NewClientDialog: [
        lambda d: NewClientDialog(d.context, "company", d.parent, name="Delta"),
        lambda d: NewClientDialog(d.context, "person", d.parent, company=(1, "Delta")),
    ],
    PreviewDialog: [
        lambda d: PreviewDialog(
            [reporting.run(d.db, ReportRequest("stage-funnel", funnel_id=1))], d.context, d.parent
        )
    ],
    PackDialog: [lambda d: PackDialog(d.context, ["stage-funnel", "managers"], "managers", d.parent)],
    TemplateDialog: [lambda d: TemplateDialog(d.context.theme, d.parent)],
    AboutDialog: [lambda d: AboutDialog(d.context.theme, d.context.tasks, d.parent)],
    ShortcutsDialog: [
        lambda d: ShortcutsDialog(d.context.theme, Actions(d.parent, d.context.theme), d.parent)
    ],
    NewDealDialog: [lambda d: NewDealDialog(d.context, d.parent, client="Delta", links={"company_id": 1})],
    CostDialog: [
        lambda d: CostDialog(d.context, d.parent, None, reporting.choices(d.db)),
        lambda d: CostDialog(d.context, d.parent, d.one(SourceCost), reporting.choices(d.db)),
    ],
    MarkDialog: [
        lambda d: MarkDialog(d.context, d.parent, None, reporting.choices(d.db)),
        lambda d: MarkDialog(d.context, d.parent, d.one(Mark), reporting.choices(d.db)),
    ],
    StandardDialog: [
        lambda d: StandardDialog(d.context, d.parent, None, reporting.choices(d.db)),
        lambda d: StandardDialog(d.context, d.parent, d.one(Standard), reporting.choices(d.db)),
    ],
    AskDialog: [
        lambda d: AskDialog(d.context.theme, "Rename", "Name", "Rename", d.parent, help_page="settings"),
        lambda d: AskDialog(
            d.context.theme, "Merge", "Into", "Merge", d.parent, help_page="settings", options=[(1, "Ann")]
        ),
    ],
    HelpWindow: [lambda d: HelpWindow(d.context.theme, d.parent)],
    ItemDialog: [
        lambda d: ItemDialog(d.context, d.parent, 1, "PLN", [d.one(Product)]),
        lambda d: ItemDialog(d.context, d.parent, 1, "PLN", [d.one(Product)], d.one(DealItem)),
    ],
}


def dialogs_of_the_program() -> set[type[QDialog]]:
    """Every dialog class of the window's package from which no other is derived."""
    for info in pkgutil.walk_packages(ui.__path__, f"{ui.__name__}."):
        importlib.import_module(info.name)
    found: set[type[QDialog]] = set()
    line: list[type[QDialog]] = [QDialog]
    while line:
        cls = line.pop()
        line += cls.__subclasses__()
        if cls.__module__.startswith(ui.__name__) and not cls.__subclasses__():
            found.add(cls)
    return found


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Dialogs are only looked at here, so that one base serves all of them."""
    path = tmp_path_factory.mktemp("dialogs") / "names.funneldesk"
    with bases.new_base(path, template="general", language="en", currency="PLN", zone="UTC") as made:
        demo.make_sample(made, deals=30, language="en")
        for type_ in FieldType:
            if type_ is not FieldType.CALCULATED:
                fields.add(made, "deal", f"Own {type_}", type_, options=["red", "blue"])
        questionnaire.put_question(made, "Size?", QuestionKind.CHOICE, options=[("small", 1), ("large", 5)])
        questionnaire.put_question(made, "Budget?")
        team.set_rate(made, "EUR", "2026-01-01", "4.3")
        deal_items.add(made, 1, name="Racks", price=100)
        invoice = billing.add_invoice(made, "7", 5_00, company_id=1).new_id("invoice")
        billing.add_payment(made, 3_00, invoice_id=invoice)
        goals.set_mark(made, Mark(day="2026-03-01", title="New price"))
        goals.set_standard(made, Standard(kind=StandardKind.CONTACT, limit_=7))
        first, last = "2026-01-01", "2026-01-31"
        cost = SourceCost(source_id=1, first_day=first, last_day=last, amount=5_00, currency="")
        goals.set_cost(made, cost)
        funnels.update_stage(made, 2, required=REQUIRED, checklist="Budget named")
        yield made


@pytest.fixture
def desk(sample: Database, qtbot: QtBot) -> Desk:
    parent = QWidget()
    qtbot.addWidget(parent)
    context = make_context(sample)
    context.me = 1
    return Desk(sample, context, parent)


# Dialogs without a page of their own, and why.
HELPLESS: dict[type[QDialog], str] = {
    HelpWindow: "is the help",
    Laying: "a bar over the busy window; nothing in it can be pressed",
    RewritingDialog: "stands there while files are written; nothing in it can be pressed",
}


def test_every_dialog_of_the_program_is_known_here() -> None:
    assert dialogs_of_the_program() == set(DIALOGS)


@pytest.mark.parametrize("cls", [cls for cls in DIALOGS if cls not in HELPLESS], ids=lambda cls: cls.__name__)
def test_f1_opens_the_page_of_every_dialog_which_is_read_while_the_dialog_waits(
    cls: type[QDialog], desk: Desk, qtbot: QtBot
) -> None:
    dialog = DIALOGS[cls][0](desk)
    assert isinstance(dialog, Dialog) and help_file(dialog.help_page, "en") is not None
    dialog.setWindowModality(Qt.WindowModality.ApplicationModal)  # bars every other window
    dialog.show()
    qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_F1)
    opened = dialog.help_window
    assert opened is not None and opened.isVisible()
    path = help_file(dialog.help_page, language())
    assert path is not None
    title = path.read_text(encoding="utf-8").splitlines()[0].lstrip("# ")
    topics = opened.page.list
    assert topics.currentItem().text() == opened.page.browser.document().firstBlock().text() == title
    topics.scrollToTop()
    other = 0 if topics.currentRow() else 1
    place = topics.viewport().mapTo(opened, topics.visualItemRect(topics.item(other)).center())
    QTest.mouseClick(opened.windowHandle(), Qt.MouseButton.LeftButton, pos=place)
    assert topics.currentRow() == other, "the dialog bars the help too"
    QTest.keyClick(opened, Qt.Key.Key_Escape)
    assert dialog.isVisible() and not opened.isVisible()
    dialog.close()


@pytest.mark.parametrize("cls", list(DIALOGS), ids=lambda cls: cls.__name__)
def test_every_control_of_every_dialog_has_a_name_and_is_reached_by_tab(
    cls: type[QDialog], desk: Desk
) -> None:
    silent, passed_over = [], []
    for make in DIALOGS[cls]:
        dialog = make(desk)
        dialog.show()
        QApplication.processEvents()
        silent += nameless(dialog)
        passed_over += unreachable(dialog)
        assert dialog.windowTitle()  # what a screen reader says when it opens
        dialog.close()
    assert (silent, passed_over) == ([], [])
