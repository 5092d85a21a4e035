"""Managers and the small lists that deals refer to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Manager:
    """A person of the own team who owns clients and deals."""

    id: int = 0
    version: int = 1
    name: str
    active: bool = True
    folded: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where prospects come from."""

    id: int = 0
    version: int = 1
    name: str
    folded: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What is sold; price and cost in minor units."""

    id: int = 0
    version: int = 1
    name: str
    price: int | None = None
    cost: int | None = None
    currency: str | None = None
    folded: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LossReason:
    """Why deals are lost; `outcome` is the group it belongs to (itself when none).

    With a `funnel_id` it is offered in that funnel only.
    """

    id: int = 0
    version: int = 1
    name: str
    outcome: str | None = None
    competitor: bool = False
    advice: str | None = None
    position: int = 0
    funnel_id: int | None = None
    folded: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyRate:
    """Units of the accounting currency per unit of `currency`, valid from `day` (ISO date)."""

    id: int = 0
    version: int = 1
    currency: str
    day: str
    rate: str  # decimal text, exact
