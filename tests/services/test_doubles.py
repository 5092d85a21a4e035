"""Doubles: what the finder joins and leaves, merging that keeps every link, undo to the same content."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.change import Change
from funneldesk.domain.doubles import Group
from funneldesk.domain.fields import FieldType
from funneldesk.errors import Cancelled, UserError
from funneldesk.services import (
    activities,
    bases,
    cards,
    clients,
    deals,
    doubles,
    fields,
    history,
    leads,
    team,
)
from funneldesk.services.activities import About
from funneldesk.services.deals import NewDeal
from funneldesk.services.doubles import Merge
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.queries.doubles import links_to
from tests.services.conftest import content

BothWays = Callable[[Callable[[], Change]], Change]


def company(db: Database, name: str, city: str = "", **known: Any) -> int:
    contacts = [(kind, known.pop(kind)) for kind in ("phone", "email") if kind in known]
    made = clients.create_company(db, name=name, city=city or None, contacts=contacts, **known)
    return made.new_id("company")


def person(db: Database, name: str, company_id: int | None = None, **known: Any) -> int:
    contacts = [(kind, known.pop(kind)) for kind in ("phone", "email") if kind in known]
    made = clients.create_person(db, name=name, company_id=company_id, contacts=contacts, **known)
    return made.new_id("person")


def found(db: Database) -> list[tuple[str, tuple[int, ...], tuple[str, ...]]]:
    return [(g.kind, g.ids, g.reasons) for g in doubles.find(db)]


def test_the_finder_joins_what_is_the_same_and_says_why(db: Database) -> None:
    tax = [company(db, "Ромашка", tax_id="7701234567"), company(db, "ООО Цветы", tax_id="770-123-45-67")]
    phone = [
        company(db, "Vector", phone="+7 912 345-67-89"),
        company(db, "Vektor Trade", phone="89123456789"),
    ]
    name = [company(db, "ООО «Гранит»", "Пермь"), company(db, "Гранит, АО", "Пермь")]
    like = [company(db, "Gdańska Stocznia", "Gdańsk"), company(db, "Gdanska Stoczna", "Gdańsk")]
    people = [
        person(db, "Иван Петров", phone="8 912 000 11 22"),
        person(db, "Петров Иван Сергеевич", phone="+7 912 000-11-22"),
    ]
    assert found(db) == [
        ("company", tuple(tax), ("tax_id",)),
        ("company", tuple(phone), ("phone",)),
        ("company", tuple(name), ("name",)),
        ("company", tuple(like), ("name_like",)),
        ("person", tuple(people), ("phone", "name_like")),
    ]


def test_the_finder_leaves_what_only_looks_alike(db: Database) -> None:
    company(db, "Гранит", "Пермь", tax_id="7701111111", phone="111222333")
    company(db, "Гранит", "Пермь", tax_id="7702222222", phone="111222333")  # another tax number
    company(db, "Store 12", "Paris")
    company(db, "Store 13", "Paris")  # another number in the name
    company(db, "Альфа", "Омск")
    company(db, "Альфа", "Тула")  # another city
    firm = company(db, "Delta")
    person(db, "Anna Nowak", firm, phone="555 666 777")
    person(db, "Piotr Zieliński", firm, phone="555 666 777")  # colleagues share a phone
    person(db, "Jan Kowalski")
    person(db, "Jan Kowalski")  # a common name says nothing by itself
    assert found(db) == []


def test_groups_never_join_over_a_contradiction(db: Database) -> None:
    one = company(db, "Вектор", tax_id="7701111111", phone="111 222 333")
    between = company(db, "Вектор", phone="111 222 333")
    company(db, "Вектор", tax_id="7702222222", phone="111 222 333")
    assert [ids for _kind, ids, _why in found(db)] == [(one, between)]


def test_what_was_said_to_be_two_is_not_shown_again(db: Database, both_ways: BothWays) -> None:
    pair = [company(db, "Omega", "Oslo"), company(db, "Omega", "Oslo")]
    both_ways(lambda: doubles.dismiss(db, "company", pair))
    assert found(db) == []
    history.undo(db)
    assert len(found(db)) == 1


def test_typing_warns_of_tax_numbers_in_any_form_and_of_names_written_otherwise(db: Database) -> None:
    known = company(db, "Łódź Meble", "Łódź", tax_id="PL 725-000-11-22")
    lead = leads.create(db, title="Site", company_name="Nordwind", phone="111 222 333").new_id("lead")

    def shown(**typed: object) -> list[tuple[str, int, str]]:
        return [(d.kind, d.id, d.why) for d in doubles.similar(db, **typed)]  # type: ignore[arg-type]

    assert shown(tax_id="7250001122") == [("company", known, "tax_id")]
    assert shown(name="Lodz Mebel", city="Łódź") == [("company", known, "name_like")]
    assert shown(name="Lodz Mebel", city="Kraków") == []
    assert shown(contacts=[("phone", "111222333")]) == []
    assert shown(contacts=[("phone", "111222333")], leads=True) == [("lead", lead, "phone")]


def links_of(db: Database, kind: str, ids: tuple[int, ...]) -> dict[str, int]:
    """Whatever refers to clients, by the foreign keys of the tables themselves."""
    counts = {}
    with db.read() as conn:
        for linked, column in links_to(kind):
            c = t.table_of(linked).c[column]
            query = sa.select(sa.func.count()).select_from(t.table_of(linked)).where(c.in_(ids))
            counts[f"{linked}.{column}"] = conn.scalar(query) or 0
    return counts


def test_a_merge_keeps_every_link_and_is_taken_back(db: Database, both_ways: BothWays) -> None:
    team.add_source(db, "Fair")
    region = fields.add(db, "company", "Area", FieldType.TEXT).new_id("custom_field")
    one = company(db, "Omega", "Oslo", phone="111 222 333", comment="first")
    two = company(db, "Omega AS", "Oslo", phone="111222333", email="o@o.example", comment="second")
    fields.set_value(db, region, "company", two, "North")
    eva = person(db, "Eva", two)
    deal = deals.create(db, NewDeal("Deal", company_id=two), funnel_id=1).new_id("deal")
    activities.log(db, ActivityKind.CALL, About(company_id=two, deal_id=deal), text="called")
    lead = leads.create(db, title="L", company_id=two).new_id("lead")
    before = links_of(db, "company", (one, two))
    both_ways(lambda: doubles.merge(db, [Merge("company", one, (two,))]))
    after = links_of(db, "company", (one,))
    assert before["contact_point.company_id"] == 3
    assert after == {**before, "contact_point.company_id": 2}  # the same phone is kept once
    shown = cards.client(db, "company", one, 20)
    assert shown is not None
    card = shown[0]
    assert [d.id for d in card.deals] == [deal]
    assert [p.id for p in card.people] == [eva]
    assert card.fields[0].value == "North"
    assert card.record.comment == "first\nsecond"
    assert any(item.values.get("text") == "called" for item in shown[1])
    assert cards.client(db, "company", two, 5) is None
    assert cards.lead(db, lead)[1].company_id == one  # type: ignore[union-attr]


def test_chosen_values_stay_and_several_groups_are_one_change(db: Database, both_ways: BothWays) -> None:
    pairs = [(company(db, f"Omega {n}", "Oslo"), company(db, f"Omega {n}", "Oslo")) for n in range(3)]
    groups = [Group("company", pair, ("name",)) for pair in pairs]
    both_ways(lambda: doubles.merge_groups(db, groups))
    assert found(db) == []
    history.undo(db)
    assert len(found(db)) == 3
    chosen = {"name": "Omega AS", "city": "Bergen"}
    doubles.merge(db, [Merge("company", pairs[0][1], (pairs[0][0],), chosen)])
    shown = cards.client(db, "company", pairs[0][1], 1)
    assert shown is not None
    assert (shown[0].record.name, shown[0].record.city) == ("Omega AS", "Bergen")
    with pytest.raises(UserError, match=r"merge\.too_few"):
        doubles.merge(db, [Merge("company", pairs[0][1], (pairs[0][1],))])


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), size=st.integers(2, 4), kind=st.sampled_from(["company", "person"]))
def test_whatever_hangs_on_doubles_hangs_on_the_one_that_stays(
    tmp_path_factory: pytest.TempPathFactory, seed: int, size: int, kind: str
) -> None:
    rng = random.Random(seed)
    place = tmp_path_factory.mktemp("merge") / "base.funneldesk"
    with bases.new_base(place, template="simple", language="en", currency="EUR", zone="UTC") as db:
        make = company if kind == "company" else person
        ids = tuple(make(db, f"Omega {rng.choice('AB')}", phone=f"11122233{n}") for n in range(size))
        own = [fields.add(db, kind, f"F{n}").new_id("custom_field") for n in range(2)]
        for _turn in range(8):
            owner = rng.choice(ids)
            link: dict[str, Any] = {f"{kind}_id": owner}
            what = rng.randrange(5)
            if what == 0:
                deals.create(db, NewDeal("D", **link), funnel_id=1)
            elif what == 1:
                activities.plan(db, ActivityKind.TASK, About(**link), due_at=10**15)
            elif what == 2:
                leads.create(db, title="L", **link)
            elif what == 3:
                fields.set_value(db, rng.choice(own), kind, owner, rng.choice(["x", "y"]))
            elif kind == "company":
                person(db, "Eva", owner)
        before, start = links_of(db, kind, ids), content(db)
        keep = rng.choice(ids)
        doubles.merge(db, [Merge(kind, keep, tuple(i for i in ids if i != keep))])
        assert links_of(db, kind, (keep,)) == before
        assert links_of(db, kind, ids) == before
        history.undo(db)
        assert content(db) == start
        history.redo(db)
        assert links_of(db, kind, (keep,)) == before


def test_planted_doubles_are_found_among_thousands(tmp_path: Path) -> None:
    from tests.benchmarks.client_base import make_base

    rng = random.Random(7)
    with make_base(tmp_path / "many.funneldesk", 6_000) as db:
        planted = []
        for n in range(60):
            name = "".join(rng.choice("bcdfgklmnprst") + rng.choice("aeiou") for _i in range(6)).title()
            typo = name[:5] + rng.choice("xz") + name[6:]
            phone = f"+48 7{rng.randrange(10**8):08}"
            first = company(db, f"{name} Sp. z o.o.", "Kraków", phone=phone)
            if n % 3 == 2:
                second = company(db, f"Renamed {n} Firm", phone=phone.replace(" ", ""))
            else:
                second = company(db, typo if n % 3 else f"{name.upper()} SA", "Kraków")
            planted.append({first, second})
        groups = [set(group.ids) for group in doubles.find(db) if group.kind == "company"]
        hit = sum(any(pair <= group for group in groups) for pair in planted)
        assert hit >= 58
        ids = {i for pair in planted for i in pair}
        assert [group for group in groups if not group & ids] == []


def test_the_search_for_doubles_stops_when_asked(db: Database) -> None:
    with pytest.raises(Cancelled):
        doubles.find(db, cancelled=lambda: True)
    seen: list[int] = []
    doubles.find(db, lambda done, _total: seen.append(done))
    assert seen == sorted(seen)
    assert seen[-1] > 1000
