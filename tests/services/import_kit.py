"""Rows as an import takes them, and the import run on them: its counts must add up."""

from __future__ import annotations

from typing import Any

from funneldesk.importing.fields import Kind
from funneldesk.importing.flow import ImportFlow
from funneldesk.services import imports
from funneldesk.store.database import Database

_DEALS: list[list[Any]] = [
    ["ID", "Название", "Клиент", "Телефон", "Стадия", "Сумма", "Менеджер", "Дата создания", "Дата закрытия", "Причина отказа"],  # noqa: E501
    ["1", "Первая", "ООО Ёлка", "+7 495 111 22 33", "Need found", "1 000,50", "Анна", "05.03.2026", None, None],  # noqa: E501
    ["2", None, "Елка", None, None, "500 $", "Анна", "06.03.2026", None, None],
    ["3", "Третья", None, None, "Успешно реализовано", None, None, "01.02.2026", "20.02.2026", None],
    ["4", "Четвёртая", "Сосна", None, "Отказ", "7", None, None, "20.02.2026", "Дорого"],
    ["5", "Пятая", "Сосна", None, "Нет такой", "7", None, None, None, None],
    ["1", "Снова первая", None, None, None, None, None, None, None, None],
    ["6", "Шестая", "Сосна", None, None, "много", None, None, None, None],
]  # fmt: skip


def flow_of(db: Database, kind: Kind, rows: list[list[Any]], **request: Any) -> ImportFlow:
    """An import of pasted rows, ready to run."""
    flow = ImportFlow()
    imports.prepare(db, flow)
    flow.open_text("\n".join("\t".join("" if c is None else str(c) for c in row) for row in rows))
    flow.set_kind(kind)
    flow.change_request(**request)
    return flow


def run(db: Database, kind: Kind, rows: list[list[Any]], **request: Any) -> dict[str, Any]:
    """Import pasted rows; the counts of what became of them."""
    flow = flow_of(db, kind, rows, **request)
    change = imports.run_import(db, flow)
    summary = dict(change.summary) if change.summary else {**flow.plan.counts, "records": {}}  # type: ignore[union-attr]
    assert summary["read"] == sum(
        summary[k] for k in ("created", "updated", "duplicates", "skipped", "rejected")
    )
    return summary


def deal_rows(stage: str) -> list[list[Any]]:
    """Deals of which one stands in `stage`."""
    return [[stage if cell == "Need found" else cell for cell in row] for row in _DEALS]
