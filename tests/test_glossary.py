"""The words of the trade: one for each thing, the same in the window, on help pages and in the glossary."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from funneldesk.resources import resource_path
from funneldesk.text import LANGUAGES
from tests.test_help import NAMES, text_of, window_words

# What a term is never called: language -> pattern -> what it is called.
UNWANTED = {
    "en": {r"successfully": "leave out", r"\bpipelines?\b": "funnel", r"\bopportunit(y|ies)\b": "deal"},
    "ru": {
        r"успешно": "leave out",
        r"стади[яиюей]\b": "этап",
        r"пайплайн": "воронка",
        r"проигр": "потеряна, потеря",
        r"менеджера? (по )?продаж": "менеджер",
        r"владел[ье]ц": "менеджер",
        r"дубликат": "дубли",
        r"\bсли(яни|т[оаы]\b)": "объединить",
        r"возможност[ьи] продаж": "сделка",
        r"кликн": "щёлкнуть",
        r"бэкап": "резервная копия",
        r"побед": "выигрыш",
        r"перемест|перемещ": "перенести",
        r"критери\w+ фишера": "точный тест Фишера",
        r"перед сам\w+ отказом|причин\w+ потер": "потеря, причина отказа",
        r"\b(ты|тебя|тебе|твой|твоя|твоё|твои)\b": "вы",
    },
    "pl": {
        r"pomyślnie": "leave out",
        r"\bfaz(a|y|ę|ie|ą)\b": "etap",
        r"pipeline": "lejek",
        r"szans[aęy]? sprzedaży": "transakcja",
        r"(stracon|utracon)[aey]j? (transakcj|klien)": "przegrana",
        r"(stracon|utracon)\w+ kwot|kwot\w+ (stracon|utracon)": "przegrana kwota",
        r"sprzedawc": "handlowiec",
        r"menedżer": "handlowiec",
        r"właściciel": "handlowiec",
        r"\bdubl[eai]\b": "duplikaty",
        r"połącz(yć|ono)?\b(?! ponownie)|, połączenia,": "scalić",  # columns of a file are joined again
        r"namiar": "lead",
        r"walut[aęy] księgow|walucie księgow": "waluta rozliczeniowa",
        r"\bstrat[ay]? (według|bez)\b": "przegrana, przegrane",
        r"\bwis(i|zą)\b": "utknęła, utknęły",
        r"pow[oó]d\w* (straty|utraty)": "powód przegranej",
        r"proszę": "imperative alone",
    },
}
# Names of places in other programs, as these call them.
FOREIGN = {"migration"}
# A capital in the middle of a sentence: a letter to one person, not the words of a program.
POLITE = {
    "ru": r"(?<![.!?:»] )(?<!^)\b(Вы|Вас|Вам|Вами|Ваш[аеиу]?|Вашей|Ваших)\b",
    "pl": r"(?<![.!?:”] )(?<!^)\b(Twój|Twoj\w+|Twoi\w*|Tobie|Tobą|Ciebie|Cię)\b",
}


def terms(language: str) -> list[str]:
    """The first column of the tables of the glossary."""
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", text_of(language, "glossary"), re.MULTILINE)
    heads = {"word", "слово", "słowo"}
    return [row for row in rows if row not in heads and not set(row) <= {"-"}]


def catalogue(language: str) -> list[str]:
    """Every translated string of the window."""
    with resource_path("i18n", language, "LC_MESSAGES", "funneldesk.po").open("rb") as file:
        messages = list(read_po(file, locale=language))
    found: list[str] = []
    for message in messages:
        forms = message.string or ""
        found += [forms] if isinstance(forms, str) else forms
    return found[1:]  # the first is the head of the file


def test_the_glossary_has_terms() -> None:
    assert len(terms("en")) > 20
    assert len(set(terms("en"))) == len(terms("en"))


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_the_window_calls_things_as_the_glossary_does(language: str) -> None:
    words = window_words(language)
    pairs = list(zip(terms("en"), terms(language), strict=True))
    wrong = [(english, own) for english, own in pairs if own.lower() not in words.get(english.lower(), ())]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_pages_use_the_terms(language: str) -> None:
    pages = {name: text_of(language, name).lower() for name in NAMES if name not in FOREIGN}
    found = [
        (name, pattern, instead)
        for name, text in pages.items()
        for pattern, instead in UNWANTED[language].items()
        if re.search(pattern, text)
    ]
    assert found == []


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_the_window_uses_the_terms(language: str) -> None:
    found = [
        (text, pattern, instead)
        for text in catalogue(language)
        for pattern, instead in UNWANTED[language].items()
        if re.search(pattern, text.lower())
    ]
    assert found == []


@pytest.mark.parametrize("language", POLITE)
def test_you_is_written_with_a_small_letter(language: str) -> None:
    pages = [line for name in NAMES for line in text_of(language, name).splitlines()]
    assert [text for text in (*catalogue(language), *pages) if re.search(POLITE[language], text)] == []
