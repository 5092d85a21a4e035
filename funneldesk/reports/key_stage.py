"""`key-stage`: the stage that most fully decides whether a deal is won (DEFINITIONS: key stage)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports.built import Built, Line, counts, rates, ratio, text
from funneldesk.reports.population import closed, known, number, select_staged
from funneldesk.reports.statistics import entropy

SAMPLES = 500
LEAST_RESOLVED, LEAST_WINS, LEAST_LOSSES = 30, 10, 10
LEAST_AT_STAGE, HIGHEST_P, LEAST_AGREEMENT = 20, 0.90, 0.60

_COLUMNS = (
    *text("stage"),
    *counts("resolved", "won"),
    *rates("probability"),
    Column("jump", Type.POINTS),
    *rates("gain", "bootstrap_share"),
)
_TOTALS = text("key_stage", "turning_point", "candidate_1", "candidate_2")


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """Rows by stage over resolved deals by reach; probability = W/n_k, raw (1.7 without shrinking).

    `key_stage` is named only when it is sure (30 resolved, 10 wins, 10 losses, the same in 60 % of
    500 seeded bootstrap samples); else the two candidates are.  Gain is the share of uncertainty removed.
    """
    facts = funnels[0]
    chosen = select_staged(facts, request, population)
    ended = closed(chosen.deals)
    traced = known(ended)
    excluded = chosen.excluded | {"unknown_path": number(ended) - number(traced)}
    lines = [_line(stage.name, rank, traced) for rank, stage in enumerate(facts.stages, start=1)]
    resolved = [line.values["resolved"] for line in lines]
    won = [line.values["won"] for line in lines]
    shares = _bootstrap(traced, facts.k, request.seed)
    for place, line in enumerate(lines):
        line.put(jump=_jump(lines, place), gain=_gain(resolved, won, place), bootstrap_share=shares[place])
    totals = Line()
    totals.put(**_verdict(lines, resolved, won, shares))
    return Built(_COLUMNS, lines, _TOTALS, totals, excluded)


def _line(name: str, rank: int, ended: list[DealFact]) -> Line:
    line = Line()
    line.put(stage=name)
    resolved = [deal for deal in ended if deal.reach >= rank]
    many = line.count("resolved", resolved)
    line.count("won", [deal for deal in resolved if deal.status == "won"])
    line.put(probability=ratio(line.values["won"], many))
    return line


def _jump(lines: list[Line], place: int) -> float | None:
    if place == 0:
        return None
    here, before = lines[place].values["probability"], lines[place - 1].values["probability"]
    return None if here is None or before is None else float(here - before)


def _gain(resolved: list[int], won: list[int], place: int) -> float | None:
    """[n_{k-1} H(W/n_{k-1}) - n_k H(W/n_k)] / (N h); N = n_1, h = H(W/N)."""
    if place == 0 or not resolved[0]:
        return None
    whole = resolved[0] * entropy(won[0] / resolved[0])
    if not whole:
        return None
    before, here = (
        n * entropy(w / n) if n else 0.0
        for n, w in ((resolved[place - 1], won[place - 1]), (resolved[place], won[place]))
    )
    return (before - here) / whole


def _bootstrap(ended: list[DealFact], stages: int, seed: int) -> list[float]:
    """By rank: in what share of the samples this stage has the greatest jump.

    Only where each deal ended matters, so drawing deals with replacement is one multinomial draw.
    """
    import numpy as np

    total = number(ended)
    if not total or not stages:
        return [0.0] * stages
    lost = np.zeros(stages + 1)
    for deal in ended:
        if deal.status != "won":
            lost[deal.reach] += deal.n
    ends = np.append(lost, total - lost.sum())
    draws = np.random.default_rng(seed).multinomial(total, ends / total, size=SAMPLES)
    won = draws[:, -1]
    # n_k = those who ended at rank k or beyond; columns 0..K+1.
    n = np.cumsum(draws[:, ::-1], axis=1)[:, ::-1][:, 1:-1]
    p = won[:, None] / np.maximum(n, 1)
    jumps = np.full(n.shape, -np.inf)
    jumps[:, 1:] = p[:, 1:] - p[:, :-1]
    jumps[(p > HIGHEST_P) | (n < LEAST_AT_STAGE)] = -np.inf
    best = jumps.argmax(axis=1)
    decided = jumps.max(axis=1) > -np.inf
    return [float(((best == place) & decided).sum() / SAMPLES) for place in range(stages)]


def _verdict(lines: list[Line], resolved: list[int], won: list[int], shares: list[float]) -> dict[str, Any]:
    names = [line.values["stage"] for line in lines]
    chances = [line.values["probability"] for line in lines]
    turning = next((name for name, p in zip(names, chances, strict=True) if p is not None and p >= 0.5), None)
    fit = [
        place
        for place in range(1, len(lines))
        if chances[place] is not None and chances[place] <= HIGHEST_P and resolved[place] >= LEAST_AT_STAGE
    ]
    best = max(fit, key=lambda place: lines[place].values["jump"], default=None)
    sure = best is not None and shares[best] >= LEAST_AGREEMENT and _enough(resolved, won)
    order = sorted((p for p in range(len(shares)) if shares[p] > 0), key=lambda place: -shares[place])
    candidates = [names[place] for place in order[:2]] if not sure else []
    return {
        "key_stage": names[best] if best is not None and sure else None,
        "turning_point": turning,
        "candidate_1": candidates[0] if candidates else None,
        "candidate_2": candidates[1] if len(candidates) > 1 else None,
    }


def _enough(resolved: list[int], won: list[int]) -> bool:
    n, wins = resolved[0], won[0]
    return n >= LEAST_RESOLVED and wins >= LEAST_WINS and n - wins >= LEAST_LOSSES
