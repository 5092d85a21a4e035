"""Money as a whole number of minor units with its currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

# ISO 4217 minor units where they differ from two.
_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "UGX": 0, "KWD": 3, "BHD": 3, "TND": 3}
CURRENCIES = ("RUB", "PLN", "EUR", "USD", "GBP", "CHF", "CZK", "UAH", "KZT", "BYN", "CNY", "TRY")


def minor_digits(currency: str) -> int:
    """How many decimal places `currency` has."""
    return _DIGITS.get(currency, 2)


def to_minor(value: Decimal, currency: str) -> int:
    """`value` in units -> minor units, half up."""
    scaled = value.scaleb(minor_digits(currency))
    return int(scaled.to_integral_value(rounding=ROUND_HALF_UP))


def from_minor(minor: int | float, currency: str) -> Decimal:
    """Minor units -> units as an exact decimal (a float is rounded to the minor unit first)."""
    if isinstance(minor, float):
        whole = int(Decimal(repr(minor)).to_integral_value(rounding=ROUND_HALF_EVEN))
    else:
        whole = minor
    return Decimal(whole).scaleb(-minor_digits(currency))


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of one currency; different currencies never add up."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.minor + other.minor, self.currency)

    @property
    def units(self) -> Decimal:
        """The amount in units of its currency."""
        return from_minor(self.minor, self.currency)


def convert(minor: int, currency: str, target: str, rate: Decimal) -> int:
    """`minor` of `currency` in minor units of `target`; `rate` = units of target per unit of currency."""
    return to_minor(from_minor(minor, currency) * rate, target)
