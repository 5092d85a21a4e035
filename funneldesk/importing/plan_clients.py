"""Rows of clients -> companies with their people; a row with only a person -> an individual."""

from __future__ import annotations

from typing import Any

from funneldesk.domain.folding import name_key, sort_key
from funneldesk.domain.matching import Party, city_key
from funneldesk.importing.draft import Draft
from funneldesk.importing.fields import OnDuplicate
from funneldesk.importing.likely import KEY, LikelyCompanies
from funneldesk.importing.own_values import OwnValues
from funneldesk.importing.parties import Parties, contacts_of
from funneldesk.importing.plan import Action

_TEXTS = (
    "external_id",
    "name",
    "legal_name",
    "tax_id",
    "address",
    "city",
    "region",
    "country",
    "size",
    "category",
    "comment",
)


def plan_clients(draft: Draft) -> None:
    """Plan every row of a file of clients."""
    parties = Parties(draft, "name", instead="legal_name")
    draft.prepare_custom()
    likely = _Likely(draft, parties)
    merger = Merger(draft, parties, likely.sure())
    for place in draft.open_rows():
        if parties.name[place]:
            _company(draft, parties, merger, likely, place)
        elif parties.person[place]:
            _individual(draft, parties, merger, place)
        else:
            draft.reject(place, "name", None, "import.no_name")


class _Likely:
    """Rows that no key finds, held against companies of the same city with a name like theirs."""

    def __init__(self, draft: Draft, parties: Parties) -> None:
        self._draft, self._parties = draft, parties
        self._city = draft.values.get("city")
        towns = draft.index.towns() if draft.values.has("city") else []
        self._known = LikelyCompanies(towns)
        self._always = KEY in (draft.request.keys or ())

    def sure(self) -> set[int]:
        """The companies of the base that rows are said to be."""
        rows = self._draft.open_rows() if self._always else self._said()
        found = (self._known.find(self._party(place, 0)) for place in rows if self._parties.name[place])
        return {one.ref for one in found if one is not None}

    def _said(self) -> list[int]:
        same, numbers = self._draft.request.same, self._draft.table.numbers
        return [place for place in self._draft.open_rows() if numbers[place] in same] if same else []

    def find(self, place: int) -> int | None:
        """The company that a row is said to be; of one that it only may be the row is told."""
        if not self._city[place]:
            return None
        found, draft = self._known.find(self._party(place, 0)), self._draft
        if found is None:
            return None
        if self._always or draft.table.numbers[place] in draft.request.same:
            return found.ref
        column, name = draft.column_name("name"), self._parties.name[place]
        draft.problem(
            place, column, name, "import.likely_double", fatal=False, name=found.name, score=found.score
        )
        return None

    def add(self, place: int, ref: int) -> None:
        """A company that this import makes."""
        if self._city[place]:
            self._known.add(self._party(place, ref), self._parties.name[place])

    def _party(self, place: int, ref: int) -> Party:
        keys = self._parties.keys(place)
        return Party("company", ref, keys.name, keys.tax, city_key(self._city[place]))


def _company(draft: Draft, parties: Parties, merger: Merger, likely: _Likely, place: int) -> None:
    keys = parties.keys(place)
    found, by = parties.companies.find(keys)
    if found is None and draft.request.on_duplicate is not OnDuplicate.CREATE:
        found, by = likely.find(place), KEY
    if found is None or draft.request.on_duplicate is OnDuplicate.CREATE:
        ref = parties.make_company(place, keys)
        likely.add(place, ref)
        if parties.person[place]:
            parties.make_person(place, ref, contacts=False)
        draft.add_custom(place, "company", ref)
        draft.plan.targets[place] = ref
        return
    merger.meet(place, "company", found, by)


def _individual(draft: Draft, parties: Parties, merger: Merger, place: int) -> None:
    draft.plan.persons.add(place)
    for _field, value, _number in draft.custom_values(place):
        draft.problem(place, None, value, "import.custom_unused", fatal=False)
    found, by = parties.people.find(parties.person_keys(place))
    if found is None or draft.request.on_duplicate is OnDuplicate.CREATE:
        draft.plan.targets[place] = parties.make_person(place, None, contacts=True)
        return
    merger.meet(place, "person", found, by)


class Merger:
    """What a row adds to a client that is there already."""

    def __init__(self, draft: Draft, parties: Parties, likely: set[int]) -> None:
        self._draft, self._parties, self._likely = draft, parties, likely
        self._rows: dict[tuple[str, int], dict[str, Any]] = {}
        self._contacts: dict[str, dict[int, dict[str, set[str]]]] = {"company": {}, "person": {}}
        self._contacts_seen = 0
        self._own = OwnValues(draft, "company", ())
        if draft.request.on_duplicate in (OnDuplicate.FILL, OnDuplicate.UPDATE):
            self._read()

    def _read(self) -> None:
        parties, draft = self._parties, self._draft
        open_rows = draft.open_rows()
        companies = parties.known_companies([i for i in open_rows if parties.name[i]]) | self._likely
        people = set()
        for place in open_rows:
            if not parties.name[place] and parties.person[place]:
                ref, _by = parties.people.find(parties.person_keys(place))
                if ref is not None:
                    people.add(ref)
        for kind, ids in (("company", companies), ("person", people)):
            for row in draft.index.fetch(kind, "id", ids):
                self._rows[kind, row["id"]] = row
            self._contacts[kind] = contacts_of(draft, f"{kind}_id", ids)
        parties.read_staff(companies)
        self._own = OwnValues(draft, "company", companies)

    def meet(self, place: int, kind: str, ref: int, by: str) -> None:
        """A row that means a client that is there: left, filled or overwritten."""
        plan = self._draft.plan
        plan.targets[place] = ref
        plan.matched_by[place] = by
        if self._draft.request.on_duplicate is OnDuplicate.SKIP:
            plan.actions[place] = Action.DUPLICATE
            return
        changed = self._columns(place, kind, ref, by)
        changed |= self._contact_points(place, kind, ref)
        if kind == "company":
            changed |= self._staff(place, ref)
            changed |= self._own.merge(place, ref)
        plan.actions[place] = Action.UPDATE if changed else Action.DUPLICATE

    def _current(self, kind: str, ref: int, column: str) -> Any:
        if ref < 0:
            return self._draft.plan.made[kind].column(column)[-ref - 1]
        return self._rows[kind, ref].get(column)

    def _set(self, place: int, kind: str, ref: int, column: str, old: Any, new: Any) -> None:
        if ref < 0:
            made = self._draft.plan.made[kind]
            made.column(column)[-ref - 1] = new
            if column == "name":  # its keys were worked out of the row above
                made.column("name_key")[-ref - 1] = name_key(new)
                made.column("sort_key")[-ref - 1] = sort_key(new)
            self._draft.plan.changes_of_row.setdefault(place, []).append((column, old, new))
            return
        self._rows[kind, ref][column] = new
        self._draft.change(place, kind, ref, column, old, new)

    def _columns(self, place: int, kind: str, ref: int, by: str) -> bool:
        values, draft = self._draft.values, self._draft
        wanted: dict[str, Any] = {}
        for column in _TEXTS:
            if kind == "person" and column in ("legal_name", "size"):
                continue
            source = self._parties.person if (kind, column) == ("person", "name") else values.get(column)
            wanted[column] = source[place]
        if kind == "person":
            wanted["position"] = self._parties.position[place]
        for column, field in (("source_id", "source"), ("manager_id", "manager")):
            text = values.get(field)[place]
            if text and (draft.overwrite() or self._current(kind, ref, column) is None):
                wanted[column] = draft.named(field, text)
        if by in ("name", KEY):
            del wanted["name"]  # found by its name: "Acme" does not replace "Acme Ltd"
        changed = False
        for column, value in wanted.items():
            if value is None:
                continue
            old = self._current(kind, ref, column)
            if value == old or (old not in (None, "") and not draft.overwrite()):
                continue
            self._set(place, kind, ref, column, old, value)
            changed = True
        return changed

    def _contact_points(self, place: int, kind: str, ref: int) -> bool:
        """Phones and e-mails are added, never taken away; filling adds only where there is none."""
        known = self._contacts[kind].setdefault(ref, {}) if ref > 0 else self._made_contacts(kind, ref)
        changed = False
        had = {contact for contact, keys in known.items() if keys}
        for contact, value, key in self._parties.contacts(place):
            keys = known.setdefault(contact, set())
            if key in keys or (contact in had and not self._draft.overwrite()):
                continue
            owner = (ref, None) if kind == "company" else (None, ref)
            self._draft.batch("contact_point").add(*owner, contact, value, len(keys), key)
            self._draft.plan.changes_of_row.setdefault(place, []).append((contact, None, value))
            keys.add(key)
            changed = True
        if changed and kind == "company":
            self._parties.companies.add(ref, self._parties.keys(place))
        return changed

    def _made_contacts(self, kind: str, ref: int) -> dict[str, set[str]]:
        """The contact points of a client that this import makes; every one is looked at once."""
        batch = self._draft.batch("contact_point")
        first, self._contacts_seen = self._contacts_seen, len(batch)
        companies, people, kinds, _values, _places, keys = (column[first:] for column in batch.data)
        for company, person, contact, key in zip(companies, people, kinds, keys, strict=True):
            owner = self._contacts["company"] if person is None else self._contacts["person"]
            known = owner.setdefault(company if person is None else person, {})
            known.setdefault(contact, set()).add(key)
        return self._contacts[kind].setdefault(ref, {})

    def _staff(self, place: int, company: int) -> bool:
        name = self._parties.person[place]
        if not name or self._parties.employee(company, name) is not None:
            return False
        if not self._draft.overwrite() and company in self._parties.staffed:
            return False
        self._parties.make_person(place, company, contacts=False)
        self._draft.plan.changes_of_row.setdefault(place, []).append(("person", None, name))
        return True
