"""The only place that puts words, numbers, money and dates into a language.

`_` and `ngettext` look a sentence up at the moment of use; `N_` marks one that is looked up
later.  gettext comes with Python and loads in a millisecond; Babel, which knows how languages
write numbers and dates, is loaded at its first use, so that a window can open before.
"""

from __future__ import annotations

import gettext as _gettext
import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.money import from_minor, minor_digits
from funneldesk.errors import UserError
from funneldesk.import_words import IMPORT_ERRORS
from funneldesk.resources import resource_path

if TYPE_CHECKING:
    from funneldesk.domain.change import Label

LANGUAGES: Final = ("en", "ru", "pl")
_DOMAIN = "funneldesk"
_state: dict[str, str] = {"language": "en"}
_catalogue: list[_gettext.NullTranslations] = [_gettext.NullTranslations()]


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """Mark a sentence for translation; it is translated where it is used."""
    return message


def _(message: str) -> str:
    """The sentence in the language chosen."""
    return _catalogue[0].gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The sentence in the plural form that `count` needs."""
    return _catalogue[0].ngettext(one, many, count)


def set_language(language: str) -> None:
    """Speak `language` (en, ru, pl; anything else is English) from now on."""
    chosen = language if language in LANGUAGES else "en"
    _state["language"] = chosen
    if chosen == "en":
        _catalogue[0] = _gettext.NullTranslations()
    else:
        folder = str(resource_path("i18n"))
        _catalogue[0] = _gettext.translation(_DOMAIN, folder, languages=[chosen], fallback=True)


def language() -> str:
    """The language spoken now."""
    return _state["language"]


def system_language() -> str:
    """The language of the system where we speak it, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        value = os.environ.get(name, "")
        if value:
            short = value.split(":")[0].split("_")[0].split(".")[0].lower()
            return short if short in LANGUAGES else "en"
    import locale

    found = (locale.getlocale()[0] or "").lower()
    for short, word in (("ru", "russian"), ("pl", "polish")):
        if found.startswith((short, word)):
            return short
    return "en"


# Numbers, money, dates ----------------------------------------------------------
# Boards paint thousands of amounts and dates, and the first screen must not wait for Babel, so
# the few patterns that are used stand here; tests hold them against Babel's data.
_GROUP = {"en": ",", "ru": "\u00a0", "pl": "\u00a0"}
_POINT = {"en": ".", "ru": ",", "pl": ","}
_MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
    "ru": "янв. февр. мар. апр. мая июн. июл. авг. сент. окт. нояб. дек.".split(),
    "pl": "sty lut mar kwi maj cze lip sie wrz paź lis gru".split(),
}


def format_number(value: int | float | Decimal, digits: int = 0) -> str:
    """A number with the language's separators and a fixed number of decimals (half to even)."""
    spoken = _state["language"]
    plain = f"{value:,.{digits}f}"
    if plain.startswith("-") and not plain.strip("-0.,"):
        plain = plain[1:]
    whole, _point, rest = plain.partition(".")
    whole = whole.replace(",", _GROUP[spoken])
    return whole + (_POINT[spoken] + rest if rest else "")


def format_percent(share: float | None, digits: int = 1) -> str:
    """0..1 as a percent; an unknown value is a dash."""
    if share is None:
        return "–"
    return format_number(share * 100, digits) + "\u00a0%"


def format_money(minor: int | float | None, currency: str, *, cents: bool | None = None) -> str:
    """An amount with its currency; decimals only where there are any (`cents` None), always or never."""
    if minor is None:
        return "–"
    number = format_amount(minor, currency, cents=cents)
    return f"{number}\u00a0{currency_sign(currency)}"


def format_amount(minor: int | float, currency: str, *, cents: bool | None = None) -> str:
    """As `format_money` without the currency."""
    value = from_minor(minor, currency)
    whole = value == value.to_integral_value()
    digits = 0 if cents is False or (cents is None and whole) else minor_digits(currency)
    return format_number(value, digits)


def format_money_short(minor: int | float, currency: str) -> str:
    """An amount in thousands or millions with one decimal, for heads of columns."""
    value = float(from_minor(minor, currency))
    for limit, word in ((1e9, _("bn")), (1e6, _("M")), (1e4, _("K"))):
        if abs(value) >= limit:
            scale = 1e3 if limit == 1e4 else limit
            return f"{format_number(value / scale, 1)}\u00a0{word}\u00a0{currency_sign(currency)}"
    return format_money(minor, currency, cents=False)


_SIGNS = {"RUB": "₽", "PLN": "zł", "EUR": "€", "USD": "$", "GBP": "£", "UAH": "₴", "KZT": "₸", "CZK": "Kč"}


def currency_sign(currency: str) -> str:
    """The sign of a currency, its code where it has none."""
    return _SIGNS.get(currency, currency)


def format_days(days: float | None) -> str:
    """A number of days with one decimal below ten."""
    if days is None:
        return "–"
    return format_number(days, 1 if days < 10 else 0)


def format_date(value: int | date | None, zone: ZoneInfo | None = None) -> str:
    """A moment (microseconds, shown in `zone`) or a day as the language writes it."""
    if value is None:
        return "–"
    day = _day(value, zone)
    month = _MONTHS[_state["language"]][day.month - 1]
    if _state["language"] == "en":
        return f"{month} {day.day}, {day.year}"
    return f"{day.day} {month} {day.year}" + ("\u202fг." if _state["language"] == "ru" else "")


def format_date_short(value: int | date | None, zone: ZoneInfo | None = None) -> str:
    """A day and month; the year only when it is not this one."""
    if value is None:
        return "–"
    day = _day(value, zone)
    if datetime.now(zone or UTC).year != day.year:
        return format_date(day)
    month = _MONTHS[_state["language"]][day.month - 1]
    return f"{month} {day.day}" if _state["language"] == "en" else f"{day.day} {month}"


def _day(value: int | date, zone: ZoneInfo | None) -> date:
    return value if isinstance(value, date) else clock.local_date(value, zone or ZoneInfo("UTC"))


def format_datetime(value: int | None, zone: ZoneInfo) -> str:
    """A moment with its time, in `zone`."""
    if value is None:
        return "–"
    local = clock.from_micros(value).astimezone(zone)
    return f"{format_date(local.date())}, {local:%H:%M}"


def format_list(items: list[str]) -> str:
    """Items with the language's commas and "and"."""
    from babel.lists import format_list as babel_list

    return str(babel_list(items, locale=_state["language"])) if items else ""


# Messages -------------------------------------------------------------------------
# Sentences for UserError codes: what happened, what was kept, what to do.
ERRORS: dict[str, str] = {
    "base.missing": N_("There is no file {path}. Check the path, or make a new base."),
    "base.exists": N_("{path} is there already and was left as it is. Choose another name, or open it."),
    "base.empty": N_("{path} is empty, so it is not a base. Restore a backup or make a new base."),
    "base.foreign": N_("{path} is not a FunnelDesk base. It was left as it is."),
    "base.newer": N_(
        "{path} was made by a newer FunnelDesk. It was left as it is; update the program to open it."
    ),
    "base.locked": N_(
        "{path} is open in another FunnelDesk (user {user} on {host}, process {pid}). "
        "Close it there, or look at the base without changing it."
    ),
    "base.forbidden": N_(
        "The system does not let you use {path}. Check the rights of the file and its folder."
    ),
    "base.damaged": N_("{path} is damaged and was left as it is ({detail}). Restore the newest backup."),
    "base.full": N_("The disk is full. Nothing of this action was written; free some space and try again."),
    "base.busy": N_("Another program is writing to the base. Nothing was written; try again in a moment."),
    "base.read_only": N_("The base is open for reading only, so nothing was written."),
    "base.old_read_only": N_(
        "{path} was made by an older FunnelDesk. Open it once for writing, so that it can be upgraded."
    ),
    "base.url_unsupported": N_(
        "Bases of the kind {url} are not supported by this version. Give a path to a file."
    ),
    "base.migration_failed": N_(
        "{path} could not be upgraded and was left as it was ({detail}). A copy lies beside it."
    ),
    "backup.failed": N_("The backup {path} could not be written: {reason}. The base itself is untouched."),
    "backup.changed": N_(
        "{path} is not the backup that was made: its content has changed. Nothing was restored."
    ),
    "record.gone": N_("This record is not there any more: it was removed or its creation was undone."),
    "record.stale": N_(
        "Somebody changed this record while you were editing it. Look at both and save again."
    ),
    "history.nothing_to_undo": N_("There is nothing to undo."),
    "history.nothing_to_redo": N_("There is nothing to redo."),
    "history.not_last": N_(
        "Other changes were made after this one. Undo them first with Ctrl+Z; it comes in its turn."
    ),
    "deal.loss_needs_reason": N_("Choose why the deal was lost."),
    "deal.loss_needs_comment": N_("Write in a few words why the deal was lost."),
    "deal.wrong_stage": N_("This stage belongs to another funnel."),
    "deal.no_back": N_("In this funnel deals do not go back."),
    "deal.no_skip": N_("In this funnel stages cannot be skipped."),
    "name.empty": N_("Give it a name."),
    "name.taken": N_("{name} is there already. Choose another name."),
    "funnel.none": N_("There is no funnel yet. Make one from a template first."),
    "funnel.unknown": N_("There is no funnel {name}. There are: {known}."),
    "stage.unknown": N_("The funnel {funnel} has no stage {name}. Its stages: {known}."),
    "funnel.no_stages": N_("A funnel needs at least one stage."),
    "funnel.too_many_stages": N_("A funnel holds at most {most} stages."),
    "stage.not_all": N_("Name every stage of the funnel once."),
    "stage.bad_probability": N_("A probability lies between 0 and 100 %."),
    "stage.last": N_("This is the only stage of the funnel, so it stays."),
    "stage.bad_target": N_("Choose another stage of the same funnel."),
    "stage.needs_target": N_("{name} holds open deals ({count}). Choose the stage they go to."),
    "backup.same_file": N_("{path} is the base itself. Choose another file."),
    "template.unknown": N_("There is no template {name}. There are: {known}."),
    "manager.unknown": N_("There is no manager {name}. There are: {known}."),
    "manager.merge_self": N_("A manager cannot be merged with themselves."),
    "lead.closed": N_("This lead is closed already."),
    "lead.drop_needs_reason": N_("Write in a few words why the lead is dropped."),
    "field.no_options": N_("Give the choices, one on each line."),
    "field.unreadable": N_("{value} does not fit the field {name}."),
    "report.unknown": N_("There is no report {name}. There are: {known}."),
    "report.population": N_(
        "The report {name} is not made for the population {population}. Choose one of: {known}."
    ),
    "report.rule": N_("The report {name} does not count by the rule {rule}. Choose one of: {known}."),
    "report.by": N_("The report {name} cannot be grouped by {by}. It can be by: {known}."),
    "export.format": N_("{path}: choose a name that ends in .xlsx or .csv."),
    "export.failed": N_("{path} could not be written: {reason}. What was there before is untouched."),
    "filter.unknown": N_("There is no field {name} to filter by. There are: {known}."),
    "date.unreadable": N_("{value} is not a date or a moment. Write it like 2026-03-31 or 2026-03-31T14:00."),
    **IMPORT_ERRORS,
}


def error_text(error: UserError) -> str:
    """The sentence for a UserError; an unknown code is shown as it is rather than hidden."""
    sentence = ERRORS.get(error.code)
    if sentence is None:
        return str(error)
    values = {name: _shown(value) for name, value in error.params.items()}
    return _(sentence).format_map(_Missing(values))


class _Missing(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _shown(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(v) for v in value)
    return str(value)


# What changes are called in the journal, in Undo and in the timeline.
LABELS: dict[str, str] = {
    "company.created": N_("New company {name}"),
    "company.changed": N_("Changes to {name}"),
    "company.deleted": N_("Company {name} deleted"),
    "person.created": N_("New person {name}"),
    "person.changed": N_("Changes to {name}"),
    "person.deleted": N_("Person {name} deleted"),
    "clients.deleted": N_("{count} clients deleted"),
    "clients.assigned": N_("{count} clients given to {manager}"),
    "contact.changed": N_("Contacts of {name}"),
    "deal.created": N_("New deal {title}"),
    "deal.changed": N_("Changes to {title}"),
    "deal.moved": N_("{title} → {stage}"),
    "deal.won": N_("{title} won"),
    "deal.lost": N_("{title} lost"),
    "deal.reopened": N_("{title} open again → {stage}"),
    "deal.deleted": N_("Deal {title} deleted"),
    "deals.moved": N_("{count} deals → {stage}"),
    "deals.won": N_("{count} deals won"),
    "deals.lost": N_("{count} deals lost"),
    "deals.deleted": N_("{count} deals deleted"),
    "deals.assigned": N_("{count} deals given to {manager}"),
    "activity.added": N_("{kind} with {name}"),
    "activity.planned": N_("{kind} planned: {name}"),
    "activity.changed": N_("Changes to an activity"),
    "activity.done": N_("{kind} done: {name}"),
    "activity.deleted": N_("Activity deleted"),
    "lead.created": N_("New lead {title}"),
    "lead.changed": N_("Changes to lead {title}"),
    "lead.qualified": N_("Lead {title} qualified"),
    "lead.converted": N_("Lead {title} became a deal"),
    "lead.dropped": N_("Lead {title} dropped"),
    "lead.reopened": N_("Lead {title} taken up again"),
    "lead.deleted": N_("Lead {title} deleted"),
    "leads.dropped": N_("{count} leads dropped"),
    "leads.deleted": N_("{count} leads deleted"),
    "manager.created": N_("New manager {name}"),
    "manager.renamed": N_("Manager {old} is now {name}"),
    "manager.merged": N_("Manager {name} merged into {into}"),
    "manager.deactivated": N_("Manager {name} deactivated"),
    "manager.activated": N_("Manager {name} active again"),
    "list.created": N_("New entry {name}"),
    "list.renamed": N_("{old} is now {name}"),
    "list.deleted": N_("{name} removed"),
    "rate.set": N_("Rate of {currency} from {day}"),
    "funnel.created": N_("New funnel {name}"),
    "funnel.changed": N_("Changes to funnel {name}"),
    "stage.changed": N_("Changes to stage {name}"),
    "stage.created": N_("New stage {name}"),
    "stage.removed": N_("Stage {name} removed"),
    "stage.removed_to": N_("Stage {name} removed, {count} deals → {stage}"),
    "stage.merged": N_("Stage {name} merged into {into}"),
    "funnel.archived": N_("Funnel {name} archived"),
    "funnel.restored": N_("Funnel {name} back in use"),
    "field.created": N_("New field {name}"),
    "field.changed": N_("Field {name}"),
    "field.deleted": N_("Field {name} removed"),
    "view.saved": N_("View {name} saved"),
    "view.deleted": N_("View {name} removed"),
    "import.run": N_("Import of {file}"),
    "sample.made": N_("Sample base"),
}


def label_text(label: Label) -> str:
    """What a change is called; an unknown code is shown as it is."""
    sentence = LABELS.get(label.code)
    if sentence is None:
        return label.code
    values = {name: _(kind_word(str(v))) if name == "kind" else str(v) for name, v in label.params.items()}
    return _(sentence).format_map(_Missing(values))


_KINDS: dict[str, str] = {
    "call": N_("Call"),
    "letter": N_("Letter"),
    "meeting": N_("Meeting"),
    "message": N_("Message"),
    "note": N_("Note"),
    "task": N_("Task"),
}


def kind_word(kind: str) -> str:
    """The English word of an activity kind, to be translated with `_`."""
    return _KINDS.get(kind, kind)


def activity_kind(kind: str) -> str:
    """An activity kind in the language chosen."""
    return _(kind_word(kind))


Formatter = Callable[[int | float | None], str]
