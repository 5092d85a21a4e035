"""The fields of clients, leads and deals that can be asked for, and what each of them holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from funneldesk.domain.condition import ValueType
from funneldesk.domain.fields import FieldType

_T, _N, _M, _D, _A = (
    ValueType.TEXT, ValueType.NUMBER, ValueType.MONEY, ValueType.DAY, ValueType.MOMENT
)  # fmt: skip
_R, _C, _S, _F = ValueType.REF, ValueType.CHOICE, ValueType.SEVERAL, ValueType.FLAG

_PLACE = {"address": _T, "city": _C, "region": _C, "country": _C, "category": _C}
_REACH = {"phone": _T, "email": _T, "website": _T}
_WORK = {
    "manager": _R, "source": _R, "has_open_deals": _F, "open_deals": _N, "open_sum": _M, "won_deals": _N,
    "won_sum": _M, "next_step": _A, "last_contact": _A, "created": _A, "updated": _A, "consent": _A,
    "comment": _T, "import": _R,
}  # fmt: skip
BUILT_IN: Mapping[str, Mapping[str, ValueType]] = {
    "company": {
        "name": _T, "legal_name": _T, "tax_id": _T, "roles": _S, "size": _C, **_REACH, **_PLACE, **_WORK,
    },
    "person": {
        "name": _T, "company": _T, "position": _T, "tax_id": _T, **_REACH, **_PLACE, **_WORK,
    },
    "lead": {
        "title": _T, "company": _T, "person": _T, "phone": _T, "email": _T, "lead_status": _C, "manager": _R,
        "source": _R, "drop_reason": _T, "next_step": _A, "last_contact": _A, "created": _A, "closed": _A,
        "comment": _T, "import": _R,
    },
    "deal": {
        "title": _T, "client": _T, "funnel": _R, "stage": _R, "status": _C, "amount": _M, "currency": _C,
        "manager": _R, "source": _R, "product": _R, "next_step": _A, "last_contact": _A, "created": _A,
        "closed": _A, "entered": _A, "days_in_stage": _N, "expected_close": _D, "lost_reason": _R,
        "competitor": _T, "loss_comment": _T, "demand": _T, "comment": _T,
        "client_city": _C, "client_region": _C, "client_country": _C, "client_size": _C,
        "client_category": _C, "client_tax_id": _T, "client_phone": _T, "client_email": _T, "import": _R,
    },
}  # fmt: skip
# The list of clients holds companies and people; a field that one of them lacks is empty there.
CLIENT: Mapping[str, ValueType] = {"kind": _C, **BUILT_IN["company"], **BUILT_IN["person"]}
# The kinds of record whose custom fields can be asked for in a list of that kind.
OWNERS: Mapping[str, tuple[str, ...]] = {
    "company": ("company",), "person": ("person",), "client": ("company", "person"), "lead": ("lead",),
    "deal": ("deal", "company", "person", "product"),
}  # fmt: skip
# A calculated field is asked for as what its formula gives: `formula_kinds.asked_as`.
_OF_CUSTOM: Mapping[str, ValueType] = {
    FieldType.TEXT: _T, FieldType.LINK: _T, FieldType.NUMBER: _N, FieldType.MONEY: _M, FieldType.DATE: _D,
    FieldType.CHOICE: _C, FieldType.MULTI_CHOICE: _S, FieldType.YES_NO: _F,
}  # fmt: skip
CUSTOM = "field:"


def custom_type(type_: str) -> ValueType:
    """What a custom field of that type holds."""
    return _OF_CUSTOM.get(type_, _T)


def built_in(kind: str) -> Mapping[str, ValueType]:
    """The built-in fields of a kind of record ("client" = companies and people)."""
    return CLIENT if kind == "client" else BUILT_IN[kind]


def custom_id(key: str) -> int | None:
    """The custom field behind a key, None when it is a built-in one."""
    number = key.removeprefix(CUSTOM)
    return int(number) if key.startswith(CUSTOM) and number.isdigit() else None


@dataclass(frozen=True, slots=True)
class AskField:
    """A field that can be asked for: `name` of a custom one, `options` (value, name) where there are any."""

    key: str
    type: ValueType
    name: str = ""
    owner: str = ""  # of a custom one: the kind of record that has it
    options: tuple[tuple[int | str, str], ...] = ()
    calculated: bool = False  # by a formula: nobody sets it
