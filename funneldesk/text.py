"""The only place that puts words, numbers, money and dates into a language.

`_` and `ngettext` look a sentence up at the moment of use; `N_` marks one that is looked up
later.  gettext comes with Python and loads in a millisecond.
"""

from __future__ import annotations

import gettext as _gettext
import os
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.money import from_minor, minor_digits
from funneldesk.errors import UserError
from funneldesk.import_words import IMPORT_ERRORS
from funneldesk.resources import resource_path
from funneldesk.sentences import BASE_ERRORS, CRITERIA, LABELS

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


_ALONE = re.compile(r"(?<![^\s(„“«])([^\W\d_]) (?=\S)")


_COMPANY = re.compile(r"\b([Ss]p\.) (?=[^\W\d_])")
_COUNTED = re.compile(r"(\d) (?=[^\W\d])")
_NAMED = re.compile(r": (?=-?\d)")
_MINUS = re.compile(r"(?<![\w-])-(?=[\d$€£])")


def typeset(sentence: str) -> str:
    """`sentence` as it is printed: what belongs together is, and a minus is no hyphen."""
    return _MINUS.sub("\u2212", together(sentence))


def together(sentence: str) -> str:
    """`sentence` with spaces that do not break where no line ends: after a letter or a number alone.

    Nor does the number that a colon announces begin the next line, nor is "sp. z o.o." broken.
    """
    sentence = _COMPANY.sub("\\1\u00a0", _NAMED.sub(":\u00a0", sentence))
    return _COUNTED.sub("\\1\u00a0", _ALONE.sub("\\1\u00a0", sentence))


# Numbers, money, dates ----------------------------------------------------------
# Boards paint thousands of amounts and dates, and the first screen must not wait for Babel, so
# the few patterns that are used stand here; tests hold them against Babel's data.
_GROUP = {"en": ",", "ru": "\u00a0", "pl": "\u00a0"}
_POINT = {"en": ".", "ru": ",", "pl": ","}
_PERCENT = {"en": "%", "ru": "\u00a0%", "pl": "%"}
_MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
    "ru": "янв. февр. мар. апр. мая июн. июл. авг. сент. окт. нояб. дек.".split(),
    "pl": "sty lut mar kwi maj cze lip sie wrz paź lis gru".split(),
}
_WHOLE_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь".split(),
    "pl": "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad "
    "grudzień".split(),
}
_ALONE_IN_RUSSIAN = {3: "март", 5: "май", 6: "июнь", 7: "июль"}


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
    return format_number(share * 100, digits) + _PERCENT[_state["language"]]


def format_points(difference: float) -> str:
    """The difference of two shares, -1..1, in percentage points: not percents of percents."""
    words: str = _("{points} points").format(points=format_number(difference * 100, 1))
    return f"+{words}" if difference > 0 else words


def format_money(minor: int | float | None, currency: str, *, cents: bool | None = None) -> str:
    """An amount with its currency; decimals only where there are any (`cents` None), always or never."""
    if minor is None:
        return "–"
    return with_currency(format_amount(minor, currency, cents=cents), currency)


def format_amount(minor: int | float, currency: str, *, cents: bool | None = None) -> str:
    """As `format_money` without the currency."""
    value = from_minor(minor, currency)
    whole = value == value.to_integral_value()
    digits = 0 if cents is False or (cents is None and whole) else minor_digits(currency)
    return format_number(_half_up(value, digits), digits)


def _half_up(value: Decimal, digits: int) -> Decimal:
    """A sum rounded as people round: 272.50 is 273, whatever number stands before the half."""
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


# from so much on an amount is told in these units; 999 950 would be a thousand thousands
_SHORT = ((999_950_000, 10**9, N_("bn")), (999_950, 10**6, N_("M")), (10_000, 10**3, N_("K")))


def format_money_short(minor: int | float, currency: str) -> str:
    """An amount in thousands or millions with one decimal, for heads of columns."""
    return with_currency(format_amount_short(minor, currency), currency)


def format_amount_short(minor: int | float, currency: str) -> str:
    """As `format_money_short` without the currency."""
    value = from_minor(minor, currency)
    for limit, unit, word in _SHORT:
        if abs(value) >= limit:
            return f"{format_number(_half_up(value / unit, 1), 1)}\u00a0{_(word)}"
    return format_amount(minor, currency, cents=False)


_SIGNS = {"RUB": "₽", "PLN": "zł", "EUR": "€", "USD": "$", "GBP": "£", "UAH": "₴", "KZT": "₸", "CZK": "Kč"}


_BEFORE = frozenset({"$", "€", "£"})  # in English these stand before the number


def with_currency(number: str, currency: str) -> str:
    """A number in words with the sign of its currency where the language puts it."""
    sign = currency_sign(currency)
    if _state["language"] == "en" and sign in _BEFORE:
        return f"-{sign}{number[1:]}" if number.startswith("-") else f"{sign}{number}"
    return f"{number}\u00a0{sign}"


def currency_sign(currency: str) -> str:
    """The sign of a currency, its code where it has none."""
    return _SIGNS.get(currency, currency)


def format_days(days: float | None) -> str:
    """A number of days with one decimal below ten, also of a difference."""
    if days is None:
        return "–"
    return format_number(days, 1 if abs(round(days, 1)) < 10 else 0)


def format_date(value: int | date | None, zone: ZoneInfo | None = None) -> str:
    """A moment (microseconds, shown in `zone`) or a day as the language writes it."""
    if value is None:
        return "–"
    day = _day(value, zone)
    month = _MONTHS[_state["language"]][day.month - 1]
    if _state["language"] == "en":
        return f"{month} {day.day}, {day.year}"
    return f"{day.day} {month} {day.year}" + ("\u202fг." if _state["language"] == "ru" else "")


def format_month(year: int, month: int, *, whole: bool = False) -> str:
    """A month of a year, standing alone; its `whole` name for sentences, else the short one for columns."""
    spoken = _state["language"]
    if whole:
        return f"{_WHOLE_MONTHS[spoken][month - 1]} {year}"
    alone = _ALONE_IN_RUSSIAN.get(month) if spoken == "ru" else None
    return f"{alone or _MONTHS[spoken][month - 1]} {year}"


def format_date_short(
    value: int | date | None, zone: ZoneInfo | None = None, *, near: date | None = None
) -> str:
    """A day and month; the year only when it is not this one (not that of `near`)."""
    if value is None:
        return "–"
    day = _day(value, zone)
    if (near or datetime.now(zone or UTC)).year != day.year:
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


# Messages -------------------------------------------------------------------------
# Sentences for UserError codes: what happened, what was kept, what to do.
ERRORS: dict[str, str] = {**BASE_ERRORS, **IMPORT_ERRORS}


def error_text(error: UserError) -> str:
    """The sentence for a UserError; an unknown code is shown as it is rather than hidden."""
    sentence = ERRORS.get(error.code)
    if sentence is None:
        return str(error)
    values = {name: _shown(value) for name, value in error.params.items()}
    named = error.params.get("criteria")
    if isinstance(named, list):
        values["criteria"] = ", ".join(criterion_text(str(key)) for key in named)
    return _(sentence).format_map(_Missing(values))


def failure(error: Exception, otherwise: str) -> str:
    """The sentence for a UserError; of anything else `otherwise`, for that is a bug and told elsewhere."""
    return error_text(error) if isinstance(error, UserError) else otherwise


def criterion_text(key: str) -> str:
    """What a stage requires, in words; entries of checklists and custom fields go by their own names."""
    return _(CRITERIA.get(key, "")) or key


class _Missing(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _shown(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(v) for v in value)
    return str(value)


def label_text(label: Label) -> str:
    """What a change is called; an unknown code is shown as it is."""
    sentence = LABELS.get(label.code)
    if sentence is None:
        return label.code
    params = dict(label.params)
    if "of" in params:  # the name of what was taken back stands inside
        params["what"] = label_text(replace(label, code=str(params.pop("of")), params=params))
    values = {name: _(kind_word(str(v))) if name == "kind" else str(v) for name, v in params.items()}
    return _(sentence).format_map(_Missing(values))


_KINDS: dict[str, str] = {
    "call": N_("Call"),
    "letter": N_("Letter"),
    "meeting": N_("Meeting"),
    "message": N_("Message"),
    "mailing": N_("Mailing"),
    "note": N_("Note"),
    "task": N_("Task"),
}


def kind_word(kind: str) -> str:
    """The English word of an activity kind, to be translated with `_`."""
    return _KINDS.get(kind, kind)


def activity_kind(kind: str) -> str:
    """An activity kind in the language chosen."""
    return _(kind_word(kind))
