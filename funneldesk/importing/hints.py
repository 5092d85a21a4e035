"""What the words of a header say beside the field: the currency of its sums."""

from __future__ import annotations

import re

from funneldesk.domain.folding import fold
from funneldesk.importing import value_words

_PART = re.compile(r"[\s,;:()\[\]/.›]+")


def currency_in(header: str) -> str | None:
    """The currency that a header names ("Сумма, руб.", "Wartość [zł]"); None when it names none or two."""
    known = value_words.currencies()
    found = set()
    for part in _PART.split(header):
        word = fold(part)
        # One letter is a currency only as a sign; a Russian "р" stands alone behind a comma.
        if word in known and (len(word) > 1 or not word.isalpha() or word == "р"):
            found.add(known[word])
    return found.pop() if len(found) == 1 else None
