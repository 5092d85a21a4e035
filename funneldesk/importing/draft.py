"""The common part of making a plan: actions, problems, records to make, the small lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from funneldesk.domain.fields import as_typed
from funneldesk.domain.folding import fold
from funneldesk.domain.money import to_minor
from funneldesk.errors import UserError
from funneldesk.importing.choices import Kept
from funneldesk.importing.custom import OwnColumn, chosen_values, kept_values, own_columns
from funneldesk.importing.fields import CUSTOM_RECORD, Kind, OnDuplicate
from funneldesk.importing.links import add_wait
from funneldesk.importing.mapping import plain
from funneldesk.importing.matching import BaseIndex, FunnelKey
from funneldesk.importing.plan import Action, Batch, Plan, Problem, Request
from funneldesk.importing.table import Table, Values
from funneldesk.importing.value_words import outcomes

_REASON = re.compile(r"^\s*([^:(\[\u2013\u2014]+?)\s*(?::|\(|\[|\s[-\u2013\u2014]\s)\s*(.*?)[)\]]?\s*$", re.S)
COLUMNS: dict[str, tuple[str, ...]] = {
    "manager": ("name", "active", "folded"),
    "source": ("name", "folded"),
    "product": ("name", "folded"),
    "loss_reason": ("name", "folded"),
    "funnel": ("name",),
    "stage": ("funnel_id", "name", "slot", "position", "folded"),
    "company": (
        "external_id", "name", "legal_name", "tax_id", "address", "city", "region", "country", "size",
        "category", "source_id", "manager_id", "comment", "created_at", "updated_at", "name_key",
        "sort_key",
    ),
    "person": (
        "external_id", "company_id", "name", "first_name", "last_name", "position", "kind", "tax_id",
        "address", "city", "region", "country", "category", "source_id", "manager_id", "comment",
        "created_at", "updated_at", "name_key", "sort_key",
    ),
    "contact_point": ("company_id", "person_id", "kind", "value", "position", "key"),
    "lead": (
        "external_id", "title", "company_name", "person_name", "phone", "email", "status",
        "source_id", "manager_id", "comment", "created_at", "closed_at", "drop_reason",
    ),
    "deal": (
        "external_id", "title", "company_id", "person_id", "funnel_id", "amount", "currency", "manager_id",
        "source_id", "product_id", "created_at", "expected_close", "loss_reason_id", "comment", "position",
        "status", "stage_id", "entered_at", "closed_at", "visited", "path_known", "sort_key",
    ),
    "stage_move": (
        "deal_id", "seq", "at", "from_kind", "from_stage_id", "to_kind", "to_stage_id", "actor_id",
        "owner_id", "loss_reason_id", "cause",
    ),
    "activity": (
        "kind", "result", "comment", "company_id", "deal_id", "manager_id", "created_at", "due_at", "done_at",
        "person_id",
    ),
    "invoice": (
        "external_id", "number", "company_id", "person_id", "deal_id", "date", "due_date", "amount",
        "currency", "manager_id", "comment", "created_at", "number_key",
    ),
    "payment": (
        "external_id", "invoice_id", "company_id", "person_id", "date", "amount", "currency", "comment",
        "created_at",
    ),
    "custom_field": ("record_kind", "name", "type", "options", "position", "folded"),
    "custom_value": ("field_id", "record_kind", "record_id", "value", "number"),
}  # fmt: skip

# Which columns hold references, and to what; custom values by their own record_kind.
REFERENCES: dict[str, dict[str, str]] = {
    "stage": {"funnel_id": "funnel"},
    "company": {"source_id": "source", "manager_id": "manager"},
    "person": {"company_id": "company", "source_id": "source", "manager_id": "manager"},
    "contact_point": {"company_id": "company", "person_id": "person"},
    "lead": {"source_id": "source", "manager_id": "manager"},
    "deal": {
        "company_id": "company", "person_id": "person", "funnel_id": "funnel", "manager_id": "manager",
        "source_id": "source", "product_id": "product", "loss_reason_id": "loss_reason", "stage_id": "stage",
        "lost_from_id": "stage",
    },
    "stage_move": {
        "deal_id": "deal", "from_stage_id": "stage", "to_stage_id": "stage", "actor_id": "manager",
        "owner_id": "manager", "loss_reason_id": "loss_reason",
    },
    "activity": {
        "company_id": "company", "person_id": "person", "deal_id": "deal", "manager_id": "manager",
    },
    "invoice": {
        "company_id": "company", "person_id": "person", "deal_id": "deal", "manager_id": "manager",
    },
    "payment": {"invoice_id": "invoice", "company_id": "company", "person_id": "person"},
    "custom_value": {"field_id": "custom_field"},
}  # fmt: skip


class Draft:
    """A plan in the making."""

    def __init__(self, request: Request, table: Table, values: Values, index: BaseIndex) -> None:
        self.request, self.table, self.values, self.index = request, table, values, index
        count = len(table)
        self.plan = Plan(
            request, index.mark, table.numbers, [Action.CREATE] * count, [0] * count, table.blank
        )
        self.rejected: set[int] = set()
        self.waiting = index.links.waiting.copy()
        self._lists: dict[str, dict[str, int]] = {}
        self._named: dict[str, dict[str, int]] = {}
        self.custom: dict[int, OwnColumn] = {}  # field reference -> its column
        self.field_of_value: dict[int, int] = {}  # value of the base that changes -> its field
        self._custom: list[tuple[list[Kept | None], int]] = []
        for place, code in table.left_out.items():
            self.skip(place, code)
        for place, remarks in table.remarks.items():
            for code, at, value in remarks:
                self.problem(place, None if at is None else table.name(at), value, code, fatal=False)
        for problem in values.problems:
            column = None if problem.column is None else table.name(problem.column)
            bad = problem.bad
            self.problem(problem.place, column, bad.value, bad.code, fatal=bad.fatal)

    # Rows ----------------------------------------------------------------------
    def open_rows(self) -> list[int]:
        """The places of rows that are neither left out nor rejected yet."""
        actions = self.plan.actions
        return [i for i in range(len(actions)) if actions[i] is Action.CREATE]

    def problem(
        self, place: int, column: str | None, value: str, code: str, *, fatal: bool = True, **params: Any
    ) -> None:
        """Note a problem; a fatal one rejects the row (a row that is left out has none)."""
        if self.plan.actions[place] is Action.SKIP:
            return
        self.plan.problems.append(Problem(self.table.numbers[place], column, value, code, fatal, params))
        if fatal:
            self.plan.actions[place] = Action.REJECT
            self.rejected.add(place)

    def reject(self, place: int, field: str, value: Any, code: str, **params: Any) -> None:
        """Reject a row because of the value of a field."""
        self.problem(place, self.column_name(field), "" if value is None else str(value), code, **params)

    def skip(self, place: int, code: str) -> None:
        """Leave a row out, and say why."""
        self.plan.actions[place] = Action.SKIP
        self.plan.problems.append(Problem(self.table.numbers[place], None, "", code, False))

    def wait(self, place: int, wants: str, key: str, folded: str) -> None:
        """Keep a row until the deal, client or invoice that it names is there."""
        found = add_wait(self, place, wants, key, folded)
        if found is None:
            self.plan.actions[place] = Action.DUPLICATE
            return
        column = self.column_name(wants)
        self.plan.problems.append(
            Problem(self.table.numbers[place], column, key, f"import.waits_{wants}", False)
        )
        self.plan.actions[place] = Action.WAIT
        self.plan.waits.append(found)

    def column_name(self, field: str) -> str:
        """The name of the column that feeds a field, else the field's own."""
        index = self.values.column_of.get(field)
        return field if index is None else self.table.name(index)

    # Records -------------------------------------------------------------------
    def batch(self, kind: str) -> Batch:
        """The records of a kind to be made."""
        found = self.plan.made.get(kind)
        if found is None:
            found = self.plan.made[kind] = Batch(COLUMNS[kind])
        return found

    def named(self, kind: str, name: str | None) -> int | None:
        """The reference of a manager, source, product or reason; an unknown one will be made."""
        if not name:
            return None
        of_kind = self._named.setdefault(kind, {})
        found = of_kind.get(name)
        if found is None:
            found = of_kind[name] = self._known_or_new(kind, name)
        return found

    def named_all(self, kind: str, names: Sequence[str | None]) -> list[int | None]:
        """As `named`, for the names of many rows in their order."""
        known: dict[str | None, int | None] = {}
        for name in dict.fromkeys(names):
            known[name] = self.named(kind, name)
        return list(map(known.__getitem__, names))

    def _known_or_new(self, kind: str, name: str) -> int:
        folded = fold(name)
        known = self.index.lists.get(kind, {}).get(folded)
        if known is not None:
            return known
        fresh = self._lists.setdefault(kind, {})
        if folded not in fresh:
            row = (name, True, folded) if kind == "manager" else (name, folded)
            fresh[folded] = self.batch(kind).add(*row)
        return fresh[folded]

    def change(
        self, place: int, kind: str, record_id: int, column: str, old: Any, new: Any, *, told: bool = True
    ) -> None:
        """A column of a record of the base gets another value; `told` of it is the row."""
        now = self.plan.changes.setdefault(kind, {}).setdefault(record_id, {})
        now[column] = (now[column][0] if column in now else old, new)
        if told:
            self.tell(place, column, old, new)

    def tell(self, place: int, field: str, old: Any, new: Any) -> None:
        """What a row changes, to be shown."""
        self.plan.changes_of_row.setdefault(place, []).append((field, old, new))

    def money(
        self, amount: tuple[Decimal, str | None] | None, currency: str | None
    ) -> tuple[int | None, str | None]:
        """(minor units, currency) of a row: its column, the sign at the sum, else the base's."""
        code = currency or (amount[1] if amount else None) or self.index.currency
        return (None, currency) if amount is None else (to_minor(amount[0], code), code)

    def money_all(
        self, amounts: Sequence[tuple[Decimal, str | None] | None], currencies: Sequence[str | None]
    ) -> tuple[list[int | None], list[str | None]]:
        """As `money`, for many rows: their sums and their currencies."""
        codes = [
            currency if amount is None else currency or amount[1] or self.index.currency
            for amount, currency in zip(amounts, currencies, strict=True)
        ]
        sums = [
            None if amount is None or code is None else to_minor(amount[0], code)
            for amount, code in zip(amounts, codes, strict=True)
        ]
        return sums, codes

    # Custom fields ---------------------------------------------------------------
    def prepare_custom(self) -> None:
        """Find or make the custom fields that columns go to."""
        record = CUSTOM_RECORD.get(self.request.kind)
        for column in own_columns(self.values, self.index, self.request):
            ref = column.known.id if column.known else self._new_field(str(record), column)
            if column.options is not None:
                kept, bad = chosen_values(column.texts, column.options)
            else:
                kept, bad = kept_values(column.texts, column.type, self.index.zone, self.index.currency)
            for place, found in bad.items():
                self.reject(place, column.key, found.value, found.code, name=column.name)
            self._custom.append((kept, ref))
            self.custom[ref] = column

    def _new_field(self, record: str, column: OwnColumn) -> int:
        folded = fold(column.name)
        return self.batch("custom_field").add(record, column.name, column.type, None, 0, folded)

    def shown(self, ref: int, value: str) -> str:
        """A kept value of a custom field as people write it."""
        return as_typed(self.custom[ref].type, value, self.index.currency)

    def custom_values(self, place: int) -> list[tuple[int, str, float | None]]:
        """(field reference, value, number) of a row."""
        if not self._custom:
            return []
        found = [(ref, values[place]) for values, ref in self._custom]
        return [(ref, *kept) for ref, kept in found if kept is not None]

    def add_custom(self, place: int, record_kind: str, ref: int) -> None:
        """The custom values of a new record."""
        for field, value, number in self.custom_values(place):
            self.batch("custom_value").add(field, record_kind, ref, value, number)

    def overwrite(self) -> bool:
        """Whether values of a duplicate replace those of the base (else they only fill)."""
        return self.request.on_duplicate is OnDuplicate.UPDATE


class Places:
    """Funnels and stages of rows, and what the words of a stage mean."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        # Copies: new stages are added here, and the index must stay as the base is.
        funnels = [replace(f, stages=dict(f.stages), slots=dict(f.slots)) for f in draft.index.funnels]
        self._funnels = {fold(f.name): f for f in reversed(funnels)}
        self._by_id = {f.id: f for f in funnels}
        self._memo: dict[tuple[int, str], tuple[str, int | None, str | None] | None] = {}
        request = draft.request
        self.default: FunnelKey | None = None
        if request.funnel:
            self.default = self._funnels.get(fold(request.funnel))
            if self.default is None:
                if not request.create_funnel:
                    raise UserError("import.no_such_funnel", name=request.funnel)
                self.default = self._make(request.funnel)
        elif request.create_funnel and request.kind is not Kind.HISTORY:
            name = request.file.rsplit(".", 1)[0] or "1"
            self.default = self._funnels.get(fold(name)) or self._make(name)
        elif funnels:
            self.default = funnels[0]
        elif draft.index.first_funnel is not None:
            self.default = self._make(draft.index.first_funnel[0])
            for stage in draft.index.first_funnel[1]:
                self._stage(self.default, stage)
        if self.default is not None and request.create_funnel:
            for name in request.stages:
                self._stage(self.default, name)

    def _make(self, name: str) -> FunnelKey:
        ref = self._draft.batch("funnel").add(name)
        funnel = FunnelKey(ref, name, {}, {})
        self._funnels[fold(name)] = funnel
        self._by_id[ref] = funnel
        return funnel

    def _stage(self, funnel: FunnelKey, name: str) -> int:
        folded = fold(name)
        if folded not in funnel.stages:
            slot = max(funnel.slots.values(), default=-1) + 1
            if slot > 60:
                raise UserError("import.too_many_stages", name=funnel.name)
            ref = self._draft.batch("stage").add(
                funnel.id, name.strip(), slot, len(funnel.stages) + 1, folded
            )
            funnel.stages[folded] = ref
            funnel.slots[ref] = slot
        return funnel.stages[folded]

    def funnel(self, name: str | None) -> FunnelKey | None:
        """The funnel a row names, else the default; None = unknown and not to be made."""
        if not name:
            return self.default
        found = self._funnels.get(fold(name))
        if found is None and self._draft.request.create_funnel:
            found = self._make(name)
        return found

    def of_id(self, funnel_id: int) -> FunnelKey | None:
        """A funnel by its reference."""
        return self._by_id.get(funnel_id)

    def place(self, funnel: FunnelKey, text: str) -> tuple[str, int | None, str | None] | None:
        """What the text of a stage means: (open, stage, -), (won, -, -) or (lost, -, reason); None = unknown.

        A stage of that very name wins over a word that means won or lost.
        """
        key = (funnel.id, text)
        if key in self._memo:
            return self._memo[key]
        folded = fold(text)
        found: tuple[str, int | None, str | None] | None
        if folded in funnel.stages:
            found = ("open", funnel.stages[folded], None)
        elif outcome := read_outcome(text, closed_only=True):
            found = (outcome[0], None, outcome[1])
        elif funnel.won_name and fold(funnel.won_name) == folded:
            found = ("won", None, None)
        elif self._draft.request.create_funnel:
            found = ("open", self._stage(funnel, text), None)
        else:
            found = None
        self._memo[key] = found
        return found


def read_outcome(text: str, *, closed_only: bool = False) -> tuple[str, str | None] | None:
    """A word for won, lost or open in three languages, and the reason behind it ("Lost: price")."""
    words = outcomes()
    split = _REASON.match(text)
    if split and words.get(plain(split.group(1))) in ("won", "lost"):
        kind = words[plain(split.group(1))]
        return kind, (split.group(2).strip() or None) if kind == "lost" else None
    found = words.get(plain(text))
    return (found, None) if found and not (closed_only and found == "open") else None
