"""Own fields on the cards of the board: which are chosen, and what they say of each deal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from funneldesk.domain.change import Change
from funneldesk.domain.condition import ValueType
from funneldesk.domain.fields import CustomField
from funneldesk.domain.formula_kinds import asked_as
from funneldesk.text import _
from funneldesk.ui.board.area import BoardArea
from funneldesk.ui.board.card_paint import CardLook, own_chosen
from funneldesk.ui.context import AppContext

if TYPE_CHECKING:
    from funneldesk.store.database import Database
    from funneldesk.store.queries.board_own import Values

MOST = 4  # lines; with more of them a screen holds hardly a card
KEPT = "board_own"  # base -> ids of fields: fields belong to a base
_MATTERS = (
    "deal", "custom_value", "custom_field", "deal_item", "activity", "currency_rate", "company", "person",
    "product",
)  # fmt: skip
# What a formula gives, as the type of a field that would keep it.
_AS: Mapping[ValueType, str] = {
    ValueType.NUMBER: "number", ValueType.MONEY: "money", ValueType.DAY: "date", ValueType.FLAG: "yes_no",
}  # fmt: skip
_Read = tuple[list[CustomField], "Values"]


class OwnLines(QObject):
    """Reads with the board and after every change that may concern the words."""

    def __init__(self, context: AppContext, look: CardLook, area: BoardArea) -> None:
        super().__init__(area)
        self._context = context
        self._look = look
        self._area = area
        self._funnel = 0
        self._past = False
        self._values: Values = {}
        self.fields: list[CustomField] = []  # all that can be chosen
        self._stage: Callable[[int], str] | None = None  # of a deal, where columns are no stages
        look.own_words = self.words
        look.own_lines = len(self.chosen())

    def chosen(self) -> list[int]:
        """The fields on the cards."""
        return own_chosen(self._context.settings.more, self._context.settings.last_base)[:MOST]

    def choose(self, field_id: int, on: bool) -> None:
        """Put a field on the cards, or take it off."""
        settings = self._context.settings
        chosen = [i for i in self.chosen() if i != field_id] + [field_id] * on
        self._keep([f.id for f in self.fields if f.id in chosen])
        settings.save()
        self._lay_out()
        self.read(self._funnel)

    def read(self, funnel_id: int, *, past: bool = False) -> None:
        """Read the fields there are and the values of those chosen; a past day is shown without them."""
        self._funnel, self._past = funnel_id, past
        self._lay_out()
        chosen = [] if past else self.chosen()

        def read(db: Database) -> _Read:
            from funneldesk.store.queries.board_own import own_values
            from funneldesk.store.queries.card import custom_fields

            with db.read() as conn:
                fields = [*custom_fields(conn, "deal"), *custom_fields(conn, "company", "person", "product")]
                known = {field.id for field in fields}
                return fields, own_values(conn, funnel_id, [i for i in chosen if i in known])

        self._context.tasks.read(read, self._take, receiver=self, key="board-own")

    def refresh(self, change: Change | None) -> None:
        """Read anew after a change that may concern a card."""
        concerned = _MATTERS if self.chosen() else ("custom_field",)
        if change is None or any(change.touches(kind) for kind in concerned):
            self.read(self._funnel, past=self._past)

    def words(self, deal_id: int) -> tuple[str, ...]:
        """The lines of a card."""
        stage = () if self._stage is None else (self._stage(deal_id),)
        return (*stage, *(self._line(field, deal_id) for field in self._shown()))

    def set_stages(self, stage: Callable[[int], str] | None) -> None:
        """Say the stage of each deal first, or not."""
        self._stage = stage
        self._lay_out()

    def _line(self, field: CustomField, deal_id: int) -> str:
        from funneldesk.ui.clients.columns import value_words

        value = self._values.get(field.id, {}).get(deal_id, "")
        words = value_words(self._plain(field), value, self._context.currency) if value else "–"
        return _("{field}: {what}").format(field=field.name, what=words)

    def _plain(self, field: CustomField) -> CustomField:
        if field.type != "calculated":
            return field
        asked = asked_as(field, self.fields)
        return replace(field, type=_AS.get(asked, "text") if asked is not None else "text")

    def _shown(self) -> Sequence[CustomField]:
        chosen = [] if self._past else self.chosen()
        by_id = {field.id: field for field in self.fields}
        return [by_id[i] for i in chosen if i in by_id]

    def _take(self, found: _Read) -> None:
        same = found == (self.fields, self._values)
        self.fields, self._values = found
        known = {field.id for field in self.fields}
        if any(i not in known for i in self.chosen()):  # a field that is gone
            self._keep([i for i in self.chosen() if i in known])
        self._lay_out()
        if not same and self.chosen():
            self._look.forget()
            self._area.repaint_cards()

    def _lay_out(self) -> None:
        lines = 0 if self._past else len(self.chosen()) + (self._stage is not None)
        if lines != self._look.own_lines:
            self._look.own_lines = lines
            self._look.forget()
            self._area.lay_out_anew()

    def _keep(self, fields: Sequence[int]) -> None:
        settings = self._context.settings
        kept = settings.more.get(KEPT)
        settings.more[KEPT] = {**(kept if isinstance(kept, dict) else {}), settings.last_base: list(fields)}
