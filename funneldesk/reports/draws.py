"""Ranges of a forecast: the exact distribution of a count, and drawn ones of money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np

DRAWS = 10_000
_EXACT_CELLS = 1_000_000  # deals x draws up to which every deal is drawn for itself
_MANY = 40  # expected wins from which a sum is normal
_FAIR = 0.1  # chance from which a deal is no rare one
_LONG = 129  # distributions of so many masses are folded by numpy's own convolution, one pair after the other
_NOTHING = 1e-30  # a chance that changes no printed digit
_SHARES = (0.1, 0.5, 0.9)


class Bets(NamedTuple):
    """The open deals of a forecast: chances within the period, money, places of their stages."""

    chance: np.ndarray
    amount: np.ndarray
    group: np.ndarray


def together(parts: Sequence[Bets]) -> Bets:
    """All of several (at least one)."""
    import numpy as np

    return Bets(*(np.concatenate(each) for each in zip(*parts, strict=True)))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the chance of a stage rests on: won and all of the decided deals that came to it."""

    won: float
    n: float


def poisson_binomial(chances: Sequence[float] | np.ndarray) -> np.ndarray:
    """P(0), P(1), ... of the number of successes of independent trials, by convolution of [1-p, p]."""
    import numpy as np

    own = np.asarray(chances, dtype=float)
    # those of equal length first, a column for each and all pairs of them at once; one over has no success
    masses = np.stack((1 - own, own))
    while masses.shape[1] > 1 and len(masses) < _LONG:
        size, many = masses.shape
        if many % 2:
            masses = np.hstack((masses, np.eye(size, 1)))
        left, right = masses[:, : (many + 1) // 2], masses[:, (many + 1) // 2 :]
        masses = np.zeros((2 * size - 1, right.shape[1]))
        for place in range(size):
            masses[place : place + size] += left[place] * right
    parts = [_within(each, 0) for each in masses.T.copy()]
    while len(parts) > 1:
        pairs = [
            _within(np.convolve(a, b), low + other)
            for (a, low), (b, other) in zip(parts[::2], parts[1::2], strict=False)
        ]
        parts = pairs + ([parts[-1]] if len(parts) % 2 else [])
    whole = np.zeros(len(chances) + 1)
    found, low = parts[0] if parts else (np.array([1.0]), 0)
    found = found[: len(whole) - low]
    whole[low : low + len(found)] = found
    return whole


def _within(masses: np.ndarray, low: int) -> tuple[np.ndarray, int]:
    """The masses, that of `low` first, without tails too small for any digit; where they begin now."""
    if masses[0] > _NOTHING and masses[-1] > _NOTHING:
        return masses, low
    felt = masses > _NOTHING
    first = int(felt.argmax())
    return masses[first : len(felt) - int(felt[::-1].argmax())], low + first


def quantiles(masses: np.ndarray, shares: Sequence[float] = _SHARES) -> list[int]:
    """The smallest k with P(X <= k) >= share, for each share."""
    import numpy as np

    reached = np.cumsum(masses)
    return [min(int(np.searchsorted(reached, share - 1e-12)), len(masses) - 1) for share in shares]


def draw(
    deals: Bets, evidence: Sequence[Evidence], seed: int, draws: int = DRAWS
) -> tuple[np.ndarray, np.ndarray]:
    """`draws` seeded futures of the open deals: how many are won, and their money.

    In each the chance of every stage is drawn first, Beta(W + 1/2, n - W + 1/2), shared by its deals
    (so they rise and fall together); a deal's own chance moves in the same proportion, up to 1.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    counts, sums = np.zeros(draws), np.zeros(draws)
    chance, amount, place = deals
    for group, known in enumerate(evidence):
        own = (place == group) & (chance > 0)
        drawn = random.beta(known.won + 0.5, max(known.n - known.won, 0.0) + 0.5, draws)
        if not own.any():
            continue
        factor = drawn / ((known.won + 0.5) / (known.n + 1))
        many, much = _group(random, chance[own], amount[own], factor)
        counts += many
        sums += much
    return counts, sums


def _group(
    random: np.random.Generator, p: np.ndarray, money: np.ndarray, factor: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    if len(p) * len(factor) <= _EXACT_CELLS:
        return _one_by_one(random, p, money, factor)
    if p.sum() < _MANY:
        # thousands of deals of which few are won: those with a fair chance one by one, the rest by their rate
        fair = p > _FAIR
        many, much = _one_by_one(random, p[fair], money[fair], factor)
        rare, richer = _rare(random, p[~fair], money[~fair], factor)
        return many + rare, much + richer
    # thousands of deals of which many are won: their sum given the stage's chance is normal
    counted = _normal(random, factor, p, np.ones(len(p)))
    summed = _normal(random, factor, p, money)
    return np.clip(np.rint(counted), 0, len(p)), np.clip(summed, 0, money.sum())


def _one_by_one(
    random: np.random.Generator, p: np.ndarray, money: np.ndarray, factor: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    hit = random.random((len(factor), len(p)), dtype=np.float32) < factor[:, None] * p[None, :]
    return hit.sum(axis=1).astype(float), hit @ money


def _rare(
    random: np.random.Generator, p: np.ndarray, money: np.ndarray, factor: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Small chances: the number is Poisson, who it is goes by the chances."""
    import numpy as np

    rate = p.sum()
    if not rate:
        return np.zeros(len(factor)), np.zeros(len(factor))
    counts = random.poisson(factor * rate)
    picked = money[_by_chance(np.cumsum(p) / rate, random.random(int(counts.sum())))]
    return counts.astype(float), _sums(counts, picked)


def _by_chance(until: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """`searchsorted`, of numbers evenly drawn from [0, 1): `until` rises to 1.

    A table says where each stretch of the numbers begins; few have to go on from there.
    """
    import numpy as np

    until = np.append(until[:-1], 1.0)
    stretches = 8 << len(until).bit_length()  # a power of two, so that the products are exact
    # how many end before each stretch begins: one that ends in a stretch does so before all that follow
    begin = np.cumsum(np.bincount((until * stretches).astype(np.int64) + 1, minlength=stretches + 2))
    found: np.ndarray = begin[(drawn * stretches).astype(np.int64)]
    ahead = np.flatnonzero(until[found] < drawn)
    while len(ahead):
        found[ahead] += 1
        ahead = ahead[until[found[ahead]] < drawn[ahead]]
    return found


def _sums(counts: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The sums of consecutive runs of `values`, as long as `counts` says."""
    import numpy as np

    total = np.zeros(len(values) + 1)
    np.cumsum(values, out=total[1:])
    sums: np.ndarray = np.diff(total[np.cumsum(counts)], prepend=0.0)
    return sums


def _normal(random: np.random.Generator, factor: np.ndarray, p: np.ndarray, weight: np.ndarray) -> np.ndarray:
    import numpy as np

    mean = factor * float((p * weight).sum())
    spread = factor * float((p * weight**2).sum()) - factor**2 * float((p**2 * weight**2).sum())
    return random.normal(mean, np.sqrt(np.maximum(spread, 0.0)))


def draw_new(
    expected: float, amounts: Sequence[float] | np.ndarray, seed: int, draws: int = DRAWS
) -> tuple[np.ndarray, np.ndarray]:
    """Wins of deals that are not there yet: Poisson with mean `expected`, money drawn from won `amounts`."""
    import numpy as np

    random = np.random.default_rng(seed + 1)
    counts = random.poisson(expected, draws)
    if not len(amounts):
        return counts.astype(float), np.zeros(draws)
    picked = random.choice(np.asarray(amounts, dtype=float), int(counts.sum()))
    return counts.astype(float), _sums(counts, picked)


def widen(values: np.ndarray, factor: float, least: float = 0.0) -> np.ndarray:
    """The draws spread around their median by `factor`, none below `least`."""
    import numpy as np

    if factor <= 1:
        return values
    middle = np.median(values)
    spread_out: np.ndarray = np.maximum(middle + (values - middle) * factor, least)
    return spread_out


def poisson(expected: float) -> np.ndarray:
    """P(0), P(1), ... of a Poisson number, until all but 1e-9 of the chance is told."""
    import math

    import numpy as np

    masses = [math.exp(-expected)]
    while sum(masses) < 1 - 1e-9 and len(masses) < 10_000:
        masses.append(masses[-1] * expected / len(masses))
    return np.array(masses)


def spread(masses: np.ndarray, factor: float) -> tuple[int, int, int]:
    """P10, P50 and P90 of a count, the outer ones moved away from the middle by `factor`."""
    import math

    low, middle, high = quantiles(masses)
    if factor <= 1:
        return low, middle, high
    return (
        max(0, math.floor(middle - (middle - low) * factor)),
        middle,
        math.ceil(middle + (high - middle) * factor),
    )
