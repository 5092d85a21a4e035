"""Charts of reports that are not simply a column by another: some of the rows, a colour for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from funneldesk.domain.results import Type
from funneldesk.exporting.chart_tables import MOST, Written, colour_of
from funneldesk.exporting.sheet_charts import NEUTRAL, SERIES, Cells, Chart, Series, as_range

_MOST_STANDARDS = 8
_MOST_RANGES = 14


def _names(table: Written, *keys: str) -> str:
    return " / ".join(table.label(table.report.column(key)) for key in keys)


def _velocity(table: Written) -> list[Chart]:
    """What the open deals promise a day beside what was won; what a point and a day less are worth."""
    found = []
    for keys in (("velocity_per_day", "won_per_day"), ("point_worth", "day_worth")):
        # the heads of the columns are the names, so they must stand beside each other
        if not table.has(*keys) or table.place(keys[1]) - table.place(keys[0]) != 1:
            continue
        if any(table.report.rows[0][key] is None for key in keys):
            continue
        values = table.cells([0], *keys)
        names = replace(values, rows=(table.first - 1,))
        code = table.code(table.report.column(keys[0]))
        each = (SERIES[1], SERIES[0]) if keys[1] == "won_per_day" else ()
        title = _names(table, *keys)
        found.append(Chart("column", title, (Series(title, names, values, code, each=each),)))
    return found


def _strategy(table: Written) -> list[Chart]:
    """A point per manager at (deals a month, activities a deal), crossed by the middles of the team."""
    keys = ("manager", "volume", "depth")
    if not table.has(*keys):
        return []
    rows = [n for n, row in enumerate(table.report.rows) if row["depth"] is not None]
    shown = rows[:MOST]
    told = not table.has("strategy")
    series = tuple(
        replace(
            table.series("depth", [row], "volume", mark="circle"),
            name=(table.first + row, table.place("manager")),
            colour=SERIES[1] if told or table.report.rows[row]["strategy"] else NEUTRAL,
        )
        for row in shown
    )
    if not series:
        return []
    middle = table.report.extra.get("usual")
    title = _names(table, "depth", "volume")
    title += f" · ┼ {table.middle}" if middle and table.middle else ""
    axes = table.label(table.report.column("volume")), table.label(table.report.column("depth"))
    return [Chart("scatter", table.titled(title, len(rows) - len(shown)), series, axes=axes, middle=middle)]


def _leaks(table: Written) -> list[Chart]:
    """What the leaks cost; the rate of each slice with its range, and where the others stand."""
    found = []
    rows = table.report.rows
    if table.has("cost"):
        priced = [n for n, row in enumerate(rows) if row["cost"]]
        # they stand first; names of two columns can only be told of rows that follow each other
        run = [n for place, n in enumerate(priced[:MOST]) if n == priced[0] + place]
        if run:
            title = table.titled(_names(table, "cost"), len(priced) - len(run))
            found.append(
                Chart("bar", title, (table.series("cost", run, "slice", until="step", colour="#D55E00"),))
            )
    keys = ("low", "rate", "reference", "high")
    if table.has(*keys):
        first = range(len(rows))[:_MOST_RANGES]
        series = [table.series(key, first, "slice", until="step") for key in keys]
        series[2] = replace(series[2], colour="#E69F00", labelled=False)
        title = table.titled(_names(table, "rate", "reference"), len(rows) - len(first))
        found.append(Chart("ranges", title, as_range(series)))
    return found


def _plan_fact(table: Written) -> list[Chart]:
    """Plan beside fact: managers in the newest month, and the team by months; each measure its own."""
    keys = ("plan", "fact")
    rows = table.report.rows
    if not table.has("manager", "month", "measure", *keys):
        return []
    latest = max(row["month"] for row in rows)
    found = []
    for measure in dict.fromkeys(row["measure"] for row in rows):
        own = [n for n, row in enumerate(rows) if row["measure"] == measure and row["plan"] is not None]
        team = [n for n in own if rows[n].get("scope") == "team"][-MOST:]
        people = [n for n in own if rows[n].get("scope") != "team" and rows[n]["month"] == latest]
        for picked, category in ((people, "manager"), (team, "month")):
            # a team of one month is a sum of the bars above
            if not picked or (picked is team and len(team) < 2 and people):
                continue
            shown = picked[:MOST]
            title = f"{table.text(shown[0], 'measure')}: {_names(table, *keys)}"
            if category == "manager":
                title += f", {table.text(shown[0], 'month')}"
            series = tuple(table.series(key, shown, category, n) for n, key in enumerate(keys))
            found.append(Chart("column", table.titled(title, len(picked) - len(shown)), series))
    return found


def _activities(table: Written) -> list[Chart]:
    """The work of the whole team before an entry into each stage, by kind: parts of one bar."""
    if not table.has("kind", "stage", "per_entry"):
        return []
    kinds: dict[str, list[int]] = {}
    for n, row in enumerate(table.report.rows):
        if row.get("scope") == "team":
            kinds.setdefault(row["kind"], []).append(n)
    series = tuple(
        replace(
            table.series("per_entry", rows, "stage", number),
            name=(table.first + rows[0], table.place("kind")),
        )
        for number, rows in enumerate(list(kinds.values())[: len(SERIES)])
    )
    if not series:
        return []
    title = f"{table.text(next(iter(kinds.values()))[0], 'manager')}: {_names(table, 'per_entry')}"
    return [Chart("bar", title, series, stacked=True)]


def _standards(table: Written) -> list[Chart]:
    """How far each standard is kept by each manager."""
    if not table.has("standard", "limit", "label", "manager", "kept_share"):
        return []
    groups: dict[tuple[Any, ...], list[int]] = {}
    for n, row in enumerate(table.report.rows):
        if row.get("scope") != "team":
            groups.setdefault((row["standard"], row["limit"], row["label"]), []).append(n)
    found = []
    for rows in list(groups.values())[:_MOST_STANDARDS]:
        told = f"{table.text(rows[0], 'standard')} {table.text(rows[0], 'limit')}"
        title = f"{_names(table, 'kept_share')}: {told} ({table.text(rows[0], 'label')})"
        shown = rows[:MOST]
        series = table.series("kept_share", shown, "manager")
        found.append(Chart("bar", table.titled(title, len(rows) - len(shown)), (series,)))
    return found


def _lost_history(table: Written) -> list[Chart]:
    """Of clients with both: how long the won deals took and how long the lost ones."""
    keys = ("won_median_days", "lost_median_days")
    if not table.has("client", *keys):
        return []
    rows = [n for n, row in enumerate(table.report.rows) if all(row[key] is not None for key in keys)]
    shown = rows[:MOST]
    if not shown:
        return []
    series = tuple(table.series(key, shown, "client", n) for n, key in enumerate(keys))
    return [Chart("bar", table.titled(_names(table, *keys), len(rows) - len(shown)), series)]


def _forecast(table: Written) -> list[Chart]:
    """The money of the period: won so far, the range of what it will have been, the plan."""
    columns = table.report.total_columns
    wanted = ("won_amount", "amount_p10", "amount_p50", "amount_p90", "plan")
    known = [
        n
        for n, column in enumerate(columns)
        if column.key in wanted and column.type is Type.MONEY
        and table.report.totals[column.key] is not None
    ]  # fmt: skip
    if table.totals < 0 or not known:
        return []
    rows = tuple(table.totals + n for n in known)
    told: Sequence[Mapping[str, Any]] = [
        {"name": table.label(columns[n]), "value": table.total(columns[n])} for n in known
    ]
    names, values = (
        Cells(table.sheet, rows, place, place, tuple(each[key] for each in told))
        for place, key in enumerate(("name", "value"))
    )
    looks = {"won_amount": colour_of("won", 0), "plan": NEUTRAL}
    each = tuple(looks.get(columns[n].key, SERIES[1]) for n in known)
    code = table.code(columns[known[0]])
    return [Chart("bar", table.title, (Series(table.title, names, values, code, each=each),))]


SPECIAL: Mapping[str, Callable[[Written], list[Chart]]] = {
    "velocity": _velocity,
    "strategy": _strategy,
    "leaks": _leaks,
    "plan-fact": _plan_fact,
    "activities": _activities,
    "standards": _standards,
    "lost-history": _lost_history,
    "forecast": _forecast,
}
