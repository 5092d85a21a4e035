"""Phone numbers and e-mails as keys for search and matching."""

from __future__ import annotations

_KEY_DIGITS = 9


def digits(text: str) -> str:
    """Only the digits of `text`."""
    return "".join(ch for ch in text if "0" <= ch <= "9")


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
