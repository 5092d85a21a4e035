"""Phone numbers and e-mails as keys for search and matching."""

from __future__ import annotations

import re

_KEY_DIGITS = 9
_NOT_DIGIT = re.compile("[^0-9]+")


def digits(text: str) -> str:
    """Only the digits of `text`."""
    return _NOT_DIGIT.sub("", text)


def phone_key(text: str) -> str:
    """The last nine digits, equal for a number with and without its country code or a leading 8.

    Empty for fewer than five digits: that is not a phone.
    """
    found = digits(text)
    if len(found) < 5:
        return ""
    return found[-_KEY_DIGITS:]


def email_key(text: str) -> str:
    """An e-mail address in lower case without spaces around it."""
    return text.strip().casefold()
