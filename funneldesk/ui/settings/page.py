"""Settings of this computer, and what the base says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from funneldesk.text import _, format_percent
from funneldesk.ui.context import AppContext
from funneldesk.ui.page import Page
from funneldesk.ui.settings.backups import BackupsSection
from funneldesk.ui.settings.checking import CheckSection
from funneldesk.ui.settings.lists import ListsSection
from funneldesk.ui.settings.logo import LogoField
from funneldesk.ui.settings.own_fields import OwnFieldsSection
from funneldesk.ui.settings.password import PasswordSection
from funneldesk.ui.settings.questions import QuestionsSection
from funneldesk.ui.settings.rates import RatesSection
from funneldesk.ui.settings.undoing import UndoSection
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.fields import ChoiceField
from funneldesk.ui.widgets.forms import Form
from funneldesk.ui.widgets.labels import Quiet
from funneldesk.ui.widgets.side_sections import SideSections

if TYPE_CHECKING:
    from funneldesk.store.database import Database


class SettingsPage(Page):
    """Each choice takes effect at once."""

    help_page = "settings"

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self.sections = SideSections(context.theme, _("Settings"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.sections)
        self._build()
        self._read()

    def _build(self) -> None:
        context, add = self._context, self.sections.add
        self.lists, self.questions = ListsSection(context), QuestionsSection(context)
        self.rates, self.backups = RatesSection(context), BackupsSection(context)
        self.own_fields, self.check = OwnFieldsSection(context), CheckSection(context)
        self.undoing, self.password = UndoSection(context), PasswordSection(context)
        here, there = (
            _("These settings stay on this computer."),
            _("These settings go with the file of the base."),
        )
        add("window", _("Window"), self._window_form(), words=here)
        add("base", _("This base"), self._base_form(), words=there)
        self.funnels, line = self._opener(_("Edit funnels"), "funnels", "funnel")
        stages = _("The stages deals go through, and what is said of each of them.")
        add("funnels", _("Funnels"), line, words=stages)
        self.goals, line = self._opener(_("Open plans and costs"), "goals", "target")
        words = _("What reports compare with: plans, costs of sources, marked changes, standards of contact.")
        add("goals", _("Plans and costs"), line, words=words)
        add("lists", _("Lists"), self.lists)
        add("fields", _("Own fields"), self.own_fields)
        add("questions", _("Questions of leads"), self.questions)
        add("rates", _("Currency rates"), self.rates)
        add("backups", _("Backups"), self.backups, width=720)
        add("password", _("Password"), self.password)
        words = _(
            "Every change is kept in the journal, so that it can be undone. What is older or larger than "
            "chosen here goes with the next backup of a day. Records and their stage histories always stay."
        )
        add("undo", _("Undo and journal"), self.undoing, words=words)
        words = _("Looks through the whole file: stage histories, links, own fields, search. Work goes on.")
        add("check", _("Check and repair"), self.check, words=words)

    def _opener(self, words: str, page: str, icon: str) -> tuple[QPushButton, QWidget]:
        """A button that leads to another screen, and the line it stands in."""
        button = push_button(
            words, lambda: self._context.show_page(page), theme=self._context.theme, icon=icon
        )
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(button)
        row.addStretch(1)
        return button, line

    def title(self) -> str:
        """The name of the screen."""
        return _("Settings")

    def activated(self) -> None:
        """Managers and backups may have come since."""
        self._read()
        self.backups.reload()
        self.undoing.reload()
        self.password.reload()

    def show_params(self, **params: Any) -> None:
        """`section` names the part to show."""
        self.sections.show_section(str(params.get("section", "")))

    def _window_form(self) -> Form:
        settings = self._context.settings
        form = Form(self._context.theme, label_width=180)
        languages = (("", _("As the system")), ("en", "English"), ("ru", "Русский"), ("pl", "Polski"))
        self.language = form.add_choice(
            "language", _("Language"), languages, settings.language, optional=False
        )
        themes = (("system", _("As the system")), ("light", _("Light")), ("dark", _("Dark")))
        self.theme = form.add_choice("theme", _("Colours"), themes, settings.theme, optional=False)
        sizes = tuple((size, format_percent(size / 100, 0)) for size in (100, 115, 125, 150, 175))
        self.font_scale = form.add_choice(
            "font_scale", _("Text size"), sizes, settings.font_scale, optional=False
        )
        self.comfortable = QCheckBox(_("More room between the rows of tables"))
        self.comfortable.setChecked(settings.comfortable_rows)
        form.add_widget("comfortable", "", self.comfortable, self.comfortable.isChecked)
        self.tray = QCheckBox(_("Reminders in the system tray too"))
        self.tray.setChecked(bool(settings.more.get("tray")))
        form.add_widget("tray", "", self.tray, self.tray.isChecked)
        form.changed.connect(self._take)
        self.tray.toggled.connect(lambda _on: self._take("tray"))
        self.comfortable.toggled.connect(lambda _on: self._take("comfortable_rows"))
        return form

    def _base_form(self) -> Form:
        form = Form(self._context.theme, label_width=180)
        self.me: ChoiceField = form.add_choice("me", _("I am"), ())
        self.me.changed.connect(self._take_me)
        self.company: QLineEdit = form.add_text("company", _("Own company"))
        self.company.editingFinished.connect(self._take_company)
        self.company.setEnabled(not self._context.read_only)
        self.logo = LogoField(self._context)
        form.add_widget("logo", _("Logo on prints"), self.logo, lambda: None)
        currency = Quiet(self._context.currency)
        form.add_widget("currency", _("Accounting currency"), currency, currency.text)
        zone = Quiet(str(self._context.zone))
        form.add_widget("zone", _("Time zone"), zone, zone.text)
        self._currency, self._zone = currency, zone
        self.leads_off = QCheckBox(_("Work without leads"))
        self.leads_off.clicked.connect(self._take_leads)
        self.leads_off.setEnabled(not self._context.read_only)
        form.add_widget("leads_off", "", self.leads_off, self.leads_off.isChecked)
        self.demand = QCheckBox(_("A deal needs the client's first request"))
        self.demand.clicked.connect(self._take_demand)
        self.demand.setEnabled(not self._context.read_only)
        form.add_widget("demand", "", self.demand, self.demand.isChecked)
        sizes = tuple((size, _("{size} MB").format(size=size)) for size in (1, 5, 10, 25, 50, 100))
        self.largest = form.add_choice("largest", _("Largest file kept in the base"), sizes, optional=False)
        self.largest.changed.connect(self._take_largest)
        self.largest.setEnabled(not self._context.read_only)
        return form

    def _take(self, key: str) -> None:
        settings = self._context.settings
        settings.language = str(self.language.value() or "")
        settings.theme = str(self.theme.value() or "system")
        settings.font_scale = int(str(self.font_scale.value() or 100))
        settings.comfortable_rows = self.comfortable.isChecked()
        settings.more["tray"] = self.tray.isChecked()
        settings.save()
        self._context.hub.settings_changed.emit()

    def _read(self) -> None:
        self._context.tasks.read(_read_base, self._show, receiver=self, key="settings-page")

    def _show(self, found: tuple[list[tuple[int, str]], str, str, str, int, bool]) -> None:
        managers, company, currency, zone, largest, demand = found
        self.demand.setChecked(demand)
        self.leads_off.setChecked(self._context.leads_off)
        self.largest.blockSignals(True)
        self.largest.set_value(largest)
        self.largest.blockSignals(False)
        self.me.blockSignals(True)
        self.me.set_options(managers)
        self.me.set_value(self._context.me)
        self.me.blockSignals(False)
        if not self.company.hasFocus():
            self.company.setText(company)
        self.logo.refresh()
        self._currency.setText(currency)
        self._zone.setText(zone)

    def _take_me(self) -> None:
        chosen = self.me.value()
        self._context.me = chosen if isinstance(chosen, int) else None
        settings = self._context.settings
        path = str(self._context.db.path)
        if self._context.me is None:
            settings.me.pop(path, None)
        else:
            settings.me[path] = self._context.me
        settings.save()

    def _take_leads(self, off: bool) -> None:
        from funneldesk.domain.lead import OFF_KEY

        def done(_nothing: None) -> None:
            self._context.hub.settings_changed.emit()

        self._context.tasks.write(lambda db: db.set_setting(OFF_KEY, off), done, receiver=self)

    def _take_demand(self, on: bool) -> None:
        from funneldesk.domain.deal import DEMAND_KEY

        self._context.tasks.write(lambda db: db.set_setting(DEMAND_KEY, on))

    def _take_largest(self) -> None:
        from funneldesk.domain.files import CAP_KEY

        size = self.largest.value()
        self._context.tasks.write(lambda db: db.set_setting(CAP_KEY, size))

    def _take_company(self) -> None:
        from funneldesk.store.database import COMPANY_KEY

        name = self._context.company = self.company.text().strip()
        self._context.tasks.write(lambda db: db.set_setting(COMPANY_KEY, name))


def _read_base(db: Database) -> tuple[list[tuple[int, str]], str, str, str, int, bool]:
    from funneldesk.store.queries import lists

    info = db.info()
    with db.read() as conn:
        managers = [(manager.id, manager.name) for manager in lists.managers(conn, active_only=True)]
    from funneldesk.domain.deal import DEMAND_KEY
    from funneldesk.services import files

    demand = bool(db.setting(DEMAND_KEY, False))
    largest = files.largest(db) // 1_000_000
    return managers, info.company, info.currency, str(info.zone), largest, demand
