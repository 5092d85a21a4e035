"""A base of any number of clients with names in three languages, for timing and for looking."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from funneldesk.domain import clock
from funneldesk.domain.change import Label
from funneldesk.domain.folding import name_key, sort_key
from funneldesk.domain.team import Manager, Source
from funneldesk.store import tables as t
from funneldesk.store.database import Database, create_database
from funneldesk.store.derive import contact_key
from funneldesk.store.transaction import Transaction

WORDS = (
    "Ромашка", "Северный ветер", "Технолайн", "Ёлка", "Промснаб", "Альтаир", "Вектор", "Гранит-Сервис",
    "Йогурт", "Łódź Meble", "Żółw", "Świt", "Gdańska Stocznia", "Kraków Trans", "Zakład Usługowy",
    "Piekarnia Zdrój",
    "Delta", "Blue Ridge", "Northwind", "Harbor & Sons", "Acme Tools", "Fairview",
    "Müller Maschinenbau", "Ægir",
)  # fmt: skip
FORMS = ("ООО «{}»", "АО {}", "{} Sp. z o.o.", "{} S.A.", "{} Ltd", "{} GmbH", "ЗАО «{}»", "{}")
FIRST = ("Иван", "Пётр", "Анна", "Łukasz", "Małgorzata", "Zofia", "John", "Emily", "Сергей", "Ольга")
LAST = ("Иванов", "Кузнецова", "Щербакова", "Wiśniewski", "Dąbrowska", "Żak", "Smith", "O'Neill", "Ёжиков")
CITIES = ("Москва", "Санкт-Петербург", "Kraków", "Łódź", "Berlin", "London", "Екатеринбург", "Gdańsk")
PHONES = ("+7 (9{0:02}) {1:03}-{2:02}-{3:02}", "8 9{0:02} {1:03} {2:02} {3:02}", "+48 5{0:02} {1:03} 4{2:02}",
          "+49 30 {0:02}{1:03}{2:02}", "89{0:02}{1:03}{2:02}{3:02}")  # fmt: skip


def make_base(path: Path, clients: int, seed: int = 1) -> Database:
    """A new base at `path`: `clients` companies and people, half each, with a phone and an e-mail."""
    db = create_database(path, currency="RUB", zone="Europe/Moscow", language="ru")
    with db.transaction(Label("sample.made")) as tx:
        for name in ("Анна Орлова", "Игорь Петров", "Katarzyna Nowak"):
            tx.insert(Manager(name=name))
        for name in ("Выставка", "Сайт", "Рекомендация"):
            tx.insert(Source(name=name))
        fill(tx, clients, random.Random(seed))
    return db


def fill(tx: Transaction, clients: int, rng: random.Random) -> None:
    """Put the clients."""
    columns = {k: [c for c in t.COLUMNS[k] if c != "version"] for k in ("company", "person", "contact_point")}
    count = clients // 2
    companies, people, points = [], [], []
    first_company, first_person = tx.reserve("company", count), tx.reserve("person", clients - count)
    at = clock.now() - 400 * clock.DAY
    for n in range(count):
        name = f"{rng.choice(FORMS).format(rng.choice(WORDS))} {n}"
        values = _client(first_company + n, name, at + n * clock.SECOND * 60, rng)
        values.update(tax_id=str(7700000000 + n * 7), roles="client", legal_name=None)
        companies.append([values.get(c) for c in columns["company"]])
    for n in range(clients - count):
        name = f"{rng.choice(FIRST)} {rng.choice(LAST)} {n}"
        values = _client(first_person + n, name, at + n * clock.SECOND * 60, rng)
        values.update(company_id=first_company + rng.randrange(count), kind="employee", position="менеджер")
        people.append([values.get(c) for c in columns["person"]])
    first_point = tx.reserve("contact_point", clients * 2)
    for n in range(clients):
        owner: dict[str, Any] = (
            {"company_id": first_company + n} if n < count else {"person_id": first_person + n - count}
        )
        number = rng.choice(PHONES).format(
            rng.randrange(100), rng.randrange(1000), rng.randrange(100), rng.randrange(100)
        )
        for place, (kind, value) in enumerate(
            (("phone", number), ("email", f"info{n}@firma-{n % 977}.example"))
        ):
            row = {**owner, "id": first_point + n * 2 + place, "kind": kind, "value": value}
            row |= {"position": place, "key": contact_key(kind, value)}
            points.append([row.get(c) for c in columns["contact_point"]])
    tx.bulk_insert("company", columns["company"], companies)
    tx.bulk_insert("person", columns["person"], people)
    tx.bulk_insert("contact_point", columns["contact_point"], points)


def _client(record_id: int, name: str, at: int, rng: random.Random) -> dict[str, Any]:
    return {
        "id": record_id,
        "name": name,
        "city": rng.choice(CITIES),
        "manager_id": rng.choice((1, 2, 3, None)),
        "source_id": rng.choice((1, 2, 3, None)),
        "created_at": at,
        "updated_at": at,
        "name_key": name_key(name),
        "sort_key": sort_key(name),
    }
