"""Entry criteria of stages: what a deal still lacks, and the answers that a person gives at a move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from funneldesk.domain.activity import Activity, ActivityKind
from funneldesk.domain.card import Names
from funneldesk.domain.client import Company, ContactPoint, Person
from funneldesk.domain.criteria import (
    CLIENT_FIELDS,
    CUSTOM,
    DEAL_FIELDS,
    Answers,
    DealCheck,
    Meeting,
    asked_of,
)
from funneldesk.domain.criteria import missing as lacking
from funneldesk.domain.deal import Deal
from funneldesk.domain.fields import CustomField
from funneldesk.domain.folding import name_key
from funneldesk.domain.funnel import Stage
from funneldesk.errors import UserError
from funneldesk.services import clients
from funneldesk.services.fields import put_value
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.queries import card as card_queries
from funneldesk.store.queries import criteria as queries
from funneldesk.store.transaction import Transaction, select_records

_CONTACTS = ("phone", "email")


@dataclass(frozen=True, slots=True)
class AskedDeal:
    """What is asked about one deal: keys that are not known, entries that are not checked off."""

    id: int
    title: str
    client: str
    currency: str | None
    keys: tuple[str, ...]
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """What the dialog of a move shows."""

    stage: Stage
    deals: tuple[AskedDeal, ...]
    fields: Mapping[int, CustomField] = field(default_factory=dict)
    names: Names = field(default_factory=Names)


class MissingCriteria(UserError):
    """A deal lacks what a stage requires; `questions` ask for it.

    A deal that was to be made is gone again: its answers are handed to the same service once more.
    """

    def __init__(self, questions: Questions, names: Sequence[str]) -> None:
        super().__init__("deal.criteria", stage=questions.stage.name, criteria=list(names))
        self.questions = questions


def questions(db: Database, deal_ids: Sequence[int], stage_id: int) -> Questions:
    """What a stage asks about deals that are to come there; deals that lack nothing are left out."""
    with db.read() as conn:
        return _questions(conn, deal_ids, stage_id)


def _questions(conn: Any, deal_ids: Sequence[int], stage_id: int) -> Questions:
    stage: Stage = select_records(conn, Stage, t.stages.c.id == stage_id)[0]
    asked = []
    for deal in select_records(conn, Deal, t.deals.c.id.in_(list(deal_ids))):
        known = queries.known_values(conn, deal.id)
        left = lacking(stage, known, queries.checked_items(conn, deal.id))
        if left:
            checks = asked_of(stage)[1]
            keys = [key for key in left if key not in checks]
            asked.append(
                AskedDeal(
                    deal.id, deal.title, _client_name(conn, deal), deal.currency,
                    tuple(_with_client(keys, known)), tuple(item for item in left if item in checks),
                )
            )  # fmt: skip
    fields = {f.id: f for f in card_queries.custom_fields(conn, "deal", "company", "person")}
    return Questions(stage, tuple(asked), fields, card_queries.names(conn))


def _with_client(keys: Sequence[str], known: Mapping[str, object]) -> list[str]:
    """What belongs to a client cannot be answered before the client is known."""
    needs = any(key in CLIENT_FIELDS for key in keys) and not known.get("client")
    return ["client", *keys] if needs and "client" not in keys else list(keys)


def _client_name(conn: Any, deal: Deal) -> str:
    owners: tuple[tuple[type[Any], Any, int | None], ...] = (
        (Company, t.companies, deal.company_id),
        (Person, t.people, deal.person_id),
    )
    for cls, table, record_id in owners:
        found = select_records(conn, cls, table.c.id == record_id) if record_id is not None else []
        if found:
            return str(found[0].name)
    return ""


def check(tx: Transaction, deal: Deal, stage: Stage) -> None:
    """Raises `MissingCriteria` (`deal.criteria`) with what a deal lacks for a stage."""
    if not stage.required and not stage.checklist:
        return
    left = lacking(stage, queries.known_values(tx.conn, deal.id), queries.checked_items(tx.conn, deal.id))
    if left:
        named = {f"{CUSTOM}{f.id}": f.name for f in tx.select(CustomField)}
        names = [named.get(key, key) for key in left]
        raise MissingCriteria(_questions(tx.conn, [deal.id], stage.id), names)


def answer(tx: Transaction, deal: Deal, answers: Answers) -> None:
    """Write what a person answered about a deal.  Raises `field.unreadable`, `deal.no_client`."""
    for key in ("client", "person_id", *answers.values):
        if key in answers.values:
            put(tx, tx.get(Deal, deal.id), key, answers.values[key])
    done = queries.checked_items(tx.conn, deal.id)
    for item in sorted(answers.checked - done):
        tx.insert(DealCheck(deal_id=deal.id, item=item, at=tx.at))
    if answers.meeting is not None:
        _plan(tx, tx.get(Deal, deal.id), answers.meeting)


def put(tx: Transaction, deal: Deal, key: str, value: object) -> None:
    """Set one value of a deal or of its client by its key; a name makes the client when there is none."""
    if value in (None, ""):
        return
    if key.startswith(CUSTOM):
        _put_custom(tx, deal, int(key.removeprefix(CUSTOM)), str(value))
    elif key == "client":
        if not (deal.company_id or deal.person_id):
            tx.update(Deal, deal.id, company_id=_company(tx, str(value)))
    elif key == "person_id" and isinstance(value, str):
        tx.update(Deal, deal.id, person_id=_person(tx, deal, value))
    elif key in DEAL_FIELDS:
        fresh: dict[str, Any] = {key: value}
        tx.update(Deal, deal.id, **fresh)
    elif key in CLIENT_FIELDS:
        _put_client(tx, deal, key, str(value))


def _company(tx: Transaction, name: str) -> int:
    known = tx.all(Company, name_key=name_key(name))
    return known[0].id if known else clients.add_company(tx, name=name.strip())


def _person(tx: Transaction, deal: Deal, name: str) -> int:
    colleagues = [] if deal.company_id is None else tx.all(Person, company_id=deal.company_id)
    found = next((p.id for p in colleagues if p.name_key == name_key(name)), None)
    if found is not None:
        return found
    return clients.add_person(tx, name=name.strip(), contacts=(), company_id=deal.company_id)


def _put_client(tx: Transaction, deal: Deal, key: str, value: str) -> None:
    owner: tuple[type[Any], str, int | None] = (Company, "company_id", deal.company_id)
    if deal.person_id is not None and (key in _CONTACTS or deal.company_id is None):
        owner = (Person, "person_id", deal.person_id)
    cls, column, record_id = owner
    if record_id is None:
        raise UserError("deal.no_client")
    if key not in _CONTACTS:
        fresh: dict[str, Any] = {key: value.strip()}
        tx.update(cls, record_id, **fresh)
        return
    mine: dict[str, Any] = {column: record_id}
    points = tx.all(ContactPoint, **mine)
    tx.insert(ContactPoint(kind=key, value=value.strip(), position=len(points), **mine))


def _put_custom(tx: Transaction, deal: Deal, field_id: int, value: str) -> None:
    custom = tx.get(CustomField, field_id)
    owners = {"deal": deal.id, "company": deal.company_id, "person": deal.person_id}
    record_id = owners.get(custom.record_kind)
    if record_id is None:
        raise UserError("deal.no_client")
    put_value(tx, custom, custom.record_kind, record_id, value)


def _plan(tx: Transaction, deal: Deal, meeting: Meeting) -> None:
    tx.insert(
        Activity(
            kind=str(ActivityKind.MEETING), company_id=deal.company_id, person_id=deal.person_id,
            deal_id=deal.id, manager_id=deal.manager_id, created_at=tx.at, due_at=meeting.due_at,
            due_local=meeting.local or None, due_zone=meeting.zone or None, place=meeting.place.strip(),
        )
    )  # fmt: skip
