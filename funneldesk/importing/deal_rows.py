"""Rows of deals as columns: whom they name, and the deals and moves that are made of them, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from funneldesk.domain.clock import local_date
from funneldesk.domain.folding import sort_key
from funneldesk.domain.folding_many import sort_keys
from funneldesk.importing.draft import Draft
from funneldesk.importing.links import Links
from funneldesk.importing.matching import FunnelKey
from funneldesk.importing.parties import Parties, of_each
from funneldesk.importing.party_columns import picked

Standing = tuple[str, int | None, str | None]


class Placed(NamedTuple):
    """Where a deal stands: what is the same for all rows with the same words for it."""

    funnel: FunnelKey
    standing: Standing
    visited: int
    known: bool


NewDeal = tuple[int, int | None, int | None, Placed]  # place of the row, company, person, standing


class NewDeals:
    """Rows of which each makes a deal; they are made many at a time, in their order."""

    def __init__(self, draft: Draft, rows: DealRows) -> None:
        self._draft, self._rows = draft, rows
        self._places: list[int] = []
        self._placed: list[Placed] = []
        self.next_ref = -len(draft.batch("deal")) - 1  # of the deal that the next row makes

    def add(self, place: int, placed: Placed) -> None:
        """One more row."""
        self._places.append(place)
        self._placed.append(placed)
        self.next_ref -= 1

    def make(self) -> None:
        """Make the deals of the rows so far."""
        draft, rows, places, placed = self._draft, self._rows, self._places, self._placed
        if not places:
            return
        items = [(p, *who, where) for p, who, where in zip(places, rows.clients(places), placed, strict=True)]
        first = draft.batch("deal").put_all(items, rows.deals)
        refs = range(first, first - len(places), -1)
        assert refs.stop == self.next_ref
        standings = [where.standing for where in placed]
        counts = [1 if status == "open" else 2 for status, _stage, _reason in standings]
        draft.batch("stage_move").put_all(list(zip(refs, places, standings, strict=True)), rows.moves, counts)
        for place, ref in zip(places, refs, strict=True):
            draft.plan.targets[place] = ref
        if draft.values.has("lost_reason"):
            self._unused_reasons(places, standings)
        if draft.custom:
            for place, ref in zip(places, refs, strict=True):
                draft.add_custom(place, "deal", ref)
        self._places, self._placed = [], []

    def _unused_reasons(self, places: Sequence[int], standings: Sequence[Standing]) -> None:
        draft = self._draft
        column = draft.column_name("lost_reason")
        for place, (status, _stage, _reason) in zip(places, standings, strict=True):
            reason = self._rows.reason[place]
            if reason and status != "lost":
                draft.problem(place, column, reason, "import.reason_unused", fatal=False)


class DealRows:
    """The columns of the file that deals are made of."""

    def __init__(self, draft: Draft, parties: Parties) -> None:
        values = draft.values
        self._draft = draft
        self.parties = parties
        self.external, self.title = values.get("external_id"), values.get("title")
        self.order = of_each(sort_keys, self.title)
        self.funnel, self.stage, self.outcome = (
            values.get("funnel"),
            values.get("stage"),
            values.get("outcome"),
        )
        self.amount, self.currency = values.get("amount"), values.get("currency")
        self.manager, self.source = values.get("manager"), values.get("source")
        self.product, self.reason = values.get("product"), values.get("lost_reason")
        self.created, self.closed = values.get("created_at"), values.get("closed_at")
        self.expected, self.comment = values.get("expected_close"), values.get("comment")
        self._links = Links(draft)
        self._people = draft.index.people.external
        self._employers = draft.index.links.employers
        self._named: dict[int, tuple[int | None, int | None]] = {}  # place -> whom it names by number

    def deals(self, items: Sequence[NewDeal]) -> Sequence[Sequence[Any]]:
        """The columns of deals to be made."""
        draft = self._draft
        places, companies, people, placed = zip(*items, strict=True)
        funnels, standings, visited, known = zip(*placed, strict=True)
        statuses, stages, reasons = zip(*standings, strict=True)
        given = picked(self.title, places)
        titles = [title or _title(self, p) for title, p in zip(given, places, strict=True)]
        orders = picked(self.order, places)
        created, closed = picked(self.created, places), picked(self.closed, places)
        expected = picked(self.expected, places)
        for i, at in enumerate(closed):
            # The close date of an open deal is a plan, whatever the column is called.
            if at is not None and statuses[i] == "open":
                expected[i] = expected[i] or local_date(at, draft.index.zone).isoformat()
                closed[i] = None
        sums = draft.money_all(picked(self.amount, places), picked(self.currency, places))
        lost = [
            draft.named("loss_reason", reason) if status == "lost" else None
            for status, reason in zip(statuses, reasons, strict=True)
        ]
        entered = [
            made if status == "open" else end
            for status, made, end in zip(statuses, created, closed, strict=True)
        ]
        return (
            picked(self.external, places), titles, companies, people, [funnel.id for funnel in funnels],
            *sums,
            draft.named_all("manager", picked(self.manager, places)),
            draft.named_all("source", picked(self.source, places)),
            draft.named_all("product", picked(self.product, places)),
            created, expected, lost, picked(self.comment, places), [float(p + 1) for p in places],
            statuses, stages, entered, closed, visited, known,
            [order or sort_key(title) for order, title in zip(orders, titles, strict=True)],
        )  # fmt: skip

    def moves(self, items: Sequence[tuple[int, int, Standing]]) -> Sequence[Sequence[Any]]:
        """The columns of the moves that can be inferred: into the stage, and out of it when it is closed."""
        named = self._draft.named
        out: list[tuple[Any, ...]] = []
        for ref, place, (status, stage, reason) in items:
            manager = named("manager", self.manager[place])
            first = (ref, 0, self.created[place], None, None, "open", stage, None, manager, None, "inferred")
            out.append(first)
            if status != "open":
                why = named("loss_reason", reason) if status == "lost" else None
                end = self.closed[place]
                out.append((ref, 1, end, "open", None, status, None, None, manager, why, "inferred"))
        return list(zip(*out, strict=True))

    def linked_rows(self, places: list[int]) -> list[int]:
        """The rows that may go on, see `linked`."""
        return places if self._links.free() else [place for place in places if self.linked(place)]

    def linked(self, place: int) -> bool:
        """Whether those whom the row names by number are there; else it waits."""
        company, goes_on = self._links.firm(place)
        contact, person = self._links.person_id[place], None
        if goes_on and contact:
            person = self._people.get(contact)
            if person is None:
                self._draft.wait(place, "client", contact, contact)
                return False
            if company is None and not self.parties.name[place]:
                company = self._employers.get(person)
        if company is not None or person is not None:
            self._named[place] = (company, person)
        return goes_on

    def companies(self) -> set[int]:
        """The companies that rows name by number."""
        return {company for company, _person in self._named.values() if company is not None}

    def clients(self, places: Sequence[int]) -> Sequence[tuple[int | None, int | None]]:
        """As `client`, for many rows in their order."""
        if self._named:
            return list(map(self.client, places))
        return self.parties.resolve_all(places)

    def client(self, place: int) -> tuple[int | None, int | None]:
        """The company and the person of a row: named by number, else found or made."""
        if place not in self._named:
            return self.parties.resolve(place)
        company, person = self._named[place]
        if company is None and self.parties.name[place]:
            keys = self.parties.keys(place)
            company, _by = self.parties.companies.find(keys)
            if company is None:
                company = self.parties.make_company(place, keys, contacts=False)
        if company is None:
            return None, person
        if person is None and self.parties.person[place]:
            person = self.parties.employee(company, self.parties.person[place])
            if person is None:
                person = self.parties.make_person(place, company, contacts=True)
        return company, person


def _title(rows: DealRows, place: int) -> str:
    """A row without a title gets one from client and product."""
    if rows.title[place]:
        return str(rows.title[place])
    parts = (rows.parties.name[place] or rows.parties.person[place], rows.product[place])
    return " \u2013 ".join(p for p in parts if p) or rows.external[place] or f"#{place + 1}"
