"""Rows of deals -> companies, people and deals with the history that can be inferred."""

from __future__ import annotations

from typing import Any

from funneldesk.domain.folding import sort_key
from funneldesk.importing.deal_rows import DealRows, NewDeals, Placed, Standing
from funneldesk.importing.draft import Draft, Places, read_outcome
from funneldesk.importing.fields import OnDuplicate
from funneldesk.importing.matching import FunnelKey
from funneldesk.importing.own_values import OwnValues
from funneldesk.importing.parties import Parties
from funneldesk.importing.party_columns import picked
from funneldesk.importing.plan import Action, NewMove


def plan_deals(draft: Draft) -> None:
    """Plan every row of a file of deals."""
    parties = Parties(draft, "client")
    draft.prepare_custom()
    places = Places(draft)
    rows = DealRows(draft, parties)
    open_rows = rows.linked_rows(draft.open_rows())
    parties.read_staff(parties.known_companies(open_rows) | rows.companies())
    current = _current(draft, rows, open_rows)
    own = OwnValues(draft, "deal", current)
    made: dict[str, int] = {}
    known_deals, keep = draft.index.deals, draft.request.on_duplicate is not OnDuplicate.CREATE
    merges = draft.request.on_duplicate in (OnDuplicate.FILL, OnDuplicate.UPDATE)
    new = NewDeals(draft, rows)
    words = [picked(column, open_rows) for column in (rows.funnel, rows.stage, rows.outcome, rows.reason)]
    of_words: dict[tuple[Any, ...], Placed] = {}
    for place, said in zip(open_rows, zip(*words, strict=True), strict=True):
        placed = of_words.get(said)
        if placed is None:
            placed = _placed(draft, places, rows, place)
            if placed is None:
                continue
            of_words[said] = placed
        external = rows.external[place]
        if external and keep:
            known = known_deals.get(external)
            if known or external in made:
                if merges:  # what the rows above make comes before what this one does
                    new.make()
                _meet(
                    draft, rows, place, known.id if known else made[external], placed.standing, current, own
                )
                continue
        if external:
            made.setdefault(external, new.next_ref)
        new.add(place, placed)
    new.make()


def _placed(draft: Draft, places: Places, rows: DealRows, place: int) -> Placed | None:
    """Where the deal of a row stands; None when the row was rejected."""
    funnel = places.funnel(rows.funnel[place])
    if funnel is None:
        draft.reject(place, "funnel", rows.funnel[place], "import.unknown_funnel")
        return None
    standing = _standing(draft, places, rows, funnel, place)
    if standing is None:
        return None
    status, stage, _reason = standing
    visited = 1 << funnel.slots[stage] if stage is not None else 0
    return Placed(funnel, standing, visited, status == "open" and stage is not None)


def _standing(draft: Draft, places: Places, rows: DealRows, funnel: FunnelKey, place: int) -> Standing | None:
    """(open, stage), won or (lost, reason) of a row; None when it was rejected."""
    found: Standing | None = None
    text = rows.stage[place]
    if text:
        found = places.place(funnel, text)
        if found is None:
            draft.reject(place, "stage", text, "import.unknown_stage", funnel=funnel.name)
            return None
    outcome = rows.outcome[place]
    if outcome:
        word = read_outcome(outcome)
        if word is None:
            draft.reject(place, "outcome", outcome, "import.unknown_outcome")
            return None
        if word[0] != "open":
            reason = word[1] or (found[2] if found else None)
            found = (word[0], None, reason)
    if found is None:
        found = ("open", next(iter(_in_order(funnel)), None), None)
    if found[0] == "lost":
        return "lost", None, rows.reason[place] or found[2]
    return found


def _in_order(funnel: FunnelKey) -> list[int]:
    return list(funnel.stages.values())


def _current(draft: Draft, rows: DealRows, open_rows: list[int]) -> dict[int, dict[str, Any]]:
    """The deals of the base that rows name, as they are now; read only when they may change."""
    if draft.request.on_duplicate not in (OnDuplicate.FILL, OnDuplicate.UPDATE):
        return {}
    deals = draft.index.deals
    ids = {deals[e].id for i in open_rows if (e := rows.external[i]) in deals}
    return {row["id"]: row for row in draft.index.fetch("deal", "id", ids)}


def _meet(
    draft: Draft, rows: DealRows, place: int, ref: int, standing: Standing,
    current: dict[int, dict[str, Any]], own: OwnValues,
) -> None:  # fmt: skip
    """A row whose deal is there already."""
    plan = draft.plan
    plan.targets[place] = ref
    plan.matched_by[place] = "external_id"
    plan.actions[place] = Action.DUPLICATE
    # A second row of the same new deal says nothing sure about which one is right.
    if ref < 0 or draft.request.on_duplicate is OnDuplicate.SKIP:
        return
    for kind in ("deal", "stage_move"):
        draft.batch(kind).settle()  # managers, sources ... of the rows above come before those of this one
    row = current[ref]
    wanted = _wanted(draft, rows, place, row)
    changed = own.merge(place, ref)
    for column, value in wanted.items():
        old = row[column]
        if value is None or value == old or (old not in (None, "") and not draft.overwrite()):
            continue
        draft.change(place, "deal", ref, column, old, value)
        if column == "title":
            draft.plan.changes["deal"][ref]["sort_key"] = (row["sort_key"], sort_key(value))
        row[column] = value
        changed = True
    if draft.overwrite() and (rows.stage[place] or rows.outcome[place]):
        changed |= _move_on(draft, rows, place, row, standing)
    if changed:
        plan.actions[place] = Action.UPDATE


def _wanted(draft: Draft, rows: DealRows, place: int, row: dict[str, Any]) -> dict[str, Any]:
    empty = {column: row[column] in (None, "") for column in row}
    wanted: dict[str, Any] = {"title": rows.title[place], "comment": rows.comment[place]}
    wanted["expected_close"] = rows.expected[place]
    wanted["created_at"] = rows.created[place]
    if rows.amount[place] is not None and (draft.overwrite() or empty["amount"]):
        wanted["amount"], wanted["currency"] = draft.money(
            rows.amount[place], rows.currency[place] or row["currency"]
        )
    for column, kind, texts in (
        ("manager_id", "manager", rows.manager),
        ("source_id", "source", rows.source),
        ("product_id", "product", rows.product),
    ):
        if texts[place] and (draft.overwrite() or empty[column]):
            wanted[column] = draft.named(kind, texts[place])
    if empty["company_id"] or (draft.overwrite() and rows.parties.name[place]):
        company, person = rows.client(place)
        wanted["company_id"] = company
        if empty["person_id"] or person:
            wanted["person_id"] = person
    return wanted


def _move_on(draft: Draft, rows: DealRows, place: int, row: dict[str, Any], standing: Standing) -> bool:
    """Another stage or outcome than the deal has: one more move of its history."""
    status, stage, reason = standing
    if status == row["status"] and (status != "open" or stage == row["stage_id"]):
        return False
    reason_ref = draft.named("loss_reason", reason) if status == "lost" else None
    at = rows.closed[place] if status != "open" else None
    draft.plan.moves.append(NewMove(row["id"], status, stage, reason_ref, at))
    draft.plan.changes_of_row.setdefault(place, []).append(
        ("stage", row["status"], rows.stage[place] or rows.outcome[place])
    )
    row["status"], row["stage_id"] = status, stage
    return True
