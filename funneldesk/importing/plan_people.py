"""Rows of people -> contacts of companies (made when the base has none of that name) and individuals."""

from __future__ import annotations

from typing import Any

from funneldesk.domain.folding import name_key, sort_key
from funneldesk.domain.matching import RowKeys, row_keys
from funneldesk.importing.draft import Draft
from funneldesk.importing.fields import OnDuplicate
from funneldesk.importing.links import Links
from funneldesk.importing.matching import Matcher
from funneldesk.importing.parties import Parties, contacts_of, person_names
from funneldesk.importing.plan import Action

_TEXTS = ("external_id", "name", "first_name", "last_name", "position", "comment")


def plan_people(draft: Draft) -> None:
    """Plan every row; a person is known by number in the other program, e-mail, phone, or name and firm."""
    _People(draft).plan()


class _People:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._parties = Parties(draft, "client")
        self._names = person_names(draft, "name")
        self._matcher = Matcher(draft.index.people, draft.request.keys)
        self._links = Links(draft)
        self._merge = draft.request.on_duplicate in (OnDuplicate.FILL, OnDuplicate.UPDATE)
        self._rows: dict[int, dict[str, Any]] = {}
        self._contacts: dict[int, dict[str, set[str]]] = {}

    def plan(self) -> None:
        draft, parties = self._draft, self._parties
        rows = [place for place in draft.open_rows() if self._reach(place)]
        parties.read_staff(parties.known_companies([i for i in rows if parties.name[i]]))
        if self._merge:
            found = {ref for place in rows if (ref := self._find(place, None)[0]) is not None and ref > 0}
            found |= {ref for ref in parties.staff() if ref > 0}
            self._rows = {row["id"]: row for row in draft.index.fetch("person", "id", found)}
            self._contacts = contacts_of(draft, "person_id", found)
        for place in draft.open_rows():
            if not self._reach(place):
                draft.reject(place, "name", None, "import.no_name")
                continue
            self._row(place)

    def _reach(self, place: int) -> str | None:
        """What a person is called: the name, else an e-mail or a phone."""
        values = self._draft.values
        reach = (*(values.get("email")[place] or ()), *(values.get("phone")[place] or ()))
        return self._names[place] or next(iter(reach), None)

    def _keys(self, place: int, company: bool) -> RowKeys:
        values = self._draft.values
        # A name alone is enough only for somebody without a company.
        name = None if company else self._names[place]
        return row_keys(
            values.get("external_id")[place],
            None,
            values.get("email")[place],
            values.get("phone")[place],
            name,
        )

    def _find(self, place: int, company: int | None) -> tuple[int | None, str]:
        found, by = self._matcher.find(self._keys(place, bool(self._parties.name[place])))
        if found is None and company and self._names[place]:
            found, by = self._parties.employee(company, self._names[place]), "name"
        return found, by

    def _row(self, place: int) -> None:
        draft, parties = self._draft, self._parties
        company, goes_on = self._links.firm(place)
        if not goes_on:
            return
        if company is None and parties.name[place]:
            company, _by = parties.companies.find(row_keys(None, None, None, None, parties.name[place]))
        found, by = self._find(place, company)
        if found is not None and draft.request.on_duplicate is not OnDuplicate.CREATE:
            draft.plan.targets[place], draft.plan.matched_by[place] = found, by
            changed = self._merge and found > 0 and self._change(place, found)
            draft.plan.actions[place] = Action.UPDATE if changed else Action.DUPLICATE
            return
        if parties.name[place] and company is None:
            keys = row_keys(None, None, None, None, parties.name[place])
            company = parties.make_company(place, keys, contacts=False)
        draft.plan.targets[place] = self._make(place, company)

    def _make(self, place: int, company: int | None) -> int:
        draft, values = self._draft, self._draft.values
        name, now = self._reach(place) or "", draft.request.now
        ref = draft.batch("person").add(
            values.get("external_id")[place], company, name, values.get("first_name")[place],
            values.get("last_name")[place], values.get("position")[place],
            "employee" if company else "individual", None, None, None, None, None, None, None,
            draft.named("manager", values.get("manager")[place]), values.get("comment")[place], now, now,
            name_key(name), sort_key(name),
        )  # fmt: skip
        self._parties.add_contacts(place, person=ref)
        self._matcher.add(ref, self._keys(place, company is not None))
        if company:
            self._parties.hire(company, name, ref)
        return ref

    def _change(self, place: int, ref: int) -> bool:
        draft, row = self._draft, self._rows.get(ref)
        if row is None:
            return False
        wanted: dict[str, Any] = {column: draft.values.get(column)[place] for column in _TEXTS}
        wanted["name"] = self._names[place]
        manager = draft.values.get("manager")[place]
        if manager and (draft.overwrite() or row["manager_id"] is None):
            wanted["manager_id"] = draft.named("manager", manager)
        changed = False
        for column, value in wanted.items():
            if value is None or value == row[column] or (row[column] and not draft.overwrite()):
                continue
            draft.change(place, "person", ref, column, row[column], value)
            row[column] = value
            changed = True
        return self._reachable(place, ref) or changed

    def _reachable(self, place: int, ref: int) -> bool:
        """Phones and e-mails are added, never taken away; filling adds only where there is none."""
        known = self._contacts.setdefault(ref, {})
        had = {kind for kind, keys in known.items() if keys}
        changed = False
        for kind, value, key in self._parties.contacts(place):
            keys = known.setdefault(kind, set())
            if key in keys or (kind in had and not self._draft.overwrite()):
                continue
            self._draft.batch("contact_point").add(None, ref, kind, value, len(keys), key)
            self._draft.plan.changes_of_row.setdefault(place, []).append((kind, None, value))
            keys.add(key)
            changed = True
        return changed
