"""What to tell a manager: the sentences of a page, chosen from its reports (1.12, 1.17).

Each carries its number.  What statistics cannot tell from chance is said to be so, and no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from funneldesk.domain.booklet import Advice, HangingDeal
from funneldesk.domain.results import Report
from funneldesk.reports.strategy import takes_many

SENTENCES = 3
FEW = 10
SLOWER = 1.5  # times the team's days in a stage
COMMON = 0.25  # of the losses, for a reason to be named
UNSURE_PLAN = 0.5

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A manager's reports beside the team's, by their places in the booklet."""

    manager: str
    team: Mapping[str, Report]
    own: Mapping[str, Report]
    hanging: tuple[HangingDeal, ...]

    @property
    def row(self) -> Row:
        """The manager's row of the comparison."""
        return next(row for row in self.team["managers"].rows if row["manager"] == self.manager)


def advise(case: Case) -> tuple[Advice, ...]:
    """At most three sentences, the most urgent first; there is always at least one."""
    found: list[Advice] = []
    for rule in (_sure, _steps, _plan, _stuck, _slow, _way, _reason, _no_reason, _expected, _standing):
        found += rule(case)
    return tuple(found[:SENTENCES])


def _sure(case: Case) -> Iterator[Advice]:
    """A win rate that is truly apart from the others'."""
    row = case.row
    if row["flag"] in ("leak", "boost"):
        won, lost = row["won"], row["lost"]
        yield Advice(f"rate_{row['flag']}", {"rate": row["win_rate"], "won": won, "closed": won + lost})


def _steps(case: Case) -> Iterator[Advice]:
    """The dearest leak of a step, and the best step of those truly above the others."""
    stages = [row["stage"] for row in case.team["funnel"].rows]
    mine = [row for row in case.team["leaks"].rows if row["slice"] == case.manager]
    leaks = [row for row in mine if row["flag"] == "leak"]
    if leaks:
        worst = max(leaks, key=lambda row: row["cost"] or 0)
        yield Advice(f"leak_{_part_of_funnel(stages, worst['step'])}", _step(worst))
    boosts = [row for row in mine if row["flag"] == "boost"]
    if boosts:
        yield Advice("boost", _step(max(boosts, key=lambda row: row["rate"] - row["reference"])))


def _step(row: Row) -> dict[str, Any]:
    keys = ("step", "rate", "advanced", "resolved", "reference", "cost")
    return {key: row[key] for key in keys}


def _part_of_funnel(stages: list[str], stage: str) -> str:
    """Where a step is: finding out, offering, or closing."""
    place = stages.index(stage) if stage in stages else 0
    return ("first", "middle", "last")[min(2, 3 * place // max(1, len(stages)))]


def _plan(case: Case) -> Iterator[Advice]:
    """A plan of money or deals that the drawn futures seldom reach, or that the month missed."""
    for row in case.team["plan"].rows:
        if row["manager"] == case.manager and row["measure"] in ("money", "deals") and row["gap"]:
            if row["chance"] is None:
                yield Advice("plan_missed", dict(row))
                return
            if row["chance"] < UNSURE_PLAN:
                yield Advice("plan_unsure", dict(row))
                return


def _stuck(case: Case) -> Iterator[Advice]:
    if case.hanging:
        longest = max(case.hanging, key=lambda each: each.days)
        amount = sum(each.amount or 0 for each in case.hanging)
        yield Advice(
            "hanging",
            {"count": len(case.hanging), "amount": amount, "days": longest.days, "stage": longest.stage},
        )


def _slow(case: Case) -> Iterator[Advice]:
    """The stage where the manager's deals stay longest beside the team's."""
    slowest: tuple[float, Row, Row] | None = None
    for own, team in zip(case.own["times"].rows, case.team["times"].rows, strict=True):
        if own["visits"] < FEW or not own["p50"] or not team["p50"]:
            continue
        times = own["p50"] / team["p50"]
        if times >= SLOWER and (slowest is None or times > slowest[0]):
            slowest = (times, own, team)
    if slowest is not None:
        _times, own, team = slowest
        yield Advice("slow", {"stage": own["stage"], "days": own["p50"], "team_days": team["p50"]})


def _way(case: Case) -> Iterator[Advice]:
    """Under-loaded with high revenue: more contacts; many contacts with low revenue: the weakest step."""
    rows = [row for row in case.team["strategy"].rows if row["strategy"] is not None]
    row = next((row for row in rows if row["manager"] == case.manager), None)
    if row is None:
        return
    revenue = median(each["revenue_per_month"] for each in rows)
    volume = median(each["volume"] for each in rows)
    if row["strategy"] == "under-loaded" and row["revenue_per_month"] >= revenue:
        yield Advice("more_contacts", {"volume": row["volume"], "team": volume})
    elif takes_many(row["volume"], volume) and row["revenue_per_month"] < revenue:
        weakest = _weakest(case)
        if weakest is not None:
            yield Advice("weakest_step", {"volume": row["volume"], "team": volume, **_step(weakest)})


def _weakest(case: Case) -> Row | None:
    """The step furthest below the others', flagged or not."""
    mine = [
        row
        for row in case.team["leaks"].rows
        if row["slice"] == case.manager and row["resolved"] >= FEW and row["reference"] is not None
    ]
    below = [row for row in mine if row["rate"] < row["reference"]]
    return min(below, key=lambda row: row["rate"] - row["reference"], default=None)


def _reason(case: Case) -> Iterator[Advice]:
    """The reason that most of the manager's losses name."""
    report = case.own["lost"]
    told = [row for row in report.rows if row["label"] is not None]
    if (report.totals["lost"] or 0) < FEW or not told:
        return
    top = max(told, key=lambda row: row["lost"])
    if top["lost_share"] >= COMMON:
        team = {row["label"]: row["lost_share"] for row in case.team["lost"].rows}
        yield Advice(
            "reason",
            {
                "reason": top["label"],
                "count": top["lost"],
                "lost": report.totals["lost"],
                "share": top["lost_share"],
                "team_share": team.get(top["label"]),
            },
        )


def _no_reason(case: Case) -> Iterator[Advice]:
    totals = case.own["lost"].totals
    if totals["no_reason"] and totals["no_reason"] >= 0.2 * totals["lost"]:
        yield Advice("no_reason", {"count": totals["no_reason"], "lost": totals["lost"]})


def _expected(case: Case) -> Iterator[Advice]:
    row = case.row
    if row["open"]:
        yield Advice("expected", {"count": row["open"], "amount": row["expected_amount"]})


def _standing(case: Case) -> Iterator[Advice]:
    row = case.row
    closed = row["won"] + row["lost"]
    if row["flag"] not in ("leak", "boost"):
        code = "too_few" if closed < FEW else "no_difference"
        yield Advice(code, {"rate": row["win_rate"], "won": row["won"], "closed": closed})
