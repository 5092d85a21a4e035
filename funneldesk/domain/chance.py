"""The usual probability of a stage; apart from the funnel, so that the first screen loads no more."""

from __future__ import annotations


def default_probability(rank: int, stages: int) -> float:
    """The template probability of stage `rank` of `stages` when none is set: k/(K+1)."""
    return rank / (stages + 1)
