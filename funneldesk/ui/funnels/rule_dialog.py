"""A rule made or changed: when, if, then, and under it the sentence that it makes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QLineEdit, QVBoxLayout, QWidget

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.condition import EVERYTHING
from funneldesk.domain.funnel import ordered
from funneldesk.domain.rule import Action, Event, Params, Rule, params_of
from funneldesk.services.rule_conditions import activity_kind, dumps, record_kind, tree_of
from funneldesk.text import _
from funneldesk.text import activity_kind as kind_text
from funneldesk.ui.conditions.builder import GroupBox
from funneldesk.ui.context import AppContext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.funnels.field_setter import FieldSetter
from funneldesk.ui.funnels.rule_words import ACTIONS, ARRIVALS, EVENTS, rule_text
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import PrimaryButton
from funneldesk.ui.widgets.fields import ChoiceField
from funneldesk.ui.widgets.forms import Form
from funneldesk.ui.widgets.labels import Heading, PlainLabel, Quiet

if TYPE_CHECKING:
    from funneldesk.services.rules import RuleSheet

_BY_FIELD = {
    "rule.no_text": "text", "rule.no_manager": "manager_id", "rule.no_stage": "to_stage",
    "rule.no_days": "days", "rule.no_reason": "reason_id",
}  # fmt: skip


class RuleDialog(Dialog):
    """`agreed` carries the rule; the caller closes the dialog when it was written."""

    help_page = "automation"

    agreed = Signal(object)

    def __init__(
        self, context: AppContext, sheet: RuleSheet, rule: Rule, parent: QWidget | None = None
    ) -> None:
        super().__init__(context.theme, parent)
        self._context, self._sheet, self._rule = context, sheet, rule
        theme = context.theme
        self.setWindowTitle(_("Rule"))
        self.setMinimumWidth(theme.px(560))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4 + SPACE, SPACE_4, SPACE_4 + SPACE, SPACE_4)
        column.setSpacing(SPACE_2)
        column.addWidget(Heading(_("When"), 2))
        self.when = Form(theme)
        self._build_when()
        column.addWidget(self.when)
        column.addSpacing(SPACE_2)
        column.addWidget(Heading(_("If"), 2))
        self.conditions = {
            kind: GroupBox(theme, kind, fields, context.currency) for kind, fields in sheet.asked.items()
        }
        for box in self.conditions.values():
            box.changed.connect(self._show)
            column.addWidget(box)
        column.addSpacing(SPACE_2)
        column.addWidget(Heading(_("Then"), 2))
        self.then = Form(theme)
        self._build_then()
        column.addWidget(self.then)
        self.error = PlainLabel("", "error")
        self.error.setWordWrap(True)
        self.error.hide()
        column.addWidget(self.error)
        column.addSpacing(SPACE_2)
        self.sentence = Quiet(wrap=True)
        self.sentence.setMinimumHeight(theme.px(40))
        column.addWidget(self.sentence)
        column.addSpacing(SPACE_3)
        self.do_button = PrimaryButton(_("Save the rule"), self.accept)
        self.add_foot(column, self.do_button)
        self._fill(rule)
        for form in (self.when, self.then):
            form.changed.connect(lambda _key: self._show())
        self._show()

    # -- building -----------------------------------------------------------------------------

    def _build_when(self) -> None:
        stages: list[tuple[object, str]] = [(None, _("any stage"))]
        stages += [(stage.id, stage.name) for stage in self._stages()]
        self.when.add_choice(
            "event", _("What happens"), [(k, _(v)) for k, v in EVENTS.items()], optional=False
        )
        self.when.add_choice("stage_id", _("Stage"), stages, optional=False)
        self.days = self._spin(self.when, "days", _("Days without any action"), most=999)
        kinds: list[tuple[object, str]] = [("", _("anything"))]
        kinds += [(str(kind), kind_text(kind)) for kind in ActivityKind]
        self.when.add_choice("kind", _("What was done"), kinds, optional=False)
        self.imports = QCheckBox(_("Also for what an import makes"))
        self.imports.toggled.connect(lambda _on: self._show())
        self.when.add_widget("imports", "", self.imports, self.imports.isChecked)
        self.imports.setAccessibleName(self.imports.text())

    def _build_then(self) -> None:
        names = self._sheet.names
        managers: list[tuple[object, str]] = [(None, _("whoever has it"))]
        managers += [(i, names.managers[i]) for i in names.active_managers]
        self.then.add_choice("action", _("What is done"), [(k, _(v)) for k, v in ACTIONS.items()],
                             optional=False)  # fmt: skip
        self.then.add_choice("place", _("Where to"),
                             (("open", _("a stage")), ("won", _("Won")), ("lost", _("Lost"))),
                             optional=False)  # fmt: skip
        self.then.add_choice("to_stage", _("Stage"), [(s.id, s.name) for s in self._stages()])
        self.then.add_choice("reason_id", _("Loss reason"), list(names.reasons.items()))
        self.then.add_choice("manager_id", _("Manager"), managers, optional=False)
        kinds = [(str(kind), kind_text(kind)) for kind in ActivityKind if kind is not ActivityKind.NOTE]
        self.then.add_choice("task_kind", _("Kind"), kinds, optional=False)
        self.then.add_text("text", _("Text"), hint=_("What is to be done?"))
        self.within = self._spin(self.then, "within", _("Days until it is due"), most=365)
        self.hours = self._spin(self.then, "hours", _("Hours from now"), most=999)
        self.field = FieldSetter(self._context, self._sheet)
        self.field.changed.connect(self._show)
        self.then.add_widget("field", _("Field"), self.field, lambda: None)

    def _spin(self, form: Form, key: str, label: str, *, most: int) -> QDoubleSpinBox:
        spin = QDoubleSpinBox()
        spin.setDecimals(0)
        spin.setRange(0, most)
        spin.setMaximumWidth(self._context.theme.px(110))
        spin.setFixedHeight(self._context.theme.px(30))
        spin.valueChanged.connect(lambda _value: self._show())
        form.add_widget(key, label, spin, spin.value)
        return spin

    def _stages(self) -> list[Any]:
        mine = [s for s in self._sheet.stages.values() if s.funnel_id == self._rule.funnel_id]
        return ordered(mine)

    # -- showing ------------------------------------------------------------------------------

    def _fill(self, rule: Rule) -> None:
        params = params_of(rule)
        self.days.setValue(rule.days or 7)
        self.within.setValue(params.days)
        self.imports.setChecked(rule.imports)
        self.hours.setValue(params.days * 24 if rule.action == Action.REMIND else 1)
        self.when.set_values(
            {"event": str(rule.event), "stage_id": rule.stage_id, "kind": activity_kind(rule)}
        )
        self.then.set_values(
            {
                "action": str(rule.action), "place": params.place, "to_stage": params.stage_id,
                "reason_id": params.reason_id, "manager_id": params.manager_id, "task_kind": params.kind,
                "text": params.text,
            }
        )  # fmt: skip
        for kind, box in self.conditions.items():
            box.set_group(tree_of(rule) if kind == record_kind(rule) else EVERYTHING)
        self.field.set_value(params.field, params.value)

    def _choice(self, form: Form, key: str) -> Any:
        field = form.field(key)
        assert isinstance(field, ChoiceField)
        return field.value()

    def _show(self) -> None:
        event, action = self._choice(self.when, "event"), self._choice(self.then, "action")
        place = self._choice(self.then, "place")
        tasks = (Action.TASK, Action.REMIND, Action.HAND_OVER)
        moving = action == Action.MOVE
        self.when.set_row_visible("stage_id", event in (Event.ENTERED, Event.LEFT, Event.STALE))
        self.when.set_row_visible("days", event == Event.STALE)
        self.when.set_row_visible("kind", event == Event.ACTIVITY_DONE)
        self.when.set_row_visible("imports", event in ARRIVALS)
        for key, visible in {
            "place": moving,
            "to_stage": moving and place == "open",
            "reason_id": moving and place == "lost",
            "manager_id": action in (*tasks, Action.CHANGE_OWNER),
            "task_kind": action == Action.TASK,
            "text": action in tasks or (moving and place == "lost"),
            "within": action in (Action.TASK, Action.HAND_OVER),
            "hours": action == Action.REMIND,
            "field": action == Action.SET_FIELD,
        }.items():
            self.then.set_row_visible(key, visible)
        for kind, box in self.conditions.items():
            box.setVisible(kind == ("lead" if event == Event.LEAD_ARRIVED else "deal"))
        self.error.hide()
        self.sentence.setText(rule_text(self.rule(), self._sheet, self._context.currency))
        self.adjustSize()

    def rule(self) -> Rule:
        """The rule as it stands."""
        when, then = self.when.values(), self.then.values()
        event, action = when["event"], then["action"]
        kind = "lead" if event == Event.LEAD_ARRIVED else "deal"
        tree = self.conditions[kind].group()
        text = self.then.field("text")
        assert isinstance(text, QLineEdit)
        params = Params(
            text=text.text().strip(),
            days=self.hours.value() / 24 if action == Action.REMIND else self.within.value(),
            kind=then["task_kind"],
            manager_id=then["manager_id"],
            place=then["place"],
            stage_id=then["to_stage"] if then["place"] == "open" else None,
            reason_id=then["reason_id"] if then["place"] == "lost" else None,
            field=self.field.key(),
            value=self.field.value(),
        )
        staged = event in (Event.ENTERED, Event.LEFT, Event.STALE)
        return replace(
            self._rule,
            event=event,
            stage_id=when["stage_id"] if staged else None,
            days=self.days.value() if event == Event.STALE else None,
            condition=dumps(tree, when["kind"] if event == Event.ACTIVITY_DONE else ""),
            action=action,
            params=params.dumps(),
            imports=self.imports.isChecked() and event in ARRIVALS,
        )

    def refuse(self, code: str, words: str) -> None:
        """Say why the rule was not taken."""
        self.error.setText(words)
        self.error.show()
        key = _BY_FIELD.get(code, "")
        if key:
            (self.when if key == "days" else self.then).field(key).setFocus()

    # Qt overrides

    def accept(self) -> None:
        """Ask for the rule to be written."""
        self.agreed.emit(self.rule())
