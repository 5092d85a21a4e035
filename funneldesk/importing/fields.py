"""What can be imported: the kinds of rows and the fields each kind has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

CUSTOM = "custom:"


class Kind(StrEnum):
    """What the rows of a file are; the words of the command line."""

    CLIENTS = "clients"
    LEADS = "leads"
    DEALS = "deals"
    HISTORY = "stage-history"
    ACTIVITIES = "activities"
    PEOPLE = "people"
    INVOICES = "invoices"
    PAYMENTS = "payments"


class Role(StrEnum):
    """How the cells of a field are read."""

    TEXT = "text"
    NAME = "name"
    CODE = "code"  # an id or a tax number: digits stay digits
    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    AMOUNT = "amount"
    MOMENT = "moment"
    DATE = "date"
    CURRENCY = "currency"
    WORD = "word"  # a value of a small list: manager, stage, source ...
    WHOLE = "whole"


class OnDuplicate(StrEnum):
    """What is done with a row that is in the base already."""

    SKIP = "skip"
    FILL = "fill"  # only empty fields
    UPDATE = "update"  # overwrite
    CREATE = "create"  # make it anyway


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its key, how its cells are read, whether several columns may feed it."""

    key: str
    role: Role
    many: bool = False


def _fields(text: str) -> tuple[Field, ...]:
    out = []
    for word in text.split():
        key, _, role = word.partition("=")
        out.append(Field(key, Role(role.rstrip("*") or "text"), role.endswith("*")))
    return tuple(out)


_PERSON = "person=name first_name=name last_name=name middle_name=name position=text"
_REACH = "phone=phone* email=email*"

FIELDS: Mapping[Kind, tuple[Field, ...]] = {
    Kind.CLIENTS: _fields(
        f"external_id=code name=name legal_name=name tax_id=code {_PERSON} {_REACH} website=link* "
        "address=text* city=text region=text country=text size=text category=text source=word "
        "manager=word comment=text*"
    ),
    Kind.LEADS: _fields(
        "external_id=code title=text client=name person=name first_name=name last_name=name "
        f"middle_name=name {_REACH} status=word source=word manager=word created_at=moment "
        "closed_at=moment drop_reason=text comment=text*"
    ),
    Kind.DEALS: _fields(
        "external_id=code title=text client=name tax_id=code person=name first_name=name last_name=name "
        f"middle_name=name {_REACH} client_id=code person_id=code funnel=word stage=word outcome=word "
        "amount=amount currency=currency manager=word source=word product=word created_at=moment "
        "closed_at=moment expected_close=date lost_reason=word comment=text*"
    ),
    Kind.HISTORY: _fields("deal=code at=moment to_stage=word actor=word seq=whole"),
    Kind.ACTIVITIES: _fields(
        "deal=code client=name client_id=code person_id=code kind=word at=moment manager=word result=text "
        "comment=text*"
    ),
    Kind.PEOPLE: _fields(
        "external_id=code name=name first_name=name last_name=name middle_name=name client=name "
        "client_id=code position=text "
        f"{_REACH} manager=word comment=text*"
    ),
    Kind.INVOICES: _fields(
        "external_id=code number=code client=name client_id=code person_id=code deal=code date=date "
        "due_date=date amount=amount currency=currency manager=word comment=text*"
    ),
    Kind.PAYMENTS: _fields(
        "external_id=code invoice=code client=name client_id=code date=date amount=amount currency=currency "
        "comment=text*"
    ),
}

# To which kind of record the custom fields of a row belong.
CUSTOM_RECORD: Mapping[Kind, str] = {
    Kind.CLIENTS: "company",
    Kind.LEADS: "lead",
    Kind.DEALS: "deal",
    Kind.INVOICES: "invoice",
    Kind.PAYMENTS: "payment",
}


def field_of(kind: Kind, key: str) -> Field | None:
    """The field called `key`, a custom one included; None when the kind has no such field."""
    if key.startswith(CUSTOM) and kind in CUSTOM_RECORD and key[len(CUSTOM) :].strip():
        return Field(key, Role.TEXT)
    for field in FIELDS[kind]:
        if field.key == key:
            return field
    return None
