"""Rows of invoices and of payments."""

from __future__ import annotations

from typing import Any

from funneldesk.domain.billing import number_key
from funneldesk.domain.money import to_minor
from funneldesk.importing.draft import Draft
from funneldesk.importing.fields import OnDuplicate
from funneldesk.importing.links import InvoiceKey, Links, Owner
from funneldesk.importing.plan import Action

_TEXTS = ("external_id", "due_date", "comment")


def plan_invoices(draft: Draft) -> None:
    """Plan every row; an invoice is known by its id in the other program, else by number, day and client."""
    _Invoices(draft).plan()


class _Invoices:
    def __init__(self, draft: Draft) -> None:
        self._draft, self._links = draft, Links(draft)
        values = draft.values
        self._external, self._number = values.get("external_id"), values.get("number")
        self._date, self._amount = values.get("date"), values.get("amount")
        self._currency = values.get("currency")
        self._keep = draft.request.on_duplicate is not OnDuplicate.CREATE
        allowed = draft.request.keys
        self._by_external = allowed is None or "external_id" in allowed
        self._by_number = allowed is None or "name" in allowed or "number" in allowed
        self._known = dict(draft.index.links.invoice_ids)
        self._numbers = {key: list(found) for key, found in draft.index.links.invoice_numbers.items()}
        self._numbered = {key.ref: external for external, key in self._known.items()}
        self._rows: dict[int, dict[str, Any]] = {}
        draft.prepare_custom()

    def plan(self) -> None:
        owners = {place: owner for place in self._draft.open_rows() if (owner := self._checked(place))}
        met = {place: self._find(place, owner) for place, owner in owners.items()}
        if self._draft.request.on_duplicate in (OnDuplicate.FILL, OnDuplicate.UPDATE):
            ids = {found.ref for found, _by in met.values() if found is not None}
            self._rows = {row["id"]: row for row in self._draft.index.fetch("invoice", "id", ids)}
        for place, owner in owners.items():
            found, by = self._find(place, owner)
            if found is None or not self._keep:
                self._make(place, owner)
                continue
            plan = self._draft.plan
            plan.targets[place], plan.matched_by[place] = found.ref, by
            changed = found.ref > 0 and self._change(place, found.ref, owner)
            plan.actions[place] = Action.UPDATE if changed else Action.DUPLICATE

    def _checked(self, place: int) -> Owner | None:
        """Whose an invoice is; None when the row was rejected or waits."""
        draft = self._draft
        if not self._number[place]:
            self._number[place] = self._external[place]
        if not self._number[place]:
            draft.reject(place, "number", None, "import.no_number")
        elif self._amount[place] is None:
            draft.reject(place, "amount", None, "import.no_amount")
        else:
            owner = self._links.owner(place)
            if owner != Owner():
                return owner
            draft.reject(place, "client", None, "import.no_deal_or_client")
        return None

    def _find(self, place: int, owner: Owner) -> tuple[InvoiceKey | None, str]:
        external = self._external[place]
        if external and self._by_external and external in self._known:
            return self._known[external], "external_id"
        if not self._by_number:
            return None, ""
        for found in self._numbers.get(number_key(self._number[place]), ()):
            numbered = self._numbered.get(found.ref)
            same = (found.company, found.person) == (owner.company, owner.person) or (
                found.company is not None and found.company == owner.company
            )
            if same and found.date == self._date[place] and (not external or numbered in (None, external)):
                return found, "name"
        return None, ""

    def _make(self, place: int, owner: Owner) -> None:
        draft, values = self._draft, self._draft.values
        amount, currency = draft.money(self._amount[place], self._currency[place])
        number, external = self._number[place], self._external[place]
        code = currency or draft.index.currency
        ref = draft.batch("invoice").add(
            external, number, owner.company, owner.person, owner.deal, self._date[place],
            values.get("due_date")[place], amount, code, draft.named("manager", values.get("manager")[place]),
            values.get("comment")[place], draft.request.now, number_key(number),
        )  # fmt: skip
        key = InvoiceKey(ref, owner.company, owner.person, self._date[place], code)
        if external:
            self._known.setdefault(external, key)
            self._numbered[ref] = external
        self._numbers.setdefault(number_key(number), []).append(key)
        draft.add_custom(place, "invoice", ref)
        draft.plan.targets[place] = ref

    def _change(self, place: int, ref: int, owner: Owner) -> bool:
        row = self._rows.get(ref)
        if row is None:
            return False
        draft, values = self._draft, self._draft.values
        wanted: dict[str, Any] = {column: values.get(column)[place] for column in _TEXTS}
        wanted |= {"date": self._date[place], "deal_id": owner.deal}
        if draft.overwrite():
            wanted["number"] = self._number[place]
            code = self._currency[place] or (self._amount[place] or (None, None))[1] or row["currency"]
            wanted |= {"amount": to_minor(self._amount[place][0], code), "currency": code}
            if owner.company is not None:
                wanted["company_id"] = owner.company
        manager = values.get("manager")[place]
        if manager and (draft.overwrite() or row["manager_id"] is None):
            wanted["manager_id"] = draft.named("manager", manager)
        changed = False
        for column, value in wanted.items():
            if (
                value is None
                or value == row[column]
                or (row[column] not in (None, "") and not draft.overwrite())
            ):
                continue
            draft.change(place, "invoice", ref, column, row[column], value)
            row[column] = value
            changed = True
        return changed


def plan_payments(draft: Draft) -> None:
    """Plan every row; a payment is known by its number in the other program, else by all that it says.

    The same payment twice in a file is two payments, but a file that is imported again adds none.
    """
    links, values, index = Links(draft), draft.values, draft.index.links
    external, amounts = values.get("external_id"), values.get("amount")
    days, currencies = values.get("date"), values.get("currency")
    draft.prepare_custom()
    keep = draft.request.on_duplicate is not OnDuplicate.CREATE
    known, there = dict(index.payment_ids), index.payments.copy()
    for place in draft.open_rows():
        if amounts[place] is None:
            draft.reject(place, "amount", None, "import.no_amount")
            continue
        owner = links.client_of(place)
        if owner is None:
            continue
        invoice = None
        if links.invoice[place]:
            invoice = links.invoice_of(place, owner, days[place])
            if invoice is None:
                continue
        if invoice is None and owner == Owner():
            draft.reject(place, "invoice", None, "import.no_invoice_or_client")
            continue
        company, person = _payer(owner, invoice)
        sign = amounts[place][1]
        code = currencies[place] or sign or (invoice.currency if invoice else draft.index.currency)
        minor = to_minor(amounts[place][0], code)
        number = external[place]
        key = (invoice.ref if invoice else None, company, person, days[place], minor, code)
        if keep and number and number in known:
            draft.plan.targets[place], draft.plan.matched_by[place] = known[number], "external_id"
            draft.plan.actions[place] = Action.DUPLICATE
            continue
        if keep and not number and there[key] > 0:
            there[key] -= 1
            draft.plan.actions[place] = Action.DUPLICATE
            continue
        ref = draft.batch("payment").add(
            number, key[0], company, person, days[place], minor, code, values.get("comment")[place],
            draft.request.now,
        )  # fmt: skip
        if number:
            known.setdefault(number, ref)
        draft.add_custom(place, "payment", ref)
        draft.plan.targets[place] = ref


def _payer(owner: Owner, invoice: InvoiceKey | None) -> tuple[int | None, int | None]:
    if owner == Owner() and invoice is not None:
        return invoice.company, invoice.person
    return owner.company, owner.person
