"""The words that fill cells and have a meaning: outcomes, kinds of activity, statuses, currencies.

In English, Russian and Polish; phrases are in folded form (see `mapping.plain`), separated by ``|``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from funneldesk.domain.folding import fold

_OUTCOMES = {
    "won": "won|win|closed won|deal won|success|successful|successfully closed|sold|purchased|"
    "won deal|выиграна|выиграно|выигран|выиграли|успех|успешно|успешно реализовано|успешно завершена|"
    "успешная|сделка успешна|продажа|продано|продана|оплачено и закрыто|закрыто и реализовано|"
    "успешно закрыта|успешная сделка|сделка выиграна|"
    "wygrana|wygrane|wygrany|sukces|sprzedane|sprzedano|zamknieta wygrana|zamkniete wygrane|"
    "zakonczona sukcesem|zakonczone sukcesem|szansa wygrana|zrealizowana pomyslnie",
    "lost": "lost|lose|loss|closed lost|deal lost|failed|failure|rejected|cancelled|canceled|lost deal|"
    "dead|unsuccessful|проиграна|проиграно|проигран|проигрыш|провал|провалена|отказ|отказ клиента|потеряна|"
    "потеряно|неуспех|неуспешно|закрыто и не реализовано|сделка провалена|сделка проиграна|"
    "анализ причины провала|не реализовано|неуспешная|отменена|отказались|проиграли|отказ от покупки|"
    "przegrana|przegrane|przegrany|utracona|utracone|utracony|odrzucona|odrzucone|stracona|stracone|"
    "porazka|"
    "zamknieta przegrana|zamkniete przegrane|rezygnacja|odmowa|szansa przegrana|anulowana",
    "open": "open|in progress|active|new|pending|ongoing|открыта|открыто|открытая|в работе|"
    "в процессе|активна|активная|"
    "новая|действует|otwarta|otwarte|w toku|aktywna|w trakcie|nowa",
}
_ACTIVITY_KINDS = {
    "call": "call|phone call|phone|called|outgoing call|incoming call|звонок|телефонный звонок|"
    "исходящий звонок|"
    "входящий звонок|звонки|созвон|telefon|rozmowa|polaczenie|rozmowa telefoniczna|polaczenie telefoniczne",
    "letter": "letter|email|e mail|mail|письмо|почта|эл письмо|электронное письмо|кп отправлено|"
    "list|e mail wyslany|wiadomosc e mail|wiadomosc email|poczta|mejl",
    "meeting": "meeting|visit|demo|lunch|presentation|встреча|визит|презентация|демонстрация|переговоры|"
    "spotkanie|wizyta|prezentacja|narada",
    "message": "message|chat|sms|whatsapp|telegram|сообщение|чат|смс|мессенджер|wiadomosc|czat|wiadomosc sms",
    "note": "note|comment|заметка|примечание|комментарий|notatka|komentarz|uwaga",
    "task": "task|to do|todo|deadline|follow up|reminder|задача|дело|напоминание|поручение|"
    "zadanie|przypomnienie|do zrobienia",
}
_LEAD_STATUSES = {
    "new": "new|open|attempted to contact|in progress|unqualified yet|новый|не обработан|в работе|"
    "необработан|новая|"
    "nowy|otwarty|w toku|nieprzetworzony",
    "qualified": "qualified|connected|contacted|квалифицирован|обработан|качественный|качественный лид|"
    "zakwalifikowany|skontaktowany|przetworzony",
    "converted": "converted|won|конвертирован|сконвертирован|успешен|przekonwertowany|skonwertowany",
    "dropped": "dropped|unqualified|disqualified|lost|junk|bad|spam|bad timing|некачественный|отказ|спам|"
    "некачественный лид|забракован|мусор|odrzucony|niezakwalifikowany|utracony|stracony",
}
_CURRENCY_WORDS = {
    "RUB": "rub|rur|руб|рубль|рубли|рублей|р|₽|российский рубль",
    "PLN": "pln|zl|zloty|zlote|zlotych|zloty polski",
    "EUR": "eur|euro|евро|€",
    "USD": "usd|dollar|dollars|us dollar|доллар|доллары|долларов|долл|$|us$|dolar|dolary|dolarow",
    "GBP": "gbp|pound|pounds|£|фунт|фунты|funt|funty",
    "UAH": "uah|грн|гривна|гривен|₴|hrywna",
    "KZT": "kzt|тенге|тг|₸|tenge",
    "BYN": "byn|бел руб|белорусский рубль|rubel bialoruski",
    "CHF": "chf|franc|франк|frank",
    "CZK": "czk|kc|крона|korona czeska",
    "CNY": "cny|yuan|юань|¥|juan",
    "TRY": "try|лира|lira|₺",
}


def _turned(words: Mapping[str, str]) -> dict[str, str]:
    return {phrase: key for key, text in words.items() for phrase in text.split("|")}


@cache
def outcomes() -> Mapping[str, str]:
    """A folded word -> won, lost or open."""
    return _turned(_OUTCOMES)


@cache
def activity_kinds() -> Mapping[str, str]:
    """A folded word -> the kind of an activity."""
    return _turned(_ACTIVITY_KINDS)


@cache
def lead_statuses() -> Mapping[str, str]:
    """A folded word -> the status of a lead."""
    return _turned(_LEAD_STATUSES)


@cache
def currencies() -> Mapping[str, str]:
    """A folded word or sign -> the code of a currency."""
    return {fold(word): code for word, code in _turned(_CURRENCY_WORDS).items()}
