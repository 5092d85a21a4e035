"""What the workers do for the import: read, look at the values, plan, write, take back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from funneldesk.domain import clock
from funneldesk.domain.change import Change
from funneldesk.domain.folding import fold
from funneldesk.errors import Cancelled
from funneldesk.importing import parsing
from funneldesk.importing.child import ReadOptions
from funneldesk.importing.custom import Guess, fresh_fields, guess, own_columns
from funneldesk.importing.fields import CUSTOM, CUSTOM_RECORD
from funneldesk.importing.flow import ImportFlow
from funneldesk.importing.matching import BaseIndex
from funneldesk.importing.table import read_values
from funneldesk.importing.words import word_uses
from funneldesk.text import _
from funneldesk.ui.import_wizard.collector import MANY, steady
from funneldesk.ui.import_wizard.views import (
    CheckRows,
    FunnelChoice,
    ValuesView,
    base_view,
    problem_words,
)

if TYPE_CHECKING:
    from funneldesk.store.database import Database

Tell = Callable[..., None]
Stop = Callable[[], bool]
PARTS = 1000  # of the reading of a file
_BIG = 200_000  # bytes
_HINTED = 2_000  # rows that say of which type a new field would be, until it is made


def read_file(
    db: Database, flow: ImportFlow, path: Path, options: ReadOptions | None, tell: Tell, stop: Stop
) -> None:
    """Read a foreign file in the child process."""
    from funneldesk.services import imports

    imports.prepare(db, flow)
    # how many rows there are is not known yet
    big = path.is_file() and path.stat().st_size > _BIG
    with steady(MANY if big else 0):
        flow.open(path, options, progress=lambda part: tell(int(part * PARTS), 0), cancelled=stop)


def read_text(db: Database, flow: ImportFlow, text: str, name: str) -> None:
    """Take copied cells."""
    from funneldesk.services import imports

    imports.prepare(db, flow)
    flow.open_text(text, name)


def look(db: Database, flow: ImportFlow, known: BaseIndex | None, stop: Stop) -> tuple[ValuesView, BaseIndex]:
    """The questions and new names in the values, and the base they were held against."""
    from funneldesk.services import funnels, living

    index = _index(db, flow, known)
    if stop():
        raise Cancelled
    assert flow.table is not None
    with steady(len(flow.table)):
        values = read_values(flow.table, flow.maps, flow.request.kind, flow.settings, index.zone)
    if stop():
        raise Cancelled
    choices = [
        FunnelChoice(v.funnel.name, tuple(s.name for s in v.stages), v.funnel.id) for v in funnels.views(db)
    ]
    words = tuple(word_uses(flow.request, values, index))
    own = own_columns(values, index, flow.request)
    options = {c.key: c.known.options for c in own if c.known is not None and c.options is not None}
    fresh = fresh_fields(own, index.zone, index.currency)
    base = base_view(index, choices, flow.own_names())
    before = living.previous(db, flow)
    asked, splits = tuple(values.questions), tuple(flow.splits())
    view = ValuesView(
        asked, words, base, splits, before, options, fresh, _hints(flow, index), tuple(values.units)
    )
    return view, index


def _hints(flow: ImportFlow, index: BaseIndex) -> dict[int, Guess]:
    """What own fields the columns would make that go to none, by their first rows."""
    assert flow.table is not None
    if flow.request.kind not in CUSTOM_RECORD:
        return {}
    out = {}
    for column in flow.maps:
        if not (column.used or "").startswith(CUSTOM):
            texts = [parsing.read_text(cell) for cell in flow.table.columns[column.index][:_HINTED]]
            out[column.index] = guess(texts, index.zone, index.currency)
    return out


def likely_funnel(view: ValuesView) -> str | None:
    """The funnel that knows most stages of the file; "" = none knows any; None = leave as it is."""
    stages = {fold(stage) for stage in view.stages()}
    if not stages:
        return None
    if not view.base.funnels:
        first = view.base.first_funnel
        return None if first and stages & {fold(s) for s in first.stages} else ""
    known = [(len(stages & {fold(s) for s in funnel.stages}), funnel.name) for funnel in view.base.funnels]
    best = max(known, key=lambda item: item[0])
    if not best[0]:
        return ""
    return None if best[1] == view.base.funnels[0].name else best[1]


def plan(db: Database, flow: ImportFlow, known: BaseIndex | None, stop: Stop) -> tuple[CheckRows, BaseIndex]:
    """Make the plan; nothing is written."""
    index = _index(db, flow, known)
    if stop():
        raise Cancelled
    flow.request = replace(flow.request, now=clock.now())
    assert flow.table is not None
    from funneldesk.services import living

    with db.read() as conn:
        living.attach(conn, flow, index)
    with steady(len(flow.table)):
        flow.make_plan(index)
    if stop():
        raise Cancelled
    rows = CheckRows(flow, living.compare(db, flow))
    rows.prepare()
    return rows, index


def _index(db: Database, flow: ImportFlow, known: BaseIndex | None) -> BaseIndex:
    from funneldesk.services import imports

    return known if known is not None else imports.read_index(db, flow.request.kind)


def write(
    db: Database, flow: ImportFlow, me: int | None, progress: Callable[[float], None], stop: Stop
) -> Change:
    """Run the plan in one transaction."""
    from funneldesk.services import acting, imports

    with steady(len(flow.plan.actions) if flow.plan else 0):
        return imports.run_import(db, flow, actor=acting.actor(db, me), progress=progress, cancelled=stop)


def take_back(db: Database, change: Change, me: int | None) -> Change:
    """Take an import back; what was changed or built upon since stays."""
    from funneldesk.services import acting, history

    return history.take_back(db, change.journal_id, actor=acting.actor(db, me))


def import_states(db: Database) -> dict[int, str]:
    """Which imports hold: entry -> done, undone or taken_back."""
    from funneldesk.services import import_log

    return {line.entry: line.state for line in import_log.lines(db)}


def save_rejects(flow: ImportFlow, path: Path) -> int:
    """Write the rejected rows with their reasons; returns how many."""
    from funneldesk.exporting.rejects import write_rejects

    headers, rows = flow.rejected()
    lines = [(number, cells, "; ".join(map(problem_words, problems))) for number, cells, problems in rows]
    write_rejects(path, headers, lines, reason_header=_("Reason"))
    return len(lines)
