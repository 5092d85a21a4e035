"""What the fields of rows that can be imported are called."""

from __future__ import annotations

from typing import Final

from funneldesk.domain.fields import FieldType
from funneldesk.text import N_, _

_CUSTOM: Final = "custom:"

# What a field is called whatever the rows are; `_OF_KIND` holds the exceptions.
_TITLES: Final[dict[str, str]] = {
    "external_id": N_("Number in the other program"),
    "title": N_("Deal title"),
    "name": N_("Company"),
    "client": N_("Client"),
    "legal_name": N_("Legal name"),
    "tax_id": N_("Tax number"),
    "person": N_("Contact person"),
    "first_name": N_("First name"),
    "last_name": N_("Last name"),
    "middle_name": N_("Middle name"),
    "position": N_("Position"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "website": N_("Website"),
    "address": N_("Address"),
    "city": N_("City"),
    "region": N_("Region"),
    "country": N_("Country"),
    "size": N_("Company size"),
    "category": N_("Category"),
    "source": N_("Source"),
    "manager": N_("Manager"),
    "comment": N_("Comment"),
    "status": N_("Status"),
    "drop_reason": N_("Why dropped"),
    "created_at": N_("Created"),
    "closed_at": N_("Closed"),
    "expected_close": N_("Expected close"),
    "funnel": N_("Funnel"),
    "stage": N_("Stage"),
    "outcome": N_("Won or lost"),
    "amount": N_("Amount"),
    "currency": N_("Currency"),
    "product": N_("Product"),
    "lost_reason": N_("Loss reason"),
    "deal": N_("Number of the deal"),
    "at": N_("When"),
    "to_stage": N_("To stage"),
    "actor": N_("Who moved it"),
    "seq": N_("Order of the moves"),
    "kind": N_("Kind of activity"),
    "result": N_("Result"),
    "owner": N_("Manager"),
    "loss_reason": N_("Loss reason"),
    "company": N_("Company"),
    "loss_comment": N_("Comment on the loss"),
    "custom": N_("Own field"),
    "client_id": N_("Number of the client"),
    "person_id": N_("Number of the contact person"),
    "number": N_("Invoice number"),
    "invoice": N_("Invoice"),
    "date": N_("Date"),
    "due_date": N_("Due"),
}
_OF_KIND: Final[dict[tuple[str, str], str]] = {
    ("leads", "title"): N_("Lead title"),
    ("leads", "client"): N_("Company"),
    ("activities", "deal"): N_("Number of the deal"),
    ("people", "name"): N_("Name"),
    ("people", "client"): N_("Company"),
    ("people", "client_id"): N_("Number of the company"),
    ("invoices", "deal"): N_("Number of the deal"),
}
KIND_TITLES: Final[dict[str, str]] = {
    "clients": N_("Clients"),
    "leads": N_("Leads"),
    "deals": N_("Deals"),
    "stage-history": N_("Stage history"),
    "activities": N_("Activities"),
    "people": N_("People"),
    "invoices": N_("Invoices"),
    "payments": N_("Payments"),
}


def note_words() -> dict[str, str]:
    """The words of the sheet that tells what the cells of a list could not hold."""
    return {
        "notes": _("Notes on cells"),
        "row": _("Row"),
        "column": _("Column"),
        "what": _("What"),
        "text": _("Text"),
        "long": _("The text goes on here"),
        "control": _("Characters that no file holds were left out"),
    }


def type_title(type_: str) -> str:
    """The type of a custom field in words."""
    return {
        FieldType.TEXT: _("Text"),
        FieldType.NUMBER: _("Numeric"),
        FieldType.MONEY: _("Money"),
        FieldType.DATE: _("Date"),
        FieldType.CHOICE: _("One of a list"),
        FieldType.MULTI_CHOICE: _("Several of a list"),
        FieldType.YES_NO: _("Yes or no"),
        FieldType.LINK: _("Link"),
        FieldType.CALCULATED: _("Calculated"),
    }[FieldType(type_)]


def field_title(kind: str, key: str) -> str:
    """The name of a field of such rows (as the command line calls them).

    A custom field (``custom:NAME``) is called by its own name; what nobody knows is shown as it is.
    """
    if key.startswith(_CUSTOM):
        return key.removeprefix(_CUSTOM)
    bare = key if key in _TITLES else key.removesuffix("_id")
    title = _OF_KIND.get((kind, bare)) or _TITLES.get(bare)
    return _(title) if title else key


def kind_title(kind: str) -> str:
    """What rows of such a kind are called."""
    return _(KIND_TITLES[kind]) if kind in KIND_TITLES else kind
