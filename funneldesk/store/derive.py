"""Columns kept from other columns of the same row: keys for search, matching and sorting."""

from __future__ import annotations

from typing import Any

from funneldesk.domain.billing import number_key
from funneldesk.domain.client import ContactKind
from funneldesk.domain.folding import fold, name_key, sort_key
from funneldesk.domain.phone import email_key, phone_key

_FOLDED = frozenset({"manager", "source", "product", "loss_reason", "stage", "custom_field"})


def contact_key(kind: str, value: str) -> str:
    """The key by which a phone, e-mail or site is matched."""
    if kind == ContactKind.PHONE:
        return phone_key(value)
    if kind == ContactKind.EMAIL:
        return email_key(value)
    return fold(value)


def derive(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """`values` with the kept columns that follow from them; for a partial update only what changes."""
    if kind in ("company", "person") and "name" in values:
        name = values["name"]
        return {**values, "name_key": name_key(name), "sort_key": sort_key(name)}
    if kind == "invoice" and "number" in values:
        return {**values, "number_key": number_key(values["number"])}
    if kind == "deal" and "title" in values:
        return {**values, "sort_key": sort_key(values["title"])}
    if kind in _FOLDED and "name" in values:
        return {**values, "folded": fold(values["name"])}
    if kind == "contact_point" and "value" in values and "kind" in values:
        return {**values, "key": contact_key(values["kind"], values["value"])}
    return values
