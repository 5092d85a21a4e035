"""Plans, costs of sources, marked changes and standards of contact are kept, changed and taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneldesk.domain.change import Change
from funneldesk.domain.goals import (
    Mark,
    Measure,
    SourceCost,
    Standard,
    StandardKind,
    cost_within,
    is_month,
    month_after,
    month_days,
)
from funneldesk.domain.team import Manager
from funneldesk.errors import UserError
from funneldesk.services import goals, list_entries, team
from funneldesk.services.goals import PlanCell
from funneldesk.store.database import Database

Step = Callable[[Database], Change]
MONEY, DEALS = Measure.MONEY, Measure.DEALS
COST = SourceCost(source_id=1, first_day="2026-03-01", last_day="2026-03-31", amount=31_000, currency="EUR")
STEPS: dict[str, Step] = {
    "a plan is set": lambda db: goals.set_plans(db, [PlanCell("2026-05", 1, MONEY, 500)]),
    "a plan changes": lambda db: goals.set_plans(db, [PlanCell("2026-04", 1, MONEY, 1)]),
    "a plan goes": lambda db: goals.set_plans(db, [PlanCell("2026-04", 1, MONEY, None)]),
    "a block is pasted": lambda db: goals.set_plans(
        db, [PlanCell(month_after("2026-01", n), m, DEALS, n) for n in range(12) for m in (None, 1, 2)]
    ),
    "managers are merged": lambda db: list_entries.merge(db, Manager, 1, 2),
    "a cost is added": lambda db: goals.set_cost(db, COST),
    "a cost changes": lambda db: goals.set_cost(db, replace(COST, id=1, amount=7)),
    "a cost goes": lambda db: goals.delete(db, SourceCost, 1),
    "a change is marked": lambda db: goals.set_mark(db, Mark(day="2026-02-01", title="New price list")),
    "a mark goes": lambda db: goals.delete(db, Mark, 1),
    "a standard is set": lambda db: goals.set_standard(db, Standard(kind=StandardKind.ANSWER, limit_=4)),
    "a standard changes": lambda db: goals.set_standard(
        db, Standard(id=1, kind=StandardKind.CONTACT, limit_=9, category="A")
    ),
    "a standard goes": lambda db: goals.delete(db, Standard, 1),
}


@pytest.fixture(autouse=True)
def _some(db: Database) -> None:
    team.add_source(db, "Exhibition")
    given = ((1, MONEY, 300), (2, MONEY, 40), (1, DEALS, 3))
    goals.set_plans(db, [PlanCell("2026-04", *each) for each in given])
    goals.set_cost(db, COST)
    goals.set_mark(db, Mark(day="2026-01-15", title="New team"))
    goals.set_standard(db, Standard(kind=StandardKind.CONTACT, limit_=7, stage_id=1))


@pytest.mark.parametrize("name", STEPS)
def test_what_is_done_is_taken_back_and_done_again(
    name: str, db: Database, both_ways: Callable[[Callable[[], Change]], Change]
) -> None:
    assert both_ways(lambda: STEPS[name](db)).journal_id > 0


def test_a_plan_that_is_so_already_changes_nothing(db: Database) -> None:
    assert goals.set_plans(db, [PlanCell("2026-04", 1, MONEY, 300)]).edits == ()


def test_plans_of_merged_managers_are_one_goal(db: Database) -> None:
    list_entries.merge(db, Manager, 1, 2)
    kept = {(plan.manager_id, plan.measure): plan.value for plan in goals.plans(db)}
    assert kept == {(2, "money"): 340, (2, "deals"): 3}


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (lambda db: goals.set_plans(db, [PlanCell("2026-13", 1, MONEY, 5)]), "plan.month"),
        (lambda db: goals.set_plans(db, [PlanCell("2026-12", 1, MONEY, -5)]), "plan.value"),
        (lambda db: goals.set_cost(db, replace(COST, last_day="2026-02-01")), "cost.days"),
        (lambda db: goals.set_cost(db, replace(COST, first_day="soon")), "date.unreadable"),
        (lambda db: goals.set_cost(db, replace(COST, amount=-1)), "cost.amount"),
        (lambda db: goals.set_mark(db, Mark(day="2026-01-01", title=" ")), "name.empty"),
        (lambda db: goals.set_standard(db, Standard(kind="contact", limit_=0)), "standard.limit"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(db: Database, step: Step, code: str) -> None:
    before = (goals.plans(db), goals.costs(db), goals.marks(db), goals.standards(db))
    with pytest.raises(UserError, match=code.replace(".", r"\.")):
        step(db)
    assert (goals.plans(db), goals.costs(db), goals.marks(db), goals.standards(db)) == before


def test_a_cost_is_spread_by_day() -> None:
    assert cost_within([COST], date(2026, 3, 30), date(2026, 4, 5)) == 2000
    assert cost_within([COST], None, None) == 31_000
    assert cost_within([COST], date(2026, 4, 1), None) == 0


@given(st.dates(date(2026, 2, 1), date(2026, 5, 1)))
def test_the_parts_of_a_cost_add_up(day: date) -> None:
    parts = cost_within([COST], None, day) + cost_within([COST], day, None)
    assert parts == Fraction(COST.amount)


def test_months() -> None:
    assert is_month("2026-12") and not is_month("2026-1") and not is_month("2026-12-01")
    assert month_days("2026-12") == (date(2026, 12, 1), date(2027, 1, 1))
    assert [month_after("2026-11", n) for n in (-11, 1, 2, 14)] == [
        "2025-12",
        "2026-12",
        "2027-01",
        "2028-01",
    ]
