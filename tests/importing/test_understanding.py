"""Headers found, columns mapped, cells read."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneldesk.domain.clock import from_micros
from funneldesk.importing import amounts, dates
from funneldesk.importing.dates import Ambiguous, Order
from funneldesk.importing.draft import read_outcome
from funneldesk.importing.evidence import is_tax_number
from funneldesk.importing.fields import FIELDS, Kind, Role
from funneldesk.importing.header import find_header
from funneldesk.importing.mapping import understand
from funneldesk.importing.parsing import Bad, parse
from funneldesk.importing.rows import _TOTALS
from funneldesk.importing.staging import Row
from funneldesk.importing.synonyms import headers

WARSAW = ZoneInfo("Europe/Warsaw")


def used(kind: Kind, heads: list[str], *columns: list[Any]) -> list[str | None]:
    cells = list(columns) or [[] for _ in heads]
    return [m.used for m in understand(kind, heads, cells)]


def test_the_worked_example_maps_by_itself() -> None:
    deals = used(
        Kind.DEALS, ["deal_id", "created_at", "manager", "amount"],
        ["G01", "G02"], ["2025-01-02T09:00:00Z"] * 2, ["Anna", "Boris"], ["1000", "500"],
    )  # fmt: skip
    assert deals == ["external_id", "created_at", "manager", "amount"]
    moves = used(
        Kind.HISTORY, ["deal_id", "seq", "at", "from_stage", "to_stage", "actor"],
        ["G01", "G01"], ["0", "1"], ["2025-01-02T09:00:00Z"] * 2, [None, "S1"], ["S1", "S2"], ["Anna"] * 2,
    )  # fmt: skip
    assert moves == ["deal", "seq", "at", None, "to_stage", "actor"]


@pytest.mark.parametrize(
    ("kind", "heads", "fields"),
    [
        (Kind.CLIENTS, "Company name|Phone Number|City|State/Region|Industry|Number of Employees|Website URL|Birthday",  # noqa: E501
         "name phone city region category size website -"),
        (Kind.CLIENTS, "Наименование|Полное наименование|ИНН|КПП|Контактное лицо|Юридический адрес|Телефон|Эл. почта",  # noqa: E501
         "name legal_name tax_id - person address phone email"),
        (Kind.CLIENTS, "Nazwa firmy|NIP|Miejscowość|Osoba kontaktowa|Telefon komórkowy|E-mail|Opiekun|Źródło|Uwagi",  # noqa: E501
         "name tax_id city person phone email manager source comment"),
        (Kind.CLIENTS, "First Name|Last Name|Company|Job Title|Business Phone|Mobile Phone|E-mail Address|Home",  # noqa: E501
         "first_name last_name name position phone phone email -"),
        (Kind.CLIENTS, "Имя|Компания|Моб. тел.|Город", "first_name name phone city"),
        (Kind.DEALS, "Название сделки|Стадия сделки|Сумма, руб.|Компания|Ответственный|Дата создания|Дата изменения",  # noqa: E501
         "title stage amount client manager created_at -"),
        (Kind.DEALS, "Deal - Title|Deal - Value|Deal - Currency of Value|Deal - Organization|Deal - Stage|Deal - Owner",  # noqa: E501
         "title amount currency client stage manager"),
        (Kind.DEALS, "Nazwa szansy|Etap|Kwota netto|Waluta|Handlowiec|Data utworzenia|Powód przegranej",
         "title stage amount currency manager created_at lost_reason"),
        (Kind.DEALS, "Предполагаемая дата закрытия|Дата закрытия|Причина отказа", "expected_close closed_at lost_reason"),  # noqa: E501
        (Kind.ACTIVITIES, "Тип|Дата и время|Клиент|Результат", "kind at client result"),
        (Kind.LEADS, "Lead Status|Company|Phone|Lead Source", "status client phone source"),
    ],
)  # fmt: skip
def test_headers_of_three_languages_and_other_programs_map_by_themselves(
    kind: Kind, heads: str, fields: str
) -> None:
    assert used(kind, heads.split("|")) == [None if f == "-" else f for f in fields.split()]


def test_cells_that_look_like_something_else_make_a_doubt_not_a_map() -> None:
    found = understand(Kind.CLIENTS, ["Name", "Phone"], [["Acme"] * 9, ["a@b.com", "c@d.org"] * 5])[1]
    assert (found.used, found.doubt is not None) == (None, True) or found.used == "email"
    state = understand(Kind.DEALS, ["Amount"], [["yes", "no", "maybe"] * 3])[0]
    assert state.used is None
    assert (state.field, state.doubt) == ("amount", "cells")


def test_columns_without_telling_headers_are_known_by_their_cells() -> None:
    cells = [["Acme", "Umbrella"], ["a@b.com", "c@d.org"], ["+48 600 100 200", "+48 600 100 201"]]
    assert used(Kind.CLIENTS, ["Name", "col2", "col3"], *cells) == ["name", "email", "phone"]


def test_a_first_name_of_two_words_beside_a_surname_stays_a_first_name() -> None:
    firsts, lasts = ["Anna Maria", "Jan Piotr", "Eva Lee"], ["Lark", "Nowak", "Stone"]
    mails = [f"{each.lower()}@firm.example" for each in lasts]
    heads = ["First Name", "Last Name", "Email"]
    assert used(Kind.PEOPLE, heads, firsts, lasts, mails) == ["first_name", "last_name", "email"]


def test_a_first_name_column_that_holds_whole_names_is_the_name() -> None:
    wholes = ["Anna Lark", "Jan Nowak", "Eva Stone", "Ola Dąb"]
    mails = [f"{each.split()[1].lower()}@firm.example" for each in wholes]
    assert used(Kind.PEOPLE, ["First Name", "Email"], wholes, mails) == ["name", "email"]


def test_given_maps_come_first_and_a_field_is_fed_once() -> None:
    maps = understand(Kind.CLIENTS, ["Company", "Firm", "X"], [[], [], []], given={1: "name", 2: None})
    assert [m.used for m in maps] == [None, "name", None]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_field_has_words_and_no_word_names_an_unknown_field(kind: Kind) -> None:
    assert set(headers(kind)) == {f.key for f in FIELDS[kind]}


@pytest.mark.parametrize("kind", list(Kind))
def test_no_plain_phrase_means_two_fields(kind: Kind) -> None:
    seen: dict[str, str] = {}
    for field, phrases in headers(kind).items():
        for mark, phrase in phrases:
            if mark == "~":
                continue
            assert seen.setdefault(phrase, field) == field, phrase


def test_the_header_is_found_under_title_rows() -> None:
    rows: list[Row] = [
        (1, ["Клиенты отдела продаж"]), (2, ["на 01.03.2026", None, None]), (4, ["Название", "ИНН", "Город"]),
        (5, ["Ёлка", "7707083893", "Тверь"]), (6, ["Сосна", "7707083893", "Омск"]),
    ]  # fmt: skip
    assert find_header(rows) == 4


def test_words_of_a_row_that_come_again_do_not_head_columns() -> None:
    rows: list[Row] = [
        (1, ["Company", "Newsletter", "Partner", "Invited"]),
        (2, ["Delta Ltd", "yes", "no", "yes"]),
        (3, ["Omega Ltd", "no", "no", "no"]),
    ]
    assert find_header(rows) == 1


def test_an_own_field_of_that_very_name_comes_before_a_word_for_another() -> None:
    heads, cells = ["Company", "Segment"], [["Delta", "Omega"], ["retail", "trade"]]
    assert [m.used for m in understand(Kind.CLIENTS, heads, cells)] == ["name", "category"]
    maps = understand(Kind.CLIENTS, heads, cells, custom=("Segment",))
    assert [m.used for m in maps] == ["name", "custom:Segment"]
    # but not before what a client is known by
    maps = understand(Kind.CLIENTS, ["Company", "E-mail"], [["Delta"], ["a@d.example"]], custom=("E-mail",))
    assert [m.used for m in maps] == ["name", "email"]


def test_the_number_of_a_contract_and_a_counter_are_no_number_of_the_client() -> None:
    heads = ["№", "Контрагент › Наименование", "Договор › Номер"]
    counter: list[Any] = [*map(float, range(1, 15)), "Итого", "Исполнитель: Кузнецова О. В."]
    firms = [f"ООО «Фирма {n}»" for n in range(14)]
    contracts = [f"{n:04d}-П" for n in range(14)]
    maps = understand(Kind.CLIENTS, heads, [counter, [*firms, None, None], [*contracts, None, None]])
    assert [m.used for m in maps] == [None, "name", None]
    assert maps[0].doubt == "cells"


def test_two_columns_that_may_be_one_field_say_so() -> None:
    heads, cells = ["Company", "ID", "Id"], [["A", "B"], ["x1", "x2"], ["y1", "y2"]]
    assert [m.doubt for m in understand(Kind.CLIENTS, heads, cells)] == [None, "rival", "rival"]


def test_data_without_a_header_has_none() -> None:
    rows: list[Row] = [(1, ["Acme", "a@b.com", 1500]), (2, ["Umbrella", "c@d.com", 2500])]
    assert find_header(rows) == 0


def moments(*cells: Any) -> list[str | None]:
    parsed = parse(list(cells), Role.MOMENT, zone=ZoneInfo("UTC"))
    return [None if v is None else from_micros(v).isoformat()[:16] for v in parsed.values]


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("2026-03-05", "2026-03-05T00:00"), ("2026-03-05T10:30:00Z", "2026-03-05T10:30"),
        ("2026-03-05 10:30:00+02:00", "2026-03-05T08:30"), ("05.03.2026", "2026-03-05T00:00"),
        ("5.3.2026 9:05", "2026-03-05T09:05"), ("25/03/2026", "2026-03-25T00:00"),
        ("03/25/2026 2:30 PM", "2026-03-25T14:30"), ("2026/03/05", "2026-03-05T00:00"),
        ("5 марта 2026 г.", "2026-03-05T00:00"), ("5 marca 2026", "2026-03-05T00:00"),
        ("Mar 5, 2026", "2026-03-05T00:00"), ("5 października 2026", "2026-10-05T00:00"),
        (46086, "2026-03-05T00:00"), (46086.5, "2026-03-05T12:00"), ("\x01d2026-03-05T00:00:00", "2026-03-05T00:00"),  # noqa: E501
        ("05.03.26", "2026-03-05T00:00"), ("31.02.2026", None), ("soon", None), (12, None), (True, None),
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_usual_form(cell: Any, meant: str | None) -> None:
    assert moments(cell) == [meant]


def test_one_day_above_twelve_decides_the_whole_column() -> None:
    assert moments("03/05/2026", "03/13/2026")[0] == "2026-03-05T00:00"
    assert moments("03/05/2026", "13/03/2026")[0] == "2026-05-03T00:00"


def test_a_column_that_fits_two_orders_is_asked_never_guessed() -> None:
    parsed = parse(["03/05/2026", "01/02/2026"], Role.MOMENT, zone=WARSAW)
    assert parsed.question == Ambiguous("03/05/2026", "2026-05-03", "2026-03-05")
    assert parsed.values == [None, None]
    answered = parse(["03/05/2026"], Role.DATE, zone=WARSAW, order=Order.MDY)
    assert (answered.question, answered.values) == (None, ["2026-03-05"])


def test_a_time_without_zone_is_meant_in_the_zone_of_the_base() -> None:
    parsed = parse(["2026-07-01 12:00"], Role.MOMENT, zone=WARSAW)
    assert from_micros(parsed.values[0]) == datetime(2026, 7, 1, 10, tzinfo=UTC)


def sums(*cells: Any) -> list[str | None]:
    parsed = parse(list(cells), Role.AMOUNT, zone=WARSAW)
    return [None if v is None else format(v[0].normalize(), "f") for v in parsed.values]


@pytest.mark.parametrize(
    ("cells", "meant"),
    [
        (["1 500,50", "2 000"], ["1500.5", "2000"]), (["1,500.50", "2,000"], ["1500.5", "2000"]),
        (["1.500,50", "2.000"], ["1500.5", "2000"]), (["1'234.50"], ["1234.5"]), (["(500)"], ["-500"]),
        (["150 тыс.", "1,5 млн"], ["150000", "1500000"]), (["1,5 mln zł", "2 tys."], ["1500000", "2000"]),
        (["€500", "500 zł", "$1,200"], ["500", "500", "1200"]), (["1.500"], ["1500"]), (["0.125"], ["0.125"]),
        (["12.50", "1.500"], ["12.5", "1.5"]), (["12.50", "12,50", "1.234"], ["12.5", "12.5", None]),
        (["договорная", "10%", "1-2"], [None, None, None]), ([1500.25, 7, True], ["1500.25", "7", None]),
        (["1 500,-", "-20"], ["1500", "-20"]), (["1 234 567.89"], ["1234567.89"]),
    ],
)  # fmt: skip
def test_a_sum_is_read_by_the_marks_of_its_column(cells: list[Any], meant: list[str | None]) -> None:
    assert sums(*cells) == meant


def test_the_currency_is_taken_from_the_sign() -> None:
    found = parse(["500 zł", "€5", "10 руб.", "7"], Role.AMOUNT, zone=WARSAW).values
    assert [v[1] for v in found] == ["PLN", "EUR", "RUB", None]


def test_phones_of_one_cell_are_split_and_extensions_stay() -> None:
    found = parse(
        ["+7 (495) 123-45-67, доб. 12; 8 916 123 45 67", 79001234567, "tel. 22/123-45-67", "call me"],
        Role.PHONE, zone=WARSAW,
    )  # fmt: skip
    assert found.values == [
        ("+7 (495) 123-45-67, доб. 12", "8 916 123 45 67"), ("79001234567",), ("22/123-45-67",), ("call me",),
    ]  # fmt: skip
    assert {place: bad.fatal for place, bad in found.bad.items()} == {3: False}


def test_where_there_is_no_phone_or_address_the_word_for_it_is_not_kept_as_one() -> None:
    for role in (Role.PHONE, Role.EMAIL):
        found = parse(["нет", " Brak ", "no", "b.d.", "отсутствует"], role, zone=WARSAW)
        assert found.values == [None] * 5 and not found.bad
    assert parse(["нет", "brak"], Role.WORD, zone=WARSAW).values == ["нет", "brak"]  # may be an answer


def test_leading_zeros_stay_and_shortened_numbers_are_said() -> None:
    found = parse(["007", 770123456789, "1,23E+11", "7701234567.0"], Role.CODE, zone=WARSAW)
    assert found.values == ["007", "770123456789", None, "7701234567"]
    assert found.bad[2] == Bad("import.damaged_number", "1,23E+11")


def test_error_cells_are_problems_not_text() -> None:
    assert parse(["\x01e#REF!"], Role.NAME, zone=WARSAW).bad[0].code == "import.error_cell"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("WON", ("won", None)), ("LOST:Price", ("lost", "Price")), ("Lost: no reply", ("lost", "no reply")),
        ("Успешно реализовано", ("won", None)), ("Закрыто и не реализовано", ("lost", None)),
        ("Отказ: дорого", ("lost", "дорого")), ("Проиграна", ("lost", None)), ("Wygrana", ("won", None)),
        ("Przegrana – cena", ("lost", "cena")), ("Utracona", ("lost", None)), ("Closed Won", ("won", None)),
        ("Lost (price)", ("lost", "price")), ("Negotiation", None), ("Договор", None), ("Wysłano ofertę", None),  # noqa: E501
    ],
)  # fmt: skip
def test_words_for_won_and_lost_are_known_in_three_languages(
    word: str, meant: tuple[str, str | None] | None
) -> None:
    assert read_outcome(word, closed_only=True) == meant


def test_tax_numbers_are_checked_by_their_last_digit() -> None:
    assert is_tax_number("7707083893")
    assert is_tax_number("500100732259")
    assert is_tax_number("5260250274")
    assert not is_tax_number("7707083894")


def test_words_for_totals_are_in_folded_form() -> None:
    assert all(word == word.casefold() for word in _TOTALS)


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30),
    st.from_regex(r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}( [0-9]{1,2}:[0-9]{2})?", fullmatch=True),
    st.from_regex(r"[-(]?[0-9 .,']{1,12}[)%]? ?(zł|руб\.|\$|тыс\.|mln)?", fullmatch=True),
)  # fmt: skip


@given(cells=st.lists(CELLS, max_size=8), role=st.sampled_from(list(Role)))
def test_any_cell_is_read_or_is_a_problem_and_nothing_breaks(cells: list[Any], role: Role) -> None:
    parsed = parse(cells, role, zone=WARSAW)
    assert len(parsed.values) == len(cells)
    for place, value in enumerate(parsed.values):
        if cells[place] is None:
            assert value is None
        if role in (Role.AMOUNT, Role.MOMENT, Role.DATE, Role.WHOLE) and place in parsed.bad:
            assert value is None


@given(
    day=st.dates(min_value=datetime(1950, 1, 1).date(), max_value=datetime(2049, 12, 31).date()),  # noqa: DTZ001
    form=st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y"]),
)
def test_a_written_date_is_read_as_it_was_meant_or_asked(day: Any, form: str) -> None:
    cell = day.strftime(form)
    order = dates.find_order([cell])
    if isinstance(order, Ambiguous):
        assert day.isoformat() in (order.dmy, order.mdy)
    else:
        assert dates.read_date(cell, order, WARSAW) == day.isoformat()


@given(
    value=st.decimals(min_value=0, max_value=Decimal("99999999.99"), places=2),
    thousands=st.sampled_from([" ", "\u00a0", "", ".", ","]),
    mark=st.sampled_from([".", ","]),
)
def test_a_written_sum_is_read_as_it_was_meant(value: Decimal, thousands: str, mark: str) -> None:
    if thousands == mark:
        return
    cell = f"{value:,.2f}".replace(",", "T").replace(".", mark).replace("T", thousands)
    found = amounts.read_amount(cell, amounts.find_decimals([cell]))
    assert found == (value, None)


def test_a_counter_of_rows_is_no_id() -> None:
    counter = used(Kind.CLIENTS, ["№", "Company"], ["1", "2", "3", "4"], ["A", "B", "C", "D"])
    assert counter == [None, "name"]
    numbers = used(Kind.CLIENTS, ["Номер", "Company"], ["K-7", "K-9", "K-1", "K-3"], ["A", "B", "C", "D"])
    assert numbers == ["external_id", "name"]


def test_a_column_of_statuses_that_say_nothing_of_the_end_is_no_outcome() -> None:
    columns = ["Offer", "Call", "Deal"] * 3, ["Won", "Lost", "Open"] * 3
    assert used(Kind.DEALS, ["Stage", "Status"], *columns) == ["stage", "outcome"]
    assert used(Kind.DEALS, ["Stage", "Status"], columns[0], columns[0])[1] is None
    assert used(Kind.DEALS, ["Status"], columns[0]) == ["stage"]


@pytest.mark.parametrize("kind", list(Kind))
def test_the_names_of_fields_head_their_own_columns(kind: Kind) -> None:
    keys = [f.key for f in FIELDS[kind]]
    assert used(kind, keys) == keys
