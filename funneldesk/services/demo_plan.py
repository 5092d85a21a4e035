"""How the sample firm sells: its managers' styles, its sources, the pace and losses of its two funnels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """A manager: share of deals, chance to win one, pace, contacts per stage, size, weak stages, stuck."""

    share: float
    win: float
    pace: float
    contacts: float
    size: float
    weak: tuple[int, ...] = ()
    stuck: float = 0.04


STYLES = (
    Style(0.34, 0.15, 0.8, 0.5, 0.8, (0, 1, 4), 0.08),  # many shallow
    Style(0.10, 0.52, 1.3, 2.4, 1.9, (), 0.02),  # few deep
    Style(0.27, 0.36, 0.7, 1.6, 1.0, (6,), 0.02),  # intensive
    Style(0.08, 0.26, 1.4, 0.7, 1.0, (2, 3), 0.12),  # under-loaded
    Style(0.21, 0.29, 1.0, 1.0, 1.1),  # balanced
)

# Weight among prospects and the factor by which its deals are won more often; in the order of the words:
# website, referral, exhibition, cold call, existing client, directory, advertising.
SOURCES = ((28, 0.95), (16, 1.5), (12, 1.1), (18, 0.6), (10, 1.7), (6, 0.8), (10, 0.8))

# Deals begun by month: a rush before the summer and in autumn, quiet in January, July and August.
SEASON = (0.6, 0.85, 1.15, 1.2, 1.1, 0.95, 0.7, 0.75, 1.2, 1.35, 1.25, 0.9)

# Units of a currency per US dollar, only to choose believable sums.
UNITS = {"RUB": 90.0, "PLN": 4.0, "UAH": 40.0, "KZT": 480.0, "CZK": 23.0, "CNY": 7.0, "TRY": 35.0, "BYN": 3.2}

# Usual price of each product in US dollars, in the order of the words.
PRICES = (1400, 5200, 2300, 900, 1100, 1900, 2600, 6400, 700, 3800)


@dataclass(frozen=True, slots=True)
class Pace:
    """A funnel: usual days in each open stage, how the losses spread over them, what is done there."""

    days: tuple[float, ...]
    losses: tuple[float, ...]
    kinds: tuple[str, ...]


PACES = {
    "sale": Pace(
        (1.5, 2.5, 3.5, 3, 8, 5, 6, 3.5, 4),
        (0.16, 0.11, 0.06, 0.09, 0.34, 0.10, 0.10, 0.02, 0.02),
        ("call", "call", "meeting", "letter", "call", "letter", "call", "message", "call"),
    ),
    "production": Pace(
        (0.8, 2, 4, 1.5, 5, 4, 6, 2.5, 11, 6),
        (0.17, 0.12, 0.05, 0.09, 0.07, 0.13, 0.24, 0.09, 0.02, 0.02),
        ("call", "call", "meeting", "call", "message", "letter", "call", "message", "call", "letter"),
    ),
}
FUNNELS = (("sale", 0.6), ("production", 0.4))

SKIP = 0.035  # a step leaves a stage out
BACK = 0.025  # a step goes back
REOPEN = 0.06  # a lost deal comes back
HANDED_OVER = 0.012  # another manager takes over at a step
NO_AMOUNT = 0.05
HANGS = (60, 200)  # days that a forgotten deal stays before it is cleared away
# What happens next with an open deal: planned later, for today, overdue; else nothing.
NEXT = ((0.55, "later"), (0.70, "today"), (0.86, "overdue"))
