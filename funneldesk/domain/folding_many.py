"""The keys of thousands of texts at once: what `folding` and `phone` do, on all of them as one string.

Each function gives, text by text, exactly what its namesake for one text gives.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from funneldesk.domain import folding
from funneldesk.domain.folding import FORM_PHRASES, FORMS, LETTERS, SORT_MARK
from funneldesk.domain.phone import KEY_DIGITS, digits, email_key

_APART = "\x00"  # stands between the texts; a part of the work that has it in a text goes one by one
_PART = 2_000  # texts; short enough that the window's thread never waits for one step
_FOLDED_ODD = re.compile("[^\x00-\x7f\u0400-\u0450\u0452-\u04ff]")
_SORTED_ODD = re.compile("[^\x00-\x7f\u0400-\u04ff]")
_BLANK = re.compile(r"\s")
_NOT_WORD = re.compile(f"[^\\w{_APART}]+")
_ONLY_DIGITS = {code: None for code in range(128) if not 48 <= code < 58 and code}


def _by_parts(texts: Sequence[str], many: Callable[[str], list[str]], one: Callable[[str], str]) -> list[str]:
    """`many` on the joined texts of each part, `one` where they cannot be joined."""
    found: list[str] = []
    for start in range(0, len(texts), _PART):
        part = texts[start : start + _PART]
        joined = _APART.join(part)
        if joined.count(_APART) == len(part) - 1:
            found += many(joined)
        else:
            found += map(one, part)
    return found


def fold_all(texts: Sequence[str]) -> list[str]:
    """`fold` of every text."""
    return _by_parts(texts, lambda joined: _fold(joined).split(_APART), folding.fold_once)


def _fold(joined: str) -> str:
    if joined.isascii():
        folded = joined.lower()
    else:
        folded = joined.casefold()
        for letter in set(_FOLDED_ODD.findall(folded)):
            folded = folded.replace(letter, LETTERS[ord(letter)])
    return _trimmed(" ".join(folded.split()))


def _trimmed(text: str) -> str:
    return text.replace(" " + _APART, _APART).replace(_APART + " ", _APART)


def name_keys(texts: Sequence[str]) -> list[str]:
    """`name_key` of every text."""
    keys = _by_parts(texts, _name_keys, folding.name_key)
    return [key or folding.name_key(text) for key, text in zip(keys, texts, strict=True)]


def _name_keys(joined: str) -> list[str]:
    words = _NOT_WORD.sub(" ", _fold(joined))
    padded = f" {_trimmed(words).strip(' ')} ".replace(_APART, f" {_APART} ")
    for phrase in FORM_PHRASES:
        padded = padded.replace(f" {phrase} ", " ")
    kept = " ".join([word for word in padded.split() if word not in FORMS])
    return _trimmed(kept).split(_APART)


def sort_keys(texts: Sequence[str]) -> list[str]:
    """`sort_key` of every text."""
    return _by_parts(texts, _sort_keys, folding.sort_key)


def _sort_keys(joined: str) -> list[str]:
    folded = joined.casefold()
    if folded.isascii():
        return folded.split(_APART)
    odd = set(_SORTED_ODD.findall(folded))
    folded = folded.replace("ё", "е" + SORT_MARK)
    for letter in odd:
        folded = folded.replace(letter, _marked(letter))
    return folded.split(_APART)


def _marked(letter: str) -> str:
    if letter == "ł":
        return "l" + SORT_MARK
    plain = "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c))
    return plain + SORT_MARK if plain != letter else letter


def digits_all(texts: Sequence[str]) -> list[str]:
    """`digits` of every text."""
    return _by_parts(texts, _digits, digits)


def _digits(joined: str) -> list[str]:
    if not joined.isascii():
        return [digits(text) for text in joined.split(_APART)]
    return joined.translate(_ONLY_DIGITS).split(_APART)


def phone_keys(texts: Sequence[str]) -> list[str]:
    """`phone_key` of every text."""
    return [found[-KEY_DIGITS:] if len(found) >= 5 else "" for found in digits_all(texts)]


def email_keys(texts: Sequence[str]) -> list[str]:
    """`email_key` of every text."""
    return _by_parts(texts, _email_keys, email_key)


def _email_keys(joined: str) -> list[str]:
    found = joined.casefold().split(_APART)
    return list(map(str.strip, found)) if _BLANK.search(joined) else found
