"""Rows of deals -> companies, people and deals with the history that can be inferred."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from funneldesk.domain.clock import local_date
from funneldesk.domain.folding import sort_key
from funneldesk.domain.folding_many import sort_keys
from funneldesk.importing.draft import Draft, Places, read_outcome
from funneldesk.importing.fields import OnDuplicate
from funneldesk.importing.links import Links
from funneldesk.importing.matching import FunnelKey
from funneldesk.importing.own_values import OwnValues
from funneldesk.importing.parties import Parties, of_each
from funneldesk.importing.party_columns import picked
from funneldesk.importing.plan import Action, NewMove

Standing = tuple[str, int | None, str | None]


class _Placed(NamedTuple):
    """Where a deal stands: what is the same for all rows with the same words for it."""

    funnel: FunnelKey
    standing: Standing
    visited: int
    known: bool


_NewDeal = tuple[int, int | None, int | None, _Placed]  # place of the row, company, person, standing


class _NewDeals:
    """Rows of which each makes a deal; they are made many at a time, in their order."""

    def __init__(self, draft: Draft, rows: _Rows) -> None:
        self._draft, self._rows = draft, rows
        self._places: list[int] = []
        self._placed: list[_Placed] = []

    def next_ref(self) -> int:
        """The reference of the deal that the next row makes."""
        return -len(self._draft.batch("deal")) - len(self._places) - 1

    def add(self, place: int, placed: _Placed) -> None:
        """One more row."""
        self._places.append(place)
        self._placed.append(placed)

    def make(self) -> None:
        """Make the deals of the rows so far."""
        draft, rows, places, placed = self._draft, self._rows, self._places, self._placed
        if not places:
            return
        items = [(p, *who, where) for p, who, where in zip(places, rows.clients(places), placed, strict=True)]
        first = draft.batch("deal").put_all(items, rows.deals)
        refs = range(first, first - len(places), -1)
        standings = [where.standing for where in placed]
        counts = [1 if status == "open" else 2 for status, _stage, _reason in standings]
        draft.batch("stage_move").put_all(list(zip(refs, places, standings, strict=True)), rows.moves, counts)
        for place, ref, standing in zip(places, refs, standings, strict=True):
            draft.plan.targets[place] = ref
            reason = rows.reason[place]
            if reason and standing[0] != "lost":
                column = draft.column_name("lost_reason")
                draft.problem(place, column, reason, "import.reason_unused", fatal=False)
            draft.add_custom(place, "deal", ref)
        self._places, self._placed = [], []


def plan_deals(draft: Draft) -> None:
    """Plan every row of a file of deals."""
    parties = Parties(draft, "client")
    draft.prepare_custom()
    places = Places(draft)
    rows = _Rows(draft, parties)
    open_rows = [place for place in draft.open_rows() if rows.linked(place)]
    named = {i for i in open_rows if parties.name[i]}
    parties.read_staff(parties.known_companies(sorted(named)) | rows.companies())
    current = _current(draft, rows, open_rows)
    own = OwnValues(draft, "deal", current)
    made: dict[str, int] = {}
    known_deals, keep = draft.index.deals, draft.request.on_duplicate is not OnDuplicate.CREATE
    merges = draft.request.on_duplicate in (OnDuplicate.FILL, OnDuplicate.UPDATE)
    new = _NewDeals(draft, rows)
    words = [picked(column, open_rows) for column in (rows.funnel, rows.stage, rows.outcome, rows.reason)]
    of_words: dict[tuple[Any, ...], _Placed] = {}
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
            made.setdefault(external, new.next_ref())
        new.add(place, placed)
    new.make()


def _placed(draft: Draft, places: Places, rows: _Rows, place: int) -> _Placed | None:
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
    return _Placed(funnel, standing, visited, status == "open" and stage is not None)


class _Rows:
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

    def deals(self, items: Sequence[_NewDeal]) -> Sequence[Sequence[Any]]:
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


def _standing(draft: Draft, places: Places, rows: _Rows, funnel: FunnelKey, place: int) -> Standing | None:
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


def _title(rows: _Rows, place: int) -> str:
    """A row without a title gets one from client and product."""
    if rows.title[place]:
        return str(rows.title[place])
    parts = (rows.parties.name[place] or rows.parties.person[place], rows.product[place])
    return " \u2013 ".join(p for p in parts if p) or rows.external[place] or f"#{place + 1}"


def _current(draft: Draft, rows: _Rows, open_rows: list[int]) -> dict[int, dict[str, Any]]:
    """The deals of the base that rows name, as they are now; read only when they may change."""
    if draft.request.on_duplicate not in (OnDuplicate.FILL, OnDuplicate.UPDATE):
        return {}
    deals = draft.index.deals
    ids = {deals[e].id for i in open_rows if (e := rows.external[i]) in deals}
    return {row["id"]: row for row in draft.index.fetch("deal", "id", ids)}


def _meet(
    draft: Draft, rows: _Rows, place: int, ref: int, standing: Standing,
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


def _wanted(draft: Draft, rows: _Rows, place: int, row: dict[str, Any]) -> dict[str, Any]:
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


def _move_on(draft: Draft, rows: _Rows, place: int, row: dict[str, Any], standing: Standing) -> bool:
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
