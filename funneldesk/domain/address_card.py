"""A person as address books know them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AddressCard:
    """A person as a card of an address book holds them."""

    name: str
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    position: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    address: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    comment: str = ""
