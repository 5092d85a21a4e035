"""The spreadsheet of the measurement of imports."""

from __future__ import annotations

from pathlib import Path

HEADS = [
    "Номер сделки", "Название сделки", "Компания", "Контактное лицо", "Телефон", "E-mail", "Стадия", "Сумма",
    "Ответственный", "Источник", "Товар", "Дата создания", "Ожидаемая дата", "Валюта", "Комментарий",
]  # fmt: skip
_FIRST = ("Анна", "Пётр", "Олег", "Łucja", "Jan", "Ewa", "Ann", "Bob", "Eve", "Мария", "Иван")
_LAST = (
    "Ильина",
    "Щукин",
    "Жук",
    "Gęś",
    "Dąb",
    "Ość",
    "Lee",
    "Stone",
    "Петрова",
    "Кузнецов",
    "Nowak",
    "Wójcik",
)
_FIRM = (
    "Ромашка",
    "Сосна",
    "Ёлка",
    "Żółć",
    "Święty Gaj",
    "Ćma",
    "Acme",
    "Umbrella",
    "Северный ветер",
    "Delta",
)
STAGES = ("Новая", "Звонок", "Встреча", "Предложение", "Договор")


def make_file(path: Path, rows: int) -> Path:
    """The spreadsheet of the measurement."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet("Сделки")
    page.write_row(0, 0, HEADS)
    for n in range(rows):
        phone = f"+7 9{n % 90 + 10} {n % 1000:03d}-{n // 1000 % 100:02d}-{n % 100:02d}"
        page.write_row(
            n + 1, 0,
            [
                f"D-{n:06d}", f"Поставка {n}", f"{_FIRM[n % 10]} {n}",
                f"{_FIRST[n % 11]} {_LAST[n % 12]} {chr(1040 + n % 28)}.",
                f"{phone}; +7 495 {n % 10000000:07d}", f"info{n}@firm{n % 5000}.ru", STAGES[n % 5],
                (n * 37 % 100000) + 0.5, f"Менеджер {n % 12}", f"Источник {n % 7}", f"Товар {n % 40}",
                f"{n % 28 + 1:02d}.{n % 12 + 1:02d}.2025", f"2026-{n % 12 + 1:02d}-{n % 28 + 1:02d}", "RUB",
                f"перезвонить {n % 31} числа",
            ],
        )  # fmt: skip
    book.close()
    return path
