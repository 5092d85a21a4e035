"""Columns of a file parted and put together again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from funneldesk.importing.splitting import Split, parts_of, propose

if TYPE_CHECKING:
    from funneldesk.importing.flow import ImportFlow

_SAMPLE = 300


@dataclass(frozen=True, slots=True)
class Parted:
    """A column that was split: its parts are the columns from `first` on, one per field.

    `by_hand` tells whether its field was chosen by hand before, `given` which.
    """

    column: int
    first: int
    fields: tuple[str, ...]
    by_hand: bool
    given: str | None

    def place(self, column: int) -> int | None:
        """Where a column stands once the parts are taken away; None for a part."""
        if column < self.first:
            return column
        after = column - len(self.fields)
        return after if after >= self.first else None


def splits(flow: ImportFlow) -> list[Split]:
    """Columns that seem to hold two things and are not split yet."""
    assert flow.table is not None, "open a file first"
    columns = flow.table.columns
    found = (propose(flow.request.kind, m.index, m.field, columns[m.index][:_SAMPLE]) for m in flow.maps)
    fed = set(flow.given.values())
    return [split for split in found if split is not None and not fed >= set(split.fields)]


def split(flow: ImportFlow, proposal: Split) -> None:
    """Part a column (see `ImportFlow.split`)."""
    table, column = flow.table, proposal.column
    assert table is not None, "open a file first"
    parts = zip(*(parts_of(proposal, cell) for cell in table.columns[column]), strict=True)
    first, name = len(table.columns), table.name(column)
    done = Parted(column, first, proposal.fields, column in flow.given, flow.given.get(column))
    flow.parted = (*flow.parted, done)
    flow.table = replace(
        table,
        headers=[*table.headers, *(f"{name}: {field}" for field in proposal.fields)],
        columns=[*table.columns, *(list(part) for part in parts)],
    )
    if proposal.what != "full_name":
        flow.given[column] = None
    for place, field in enumerate(proposal.fields):
        flow.given[first + place] = field
    flow.understand()


def join(flow: ImportFlow, column: int) -> None:
    """Put a column together again; parts of it that were split themselves go with it."""
    done = next(parted for parted in flow.parted if parted.column == column)
    for inner in [parted for parted in flow.parted if done.place(parted.column) is None]:
        join(flow, inner.column)
    table, place = flow.table, done.place
    assert table is not None, "open a file first"
    first, last = done.first, done.first + len(done.fields)
    flow.table = replace(
        table,
        headers=table.headers[:first] + table.headers[last:],
        columns=table.columns[:first] + table.columns[last:],
    )
    flow.parted = tuple(
        replace(other, first=other.first - len(done.fields) if other.first > first else other.first)
        for other in flow.parted
        if other.column != column
    )
    flow.given = {at: key for old, key in flow.given.items() if (at := place(old)) is not None}
    flow.given.pop(column, None)
    if done.by_hand:
        flow.given[column] = done.given
    settings = flow.settings
    orders = {at: order for old, order in settings.orders.items() if (at := place(old)) is not None}
    units = {at: unit for old, unit in settings.units.items() if (at := place(old)) is not None}
    mended = {
        (row, at): text for (row, old), text in settings.mended.items() if (at := place(old)) is not None
    }
    flow.settings = replace(settings, orders=orders, units=units, mended=mended)
    flow.understand()
