"""The worked example: fourteen hand-made deals and their 46 moves, as facts at any T."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

from funneldesk.domain.clock import to_micros
from funneldesk.domain.facts import DealFact, FunnelFacts, MoveFact, StageInfo
from tests.reports.standings import deal_standing

DATA = Path(__file__).parent.parent / "data" / "golden14"
STAGES = ("S1", "S2", "S3", "S4")
MANAGERS = {1: "Anna", 2: "Boris"}
IDS = {name: key for key, name in MANAGERS.items()}


def at(moment: str) -> int:
    """An ISO moment in UTC (or a bare date) in microseconds."""
    if len(moment) == 10:
        moment += "T00:00:00+00:00"
    return to_micros(datetime.fromisoformat(moment.replace("Z", "+00:00")))


def place(name: str) -> tuple[str | None, int]:
    if not name:
        return None, 0
    if name in STAGES:
        return "open", STAGES.index(name) + 1
    return name.split(":")[0].lower(), 0


def stages(probabilities: tuple[float, ...] = (0.2, 0.4, 0.6, 0.8)) -> tuple[StageInfo, ...]:
    return tuple(StageInfo(k, STAGES[k - 1], p) for k, p in enumerate(probabilities, start=1))


def deal_fact(
    deal_id: int, created_at: int | None, owner: int | None, amount: int | None, moves: list[MoveFact], k: int
) -> DealFact:
    """The deal as it stands after its moves; a closed one belongs to the owner at its close."""
    stood = deal_standing(moves, k)
    return DealFact(
        id=deal_id,
        created_at=created_at,
        status=stood.status,
        stage=stood.stage,
        reach=stood.reach,
        visited=stood.visited,
        strict=stood.strict,
        lost_at=stood.lost_at,
        entered_at=stood.entered_at,
        closed_at=stood.closed_at,
        path_known=stood.path_known,
        staged=True,
        owner=owner,
        amount=amount,
        reopened=stood.reopened,
    )


def golden(as_of: str = "2025-03-01") -> FunnelFacts:
    """The example as it stood at `as_of`."""
    until = at(as_of)
    moves: dict[str, list[MoveFact]] = {}
    reasons: dict[str, str] = {}
    with (DATA / "golden_events.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if at(row["at"]) > until:
                continue
            from_kind, from_rank = place(row["from_stage"])
            to_kind, to_rank = place(row["to_stage"])
            actor = IDS[row["actor"]]
            own = moves.setdefault(row["deal_id"], [])
            number = int(row["deal_id"][1:])
            seq = int(row["seq"])
            own.append(
                MoveFact(
                    number,
                    seq,
                    at(row["at"]),
                    from_kind,
                    from_rank,
                    to_kind or "open",
                    to_rank,
                    actor,
                    actor,
                    None,
                )
            )
            reasons[row["deal_id"]] = row["to_stage"].partition(":")[2]
    names = sorted({reason for reason in reasons.values() if reason})
    deals = []
    with (DATA / "golden_deals.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["deal_id"] in moves:
                amount = int(row["amount"]) * 100 if row["amount"] else None
                fact = deal_fact(
                    int(row["deal_id"][1:]),
                    at(row["created_at"]),
                    IDS[row["manager"]],
                    amount,
                    moves[row["deal_id"]],
                    4,
                )
                reason = reasons[row["deal_id"]]
                deals.append(fact._replace(loss_reason_id=names.index(reason) + 1 if reason else None))
    return FunnelFacts(
        funnel_id=1,
        funnel="Sales",
        stages=stages(),
        as_of=until,
        currency="USD",
        deals=tuple(deals),
        moves=tuple(move for own in moves.values() for move in own),
        managers=MANAGERS,
        reasons=dict(enumerate(names, start=1)),
    )
