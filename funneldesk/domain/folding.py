"""One folded form of every text, so that search and matching ignore case and marks.

Casefolded; diacritics removed from Latin letters only; ł→l, ё→е; й and ї kept (NFKD would
turn й into и, which is another letter).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPECIAL = str.maketrans({"ł": "l", "ё": "е", "ß": "ss", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
_NO_MARKS = re.compile("^[\x00-\x7f\u0400-\u04ff]*$")
SORT_MARK = "\uffff"  # in a sort key, after a letter that had a mark
_NOT_WORD = re.compile(r"[^\w]+")

# Legal forms that do not tell two companies apart, in folded form.
FORMS = frozenset(
    """ооо оао зао пао ао ип нко тоо чп фгуп муп гуп
    sp zoo spzoo spolka sa sc spj spk ltd llc inc corp co gmbh ag kg ohg ug plc bv nv srl sro
    oy ab as aps oü ooo oao zao pao ao ip sarl sas spa limited company corporation
    incorporated llp lp""".split()
)
FORM_PHRASES = (
    "spolka z ograniczona odpowiedzialnoscia",
    "общество с ограниченной ответственностью",
    "публичное акционерное общество",
    "открытое акционерное общество",
    "закрытое акционерное общество",
    "акционерное общество",
    "индивидуальный предприниматель",
    "spolka akcyjna",
    "spolka jawna",
    "spolka komandytowa",
    "spolka cywilna",
    "sp z o o",
    "s r o",
    "s a",
)


class _Letters(dict[int, str]):
    """What each letter folds to; worked out once per letter."""

    def __missing__(self, code: int) -> str:
        ch = chr(code)
        if code in _SPECIAL:
            found = ch.translate(_SPECIAL)
        elif ch.isascii() or "Ѐ" <= ch <= "ӿ":
            found = ch
        else:
            base = unicodedata.normalize("NFKD", ch)
            found = "".join(c for c in base if not unicodedata.combining(c)).translate(_SPECIAL)
        self[code] = found
        return found


LETTERS = _Letters()


def fold_once(text: str) -> str:
    """As `fold`, without keeping the answer: for long texts and those that never come again."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(text.casefold().translate(LETTERS).split())


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The form in which two texts are compared: case, Latin marks and spacing ignored."""
    return fold_once(text)


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """The folded name of a company without its legal form, quotes and punctuation.

    Empty when nothing is left; then the plain folded name is returned instead, so that a
    company called "AG" still has a key.
    """
    words = _NOT_WORD.sub(" ", fold(name)).strip()
    padded = f" {words} "
    for phrase in FORM_PHRASES:
        padded = padded.replace(f" {phrase} ", " ")
    kept = [w for w in padded.split() if w not in FORMS]
    return " ".join(kept) or words or fold(name)


def sort_key(text: str) -> str:
    """A stored key that sorts Latin and Cyrillic names the way people expect (ё after е, ł after l)."""
    folded = text.casefold()
    if _NO_MARKS.match(folded):
        return folded.replace("ё", "е" + SORT_MARK)
    out = []
    for ch in folded:
        if ch == "ё":
            out.append("е" + SORT_MARK)
        elif ch == "ł":
            out.append("l" + SORT_MARK)
        elif ch.isascii() or "Ѐ" <= ch <= "ӿ":
            out.append(ch)
        else:
            base = unicodedata.normalize("NFKD", ch)
            plain = "".join(c for c in base if not unicodedata.combining(c))
            out.append(plain + SORT_MARK if plain != ch else ch)
    return "".join(out)
