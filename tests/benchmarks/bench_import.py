"""From an xlsx of 100,000 x 15 cells to the committed base, and back, against the bare read of the file.

Run: python -m tests.benchmarks.bench_import [ROWS].  Targets: import <= 4 of a bare calamine read
(with mapping, parsing, duplicates, search index and journal), undo <= 2, memory of both <= 400 MB.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROWS = 100_000
TARGET, UNDO_TARGET, MEMORY_TARGET = 4.0, 2.0, 400
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
_STAGES = ("Новая", "Звонок", "Встреча", "Предложение", "Договор")


def make_file(path: Path, rows: int) -> Path:
    """The spreadsheet of the measurement."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": False})
    page = book.add_worksheet("Сделки")
    page.write_row(0, 0, HEADS)
    for n in range(rows):
        phone = f"+7 9{n % 90 + 10} {n % 1000:03d}-{n // 1000 % 100:02d}-{n % 100:02d}"
        page.write_row(
            n + 1, 0,
            [
                f"D-{n:06d}", f"Поставка {n}", f"{_FIRM[n % 10]} {n}",
                f"{_FIRST[n % 11]} {_LAST[n % 12]} {chr(1040 + n % 28)}.",
                f"{phone}; +7 495 {n % 10000000:07d}", f"info{n}@firm{n % 5000}.ru", _STAGES[n % 5],
                (n * 37 % 100000) + 0.5, f"Менеджер {n % 12}", f"Источник {n % 7}", f"Товар {n % 40}",
                f"{n % 28 + 1:02d}.{n % 12 + 1:02d}.2025", f"2026-{n % 12 + 1:02d}-{n % 28 + 1:02d}", "RUB",
                f"перезвонить {n % 31} числа",
            ],
        )  # fmt: skip
    book.close()
    return path


def bare(path: Path) -> float:
    """Seconds of a bare read of all cells."""
    import python_calamine

    found = []
    for _run in range(3):
        started = time.perf_counter()
        with path.open("rb") as file:
            for _row in python_calamine.load_workbook(file).get_sheet_by_index(0).iter_rows():
                pass
        found.append(time.perf_counter() - started)
    return min(found)


def run(path: Path, folder: Path, pipe: Any) -> None:
    """The import and its undo in a process of their own, so that its memory is its own."""
    from funneldesk.importing.fields import Kind
    from funneldesk.importing.flow import ImportFlow
    from funneldesk.services import bases, history, imports

    out: dict[str, float] = {}
    with bases.new_base(folder / "b.funneldesk", language="ru", currency="RUB", zone="Europe/Moscow") as db:
        flow = ImportFlow()
        imports.prepare(db, flow)
        clock = [time.perf_counter()]

        def lap(name: str) -> None:
            clock.append(time.perf_counter())
            out[name] = clock[-1] - clock[-2]

        flow.open(path)
        flow.set_kind(Kind.DEALS)
        flow.change_request(funnel="Продажи", create_funnel=True, stages=_STAGES)
        lap("open")
        plan = imports.dry_run(db, flow)
        lap("plan")
        imports.run_import(db, flow)
        lap("run")
        assert plan.counts["created"] == len(plan.numbers), plan.counts
        out["rows"] = sum(plan.records.values())
        flow.close()
        history.undo(db)
        lap("undo")
        out["self"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        out["child"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    pipe.send(out)


def main() -> None:
    """Measure and print the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = make_file(folder / "deals.xlsx", rows)
        limit = bare(path)
        ours, theirs = multiprocessing.get_context("spawn").Pipe(duplex=False)
        process = multiprocessing.get_context("spawn").Process(target=run, args=(path, folder, theirs))
        process.start()
        theirs.close()
        found = ours.recv()
        process.join()
    total = found["open"] + found["plan"] + found["run"]
    print(f"bare read {limit:.2f} s of {rows} rows; {found['rows']:.0f} records written")
    for part in ("open", "plan", "run", "undo"):
        print(f"  {part:6} {found[part]:6.2f} s {found[part] / limit:6.1f}x")
    print(f"file to base {total / limit:5.1f}x (target {TARGET:.0f})")
    print(f"undo         {found['undo'] / limit:5.1f}x (target {UNDO_TARGET:.0f})")
    memory = found["self"] + found["child"]
    print(f"memory       {memory:.0f} MB, of it {found['child']:.0f} in the child (target {MEMORY_TARGET})")


if __name__ == "__main__":
    main()
