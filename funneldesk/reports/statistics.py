"""Intervals, tests and estimates; plain numbers in, plain numbers out (DEFINITIONS: steps, comparing slices).

Own functions with numpy: scipy is only the referee in the tests.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

Z95 = 1.959964
_FAR = 12.0  # standard deviations
_TIE = 1e-12  # S(t) and 1-q meet exactly in small samples; floats must not part them
_SAME = 1 + 1e-7  # tables as improbable as the observed one, up to rounding


def wilson(successes: int, n: int, z: float = Z95) -> tuple[float, float] | tuple[None, None]:
    """The 95 % Wilson score interval of successes/n; (None, None) of n = 0 (Wilson 1927)."""
    if n <= 0:
        return None, None
    p = successes / n
    scale = 1 + z * z / n
    centre = (p + z * z / (2 * n)) / scale
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / scale
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return low, high


def fisher_exact(a: int, b: int, c: int, d: int) -> float:
    """Two-sided p of the table [[a, b], [c, d]]: all tables no more probable than it (Fisher)."""
    import numpy as np

    row, column, total = a + b, a + c, a + b + c + d
    low, high = max(0, row + column - total), min(row, column)
    if low == high:
        return 1.0
    k = np.arange(low, high)
    steps = np.log((row - k) * (column - k)) - np.log((k + 1.0) * (total - row - column + k + 1))
    logs = np.concatenate(([0.0], np.cumsum(steps)))
    weights = np.exp(logs - logs.max())
    observed = weights[a - low]
    return min(1.0, float(weights[weights <= observed * _SAME].sum() / weights.sum()))


def common_odds_ratio(
    tables: Iterable[tuple[int, int, int, int]],
) -> tuple[float, float, float] | None:
    """The odds ratio of [[a, b], [c, d]] common to all strata, with its 95 % range (low, high).

    Mantel-Haenszel 1959, the range by Robins, Breslow and Greenland 1986; None where it would be 0 or
    infinite, so that nothing can be told.
    """
    along = across = same = mixed = other = 0.0
    for a, b, c, d in tables:
        n = a + b + c + d
        if n:
            r, s, p = a * d / n, b * c / n, (a + d) / n
            along, across = along + r, across + s
            same, mixed, other = same + p * r, mixed + p * s + (1 - p) * r, other + (1 - p) * s
    if not along or not across:
        return None
    variance = same / (2 * along**2) + mixed / (2 * along * across) + other / (2 * across**2)
    odds, spread = along / across, math.exp(Z95 * math.sqrt(variance))
    return odds, odds / spread, odds * spread


def unusual_count(observed: int, before: Sequence[int]) -> float:
    """Two-sided p of a count against those of equally long spans before it, by Poisson (at least one span).

    Where the earlier ones spread more than Poisson does, variance over mean = phi > 1, all counts are
    taken in units of phi (quasi-Poisson); the smaller tail is doubled.
    """
    usual = math.fsum(before) / len(before)
    if not usual:
        return 1.0 if not observed else 0.0
    phi = 1.0
    if len(before) > 1:
        phi = max(1.0, math.fsum((each - usual) ** 2 for each in before) / (len(before) - 1) / usual)
    rate, count = usual / phi, observed / phi
    low = _poisson_up_to(math.floor(count + _TIE), rate)
    high = 1.0 - _poisson_up_to(math.ceil(count - _TIE) - 1, rate)
    return min(1.0, 2 * max(0.0, min(low, high)))


def _poisson_up_to(k: int, rate: float) -> float:
    return math.fsum(math.exp(n * math.log(rate) - rate - math.lgamma(n + 1)) for n in range(k + 1))


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """The q of each p: the false discovery rate at which it is rejected (Benjamini-Hochberg 1995)."""
    count = len(p_values)
    order = sorted(range(count), key=lambda index: p_values[index], reverse=True)
    q = [1.0] * count
    least = 1.0
    for place, index in enumerate(order):
        least = min(least, p_values[index] * count / (count - place))
        q[index] = least
    return q


@dataclass(frozen=True, slots=True)
class Survival:
    """A Kaplan-Meier curve: S after each time at which something ended, and the longest time seen."""

    times: np.ndarray
    shares: np.ndarray
    longest: float | None

    @property
    def curve(self) -> tuple[tuple[float, float], ...]:
        """((t, S(t)), ...)."""
        return tuple(zip(self.times.tolist(), self.shares.tolist(), strict=True))

    def quantile(self, q: float) -> float | None:
        """The smallest t with S(t) <= 1-q; None when never reached ("more than `longest`")."""
        low = self.shares <= 1 - q + _TIE
        return float(self.times[low.argmax()]) if low.any() else None


def kaplan_meier(completed: Sequence[float] | np.ndarray, censored: Sequence[float] | np.ndarray) -> Survival:
    """The survival of lengths, some still running: S(t) = product of (1 - d_i/n_i) (Kaplan-Meier 1958).

    A length censored at t is still at risk at t.
    """
    import numpy as np

    done, running = _in_order(completed), _in_order(censored)
    ends = [each[-1] for each in (done, running) if len(each)]
    if not ends:
        return Survival(np.empty(0), np.empty(0), None)
    first = np.ones(len(done), dtype=bool)
    first[1:] = done[1:] != done[:-1]
    begins = np.flatnonzero(first)
    times = done[begins]
    # the running ones are looked for among the times: they are few
    shorter = np.bincount(np.searchsorted(times, running, side="right"), minlength=len(times) + 1)
    at_risk = len(done) + len(running) - begins - shorter[: len(times)].cumsum()
    survival = np.cumprod(1 - np.diff(begins, append=len(done)) / at_risk)
    return Survival(times, survival, float(max(ends)))


def _in_order(values: Sequence[float] | np.ndarray) -> np.ndarray:
    """As an array in ascending order: to see that it is takes much less than to sort it again."""
    import numpy as np

    found = np.asarray(values, dtype=float)
    return found if np.all(found[1:] >= found[:-1]) else np.sort(found)


def win_incidence(
    won: Iterable[float], lost: Iterable[float], running: Iterable[float]
) -> tuple[tuple[float, float], ...]:
    """The share won by age t with loss as a competing end (Aalen-Johansen): ((t, F(t)), ...)."""
    ends: dict[float, list[int]] = {}
    for place, lengths in enumerate((won, lost, running)):
        for length in lengths:
            ends.setdefault(length, [0, 0, 0])[place] += 1
    at_risk = sum(sum(each) for each in ends.values())
    survival, share = 1.0, 0.0
    curve: list[tuple[float, float]] = []
    for t in sorted(ends):
        wins, losses, still = ends[t]
        if wins:
            share += survival * wins / at_risk
            curve.append((t, share))
        survival *= 1 - (wins + losses) / at_risk
        at_risk -= wins + losses + still
    return tuple(curve)


def win_incidence_until(
    age: float, won: np.ndarray, lost: np.ndarray, running: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The same of many, up to an age: the ages at which some were won and the shares won by then."""
    import numpy as np

    parts = [each[each <= age] for each in (won, lost, running)]
    sizes = [len(each) for each in parts]
    ages, which = np.unique(np.concatenate(parts), return_inverse=True)
    wins, losses, still = (
        np.bincount(each, minlength=len(ages)) for each in np.split(which, np.cumsum(sizes)[:-1])
    )
    left = np.cumsum(wins + losses + still)
    at_risk = len(won) + len(lost) + len(running) - np.append(0, left[:-1])[: len(ages)]
    # one after the other, as `cumprod` and `cumsum` go: so the digits are those of `win_incidence`
    survival = np.append(1.0, np.cumprod(1 - (wins + losses) / at_risk))[: len(ages)]
    shares = np.cumsum(survival * wins / at_risk)
    return ages[wins > 0], shares[wins > 0]


def percentiles(values: Sequence[float], shares: Sequence[float]) -> list[float | None]:
    """Linear-interpolated percentiles of a sample, `shares` 0..1; None of an empty one."""
    import numpy as np

    if not values:
        return [None] * len(shares)
    return [float(each) for each in np.quantile(np.asarray(values, dtype=float), list(shares))]


def median(values: Sequence[float]) -> float | None:
    """The middle of a sample; None of an empty one."""
    if not values:
        return None
    # no numpy: reports ask for the middle of thousands of tiny samples
    ordered, half = sorted(values), len(values) // 2
    return float(ordered[half]) if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def mean(values: Sequence[float]) -> float | None:
    """The average of a sample; None of an empty one."""
    return math.fsum(values) / len(values) if values else None


def non_decreasing(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The nearest non-decreasing sequence by weighted squares: pool adjacent violators."""
    blocks: list[tuple[float, float, int]] = []  # mean, weight, length
    for value, weight in zip(values, weights, strict=True):
        here, heavy, length = value, weight, 1
        while blocks and blocks[-1][0] > here:
            before, w, many = blocks.pop()
            here = (before * w + here * heavy) / (w + heavy)
            heavy, length = heavy + w, length + many
        blocks.append((here, heavy, length))
    return [here for here, _, length in blocks for _ in range(length)]


def shrink_weight(slices: Sequence[tuple[int, int]]) -> float:
    """M of (x+M*mu)/(n+M) by moments over slices (x, n), within [5, 100] (DEFINITIONS: comparing slices)."""
    used = [(x, n) for x, n in slices if n > 0]
    total = sum(n for _, n in used)
    if not total:
        return 100.0
    mu = sum(x for x, _ in used) / total
    s2 = sum(n * (x / n - mu) ** 2 for x, n in used) / total
    spread = s2 - mu * (1 - mu) / len(used) * sum(1 / n for _, n in used)
    if spread <= 0:
        return 100.0
    return min(100.0, max(5.0, (mu * (1 - mu) - s2) / spread))


def shrink(successes: float, n: float, centre: float, weight: float) -> float:
    """successes/n drawn towards `centre` by `weight` imagined cases."""
    return (successes + weight * centre) / (n + weight)


def entropy(p: float) -> float:
    """The uncertainty H of a yes/no outcome with chance `p`, in bits."""
    if p <= 0 or p >= 1:
        return 0.0
    return -(p * math.log2(p) + (1 - p) * math.log2(1 - p))


def wilcoxon(differences: Sequence[float]) -> float:
    """Two-sided p of Wilcoxon's signed-rank test of differences without zeros (Wilcoxon 1945).

    Exact for up to 50 without ties and up to 13 with them, else normal with the tie correction.
    """
    count = len(differences)
    ranks = _average_ranks([abs(each) for each in differences])
    positive = math.fsum(rank for rank, each in zip(ranks, differences, strict=True) if each > 0)
    ties = len(set(ranks)) < count
    if count <= (13 if ties else 50):
        return _signed_rank_exact([round(2 * rank) for rank in ranks], round(2 * positive))
    middle = count * (count + 1) / 4
    shared = Counter(ranks).values()
    variance = count * (count + 1) * (2 * count + 1) / 24 - sum(t**3 - t for t in shared) / 48
    return math.erfc(abs(positive - middle) / math.sqrt(2 * variance))


def _average_ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for index in order[start : end + 1]:
            ranks[index] = (start + end) / 2 + 1
        start = end + 1
    return ranks


def _signed_rank_exact(doubled: Sequence[int], observed: int) -> float:
    """From the number of sign patterns per sum of (doubled) positive ranks."""
    ways = [1]
    for rank in doubled:
        longer = [*ways, *[0] * rank]
        for total, many in enumerate(ways):
            longer[total + rank] += many
        ways = longer
    whole = 1 << len(doubled)
    below, above = sum(ways[: observed + 1]), sum(ways[observed:])
    return min(1.0, 2 * min(below, above) / whole)


def whole_up(value: float) -> int:
    """The least whole number that is enough: 10 / 0.2 is 50, whatever floats make of it."""
    return math.ceil(round(value, 9))


def least_trials(wins: int, p: float, confidence: float) -> int:
    """The smallest N with P(Binomial(N, p) >= wins) >= confidence; 0 < p <= 1."""

    def enough(trials: int) -> bool:
        if p >= 1:
            return trials >= wins
        return trials >= wins and 1 - _fewer(wins, trials, p) >= confidence

    low, high = max(wins - 1, 0), max(wins, 1)
    while not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high if wins > 0 else 0


def _fewer(wins: int, trials: int, p: float) -> float:
    """P(Binomial(trials, p) < wins), 0 < p < 1, wins <= trials, from the terms that count.

    What lies more than twelve standard deviations below the mean is nothing in a float; so a goal of a
    thousand million wins takes no longer than its square root.
    """
    import numpy as np

    if wins < 1:
        return 0.0
    mean, far = trials * p, _FAR * math.sqrt(trials * p * (1 - p)) + _FAR
    top = wins - 1
    if not mean - far <= top <= mean + far:
        return 0.0 if top < mean else 1.0
    down = np.arange(top, max(0, math.floor(mean - far)), -1, dtype=float)
    falls = np.cumprod(down / (trials - down + 1) * ((1 - p) / p))
    return _binomial(trials, top, p) * (1 + float(falls.sum()))


def _binomial(trials: int, k: int, p: float) -> float:
    logs = math.lgamma(trials + 1) - math.lgamma(k + 1) - math.lgamma(trials - k + 1)
    return math.exp(logs + k * math.log(p) + (trials - k) * math.log1p(-p))
