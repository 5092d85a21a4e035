# ruff: noqa: E501
"""The corpus of ugly files: every cell right or asked about, columns mapped by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from funneldesk.domain.clock import from_micros
from funneldesk.importing import readers
from funneldesk.importing.child import ReadOptions
from funneldesk.importing.dates import Order
from funneldesk.importing.flow import ImportFlow
from funneldesk.importing.matching import BaseIndex
from funneldesk.importing.plan import Action
from funneldesk.importing.staging import Staging
from tests.importing.corpus import Case, cases

CASES = list(cases())


@dataclass
class Tally:
    """Columns that must go to a field: how many did by themselves, which went wrong."""

    wanted: int = 0
    right: int = 0
    wrong: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()


@pytest.fixture(scope="module")
def tally() -> Iterator[Tally]:
    yield (found := Tally())
    rate = found.right / max(found.wanted, 1)
    print(
        f"\n{len(CASES)} files, {found.wanted} columns, {rate:.1%} mapped by themselves; missed: {found.missed}"
    )
    assert rate >= 0.95


def opened(case: Case, folder: Path) -> ImportFlow:
    """The flow on the case's file; read in this process, since the tests have made the file."""
    path = case.make(folder / "list.xls")
    staging = folder / "staging"
    flow = ImportFlow()
    if case.pasted:
        flow.open_text(path.read_bytes().decode())
    else:
        readers.read(path, staging, ReadOptions(), lambda _part: None)
        flow._opened(path.name, Staging(staging), None)
    flow.set_kind(case.kind)
    if case.sheet:
        flow.choose_sheet_named(case.sheet)
    return flow


def meant(value: Any, key: str) -> Any:
    if value is None:
        return None
    if key == "amount":
        return (value[0], value[1] or "")
    return from_micros(value).date().isoformat() if key in ("created_at", "closed_at") else value


def amount(written: str) -> tuple[Decimal, str] | None:
    if not written:
        return None
    number, _, currency = written.partition(" ")
    return Decimal(number), currency


def test_there_are_enough_files() -> None:
    assert len(CASES) >= 120
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_file_gives_its_records_or_asks(case: Case, tally: Tally, tmp_path: Path) -> None:
    flow = opened(case, tmp_path)
    wanted = [None if f == "-" else f for f in case.fields.split()]
    found = [m.used for m in flow.maps]
    assert len(found) == len(wanted), [m.header for m in flow.maps]
    wrong = [(m.header, m.used, w) for m, w in zip(flow.maps, wanted, strict=True) if m.used and m.used != w]
    tally.wanted += sum(w is not None for w in wanted)
    tally.right += sum(w is not None and w == f for w, f in zip(wanted, found, strict=True))
    tally.missed += tuple(
        f"{case.name}: {m.header}" for m, w in zip(flow.maps, wanted, strict=True) if w and not m.used
    )
    assert not wrong
    for column, field in enumerate(wanted):
        if field != found[column]:
            flow.set_map(column, field)
    index = BaseIndex(0, "EUR", ZoneInfo("UTC"), lambda *_asked: [], first_funnel=("Sales", ("New",)))
    questions = flow.questions(index)
    assert bool(questions) == case.asks
    for question in questions:
        flow.read_as(question.column, Order.DMY)
    flow.change_request(create_funnel=True)
    plan = flow.make_plan(index)
    values = flow._values(index)
    made = [place for place, action in enumerate(plan.actions) if action is not Action.SKIP]
    rejected = [place for place in made if plan.actions[place] is Action.REJECT]
    got = [
        {key: meant(values.get(key)[place], key) for key in record}
        for place, record in zip([p for p in made if p not in rejected], case.records, strict=True)
    ]
    assert got == [
        {key: amount(value) if key == "amount" else value for key, value in record.items()}
        for record in case.records
    ]
    assert len(rejected) == case.rejected
    assert plan.counts["skipped"] == case.left_out
    assert set(case.codes) <= {problem.code for problem in plan.problems}
    flow.close()
