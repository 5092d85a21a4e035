"""The steps of an import: which can be reached, and what the button says that goes on."""

from __future__ import annotations

from funneldesk.text import _, format_number, ngettext
from funneldesk.ui.import_wizard import jobs as states
from funneldesk.ui.import_wizard.result_step import show_words
from funneldesk.ui.import_wizard.row_words import rows_to_write
from funneldesk.ui.import_wizard.session import ImportSession

FILE, COLUMNS, CHECK, RESULT, LOG = range(5)


def open_steps(session: ImportSession, step: int) -> list[bool]:
    """Which steps can be gone to."""
    if session.writing():
        return [False, False, False, True]
    done = session.result is not None
    there = session.file is not None and not done
    return [not done or step == RESULT, there, there and session.rows is not None, done]


def rows_written(session: ImportSession) -> int:
    """How many rows the plan writes."""
    return rows_to_write(session.rows.counts) if session.rows is not None else 0


def import_words(session: ImportSession) -> str:
    """What the button says that writes."""
    if count := rows_written(session):
        return ngettext("Import {count} row", "Import {count} rows", count).format(count=format_number(count))
    if count := session.to_mark():
        words = ngettext("Mark {count} record", "Mark {count} records", count)
        return words.format(count=format_number(count))
    return _("Nothing to import")


def next_button(session: ImportSession, step: int) -> tuple[str, bool]:
    """What the button says that goes on ("" = there is none), and whether one can."""
    busy = session.busy
    ready = busy not in (states.READING, states.WRITING, states.UNDOING)
    if step == FILE and session.file is not None:
        return _("Continue to the columns"), ready
    if step == COLUMNS:
        count = session.file.count if session.file else 0
        words = ngettext("Check {count} row", "Check {count} rows", count)
        return words.format(count=format_number(count)), ready and busy != states.CHECKING
    if step == CHECK:
        there = bool(rows_written(session) or session.to_mark())
        return import_words(session), ready and session.current() and there
    if step == RESULT and session.result is not None and session.kind is not None:
        return show_words(session.kind), ready
    return "", ready
