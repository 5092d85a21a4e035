"""What several services do to records that hang on clients."""

from __future__ import annotations

from collections.abc import Sequence

from funneldesk.domain.activity import Activity
from funneldesk.domain.client import ContactPoint
from funneldesk.domain.doubles import NotDouble
from funneldesk.domain.files import AttachedFile
from funneldesk.store.transaction import Transaction


def detach_activities(tx: Transaction, activities: Sequence[Activity], **links: None) -> None:
    """Cut the given links of activities; one that then hangs on nothing is removed."""
    for activity in activities:
        left = [
            getattr(activity, name)
            for name in ("company_id", "person_id", "deal_id", "lead_id")
            if name not in links
        ]
        if any(left):
            tx.update(Activity, activity.id, **links)
        else:
            tx.delete(Activity, activity.id)


def set_contacts(
    tx: Transaction,
    wanted: Sequence[tuple[str, str]],
    *,
    company_id: int | None = None,
    person_id: int | None = None,
) -> None:
    """Make the contact points of an owner equal to `wanted`: (kind, value) pairs in order."""
    owner = {"company_id": company_id} if company_id is not None else {"person_id": person_id}
    now = sorted(tx.all(ContactPoint, **owner), key=lambda c: (c.position, c.id))
    keep = [(kind, value.strip()) for kind, value in wanted if value.strip()]
    for point, (kind, value) in zip(now, keep, strict=False):
        tx.update(ContactPoint, point.id, kind=kind, value=value)
    for point in now[len(keep) :]:
        tx.delete(ContactPoint, point.id)
    start = len(now)
    for place, (kind, value) in enumerate(keep[start:], start):
        tx.insert(
            ContactPoint(company_id=company_id, person_id=person_id, kind=kind, value=value, position=place)
        )


def forget_pairs(tx: Transaction, kind: str, ids: Sequence[int]) -> None:
    """Pairs of clients that leave the base need not be remembered."""
    for i in ids:
        for pair in (
            *tx.all(NotDouble, record_kind=kind, first_id=i),
            *tx.all(NotDouble, record_kind=kind, second_id=i),
        ):
            tx.delete(NotDouble, pair.id)


def remove_files(tx: Transaction, kind: str, record_id: int) -> None:
    """Take the files of a record that leaves the base away; their bytes stay for an undo."""
    for file in tx.all(AttachedFile, record_kind=kind, record_id=record_id):
        tx.delete(AttachedFile, file.id)
