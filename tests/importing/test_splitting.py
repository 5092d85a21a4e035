"""Columns that hold two things are offered to be split; nothing is split by a guess."""

from __future__ import annotations

import pytest

from funneldesk.importing.fields import Kind
from funneldesk.importing.flow import ImportFlow
from funneldesk.importing.splitting import split_name


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Иванов Пётр Ильич", ("Иванов", "Пётр", "Ильич")), ("Пётр Ильич Щукин", ("Щукин", "Пётр", "Ильич")),
        ("Анна Петрова", ("Петрова", "Анна", "")), ("Kowalski Jan", ("Kowalski", "Jan", "")),
        ("Jan Nowakowski", ("Nowakowski", "Jan", "")), ("Lee, Ann", ("Lee", "Ann", "")),
        ("Ann Lee", None), ("Acme", None), ("Ян Ли Сун", None),
    ],
)  # fmt: skip
def test_a_full_name_is_parted_only_when_its_order_is_sure(text: str, parts: tuple[str, ...] | None) -> None:
    assert split_name(text) == parts


def flow_of(kind: Kind, *rows: str) -> ImportFlow:
    flow = ImportFlow()
    flow.open_text("\n".join(rows))
    flow.set_kind(kind)
    return flow


@pytest.mark.parametrize(
    ("cells", "companies", "people"),
    [
        (["ООО Ёлка, Пётр Щукин", "АО Сосна, Анна Ильина", "ИП Жук"], ["ООО Ёлка", "АО Сосна", "ИП Жук"],
         ["Пётр Щукин", "Анна Ильина", None]),
        (["Żółć sp. z o.o. / Jan Dąb", "Ćma s.c. / Ewa Ość"],
         ["Żółć sp. z o.o.", "Ćma s.c."], ["Jan Dąb", "Ewa Ość"]),
        (["Ann Lee (Acme Ltd)", "Bob Stone (Delta Inc)"],
         ["Acme Ltd", "Delta Inc"], ["Ann Lee", "Bob Stone"]),
    ],
)  # fmt: skip
def test_company_and_contact_of_one_column_are_offered_and_parted(
    cells: list[str], companies: list[str], people: list[str | None]
) -> None:
    flow = flow_of(Kind.CLIENTS, "Client\tCity", *(f"{cell}\tx" for cell in cells))
    (split,) = flow.splits()
    assert split.what == "company_person"
    flow.split(split)
    assert [m.used for m in flow.maps] == [None, "city", *split.fields]
    assert flow.table is not None
    found = dict(zip(split.fields, flow.table.columns[2:], strict=True))
    assert (found["name"], found["person"]) == (companies, people)


def test_plain_companies_are_not_offered() -> None:
    assert flow_of(Kind.CLIENTS, "Company\tCity", "Acme, Inc.\tx", "Brown, Lee & Sons\ty").splits() == []


def test_a_split_full_name_keeps_the_whole_where_it_is_not_sure() -> None:
    rows = ["Иванов Пётр Ильич", "Анна Петрова", "Щукин Олег", "Ильина Вера Павловна", "Ян Ли"]
    flow = flow_of(Kind.CLIENTS, "Компания\tКонтактное лицо", *(f"К{n}\t{row}" for n, row in enumerate(rows)))
    (split,) = flow.splits()
    flow.split(split)
    assert [m.used for m in flow.maps] == ["name", "person", "last_name", "first_name", "middle_name"]
    assert flow.table is not None
    assert flow.table.columns[2] == ["Иванов", "Петрова", "Щукин", "Ильина", None]
