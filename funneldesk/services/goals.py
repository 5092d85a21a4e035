"""Plans, costs of sources, marked changes and standards of contact: set, changed, removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from funneldesk.domain.change import Change, Label
from funneldesk.domain.funnel import Stage
from funneldesk.domain.goals import Mark, Measure, Plan, SourceCost, Standard, StandardKind, is_month
from funneldesk.domain.team import Manager, Source
from funneldesk.errors import UserError
from funneldesk.store.database import Database, read_info
from funneldesk.store.transaction import Actor, Transaction, select_records

MOST = 10**15


@dataclass(frozen=True, slots=True)
class PlanCell:
    """One goal to set; `value` None takes it away.  Minor units for money, a number for the rest."""

    month: str
    manager_id: int | None
    measure: Measure
    value: int | None


def plans(db: Database) -> list[Plan]:
    """Every plan, by month."""
    with db.read() as conn:
        return sorted(select_records(conn, Plan), key=lambda plan: (plan.month, plan.manager_id or 0))


def set_plans(db: Database, cells: Sequence[PlanCell], *, actor: Actor | None = None) -> Change:
    """Set many goals in one change (a pasted block); those that are so already are left alone.

    Raises UserError `plan.month`, `plan.value`.
    """
    with db.transaction(Label("plan.set", {"count": len(cells)}), actor=actor) as tx:
        for cell in cells:
            if not is_month(cell.month):
                raise UserError("plan.month", value=cell.month)
            if cell.value is not None and not 0 <= cell.value <= MOST:
                raise UserError("plan.value", value=cell.value)
            _set_plan(tx, cell)
    return tx.change


def _set_plan(tx: Transaction, cell: PlanCell) -> None:
    if cell.manager_id is not None:
        tx.get(Manager, cell.manager_id)
    known = tx.all(Plan, month=cell.month, manager_id=cell.manager_id, measure=str(cell.measure))
    if not known:
        if cell.value is not None:
            made = Plan(
                month=cell.month, manager_id=cell.manager_id, measure=str(cell.measure), value=cell.value
            )
            tx.insert(made)
    elif cell.value is None:
        tx.delete(Plan, known[0].id)
    elif known[0].value != cell.value:
        tx.update(Plan, known[0].id, value=cell.value)


def costs(db: Database) -> list[SourceCost]:
    """Every cost of a source, the newest first."""
    with db.read() as conn:
        return sorted(
            select_records(conn, SourceCost), key=lambda cost: (cost.first_day, cost.id), reverse=True
        )


def set_cost(db: Database, cost: SourceCost, *, actor: Actor | None = None) -> Change:
    """Add a cost (id 0) or change one.  Raises UserError `cost.days`, `cost.amount`, `date.unreadable`."""
    if _day(cost.last_day) < _day(cost.first_day):
        raise UserError("cost.days", first=cost.first_day, last=cost.last_day)
    if not 0 <= cost.amount <= MOST:
        raise UserError("cost.amount")
    with db.transaction(Label("cost.set"), actor=actor) as tx:
        tx.label = Label("cost.set", {"name": tx.get(Source, cost.source_id).name})
        currency = cost.currency or read_info(tx.conn).currency
        _put(tx, cost, currency=currency)
    return tx.change


def marks(db: Database) -> list[Mark]:
    """Every marked change, the newest first."""
    with db.read() as conn:
        return sorted(select_records(conn, Mark), key=lambda mark: (mark.day, mark.id), reverse=True)


def set_mark(db: Database, mark: Mark, *, actor: Actor | None = None) -> Change:
    """Mark a change (id 0) or alter one.  Raises UserError `name.empty`, `date.unreadable`."""
    _day(mark.day)
    if not mark.title.strip():
        raise UserError("name.empty")
    with db.transaction(Label("mark.set", {"title": mark.title.strip()}), actor=actor) as tx:
        _put(tx, mark, title=mark.title.strip())
    return tx.change


def standards(db: Database) -> list[Standard]:
    """Every standard of contact."""
    with db.read() as conn:
        return select_records(conn, Standard)


def set_standard(db: Database, standard: Standard, *, actor: Actor | None = None) -> Change:
    """Add a standard (id 0) or change one.  Raises UserError `standard.limit`."""
    if not 0 < standard.limit_ <= 3650 or standard.kind not in set(StandardKind):
        raise UserError("standard.limit")
    with db.transaction(Label("standard.set"), actor=actor) as tx:
        if standard.stage_id is not None:
            tx.get(Stage, standard.stage_id)
        _put(tx, standard, category=(standard.category or "").strip() or None)
    return tx.change


def delete(
    db: Database, kind: type[SourceCost | Mark | Standard], record_id: int, *, actor: Actor | None = None
) -> Change:
    """Remove a cost, a mark or a standard."""
    codes: dict[type[Any], str] = {
        SourceCost: "cost.deleted",
        Mark: "mark.deleted",
        Standard: "standard.deleted",
    }
    with db.transaction(Label(codes[kind]), actor=actor) as tx:
        tx.delete(kind, record_id)
    return tx.change


def _put(tx: Transaction, record: Any, **values: Any) -> None:
    if not record.id:
        tx.insert(replace(record, **values))
        return
    given = {k: v for k, v in {**asdict(record), **values}.items() if k not in ("id", "version")}
    tx.update(type(record), record.id, **given)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError("date.unreadable", value=text) from None
