"""Rows of stage history -> the whole history of the deals they name."""

from __future__ import annotations

from collections import defaultdict
from operator import itemgetter
from typing import Any

from funneldesk.domain.deal import StageMove, replay
from funneldesk.domain.folding import fold
from funneldesk.importing.draft import Draft, Places
from funneldesk.importing.links import Links
from funneldesk.importing.matching import DealKey, FunnelKey
from funneldesk.importing.plan import Action, History

# Of the tuples in `History.moves`.
MOVE_COLUMNS = (
    "at", "from_kind", "from_stage_id", "to_kind", "to_stage_id", "actor_id", "owner_id",
    "loss_reason_id", "cause",
)  # fmt: skip


def plan_history(draft: Draft) -> None:
    """Plan every row: the history of a deal is replaced as a whole, or not at all.

    A deal of which a row cannot be read keeps the history it has: half a history would be a wrong one.
    """
    deals = draft.values.get("deal")
    places, links = Places(draft), Links(draft)
    # One deal may be named by its number here and by its title there: its rows belong together.
    found: dict[str, DealKey | None] = {}
    of_deal: dict[int | str, list[int]] = defaultdict(list)
    broken: dict[int | str, int] = {}
    for place, action in enumerate(draft.plan.actions):
        text = deals[place]
        if action is Action.SKIP or (action is Action.REJECT and not text):
            continue
        if not text:
            draft.reject(place, "deal", None, "import.no_deal")
            continue
        if text not in found:
            found[text] = links.known_deal(text)
        deal = found[text]
        key = text if deal is None else deal.id
        if action is Action.REJECT:
            broken.setdefault(key, place)
        else:
            of_deal[key].append(place)
    known: dict[int, tuple[DealKey, list[int]]] = {}
    for key, rows in of_deal.items():
        deal = found[deals[rows[0]]]
        if key in broken:
            _break(draft, rows, broken[key])
        elif deal is None:  # they wait until the deal is there
            for place in rows:
                links.deal_of(place)
        else:
            known[deal.id] = (deal, rows)
    steps = _steps(draft, places, known, broken)
    for key, (deal, rows) in known.items():
        if key in broken:
            _break(draft, rows, broken[key])
            continue
        _history(draft, deal, places, [(place, *steps[place]) for place in rows])


def _steps(
    draft: Draft,
    places: Places,
    known: dict[int, tuple[DealKey, list[int]]],
    broken: dict[int | str, int],
) -> dict[int, tuple[str, int | None, str | None]]:
    """Where each row goes, in the order of the file, so that new stages are made in that order."""
    stages = draft.values.get("to_stage")
    out = {}
    for place, deal in sorted(((p, deal) for deal, rows in known.values() for p in rows), key=itemgetter(0)):
        funnel = _funnel(draft, places, deal)
        found = places.place(funnel, stages[place]) if stages[place] else None
        if found is None:
            code = "import.unknown_stage" if stages[place] else "import.no_stage"
            draft.reject(place, "to_stage", stages[place], code, funnel=funnel.name)
            broken.setdefault(deal.id, place)
        else:
            out[place] = found
    return out


def _funnel(draft: Draft, places: Places, deal: DealKey) -> FunnelKey:
    """The funnel that was asked for, else the deal's own."""
    own = None if draft.request.funnel else places.of_id(deal.funnel_id)
    found = own or places.default
    assert found is not None, "a deal has a funnel"
    return found


def _break(draft: Draft, rows: list[int], because: int) -> None:
    number = draft.table.numbers[because]
    for place in rows:
        if draft.plan.actions[place] is Action.CREATE:
            draft.problem(place, None, "", "import.history_incomplete", because=number)


def _history(
    draft: Draft, deal: DealKey, places: Places, rows: list[tuple[int, str, int | None, str | None]]
) -> None:
    at, seq = draft.values.get("at"), draft.values.get("seq")
    managers = draft.index.lists.get("manager", {})
    actors = draft.values.get("actor")
    never = -(1 << 62)
    rows.sort(key=lambda r: (never if at[r[0]] is None else at[r[0]], seq[r[0]] or 0, r[0]))
    funnel = _funnel(draft, places, deal)
    moves: list[tuple[Any, ...]] = []
    kind: str | None = None
    stage: int | None = None
    reason_ref: int | None = None
    for place, to_kind, to_stage, reason in rows:
        draft.plan.targets[place] = deal.id
        if (to_kind, to_stage) == (kind, stage):
            draft.skip(place, "import.same_stage")
            continue
        reason_ref = draft.named("loss_reason", reason) if to_kind == "lost" else None
        actor = managers.get(fold(actors[place])) if actors[place] else None
        moves.append(
            (at[place], kind, stage, to_kind, to_stage, actor, deal.manager_id, reason_ref, "import")
        )
        kind, stage = to_kind, to_stage
    values = standing_of(moves, funnel)
    values["loss_reason_id"] = reason_ref if kind == "lost" else None
    if funnel.id != deal.funnel_id:
        values["funnel_id"] = funnel.id
    draft.plan.histories.append(History(deal.id, funnel.id, moves, values))


def standing_of(moves: list[tuple[Any, ...]], funnel: FunnelKey) -> dict[str, Any]:
    """The kept columns of a deal after its moves."""
    records = [
        StageMove(deal_id=0, seq=i, at=m[0], to_kind=m[3], to_stage_id=m[4]) for i, m in enumerate(moves)
    ]
    found = replay(records, funnel.slots)
    return {
        "status": str(found.status), "stage_id": found.stage_id, "entered_at": found.entered_at,
        "closed_at": found.closed_at, "visited": found.visited, "lost_from_id": found.lost_from_id,
        "path_known": found.path_known,
    }  # fmt: skip
