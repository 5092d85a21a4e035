"""Phone numbers and e-mails as keys for search and matching."""

from __future__ import annotations

KEY_DIGITS = 9


class _Digits(dict[int, int | None]):
    """Only the ten digits stay."""

    def __missing__(self, code: int) -> None:
        self[code] = None


_DIGITS = _Digits({code: code for code in range(48, 58)})


def digits(text: str) -> str:
    """Only the digits of `text`."""
    return text.translate(_DIGITS)


def phone_key(text: str) -> str:
    """The last nine digits, equal for a number with and without its country code or a leading 8.

    Empty for fewer than five digits: that is not a phone.
    """
    found = digits(text)
    if len(found) < 5:
        return ""
    return found[-KEY_DIGITS:]


def email_key(text: str) -> str:
    """An e-mail address in lower case without spaces around it."""
    return text.strip().casefold()
