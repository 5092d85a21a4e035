"""Money as a whole number of minor units with its currency."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

# ISO 4217 minor units where they differ from two.
_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "UGX": 0, "KWD": 3, "BHD": 3, "TND": 3}


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


def convert(minor: int, currency: str, target: str, rate: Decimal) -> int:
    """`minor` of `currency` in minor units of `target`; `rate` = units of target per unit of currency."""
    return to_minor(from_minor(minor, currency) * rate, target)
