"""Leaks and boosts: is a slice's rate truly apart from the others' (DEFINITIONS: comparing slices)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from funneldesk.reports.statistics import benjamini_hochberg, fisher_exact, shrink, shrink_weight

FALSE_DISCOVERIES = 0.10
LEAST_REFERENCE = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the test says of one slice; `flag` is leak, boost, none or few."""

    reference: float | None  # the rate of all other slices together
    q: float | None  # None = not tested
    shrunk: float | None
    flag: str
    p: float | None = None  # of the test itself


def judge(slices: Sequence[tuple[int, int]], minimum_n: int = 10) -> list[Verdict]:
    """A verdict per slice (x of n) of one family, each against all the others together.

    Fisher exact two-sided, Benjamini-Hochberg over the slices with n >= `minimum_n`; a flag
    needs q <= 0.10, a reference of 20 and a shrunk rate 5 points or a fifth away from it.
    """
    total_x, total_n = sum(x for x, _ in slices), sum(n for _, n in slices)
    tested = [i for i, (_, n) in enumerate(slices) if n >= minimum_n and total_n > n]
    p_values = [_against_rest(*slices[i], total_x, total_n) for i in tested]
    q_of = dict(zip(tested, benjamini_hochberg(p_values), strict=True))
    p_of = dict(zip(tested, p_values, strict=True))
    weight = shrink_weight(slices)
    verdicts = []
    for index, (x, n) in enumerate(slices):
        rest = total_n - n
        reference = (total_x - x) / rest if rest else None
        shrunk = shrink(x, n, total_x / total_n, weight) if total_n else None
        q = q_of.get(index)
        flag = _flag(n, rest, q, reference, shrunk, minimum_n)
        verdicts.append(Verdict(reference, q, shrunk, flag, p_of.get(index)))
    return verdicts


def _against_rest(x: int, n: int, total_x: int, total_n: int) -> float:
    return fisher_exact(x, n - x, total_x - x, (total_n - n) - (total_x - x))


def _flag(
    n: int, rest: int, q: float | None, reference: float | None, shrunk: float | None, minimum_n: int
) -> str:
    if n < minimum_n or rest < LEAST_REFERENCE or q is None or reference is None or shrunk is None:
        return "few"
    apart = abs(shrunk - reference)
    if q > FALSE_DISCOVERIES or (apart < 0.05 and apart < 0.2 * reference):
        return "none"
    return "leak" if shrunk < reference else "boost"
