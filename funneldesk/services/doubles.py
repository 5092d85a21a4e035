"""Doubles: warned of while a client is typed, found in the whole base, merged, or said to be none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from funneldesk.domain.card import Names
from funneldesk.domain.change import Change, Label
from funneldesk.domain.client import Company, ContactPoint, Person
from funneldesk.domain.doubles import (
    Double,
    Group,
    NotDouble,
    find_groups,
    proposed_keeper,
    proposed_values,
)
from funneldesk.domain.fields import CustomField, CustomValue
from funneldesk.domain.folding import name_key
from funneldesk.domain.matching import Party, city_key, tax_key, why_same
from funneldesk.domain.phone import email_key, phone_key
from funneldesk.errors import Cancelled, UserError
from funneldesk.importing.matching import likeness
from funneldesk.services.client_records import forget_pairs
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.queries import card as card_queries
from funneldesk.store.queries import clients as client_queries
from funneldesk.store.queries import doubles as queries
from funneldesk.store.transaction import Actor, Transaction, select_records

KINDS = ("company", "person")
_CLASS: dict[str, type[Any]] = {"company": Company, "person": Person}
Contacts = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Clients side by side: their records, ways to reach them, own fields, and what hangs on each."""

    kind: str
    records: tuple[Any, ...]
    contacts: Mapping[int, tuple[ContactPoint, ...]]
    custom: Mapping[int, Mapping[int, str]]  # client -> field -> value
    fields: tuple[CustomField, ...]
    counts: Mapping[int, Mapping[str, int]]  # client -> kind of record -> how many
    keeper: int
    values: Mapping[str, Any]  # column -> the value proposed
    names: Names
    companies: Mapping[int, str] = field(default_factory=dict)  # employers of people


@dataclass(frozen=True, slots=True)
class Merge:
    """How clients become one: which stays, which go into it, and the values chosen (None = as proposed)."""

    kind: str
    keep_id: int
    gone_ids: tuple[int, ...]
    values: Mapping[str, Any] | None = None
    custom: Mapping[int, str] | None = None


# While somebody types -------------------------------------------------------------


def similar(
    db: Database,
    *,
    name: str = "",
    tax_id: str = "",
    city: str = "",
    contacts: Contacts = (),
    leads: bool = False,
    limit: int = 5,
) -> list[Double]:
    """Clients (and open leads) that may be the one that is typed, the surest first."""
    with db.read() as conn:
        found = {(d.kind, d.id): d for d in client_queries.doubles(conn, name=name, contacts=contacts)}
        for kind in KINDS:
            for i in queries.with_tax(conn, kind, tax_id):
                shown = queries.names_of(conn, kind, [i])[i]
                found = {(kind, i): Double(kind, i, shown, "tax_id"), **found}
            for party in queries.parties(conn, kind, queries.near(conn, kind, name)):
                if (kind, party.id) not in found and _like_typed(party, name, tax_id, city):
                    shown = queries.names_of(conn, kind, [party.id])[party.id]
                    found[kind, party.id] = Double(kind, party.id, shown, "name_like")
        if leads:
            keys = _typed_keys(name, contacts)
            for i, title, known in queries.open_leads(conn):
                for key, why in keys.items():
                    if key in known:
                        found.setdefault(("lead", i), Double("lead", i, title, why))
    return list(found.values())[:limit]


def _like_typed(party: Party, name: str, tax_id: str, city: str) -> bool:
    place = city_key(city) or party.city  # where it is not said, it may be there
    typed = Party(party.kind, 0, name_key(name), tax_key(tax_id), place, party.company_id)
    return bool(why_same(party, typed, likeness))


def _typed_keys(name: str, contacts: Contacts) -> dict[str, str]:
    keys = {phone_key(value): "phone" for kind, value in contacts if kind == "phone"}
    keys |= {email_key(value): "email" for kind, value in contacts if kind == "email"}
    keys[name_key(name) if name.strip() else ""] = "name"
    keys.pop("", None)
    return keys


# The whole base ---------------------------------------------------------------------


def find(
    db: Database,
    progress: Callable[..., None] = lambda *_args: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Group]:
    """Every group of doubles in the base, companies first.  Raises `Cancelled`."""
    groups: list[Group] = []
    for number, kind in enumerate(KINDS):
        with db.read() as conn:
            parties, apart = queries.parties(conn, kind), queries.apart(conn, kind)

        def step(done: int, total: int, part: int = number) -> None:
            if cancelled():
                raise Cancelled
            progress(part * 1000 + round(1000 * done / max(total, 1)), 2000)

        step(0, 1)
        groups += find_groups(parties, likeness, apart, step)
    return groups


def names(db: Database, groups: Sequence[Group]) -> dict[tuple[str, int], str]:
    """The names of all clients of groups."""
    with db.read() as conn:
        return {
            (kind, i): name
            for kind in KINDS
            for i, name in queries.names_of(
                conn, kind, [i for group in groups if group.kind == kind for i in group.ids]
            ).items()
        }


def compare(db: Database, kind: str, ids: Sequence[int]) -> Comparison:
    """Clients side by side with what is proposed; those that are gone are left out."""
    with db.read() as conn:
        records = select_records(conn, _CLASS[kind], t.table_of(kind).c.id.in_(list(ids)))
        there = [record.id for record in records]
        owner = t.contact_points.c[f"{kind}_id"]
        contacts: dict[int, list[ContactPoint]] = defaultdict(list)
        for point in select_records(conn, ContactPoint, owner.in_(there), order=t.contact_points.c.position):
            contacts[getattr(point, f"{kind}_id")].append(point)
        custom = {i: {v.field.id: v.value for v in card_queries.field_values(conn, kind, i)} for i in there}
        counts = queries.link_counts(conn, kind, there)
        keeper = _keeper(records, counts) if records else 0
        employers = [r.company_id for r in records if kind == "person" and r.company_id is not None]
        return Comparison(
            kind=kind,
            records=tuple(records),
            contacts={i: tuple(points) for i, points in contacts.items()},
            custom=custom,
            fields=tuple(card_queries.custom_fields(conn, kind)),
            counts=counts,
            keeper=keeper,
            values=proposed_values(kind, records, keeper) if records else {},
            names=card_queries.names(conn),
            companies=queries.names_of(conn, "company", employers),
        )


def _keeper(records: Sequence[Any], counts: Mapping[int, Mapping[str, int]]) -> int:
    work = {i: sum(n for kind, n in found.items() if kind != "contact_point") for i, found in counts.items()}
    return proposed_keeper(records, work)


# Merging ------------------------------------------------------------------------------


def merge(db: Database, merges: Sequence[Merge], *, actor: Actor | None = None) -> Change:
    """Make one client of several, for each of `merges`; one change, which undo takes back whole.

    Every link goes to the client that stays: people, deals, leads, activities, contacts, own
    fields, files, whatever refers to a client.  Raises `merge.too_few`, `record.gone`.
    """
    if not merges or any(not m.gone_ids or m.keep_id in m.gone_ids for m in merges):
        raise UserError("merge.too_few")
    with db.transaction(Label("clients.merged", {"count": len(merges)}), actor=actor) as tx:
        tx.summary = {"merged": [[one.kind, one.keep_id, list(one.gone_ids)] for one in merges]}
        for one in merges:
            kept = _merge(tx, one)
            if len(merges) == 1:
                count = len(one.gone_ids) + 1
                tx.label = Label(f"{one.kind}.merged", {"name": kept, "count": count})
    return tx.change


def merge_groups(db: Database, groups: Sequence[Group], *, actor: Actor | None = None) -> Change:
    """Merge whole groups as proposed, in one change."""
    merges = []
    with db.read() as conn:
        for group in groups:
            records = select_records(conn, _CLASS[group.kind], t.table_of(group.kind).c.id.in_(group.ids))
            if len(records) > 1:
                keeper = _keeper(records, queries.link_counts(conn, group.kind, group.ids))
                gone = tuple(record.id for record in records if record.id != keeper)
                merges.append(Merge(group.kind, keeper, gone))
    return merge(db, merges, actor=actor)


def dismiss(db: Database, kind: str, ids: Sequence[int], *, actor: Actor | None = None) -> Change:
    """Remember that these clients are not the same one."""
    with db.transaction(Label("doubles.dismissed", {"count": len(ids)}), actor=actor) as tx:
        known = {(pair.first_id, pair.second_id) for pair in tx.all(NotDouble, record_kind=kind)}
        for first, second in combinations(sorted(ids), 2):
            if (first, second) not in known:
                tx.insert(NotDouble(record_kind=kind, first_id=first, second_id=second))
    return tx.change


def _merge(tx: Transaction, one: Merge) -> str:
    kind, keep = one.kind, one.keep_id
    records = [tx.get(_CLASS[kind], i) for i in (keep, *one.gone_ids)]
    values = dict(proposed_values(kind, records, keep) if one.values is None else one.values)
    if kind == "person" and values.get("company_id") is not None and values.get("kind") == "individual":
        values["kind"] = "employee"
    known = [record.created_at for record in records if record.created_at is not None]
    if known:
        values["created_at"] = min(known)
    _join_contacts(tx, kind, keep, one.gone_ids)
    _join_custom(tx, kind, keep, one.gone_ids, one.custom)
    _turn_links(tx, kind, keep, one.gone_ids)
    forget_pairs(tx, kind, one.gone_ids)
    for gone in one.gone_ids:
        tx.delete(_CLASS[kind], gone)
    tx.update(_CLASS[kind], keep, **values)
    return str(values.get("name", records[0].name))


def _turn_links(tx: Transaction, kind: str, keep: int, gone: Sequence[int]) -> None:
    """Everything that refers to the clients that go refers to the one that stays."""
    for linked, column in queries.links_to(kind):
        if linked == "contact_point":
            continue
        ids = queries.linked_ids(tx.conn, linked, column, gone)
        if len(ids) < 200:
            for i in ids:
                tx.update(t.KINDS[linked][0], i, **{column: keep})
        else:
            tx.bulk_update(linked, [column], ids, [[keep]] * len(ids))
    for linked in queries.hanging():
        if linked == "custom_value":
            continue
        cls = t.KINDS[linked][0]
        for owner in gone:
            for record in tx.all(cls, record_kind=kind, record_id=owner):
                tx.put(linked, record.id, {"record_id": keep})


def _join_contacts(tx: Transaction, kind: str, keep: int, gone: Sequence[int]) -> None:
    column = f"{kind}_id"
    kept = tx.all(ContactPoint, **{column: keep})
    there = {(point.kind, point.key or point.value) for point in kept}
    place = max((point.position for point in kept), default=-1)
    for owner in gone:
        for point in sorted(tx.all(ContactPoint, **{column: owner}), key=lambda p: (p.position, p.id)):
            if (point.kind, point.key or point.value) in there:
                tx.delete(ContactPoint, point.id)
                continue
            there.add((point.kind, point.key or point.value))
            place += 1
            tx.update(ContactPoint, point.id, position=place, **{column: keep})


def _join_custom(
    tx: Transaction, kind: str, keep: int, gone: Sequence[int], chosen: Mapping[int, str] | None
) -> None:
    kept = {value.field_id: value for value in tx.all(CustomValue, record_kind=kind, record_id=keep)}
    for owner in gone:
        for value in tx.all(CustomValue, record_kind=kind, record_id=owner):
            mine = kept.get(value.field_id)
            if mine is None:
                tx.put("custom_value", value.id, {"record_id": keep})
                kept[value.field_id] = value
                continue
            if chosen is not None and chosen.get(value.field_id) == value.value != mine.value:
                tx.update(CustomValue, mine.id, value=value.value, number=value.number)
            tx.delete(CustomValue, value.id)
