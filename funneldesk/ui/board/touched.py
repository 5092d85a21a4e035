"""Which deals of a board a change touches."""

from __future__ import annotations

from funneldesk.domain.change import Change, Edit, Op
from funneldesk.ui.board.model import BoardModel

WHOLE = frozenset({"funnel", "stage", "manager", "currency_rate"})
MANY = 300  # from here on reading everything is quicker


def touched_deals(change: Change, model: BoardModel) -> set[int] | None:
    """The ids of the deals to read anew; None = read the whole board."""
    if any(change.touches(kind) for kind in WHOLE):
        return None
    found: set[int] = set()
    clients: set[tuple[str, int]] = set()
    steps: set[int] = set()
    for edit in change.edits:
        if edit.kind not in ("deal", "activity", "company", "person"):
            continue
        if edit.op in (Op.RANGE, Op.BATCH, Op.CUT):
            if edit.kind in ("company", "person") and edit.op is not Op.BATCH:
                continue  # new clients have no cards yet, and those with cards are not removed
            return None
        if edit.kind == "deal":
            found.add(edit.record_id)
        elif edit.kind == "activity":
            steps.add(edit.record_id)
            found |= _deals_of(edit)
        else:
            clients.add((edit.kind, edit.record_id))
    if clients or steps:
        for column in model.columns:
            for card in column.all_cards():
                if (card.client_kind, card.client_id) in clients or card.next_id in steps:
                    found.add(card.id)
    return None if len(found) > MANY else found


def _deals_of(edit: Edit) -> set[int]:
    images = [image for image in (edit.before, edit.after) if image]
    return {int(image["deal_id"]) for image in images if image.get("deal_id")}
