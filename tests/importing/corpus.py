"""Ugly files as offices have them: every peculiarity in three languages, with what must come of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from funneldesk.importing.fields import Kind
from tests.importing import makers, sheets
from tests.importing.sheets import Failed, Money, Page, Unsolved, Zeros
from tests.importing.sheets_more import FORMS, NO_HIDDEN_ROWS, NO_HIDDEN_SHEETS, NO_MERGES, TEXTS

Record = dict[str, Any]


@dataclass
class Case:
    """A file, the fields its columns must go to ("-" = none), and the records of the rows to be made."""

    name: str
    kind: Kind
    make: Callable[[Path], Path]
    fields: str
    records: list[Record]
    asks: bool = False  # a column of dates must be asked about
    left_out: int = 0
    codes: tuple[str, ...] = ()  # problems that must be said
    sheet: str | None = None  # the table to take when there are several
    rejected: int = 0
    pasted: bool = False  # the file is the text of the clipboard


@dataclass
class Words:
    """The words of a language: heads and rows of a plain list of clients and of deals."""

    client_heads: list[str]
    clients: list[list[Any]]
    deal_heads: list[str]
    total: str
    title: str
    groups: tuple[str, str]
    months: list[str] = field(default_factory=list)


WORDS = {
    "en": Words(
        ["Company", "Contact person", "Phone", "E-mail", "VAT number", "City"],
        [
            ["Acme Ltd", "Ann Lee", "+44 20 7946 0018", "ann@acme.co.uk", "GB123456789", "London"],
            ["Umbrella Inc.", "Bob O'Neil", "+1 415 555 0100", "bob@umbrella.com", "IE1234567AB", "Dublin"],
            ["Total Energies", "Eve Stone", "+33 1 47 44 45 46", "eve@total.fr", "FR59542051180", "Paris"],
        ],
        ["Deal name", "Client", "Amount", "Created", "Owner"],
        "Total", "Clients of the sales team", ("Client", "Contact"),
        ["5 March 2026", "Mar 25, 2026", "1 May 2026"],
    ),
    "ru": Words(
        ["Компания", "Контактное лицо", "Телефон", "Эл. почта", "ИНН", "Город"],
        [
            ["ООО «Ёлка»", "Анна Ильина", "+7 495 123-45-67", "anna@elka.ru", "7707083893", "Королёв"],
            ["АО Сосна", "Пётр Щукин", "8 (812) 555-35-35", "petr@sosna.ru", "7728168971", "Омск"],
            ["ИП Жук", "Олег Жук", "+7 916 123 45 67", "oleg@juk.ru", "500100732259", "Тверь"],
        ],
        ["Название сделки", "Клиент", "Сумма", "Дата создания", "Ответственный"],
        "Итого:", "Клиенты отдела продаж", ("Клиент", "Контакт"),
        ["5 марта 2026 г.", "25 марта 2026", "1 мая 2026"],
    ),
    "pl": Words(
        ["Nazwa firmy", "Osoba kontaktowa", "Telefon", "E-mail", "NIP", "Miejscowość"],
        [
            ["Żółć sp. z o.o.", "Łucja Gęś", "+48 42 555 01 23", "lucja@zolc.pl", "5260250274", "Łódź"],
            ["Święty Gaj S.A.", "Jan Dąb", "22 555 01 24", "jan@gaj.pl", "5252248481", "Warszawa"],
            ["Ćma s.c.", "Ewa Ość", "601 700 800", "ewa@cma.pl", "7010416384", "Kraków"],
        ],
        ["Nazwa szansy", "Klient", "Kwota", "Data utworzenia", "Opiekun"],
        "Razem", "Klienci działu sprzedaży", ("Klient", "Kontakt"),
        ["5 marca 2026", "25 marca 2026 r.", "1 maja 2026"],
    ),
}  # fmt: skip
CLIENT_FIELDS = "name person phone email tax_id city"
DEAL_FIELDS = "title client amount created_at manager"
DAYS = [date(2026, 3, 5), date(2026, 3, 25), date(2026, 5, 1)]
SHEET = {"csv": "list", "copied": "clipboard", "html": "list"}  # what the sheet is called
DAYS_SEEN = [d.isoformat() for d in DAYS]
_PLAIN = {"xlsx": makers.xlsx, "ods": makers.ods, "html": makers.html, "xml": makers.spreadsheet_ml}


def client_records(rows: list[list[Any]]) -> list[Record]:
    keys = CLIENT_FIELDS.split()
    out = []
    for row in rows:
        record = dict(zip(keys, row, strict=False))
        for key in ("phone", "email"):
            if key in record:
                record[key] = (record[key],)
        out.append(record)
    return out


def deal_rows(words: Words, days: list[Any], sums: list[Any]) -> list[list[Any]]:
    return [
        [f"{words.deal_heads[0]} {n}", row[0], amount, day, row[1]]
        for n, (row, day, amount) in enumerate(zip(words.clients, days, sums, strict=False), 1)
    ]


def deal_records(rows: list[list[Any]], sums: list[str], days: list[date] | None = None) -> list[Record]:
    return [
        {"title": row[0], "client": row[1], "amount": amount, "created_at": str(day), "manager": row[4]}
        for row, amount, day in zip(rows, sums, days or DAYS, strict=False)
    ]


def cases() -> Iterator[Case]:
    for language, words in WORDS.items():
        yield from _formats(language, words)
        yield from _texts(language, words)
        yield from _cards(language, words)
        for form in FORMS:
            yield from _shapes(f"{language}-{form}", words, form)
            yield from _cells(f"{language}-{form}", words, form)
        yield from _dates(language, words)
        yield from _sums(language, words)
    from tests.importing.exports import exports

    yield from exports()


def _page(form: str, page: Page) -> Callable[[Path], Path]:
    return lambda path: FORMS[form](path, page)


def _formats(language: str, words: Words) -> Iterator[Case]:
    rows = [words.client_heads, *words.clients]
    for form, make in _PLAIN.items():
        yield Case(
            f"{language}-{form}-plain", Kind.CLIENTS, partial(make, rows=rows),
            CLIENT_FIELDS, client_records(words.clients),
        )  # fmt: skip
    yield Case(
        f"{language}-xls-plain", Kind.CLIENTS, _page("xls", Page(rows)), CLIENT_FIELDS,
        client_records(words.clients),
    )  # fmt: skip
    yield Case(
        f"{language}-xlsb-plain", Kind.CLIENTS, lambda p: sheets.xlsb(p, rows), CLIENT_FIELDS,
        client_records(words.clients),
    )  # fmt: skip


_UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
ENCODINGS = {
    "en": (
        *_UNICODE,
        "windows-1252",
        "windows-1250",
        "windows-1251",
        "iso8859-2",
        "koi8-r",
        "cp866",
        "cp852",
    ),
    "ru": (*_UNICODE, "windows-1251", "koi8-r", "cp866"),
    "pl": (*_UNICODE, "windows-1250", "iso8859-2", "cp852"),
}


def _texts(language: str, words: Words) -> Iterator[Case]:
    rows = [[str(c).replace("«", '"').replace("»", '"') for c in row] for row in words.clients]
    for encoding in ENCODINGS[language]:
        yield Case(
            f"{language}-csv-{encoding}", Kind.CLIENTS,
            partial(makers.csv, rows=[words.client_heads, *rows], encoding=encoding),
            CLIENT_FIELDS, client_records(rows),
        )  # fmt: skip
    declared = [["sep=;"], words.client_heads, *rows]
    yield Case(
        f"{language}-csv-sep", Kind.CLIENTS, partial(makers.csv, rows=declared), CLIENT_FIELDS,
        client_records(rows),
    )  # fmt: skip
    for delimiter in (",", ";", "\t", "|"):
        longer = [[*row, f"a{delimiter}b; c, d"] for row in rows]
        records = [{**r, "comment": row[-1]} for r, row in zip(client_records(rows), longer, strict=True)]
        head = {"en": "Comment", "ru": "Комментарий", "pl": "Uwagi"}[language]
        yield Case(
            f"{language}-delimiter-{ord(delimiter)}", Kind.CLIENTS,
            partial(makers.csv, rows=[[*words.client_heads, head], *longer], delimiter=delimiter),
            CLIENT_FIELDS + " comment", records,
        )  # fmt: skip


def _cards(language: str, words: Words) -> Iterator[Case]:
    records = [
        {"name": r[0], "person": r[1], "phone": (r[2],), "email": (r[3],), "city": r[5]}
        for r in words.clients
    ]
    fields = "name person last_name first_name phone email city"
    for version in ("2.1", "3.0", "4.0"):
        yield Case(
            f"{language}-vcf-{version}", Kind.CLIENTS,
            partial(sheets.vcf, clients=words.clients, version=version), fields, records,
        )  # fmt: skip


def _shapes(name: str, words: Words, form: str) -> Iterator[Case]:
    heads, rows = words.client_heads, words.clients
    records = client_records(rows)

    def case(what: str, page: Page, **more: Any) -> Case:
        more = {"fields": CLIENT_FIELDS, "records": records, "pasted": form == "copied", **more}
        return Case(f"{name}-{what}", Kind.CLIENTS, _page(form, page), **more)

    width = len(heads)
    yield case("titles", Page([[words.title], ["2026"], [None], heads, *rows]))
    if form not in NO_MERGES:
        yield case("merged-title", Page([[words.title], heads, *rows], merges=[(1, 0, 1, width - 1)]))
    if form not in NO_HIDDEN_SHEETS:
        yield case("hidden-sheet", Page([heads, *rows], hidden_sheet=True))
    if form not in NO_HIDDEN_ROWS:
        yield case("hidden-row", Page([heads, *rows], hidden_rows=[3]), codes=("import.hidden_row",))
    yield case("trailing", Page([heads, *rows, *[[None]] * 40, [" "]]))
    yield case("gap", Page([heads, rows[0], [None], [None], *rows[1:]]))
    total = [words.total, None, None, None, None, 3]
    yield case("total", Page([heads, *rows, total]), left_out=1, codes=("import.total_row",))
    counted = [f"{words.total.rstrip(':')}: 3"]
    yield case(
        "total-counted", Page([heads, *rows, [None], counted]), left_out=1, codes=("import.total_row",)
    )
    yield case("header-again", Page([heads, rows[0], heads, *rows[1:]]), left_out=1)
    client, contact = words.groups
    upper = [client, contact, None, None, client, None]
    merges = [(1, 1, 1, 3), (1, 4, 1, 5)]
    yield case("two-row-header", Page([upper, heads, *rows], merges=merges))
    tall = [heads[0], contact, None, None, heads[4], heads[5]]
    lower = [None, heads[1], heads[2], heads[3], None, None]
    merges = [(1, 0, 2, 0), (1, 1, 1, 3), (1, 4, 2, 4), (1, 5, 2, 5)]
    yield case("tall-header", Page([tall, lower, *rows], merges=merges))
    people = [
        [None if n else rows[0][0], *row[1:5], rows[0][5] if not n else None] for n, row in enumerate(rows)
    ]
    grouped = [dict(r) for r in records]
    for record in grouped:
        record["name"], record["city"] = rows[0][0], rows[0][5]
    if form not in NO_MERGES:
        yield case(
            "merged-group", Page([heads, *people], merges=[(2, 0, 4, 0), (2, 5, 4, 5)]), records=grouped,
            codes=("import.merged_value",),
        )  # fmt: skip
    deals = deal_rows(words, DAYS, [100, 200, 300])
    both = [heads, *rows, [None], [words.deal_heads[0]], words.deal_heads, *deals]
    yield case("two-tables-first", Page(both), sheet=SHEET.get(form, heads[0]))
    yield Case(
        f"{name}-two-tables-second", Kind.DEALS, _page(form, Page(both)), DEAL_FIELDS,
        deal_records(deals, ["100", "200", "300"]), sheet=f"{SHEET.get(form, heads[0])} (2)",
        pasted=form == "copied",
    )  # fmt: skip


def _cells(name: str, words: Words, form: str) -> Iterator[Case]:
    heads, rows = words.client_heads, words.clients
    records = client_records(rows)

    def changed(column: int, cells: list[Any]) -> list[list[Any]]:
        return [[*row[:column], cell, *row[column + 1 :]] for row, cell in zip(rows, cells, strict=False)]

    def meant(key: str, values: list[Any]) -> list[Record]:
        return [{**record, key: value} for record, value in zip(records, values, strict=False)]

    def case(what: str, body: list[list[Any]], fields: list[Record], **more: Any) -> Case:
        page = Page([heads, *body])
        more = {"pasted": form == "copied", **more}
        return Case(f"{name}-{what}", Kind.CLIENTS, _page(form, page), CLIENT_FIELDS, fields, **more)

    codes = [Zeros(12345678 + n, 10) for n in range(3)]
    yield case(
        "zeros-by-format", changed(4, codes), meant("tax_id", ["0012345678", "0012345679", "0012345680"])
    )
    yield case(
        "zeros-as-text", changed(4, ["0012", "0013", "0014"]), meant("tax_id", ["0012", "0013", "0014"])
    )
    phones = [79161234567, 79161234568.0, 79161234569]
    yield case("phones-as-numbers", changed(2, phones), meant("phone", [(str(int(p)),) for p in phones]))
    broken = ["7,91612E+10", rows[1][2], rows[2][2]]
    yield case(
        "damaged-phone", changed(2, broken), meant("phone", [("7,91612E+10",), (rows[1][2],), (rows[2][2],)]),
        codes=("import.damaged_number",),
    )  # fmt: skip
    yield case("damaged-code", changed(4, ["1,23E+11", rows[1][4], rows[2][4]]), records[1:],
               codes=("import.damaged_number",), rejected=1)  # fmt: skip
    if form not in TEXTS:
        # A spreadsheet keeps fifteen digits of a number: what it shows of a longer one is not what was typed.
        yield case("long-number", changed(4, [40702810900000012345, rows[1][4], rows[2][4]]), records[1:],
                   codes=("import.damaged_number",), rejected=1)  # fmt: skip
    account = ["40702810900000012345", "40702810900000012346", "40702810900000012347"]
    yield case("long-as-text", changed(4, account), meant("tax_id", account))
    yield case("error-cell", changed(5, [rows[0][5], Failed("#N/A"), rows[2][5]]), [records[0], records[2]],
               codes=("import.error_cell",), rejected=1)  # fmt: skip
    if form in ("xlsx", "xlsm", "ods"):
        yield case("no-stored-value", changed(5, [rows[0][5], rows[1][5], Unsolved("=A1")]), records[:2],
                   codes=("import.no_value",), rejected=1)  # fmt: skip
    two = [f"{rows[0][2]}; {rows[1][2]}", rows[1][2], rows[2][2]]
    yield case(
        "two-phones",
        changed(2, two),
        meant("phone", [(rows[0][2], rows[1][2]), (rows[1][2],), (rows[2][2],)]),
    )
    spaced = [f"  {rows[0][0]} ", rows[1][0].replace(" ", "\u00a0"), rows[2][0]]
    yield case("odd-spaces", changed(0, spaced), records)


def _dates(language: str, words: Words) -> Iterator[Case]:
    sums = ["100", "200", "300"]

    def case(
        what: str,
        days: list[Any],
        meant: list[date] | None = None,
        asks: bool = False,
        form: str = "xlsx",
        **page: Any,
    ) -> Case:
        rows = deal_rows(words, days, [100, 200, 300])
        made = Page([words.deal_heads, *rows], **page)
        return Case(
            f"{language}-dates-{what}", Kind.DEALS, _page(form, made), DEAL_FIELDS,
            deal_records(rows, sums, meant), asks=asks,
        )  # fmt: skip

    moments = [datetime(d.year, d.month, d.day) for d in DAYS]  # noqa: DTZ001
    yield case("cells", moments)
    for form in ("xls", "xlsm", "xlsb", "ods", "xml"):
        yield case(f"cells-{form}", moments, form=form)
    for form in ("xls", "xlsb"):
        yield case(f"cells-1904-{form}", moments, form=form, from_1904=True)
    yield case("1904", [datetime(d.year, d.month, d.day) for d in DAYS], from_1904=True)  # noqa: DTZ001
    serials = [(d - date(1899, 12, 30)).days for d in DAYS]
    yield case("serials", serials)
    yield case("serials-1904", [s - 1462 for s in serials], from_1904=True)
    for form in ("xls", "xlsb"):
        yield case(f"serials-1904-{form}", [s - 1462 for s in serials], form=form, from_1904=True)
    for form in ("xls", "xlsb", "ods", "csv"):
        yield case(f"serials-{form}", serials, form=form)
    yield case("dotted", [d.strftime("%d.%m.%Y") for d in DAYS])
    yield case("iso", [d.isoformat() for d in DAYS])
    yield case("day-first", [d.strftime("%d/%m/%Y") for d in DAYS])
    yield case("month-first", [d.strftime("%m/%d/%Y") for d in DAYS])
    yield case("in-words", list(words.months))
    low = [date(2026, 3, 5), date(2026, 4, 6), date(2026, 7, 8)]
    yield case("either", [d.strftime("%d/%m/%Y") for d in low], low, asks=True)
    yield case("two-hands", ["05/03/2026", "25.03.2026", "01.05.2026"], asks=True)
    yield case("mixed-forms", ["2026-03-05", "25.03.2026", words.months[2]])


def _sums(language: str, words: Words) -> Iterator[Case]:
    days = [d.isoformat() for d in DAYS]

    def case(what: str, cells: list[Any], meant: list[str], head: str | None = None) -> Case:
        rows = deal_rows(words, days, cells)
        heads = [head if head and n == 2 else h for n, h in enumerate(words.deal_heads)]
        return Case(
            f"{language}-sums-{what}", Kind.DEALS, lambda p: makers.csv(p, [heads, *rows], delimiter="\t"),
            DEAL_FIELDS, deal_records(rows, meant),
        )  # fmt: skip

    yield case("comma", ["1 500,50", "2 000", "3\u00a0000 000,00"], ["1500.50", "2000", "3000000.00"])
    yield case("point", ["1,500.50", "2,000", "3,000,000.00"], ["1500.50", "2000", "3000000.00"])
    yield case("points", ["1.500,50", "2.000", "3.000.000,00"], ["1500.50", "2000", "3000000.00"])
    yield case("brackets", ["(500)", "-20", "1 500,-"], ["-500", "-20", "1500"])
    thousands = {"en": ["150k", "1.5m", "2 mln"], "ru": ["150 тыс.", "1,5 млн", "2 млн руб."],
                 "pl": ["150 tys.", "1,5 mln", "2 mln zł"]}[language]  # fmt: skip
    code = {"en": "", "ru": " RUB", "pl": " PLN"}[language]
    yield case("words", thousands, ["150000", "1500000", f"2000000{code}"])
    yield case("signs", ["€500", "$1200", "500 zł"], ["500 EUR", "1200 USD", "500 PLN"])
    head = {"en": "Amount (USD)", "ru": "Сумма, руб.", "pl": "Kwota [zł]"}[language]
    currency = {"en": "USD", "ru": "RUB", "pl": "PLN"}[language]
    shown_by = {"en": "[$$-409]#,##0.00", "ru": '#,##0.00 "₽"', "pl": '#,##0.00 "zł"'}[language]
    money = {"en": "USD", "ru": "RUB", "pl": "PLN"}[language]
    for form in ("xlsx", "xls", "xlsb", "ods"):
        rows = deal_rows(words, DAYS_SEEN, [Money(n, shown_by, money) for n in (500, 7.5, 1000)])
        yield Case(
            f"{language}-sums-format-{form}", Kind.DEALS, _page(form, Page([words.deal_heads, *rows])),
            DEAL_FIELDS, deal_records(rows, [f"500 {money}", f"7.5 {money}", f"1000 {money}"]),
        )  # fmt: skip
    yield case("swiss", ["1'500.50", "2'000", "3'000'000.00"], ["1500.50", "2000", "3000000.00"])
    yield case("nothing", ["500", "-", "n/a"], ["500", "", ""])
    yield case("head", ["500", "€7", "1"], [f"500 {currency}", "7 EUR", f"1 {currency}"], head)
