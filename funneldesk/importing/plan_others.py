"""Rows of leads and of activities."""

from __future__ import annotations

from typing import Any

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.matching import row_keys
from funneldesk.importing.draft import Draft
from funneldesk.importing.fields import OnDuplicate
from funneldesk.importing.links import Links, Owner
from funneldesk.importing.mapping import plain
from funneldesk.importing.matching import Matcher
from funneldesk.importing.own_values import OwnValues
from funneldesk.importing.parties import person_names
from funneldesk.importing.plan import Action
from funneldesk.importing.value_words import activity_kinds, lead_statuses

_LEAD_TEXTS = {"title": "title", "company_name": "client", "comment": "comment", "drop_reason": "drop_reason"}


def plan_leads(draft: Draft) -> None:
    """Plan every row of a file of leads."""
    values = draft.values
    draft.prepare_custom()
    people = person_names(draft)
    matcher = Matcher(draft.index.leads, draft.request.keys)
    keep = draft.request.on_duplicate is not OnDuplicate.CREATE
    current = _current_leads(draft, matcher, people) if keep else {}
    own = OwnValues(draft, "lead", current)
    for place in draft.open_rows():
        status = _lead_status(draft, place)
        if status is None:
            continue
        keys = _lead_keys(draft, place, people)
        found, by = matcher.find(keys)
        if found is not None and keep:
            draft.plan.targets[place], draft.plan.matched_by[place] = found, by
            changed = _change_lead(draft, place, found, current, people)
            changed |= found in current and own.merge(place, found)
            draft.plan.actions[place] = Action.UPDATE if changed else Action.DUPLICATE
            continue
        title = values.get("title")[place] or values.get("client")[place] or people[place]
        phones, emails = values.get("phone")[place] or (), values.get("email")[place] or ()
        title = title or next(iter((*emails, *phones)), None)
        if not title:
            draft.reject(place, "title", None, "import.no_name")
            continue
        ref = draft.batch("lead").add(
            values.get("external_id")[place], title, values.get("client")[place], people[place],
            ", ".join(phones) or None, ", ".join(emails) or None, status,
            draft.named("source", values.get("source")[place]),
            draft.named("manager", values.get("manager")[place]), values.get("comment")[place],
            values.get("created_at")[place], values.get("closed_at")[place], values.get("drop_reason")[place],
        )  # fmt: skip
        matcher.add(ref, keys)
        draft.add_custom(place, "lead", ref)
        draft.plan.targets[place] = ref


def _lead_keys(draft: Draft, place: int, people: list[Any]) -> Any:
    values = draft.values
    name = values.get("client")[place] or people[place]
    return row_keys(
        values.get("external_id")[place], None, values.get("email")[place], values.get("phone")[place], name
    )


def _lead_status(draft: Draft, place: int) -> str | None:
    text = draft.values.get("status")[place]
    if not text:
        return "new"
    found = lead_statuses().get(plain(text))
    if found is None:
        draft.reject(place, "status", text, "import.unknown_status")
    return found


def _current_leads(draft: Draft, matcher: Matcher, people: list[Any]) -> dict[int, dict[str, Any]]:
    if draft.request.on_duplicate is OnDuplicate.SKIP:
        return {}
    ids = {
        ref for i in draft.open_rows() if (ref := matcher.find(_lead_keys(draft, i, people))[0]) is not None
    }
    return {row["id"]: row for row in draft.index.fetch("lead", "id", ids)}


def _change_lead(
    draft: Draft, place: int, ref: int, current: dict[int, dict[str, Any]], people: list[Any]
) -> bool:
    row = current.get(ref)
    if row is None:
        return False
    values = draft.values
    wanted: dict[str, Any] = {column: values.get(field)[place] for column, field in _LEAD_TEXTS.items()}
    wanted["person_name"] = people[place]
    wanted["phone"] = ", ".join(values.get("phone")[place] or ()) or None
    wanted["email"] = ", ".join(values.get("email")[place] or ()) or None
    for column, kind in (("source_id", "source"), ("manager_id", "manager")):
        text = values.get(kind)[place]
        if text and (draft.overwrite() or row[column] is None):
            wanted[column] = draft.named(kind, text)
    changed = False
    for column, value in wanted.items():
        if value is None or value == row[column] or (row[column] and not draft.overwrite()):
            continue
        draft.change(place, "lead", ref, column, row[column], value)
        row[column] = value
        changed = True
    return changed


def plan_activities(draft: Draft) -> None:
    """Plan every row of a file of activities; each must name a deal or a client of the base."""
    values = draft.values
    seen = set(draft.index.activities)
    keep = draft.request.on_duplicate is not OnDuplicate.CREATE
    links = Links(draft)
    for place in draft.open_rows():
        owner = _owner(draft, links, place)
        kind = _activity_kind(draft, place) if owner else None
        if owner is None or kind is None:
            continue
        at = values.get("at")[place]
        if at is None and kind != ActivityKind.NOTE:
            draft.reject(place, "at", None, "import.no_date")
            continue
        result, comment = values.get("result")[place], values.get("comment")[place]
        key = (owner.company, owner.deal, kind, at, result or "", comment or "")
        if key in seen and keep and at is not None:
            draft.plan.actions[place] = Action.DUPLICATE
            continue
        seen.add(key)
        draft.plan.targets[place] = _add_activity(draft, place, owner, kind, at, result, comment)


def _add_activity(
    draft: Draft, place: int, owner: Owner, kind: str, at: int | None,
    result: str | None, comment: str | None,
) -> int:  # fmt: skip
    company, deal = owner.company, owner.deal
    now = draft.request.now
    planned = at is not None and at > now and kind != ActivityKind.NOTE
    created = now if at is None or planned else at
    if deal:
        draft.plan.touched_deals.add(deal)
    return draft.batch("activity").add(
        kind, result, comment, company, deal, draft.named("manager", draft.values.get("manager")[place]),
        created, at if planned else None, None if planned else created, owner.person,
    )  # fmt: skip


def _owner(draft: Draft, links: Links, place: int) -> Owner | None:
    """Whose an activity is; None when the row was rejected or waits."""
    found = links.owner(place)
    if found == Owner():
        draft.reject(place, "deal", None, "import.no_deal_or_client")
        return None
    return found


def _activity_kind(draft: Draft, place: int) -> str | None:
    text = draft.values.get("kind")[place]
    if not text:
        return str(ActivityKind.NOTE)
    found = activity_kinds().get(plain(text))
    if found is None:
        draft.reject(place, "kind", text, "import.unknown_kind")
    return found
