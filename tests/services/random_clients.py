"""Random work on clients, leads, doubles, files, own fields, views and the lists."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from funneldesk.domain.client import Company, Person
from funneldesk.domain.deal import Deal
from funneldesk.domain.doubles import Group
from funneldesk.domain.fields import CustomField, FieldType, SavedView
from funneldesk.domain.files import AttachedFile
from funneldesk.domain.funnel import Funnel
from funneldesk.domain.lead import Lead
from funneldesk.domain.portfolio import Wish
from funneldesk.domain.questions import LeadQuestion, QuestionKind
from funneldesk.domain.team import LossReason, Manager, Product, Source
from funneldesk.services import (
    bulk,
    calculated,
    clients,
    doubles,
    field_types,
    fields,
    files,
    leads,
    list_entries,
    loss_reasons,
    portfolio,
    questionnaire,
    team,
    views,
)
from funneldesk.services.doubles import Merge
from tests.services.random_kit import NAMES, PICK, Work

CONTACTS = st.lists(
    st.sampled_from([("phone", "+48 22 000 11 22"), ("email", "A@b.example"), ("website", "b.example")]),
    max_size=3,
)
KINDS: dict[str, type[Any]] = {"company": Company, "person": Person, "lead": Lead, "deal": Deal}
KIND = st.sampled_from(list(KINDS))
VALUES = ["12", "1,5", "2026-03-01", "yes", "red", "red; blue", "words"]


class ClientWork(Work):
    """What is done with clients and the small lists."""

    def refs(self, kind: str, pick: int) -> list[tuple[str, int]]:
        return [(kind, found) for found in self.some(KINDS[kind], pick)]

    @rule(name=NAMES, contacts=CONTACTS, pick=PICK)
    def new_company(self, name: str, contacts: list[tuple[str, str]], pick: int) -> None:
        manager = self.one(Manager, pick)
        self.do(clients.create_company, name=name, contacts=contacts, manager_id=manager)

    @rule(name=NAMES, contacts=CONTACTS, pick=PICK)
    def new_person(self, name: str, contacts: list[tuple[str, str]], pick: int) -> None:
        company = self.one(Company, pick) if pick % 2 else None
        self.do(clients.create_person, name=name, contacts=contacts, company_id=company)

    @rule(name=NAMES, contacts=st.none() | CONTACTS, pick=PICK)
    def change_client(self, name: str, contacts: list[tuple[str, str]] | None, pick: int) -> None:
        kind = ("company", "person")[pick % 2]
        found = self.one(KINDS[kind], pick)
        if found is not None:
            self.do(clients.update, (kind, found), contacts=contacts, name=name, city="Łódź")

    @rule(pick=PICK)
    def give_or_remove_clients(self, pick: int) -> None:
        refs, manager = self.refs(("company", "person")[pick % 2], pick), self.one(Manager, pick)
        if refs and pick % 3 == 0:
            self.do(clients.delete, refs)
        elif refs and manager:
            self.do(clients.assign, refs, manager)

    @rule(pick=PICK)
    def merge_or_part_doubles(self, pick: int) -> None:
        kind = ("company", "person")[pick % 2]
        found = self.some(KINDS[kind], pick)
        if len(found) < 2:
            return
        if pick % 3 == 0:
            self.do(doubles.dismiss, kind, found)
        elif pick % 3 == 1:
            self.do(doubles.merge, [Merge(kind, found[0], tuple(found[1:]))])
        else:
            self.do(doubles.merge_groups, [Group(kind, tuple(found), ("name",))])

    @rule(name=NAMES, pick=PICK)
    def new_lead(self, name: str, pick: int) -> None:
        question = self.one(LeadQuestion, pick)
        said = {question: "1"} if question else None
        contacts = {"phone": "+48 22 000 11 22", "company_name": name} if pick % 2 else {}
        self.do(leads.create, title=name, answers=said, actor=self.actor(pick), **contacts)

    @rule(pick=PICK, name=NAMES)
    def work_on_a_lead(self, pick: int, name: str) -> None:
        found = self.one(Lead, pick)
        if found is None:
            return
        question, funnel = self.one(LeadQuestion, pick), self.one(Funnel, pick // 5)
        said = {question: "" if pick % 5 == 0 else "1"} if question else None
        if pick % 7 < 2:
            self.do(leads.update, found, title=name, answers=said)
        elif pick % 7 == 2:
            self.do(leads.qualify, found, actor=self.actor(pick))
        elif pick % 7 == 3:
            self.do(leads.drop, self.some(Lead, pick), "Silence")
        elif pick % 7 == 4:
            self.do(leads.reopen, found)
        elif pick % 7 == 5 and funnel:
            self.do(leads.convert, found, funnel_id=funnel, amount=pick, actor=self.actor(pick))
        elif pick % 2:
            self.do(leads.delete, self.some(Lead, pick))

    @rule(pick=PICK, name=NAMES, kind=st.sampled_from(list(QuestionKind)))
    def work_on_questions(self, pick: int, name: str, kind: QuestionKind) -> None:
        found = self.one(LeadQuestion, pick)
        options = [("red", pick % 9), ("blue", 2)]
        if found is None or pick % 4 == 0:
            self.do(questionnaire.put_question, name, kind, options=options)
        elif pick % 4 == 1:
            self.do(questionnaire.put_question, name, kind, question_id=found, points=3, options=options)
        elif pick % 4 == 2:
            self.do(questionnaire.move_question, found, -1 if pick % 8 > 3 else 1)
        else:
            self.do(questionnaire.remove_question, found)

    @rule(pick=PICK)
    def transfer(self, pick: int) -> None:
        to = tuple(self.some(Manager, pick, 2))
        giver = (self.one(Manager, pick // 3) or 0) if pick % 4 else 0
        if to:
            self.do(portfolio.transfer, Wish(from_id=giver, to_ids=to, only_without_deals=pick % 5 == 0))

    @rule(pick=PICK, kind=KIND, value=st.sampled_from(VALUES))
    def edit_many(self, pick: int, kind: str, value: str) -> None:
        refs, manager = self.refs(kind, pick), self.one(Manager, pick)
        if not refs:
            return
        if pick % 4 == 0:
            self.do(bulk.set_column, refs, "comment", value)
        elif pick % 4 == 1 and manager:
            self.do(bulk.assign, refs, manager)
        elif pick % 4 == 2:
            self.do(bulk.tag, refs, "Tags", add=[value], remove=[VALUES[pick % 5]])
        else:
            self.fill_in(refs, kind, pick, value)

    def fill_in(self, refs: list[tuple[str, int]], kind: str, pick: int, value: str) -> None:
        """Set an own field of one record, or of all."""
        own = [field.id for field in self.all(CustomField) if field.record_kind == kind]
        if not own:
            return
        field = own[pick % len(own)]
        if pick % 3:
            self.do(bulk.set_custom, refs, field, value)
        else:
            self.do(fields.set_value, field, kind, refs[0][1], value if pick % 5 else "")

    @rule(pick=PICK, kind=KIND, name=NAMES, type_=st.sampled_from(list(FieldType)))
    def work_on_fields(self, pick: int, kind: str, name: str, type_: FieldType) -> None:
        found = self.one(CustomField, pick)
        if found is None or pick % 7 < 2:
            self.new_field(kind, f"{name} {pick % 3}", type_)
        elif pick % 7 == 2:
            self.do(fields.rename, found, f"{name} {pick % 3}")
        elif pick % 7 == 3:
            self.do(fields.move, found, -1 if pick % 2 else 1)
        elif pick % 7 == 4:
            self.do(field_types.change, found, f"{name} {pick % 3}", type_)
        elif pick % 7 == 5:
            self.do(field_types.change, found, f"{name} {pick % 3}", type_, ["red", "blue"])
        elif pick % 2:
            self.do(fields.delete, found)
        else:
            formulas = [f.id for f in self.all(CustomField) if f.type == FieldType.CALCULATED]
            if formulas:
                self.do(calculated.change, formulas[0], f"[Amount] / {pick}", {"amount": "Amount"})

    def new_field(self, kind: str, name: str, type_: FieldType) -> None:
        if type_ is FieldType.CALCULATED:
            self.do(calculated.add, "deal", name, "[Amount] * 2", {"amount": "Amount"})
        else:
            self.do(fields.add, kind, name, type_, options=["red", "blue"])

    @rule(pick=PICK, name=NAMES)
    def work_on_views(self, pick: int, name: str) -> None:
        found = self.one(SavedView, pick)
        if found is None or pick % 4 == 0:
            self.do(views.save, ("deals", "clients")[pick % 2], f"{name} {pick % 3}", {"sort": pick})
        elif pick % 4 == 1:
            self.do(views.rename, found, name)
        elif pick % 8 == 2:
            self.do(views.arrange, "deals", [(name, {"sort": pick}), ("All", {})])
        elif pick % 4 == 2:
            self.do(views.move, found, -1 if pick % 8 > 3 else 1)
        else:
            self.do(views.delete, found)

    @rule(pick=PICK, kind=KIND, data=st.binary(max_size=40))
    def work_on_files(self, pick: int, kind: str, data: bytes) -> None:
        record, known = self.one(KINDS[kind], pick), self.one(AttachedFile, pick)
        if known is not None and pick % 3 == 0:
            self.do(files.remove, known)
        elif record is not None and pick % 3 == 1:
            self.do(files.link, kind, record, "https://b.example/a.pdf")
        elif record is not None:
            path = self.folder / "offer.txt"
            path.write_bytes(data)
            self.do(files.attach, kind, record, [path, path][: 1 + pick % 2])

    @rule(name=NAMES, pick=PICK)
    def work_on_team(self, name: str, pick: int) -> None:
        first, second = self.one(Manager, pick), self.one(Manager, pick // 3)
        if pick % 3 == 0 or first is None or second is None:
            self.do(team.add_manager, f"{name} {pick % 5}")
        elif pick % 3 == 1:
            self.do(list_entries.merge, Manager, first, second)
        else:
            self.do(team.set_active, first, pick % 2 == 0)

    @rule(name=NAMES, pick=PICK)
    def work_on_lists(self, name: str, pick: int) -> None:
        fresh = f"{name} {pick % 5}"
        classes: tuple[type[Any], ...] = (Manager, Source, Product, LossReason)
        entries = self.all(classes[pick % 4])
        product, reason = self.one(Product, pick), self.one(LossReason, pick)
        cls = classes[pick // 9 % 4]
        one, other = self.one(cls, pick), self.one(cls, pick // 3)
        if pick % 9 == 0:
            self.do(team.add_source, fresh)
        elif pick % 9 == 1:
            self.do(team.add_sources, [fresh, "Fair"])
        elif pick % 9 == 2:
            self.do(team.add_product, fresh, price=pick, cost=pick // 2, currency="EUR")
        elif pick % 9 == 3 and product:
            self.do(team.update_product, product, name=fresh, price=pick)
        elif pick % 9 == 4:
            self.do(team.add_loss_reason, fresh)
        elif pick % 9 == 5 and reason:
            self.do(loss_reasons.update, reason, name=fresh, competitor=pick % 2 == 0)
        elif pick % 9 == 6:
            self.do(loss_reasons.add, fresh, self.one(Funnel, pick))
        elif pick % 9 == 7 and one and other:
            self.do(list_entries.merge, cls, one, other)
        elif pick % 9 == 8 and one and pick % 2:
            self.do(list_entries.remove, cls, one)
        elif entries:
            self.do(team.rename, entries[pick % len(entries)], fresh)
