"""Personal data of a person: all that is held written out, and the person erased."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from funneldesk.domain.card import Names
from funneldesk.domain.change import Change
from funneldesk.text import _, activity_kind, format_date, format_datetime, format_number, language, ngettext
from funneldesk.ui.clients.timeline import edit_value, field_name
from funneldesk.ui.context import AppContext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import PlainLabel, Quiet

if TYPE_CHECKING:
    from funneldesk.services.backups import Holding
    from funneldesk.services.privacy import Held
    from funneldesk.store.database import Database

_QUIET = frozenset({"id", "version", "name_key", "sort_key", "key", "folded", "position", "record_kind",
                    "record_id", "visited", "path_known", "next_activity_id", "updated_at"})  # fmt: skip

_STYLE = """body{font-family:sans-serif;max-width:60em}td,th{text-align:left;padding:2px 12px 2px 0}
table{border-top:1px solid #bbb;margin:6px 0}th{font-weight:normal;color:#555}"""


def record_title(kind: str) -> str:
    """A kind of record as the heading of a part."""
    return {
        "person": _("Person"),
        "contact_point": _("Contacts"),
        "activity": _("Activities"),
        "deal": _("Deals"),
        "lead": _("Leads"),
        "invoice": _("Invoices"),
        "payment": _("Payments"),
        "custom_value": _("Own fields"),
        "file": _("Files"),
    }.get(kind, kind)


def held_page(context: AppContext, held: Held) -> str:
    """All that is held on a person as one HTML page to read."""
    names = Names(
        managers=held.names.get("manager_id", {}),
        sources=held.names.get("source_id", {}),
        products=held.names.get("product_id", {}),
        reasons=held.names.get("loss_reason_id", {}),
    )
    parts = [f"<h1>{escape(held.name)}</h1>"]
    for kind, rows in held.records.items():
        if kind == "custom_value":
            continue
        parts.append(f"<h2>{escape(record_title(kind))}</h2>")
        parts += [_table(_words(context, names, row)) for row in rows]
    if held.own:
        parts.append(f"<h2>{escape(_('Own fields'))}</h2>{_table(dict(held.own))}")
    if held.history:
        parts.append(f"<h2>{escape(_('Timeline'))}</h2>")
        parts += [_table(_event(context, item)) for item in held.history]
    return (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8">'
        f"<title>{escape(held.name)}</title><style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>"
    )


def _words(context: AppContext, names: Names, row: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for column, value in row.items():
        if column in _QUIET or value in (None, ""):
            continue
        if column.endswith("_at") and isinstance(value, int):
            text = format_datetime(value, context.zone)
        else:
            text = edit_value(column, value, names, {}, context.currency)
        found[field_name(column, names)] = text
    return found


def _event(context: AppContext, item: Mapping[str, Any]) -> dict[str, str]:
    words = {_("When"): format_datetime(item.get("at"), context.zone)}
    for key, value in item.items():
        if key in ("at", "id", "deal_id") or value in (None, "", ()):
            continue
        words[field_name(key, Names())] = activity_kind(value) if key == "kind" else str(value)
    return words


def _table(rows: Mapping[str, str]) -> str:
    cells = "".join(f"<tr><th>{escape(k)}</th><td>{escape(v)}</td></tr>" for k, v in rows.items())
    return f"<table>{cells}</table>"


def ask_export(context: AppContext, parent: QWidget, person_id: int, name: str) -> None:
    """Ask where to write all that is held on a person."""
    from funneldesk.ui.clients.files import safe_name

    title = _("Export all that is held…")
    place, _filter = QFileDialog.getSaveFileName(parent, title, f"{safe_name(name)}.zip", "*.zip")
    if place:
        export_person(context, parent, person_id, Path(place))


def export_person(context: AppContext, parent: QWidget, person_id: int, place: Path) -> None:
    """Write it in a worker and say where it lies."""

    def work(db: Database, _progress: Callable[..., None], _cancelled: Callable[[], bool]) -> Path:
        from funneldesk.services import privacy

        return privacy.export(db, person_id, place, lambda held: held_page(context, held))

    def done(path: Path) -> None:
        context.toast(_("Saved: {path}").format(path=path))

    context.tasks.run(work, done, title=_("Writing out personal data"), receiver=parent)


def held_words(held: Holding) -> str:
    """Until when backups still hold a person, in words."""
    parts = []
    if held.rotating:
        words = ngettext(
            "{count} automatic backup still holds the person; with a backup on every day it goes by {day}.",
            "{count} automatic backups still hold the person; with a backup on every day "
            "the last goes by {day}.",
            held.rotating,
        )
        day = format_date(held.until) if held.until is not None else ""
        parts.append(words.format(count=format_number(held.rotating), day=day))
    if held.by_hand:
        words = ngettext(
            "{count} backup made by hand holds the person until you delete it.",
            "{count} backups made by hand hold the person until you delete them.",
            held.by_hand,
        )
        parts.append(words.format(count=format_number(held.by_hand)))
    if not parts:
        parts.append(_("No backup in the folder of this base holds the person."))
    parts.append(_("Copies that you keep elsewhere are yours to delete."))
    return " ".join(parts)


class EraseDialog(Dialog):
    """Says what erasing means; the button works once that is ticked."""

    help_page = "card"

    def __init__(self, context: AppContext, parent: QWidget | None, person_id: int, name: str) -> None:
        super().__init__(context.theme, parent)
        self._context, self._person_id = context, person_id
        column = self.headed(_("Erase {name}").format(name=name), 480)
        self.setWindowTitle(_("Erase a person"))
        for text in (
            _("The card, contacts, own fields and files go; calls, letters and leads lose their texts. Deals "
              "and sums stay for the figures, without the person. The history forgets the person too."),
            _("This cannot be undone, and neither can anything done before it."),
            _("A list beside the base remembers only the number of the card, and erases the person again "
              "after a restore."),
        ):  # fmt: skip
            label = PlainLabel(text)
            label.setWordWrap(True)
            column.addWidget(label)
        self.backups = PlainLabel(_("Looking at the backups…"))
        self.backups.setWordWrap(True)
        column.addWidget(self.backups)
        context.tasks.read(self._read_backups, self._tell_backups, receiver=self)
        self.sure = QCheckBox(_("Erase for good"))
        column.addWidget(self.sure)
        self.working = Quiet("")
        column.addWidget(self.working)
        self.button = push_button(_("Erase"), self.erase, role="danger", theme=context.theme, icon="trash-2")
        self.button.setEnabled(False)
        self.sure.toggled.connect(self.button.setEnabled)
        self.add_foot(column, self.button)

    def _read_backups(self, db: Database) -> Holding:
        from funneldesk.services import privacy

        return privacy.held_by_backups(db, self._person_id)

    def _tell_backups(self, held: Holding) -> None:
        self.backups.setText(held_words(held))

    def erase(self) -> None:
        """Do it, away from the window."""
        self.button.setEnabled(False)
        self.working.setText(_("Erasing…"))
        person_id, me = self._person_id, self._context.me

        def work(db: Database, progress: Callable[..., None], _cancelled: Callable[[], bool]) -> Change:
            from funneldesk.services import acting, privacy

            return privacy.erase(db, person_id, actor=acting.actor(db, me), progress=progress)

        title = _("Erasing a person")
        self._context.tasks.run(work, self._done, self._failed, title=title, receiver=self, writes=True)

    def _done(self, _change: Change) -> None:
        self._context.toast(_("The person was erased."))
        self.accept()

    def _failed(self, _error: Exception) -> None:
        self.working.setText("")
        self.button.setEnabled(True)
