"""The base as an import sees it: keys, small lists, funnels."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from funneldesk.domain.fields import options_of
from funneldesk.domain.folding import name_key
from funneldesk.domain.matching import Party, city_key, tax_key
from funneldesk.domain.phone import email_key, phone_key
from funneldesk.importing.fields import Kind
from funneldesk.importing.matching import BaseIndex, DealKey, FunnelKey, Keys, OwnField
from funneldesk.services.funnel_templates import template
from funneldesk.services.import_links import read_links
from funneldesk.store.database import Database, read_info
from funneldesk.store.queries import importing as queries

_LISTS = ("manager", "source", "product", "loss_reason")


def read_index(db: Database, kind: Kind) -> BaseIndex:
    """What an import of `kind` must know of the base."""
    with db.read() as conn:
        return index_from(conn, kind, db)


def index_from(conn: Any, kind: Kind, db: Database | None = None) -> BaseIndex:
    """As `read_index`, on an open connection; with `db` later look-ups take a connection of their own."""

    def fetch(record: str, column: str, ids: Iterable[int]) -> list[dict[str, Any]]:
        if db is None:
            return queries.rows_where(conn, record, column, ids)
        with db.read() as fresh:
            return queries.rows_where(fresh, record, column, ids)

    info = read_info(conn)
    index = BaseIndex(queries.journal_mark(conn), info.currency, info.zone, fetch)
    for name in _LISTS:
        rows = queries.named(conn, name)
        index.lists[name] = {folded: i for i, _name, folded in rows}
        index.names[name] = {i: shown for i, shown, _folded in rows}
    index.funnels = _funnels(conn)
    if not index.funnels and kind is Kind.DEALS:
        general = template("general", info.language)
        index.first_funnel = (general.name, tuple(stage.name for stage in general.stages))
    index.custom = {
        (record, folded): OwnField(i, type_, name, options_of(options))
        for record, folded, i, type_, name, options in queries.custom_rows(conn)
    }
    if kind not in (Kind.LEADS, Kind.HISTORY):
        _parties(conn, index)
    if kind is Kind.CLIENTS:
        index.towns = _towns(conn, db)
    if kind is Kind.LEADS:
        index.leads = _leads(conn)
    if kind in (Kind.DEALS, Kind.HISTORY, Kind.ACTIVITIES, Kind.INVOICES):
        for external, i, funnel, manager, company in queries.deal_keys(conn):
            index.deals[external] = DealKey(i, funnel, manager, company)
    if kind is Kind.ACTIVITIES:
        index.activities = set(queries.activity_keys(conn))
    index.links = read_links(conn, kind, db)
    return index


def _towns(conn: Any, db: Database | None) -> Callable[[], list[tuple[Party, str]]]:
    """The companies with a city, read when a file has cities."""

    def read() -> list[tuple[Party, str]]:
        if db is None:
            rows = queries.company_towns(conn)
        else:
            with db.read() as fresh:
                rows = queries.company_towns(fresh)
        return [
            (Party("company", i, key, tax_key(tax), city_key(city)), name) for i, name, key, tax, city in rows
        ]

    return read


def _funnels(conn: Any) -> list[FunnelKey]:
    found = {i: FunnelKey(i, name, {}, {}, won) for i, name, won in queries.funnel_rows(conn)}
    for funnel, i, folded, slot, archived in queries.stage_rows(conn):
        if funnel in found:
            found[funnel].slots[i] = slot
            if not archived:
                found[funnel].stages[folded] = i
    return list(found.values())


def _parties(conn: Any, index: BaseIndex) -> None:
    companies, people = index.companies, index.people
    for i, external, tax, name in queries.company_keys(conn):
        _add(companies, i, external, tax, name)
    for i, external, tax, name, company in queries.people_keys(conn):
        _add(people, i, external, tax, name if company is None else None)
    for kind, key, company, person, employer in queries.contact_keys(conn):
        owner = company or employer
        if owner is not None:
            (companies.phone if kind == "phone" else companies.email).setdefault(key, owner)
        if person is not None:
            (people.phone if kind == "phone" else people.email).setdefault(key, person)


def _add(keys: Keys, i: int, external: str | None, tax: str | None, name: str | None) -> None:
    if external:
        keys.external.setdefault(external, i)
        keys.external_of[i] = external
    folded = tax_key(tax)
    if folded:
        keys.tax.setdefault(folded, i)
        keys.tax_of[i] = folded
    if name:
        keys.name.setdefault(name, i)


def _leads(conn: Any) -> Keys:
    keys = Keys()
    for i, external, company, person, phone, email in queries.lead_keys(conn):
        name = company or person
        _add(keys, i, external, None, name_key(name) if name else None)
        for part in (phone or "").split(","):
            if phone_key(part):
                keys.phone.setdefault(phone_key(part), i)
        for part in (email or "").split(","):
            if part.strip():
                keys.email.setdefault(email_key(part), i)
    return keys
