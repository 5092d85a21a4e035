"""The words of a card: money, days, the next step; and the day that they are told for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.board import BoardCard, Mark, Totals, days_in_stage, is_stale, next_mark
from funneldesk.text import (
    _,
    activity_kind,
    format_amount_short,
    format_date_short,
    format_money,
    format_money_short,
    format_number,
    ngettext,
)


class Today(NamedTuple):
    """A moment, and the first moments of its day and of the next, in the zone of the base."""

    now: int
    start: int
    end: int
    zone: ZoneInfo

    @staticmethod
    def at(now: int, zone: ZoneInfo) -> Today:
        """The day of a moment."""
        day = clock.local_date(now, zone)
        start = clock.start_of_day(day, zone)
        return Today(now, start, clock.start_of_day(day + timedelta(days=1), zone), zone)

    def mark(self, card: BoardCard) -> str:
        """The state of a card's next step."""
        return next_mark(card, self.now, self.start, self.end)


def step_text(card: BoardCard, today: Today) -> str:
    """The next step in words: what, when, and what about."""
    mark = today.mark(card)
    if mark == Mark.NONE:
        return _("No next step")
    kind = activity_kind(card.next_kind or "task")
    head = _("{what}, {when}").format(what=kind, when=_when(card, today, mark))
    subject = (card.next_subject or "").strip()
    return f"{head} · {subject}" if subject else head


def step_variants(card: BoardCard, today: Today) -> tuple[str, ...]:
    """The next step in words, the longest first: what does not fit is said shorter, never cut."""
    full = step_text(card, today)
    mark = today.mark(card)
    if mark == Mark.NONE:
        return (full,)
    when = _when(card, today, mark)
    kind = activity_kind(card.next_kind or "task")
    return full, _("{what}, {when}").format(what=kind, when=when), when


def _when(card: BoardCard, today: Today, mark: str) -> str:
    due = card.next_due_at
    if due is None:
        return _("some day")
    time = "" if card.next_all_day else f"{clock.from_micros(due).astimezone(today.zone):%H:%M}"
    if mark == Mark.TODAY or (due >= today.start and mark == Mark.OVERDUE):
        return _("today {time}").format(time=time).strip()
    if mark == Mark.OVERDUE:
        late = (clock.local_date(today.now, today.zone) - clock.local_date(due, today.zone)).days
        return ngettext("{count} day late", "{count} days late", late).format(count=late)
    if due < today.end + clock.DAY:
        return _("tomorrow {time}").format(time=time).strip()
    return format_date_short(due, today.zone)


def days_text(card: BoardCard, today: Today) -> str:
    """How long the card has been in its stage, short; "" when unknown."""
    days = days_in_stage(card, today.now)
    return "" if days is None else _("{days} d").format(days=format_number(days))


def amount_text(card: BoardCard, currency: str) -> str:
    """The amount with its currency, a dash when unknown."""
    return format_money(card.amount, card.currency or currency) if card.amount is not None else "–"


def close_text(card: BoardCard) -> str:
    """When the deal is expected to close, in words; a dash when nobody has said."""
    if not card.expected_close:
        return _("closes: –")
    return _("closes: {day}").format(day=format_date_short(date.fromisoformat(card.expected_close[:10])))


def spoken(card: BoardCard, today: Today, currency: str, manager: str, limit_days: float | None) -> str:
    """A whole card in words for screen readers."""
    parts = [card.client or _("No client"), card.title]
    parts.append(amount_text(card, currency) if card.amount is not None else _("amount unknown"))
    parts.append(manager or _("no manager"))
    parts.append(step_text(card, today))
    days = days_in_stage(card, today.now)
    if days is not None:
        parts.append(
            ngettext("{count} day in this stage", "{count} days in this stage", days).format(count=days)
        )
    if is_stale(card, today.now, limit_days):
        parts.append(_("longer than the stage allows"))
    return ", ".join(parts)


def initials(name: str) -> str:
    """Up to two letters of a name: of the first and the last word."""
    words = [word for word in name.replace(".", " ").split() if word[:1].isalpha()]
    if not words:
        return name.strip()[:1].upper()
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def totals_notes(totals: Totals) -> str:
    """What the sums leave out, "" when nothing."""
    notes = []
    if totals.unknown:
        notes.append(
            ngettext("{count} without an amount", "{count} without an amount", totals.unknown).format(
                count=format_number(totals.unknown)
            )
        )
    if totals.no_rate:
        notes.append(
            ngettext("{count} without a rate", "{count} without a rate", totals.no_rate).format(
                count=format_number(totals.no_rate)
            )
        )
    return ", ".join(notes)


def short_amount(minor: float, currency: str) -> str:
    """An amount for heads, without its currency (which stands beside it already)."""
    return format_amount_short(minor, currency)


def headline(totals: Totals, currency: str) -> str:
    """The board in one line: deals, sum, weighted sum."""
    deals = ngettext("{count} deal", "{count} deals", totals.count).format(count=format_number(totals.count))
    parts = [
        deals,
        format_money_short(totals.amount, currency),
        _("weighted {sum}").format(sum=short_amount(totals.weighted, currency)),
    ]
    if totals.no_rate:
        parts.append(
            ngettext("{count} without a rate", "{count} without a rate", totals.no_rate).format(
                count=format_number(totals.no_rate)
            )
        )
    return "  ·  ".join(parts)
