"""What the screens of clients share: writing with a toast, opening links, telling when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from funneldesk.domain import clock
from funneldesk.domain.change import Change
from funneldesk.domain.phone import digits
from funneldesk.text import _, format_date_short, format_datetime, format_money, ngettext
from funneldesk.ui.context import AppContext

if TYPE_CHECKING:
    from funneldesk.store.database import Database
    from funneldesk.store.transaction import Actor

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
KIND_ICONS = {
    "call": "phone",
    "letter": "mail",
    "meeting": "users",
    "message": "message-square",
    "mailing": "send",
    "note": "sticky-note",
    "task": "square-check",
}


def save(
    context: AppContext,
    write: Callable[[Database, Actor], Change],
    receiver: QObject,
    done: Callable[[Change], None] | None = None,
    failed: Callable[[Exception], None] | None = None,
    *,
    toast: bool = True,
) -> None:
    """Write in the writing thread as the manager who sits here; tell it with Undo when `toast`."""
    me = context.me

    def work(db: Database) -> Change:
        from funneldesk.services import acting

        return write(db, acting.actor(db, me))

    def after(change: Change) -> None:
        if toast:
            context.tell(change)
        if done is not None:
            done(change)

    context.tasks.write(work, after, failed, receiver=receiver)


def open_link(address: str) -> bool:
    """Open a web, mail or telephone address with the system's program; anything else is left alone."""
    if urlsplit(address).scheme.lower() not in SCHEMES:
        return False
    return QDesktopServices.openUrl(QUrl(address, QUrl.ParsingMode.TolerantMode))


def link_of(kind: str, value: str) -> str:
    """The address behind a contact point; "" when it cannot be opened safely."""
    text = value.strip()
    if kind == "phone":
        number = digits(text)
        return f"tel:{'+' if text.startswith('+') else ''}{number}" if number else ""
    if kind == "email":
        return f"mailto:{quote(text, safe='@.+-_')}" if "@" in text else ""
    try:
        scheme = urlsplit(text).scheme.lower()
    except ValueError:
        return ""
    if scheme in ("http", "https"):
        return text
    return "" if (scheme and "." not in scheme) or not text else f"https://{text}"


def copy_text(context: AppContext, text: str) -> None:
    """Put a text on the clipboard and say so."""
    QGuiApplication.clipboard().setText(text)
    context.toast(_("Copied: {text}").format(text=text))


def sums_text(sums: Sequence[tuple[str, int]], currency: str) -> str:
    """Amounts of several currencies side by side."""
    return " + ".join(format_money(minor, code or currency, cents=False) for code, minor in sums)


@dataclass(frozen=True, slots=True)
class When:
    """When something is due, in words, and how it looks (a token of the theme)."""

    text: str
    token: str
    late: bool


def due_words(due: int | None, zone: ZoneInfo, *, all_day: bool = False, now: int | None = None) -> When:
    """A due moment as a person says it: late, today, tomorrow, a day."""
    if due is None:
        return When(_("some day"), "quiet", False)
    moment = clock.now() if now is None else now
    today, day = clock.local_date(moment, zone), clock.local_date(due, zone)
    time = "" if all_day else f"{clock.from_micros(due).astimezone(zone):%H:%M}"
    if day < today:
        count = (today - day).days
        late = ngettext("{count} day late", "{count} days late", count).format(count=count)
        return When(late, "danger", True)
    if day == today:
        past = due < moment and not all_day
        text = _("today {time}").format(time=time).strip()
        return When(text, "danger" if past else "success", past)
    if day == today + timedelta(days=1):
        return When(_("tomorrow {time}").format(time=time).strip(), "text", False)
    return When(f"{format_date_short(due, zone)} {time}".strip(), "text", False)


def moment_words(at: int | None, zone: ZoneInfo) -> str:
    """When something happened, short: the time today, else the day."""
    if at is None:
        return _("before")
    now = clock.now()
    if clock.local_date(at, zone) == clock.local_date(now, zone):
        return f"{clock.from_micros(at).astimezone(zone):%H:%M}"
    return format_date_short(at, zone)


def full_moment(at: int | None, zone: ZoneInfo) -> str:
    """When something happened, with date and time."""
    return "" if at is None else format_datetime(at, zone)
