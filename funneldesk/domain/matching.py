"""By what two records are known to be the same: keys that decide, likeness that proposes.

The import, the warning while a client is typed and the finder of doubles go by these rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from funneldesk.domain.folding import fold, name_key
from funneldesk.domain.phone import digits, email_key, phone_key

Likeness = Callable[[str, str], float]  # of two folded names, 0..100

# What is equal, the surest first.
REASONS = ("tax_id", "email", "phone", "website", "name", "name_like")
ALIKE = 88.0  # likeness from which names may be the same written in two ways
ALIKE_ALONE = 94.0  # as ALIKE, when the city of one of them is not known
_CITY = re.compile(r"^(г\.|г |гор\.|город |m\. |miasto |city of )\s*")
_SHORT = 6  # letters; shorter names differ by chance


def tax_key(text: str | None) -> str:
    """A tax number without spaces, dashes and a country's letters in front."""
    if not text:
        return ""
    compact = fold(text).replace(" ", "").replace("-", "").replace(".", "")
    bare = compact[2:] if compact[:2].isalpha() and compact[2:].isdecimal() else compact
    return bare if len(digits(bare)) >= 5 else ""


def city_key(text: str | None) -> str:
    """A city folded, without the word or letter for "city" in front."""
    return _CITY.sub("", fold(text or ""))


class RowKeys(NamedTuple):
    """The keys of a row."""

    external: str | None
    tax: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    name: str


def row_keys(
    external: str | None,
    tax: str | None,
    emails: Sequence[str] | None,
    phones: Sequence[str] | None,
    name: str | None,
) -> RowKeys:
    """The keys of a row's values."""
    return RowKeys(
        external,
        tax_key(tax) if tax else "",
        tuple(map(email_key, emails)) if emails else (),
        tuple(k for k in map(phone_key, phones) if k) if phones else (),
        name_key(name) if name else "",
    )


@dataclass(slots=True)
class Party:
    """A company or a person by its keys; `name` is the folded name without the legal form."""

    kind: str
    id: int
    name: str
    tax: str = ""
    city: str = ""
    company_id: int | None = None
    phones: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)

    @property
    def words(self) -> str:
        """The words of the name in a fixed order: `Ivan Petrov` is `Petrov Ivan`."""
        return " ".join(sorted(self.name.split()))


def contradicts(a: Party, b: Party) -> bool:
    """Whether something that decides differs: other tax numbers are other clients, whatever is alike."""
    return bool(a.tax and b.tax and a.tax != b.tax)


def why_same(a: Party, b: Party, likeness: Likeness) -> tuple[str, ...]:
    """What makes two clients of one kind look the same, the surest first; empty when they are two.

    A company is known by its tax number, a phone or an e-mail; by its name unless the cities
    differ.  Colleagues share phones and e-mails, so of people the names must agree as well.
    """
    if a.kind != b.kind or contradicts(a, b):
        return ()
    reasons = []
    if a.tax and a.tax == b.tax:
        reasons.append("tax_id")
    if a.emails & b.emails:
        reasons.append("email")
    if a.phones & b.phones:
        reasons.append("phone")
    person = a.kind == "person"
    named = _names_agree(a, b, likeness)
    if reasons and reasons[0] != "tax_id" and person and not named:
        return ()
    if named and (reasons or _name_is_enough(a, b, named, likeness)):
        reasons.append(named)
    return tuple(reasons)


def _names_agree(a: Party, b: Party, likeness: Likeness) -> str:
    one, two = a.words, b.words
    if not one or not two:
        return ""
    if one == two:
        return "name"
    if digits(one) != digits(two):
        return ""
    if a.kind == "person" and _part_of(one.split(), two.split()):
        return "name_like"
    if min(len(one), len(two)) < _SHORT:
        return ""
    return "name_like" if max(likeness(one, two), likeness(a.name, b.name)) >= ALIKE else ""


def _part_of(one: Sequence[str], two: Sequence[str]) -> bool:
    """Whether one name is the other with a patronymic or a second name."""
    short, long = sorted((set(one), set(two)), key=len)
    return len(short) >= 2 and short <= long


def _name_is_enough(a: Party, b: Party, named: str, likeness: Likeness) -> bool:
    if a.city and b.city and a.city != b.city:
        return False
    if a.kind == "person":
        if a.company_id is not None or b.company_id is not None:
            return a.company_id == b.company_id
        return bool(a.city and a.city == b.city)
    if named == "name" or (a.city and a.city == b.city):
        return True
    return likeness(a.name, b.name) >= ALIKE_ALONE


def certain(reasons: Sequence[str]) -> bool:
    """Whether two clients are one beyond doubt: the tax number, or the name with a phone or an e-mail."""
    return "tax_id" in reasons or ("name" in reasons and bool({"email", "phone"} & set(reasons)))
