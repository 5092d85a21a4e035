"""What the columns of a table say about one another: whose name, whose date, which of two sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from funneldesk.importing.evidence import Profile
from funneldesk.importing.fields import Kind, field_of

Scores = dict[str, float]

_PERSONAL = ("first_name", "last_name", "middle_name")
_CLOSE = 0.06  # two columns whose scores for a field are closer are equally likely
# Words that say whose a column is when they stand before another: "Contact City", "Customer No".
_ANYBODYS = frozenset(
    "contact company client customer organization organisation org account person business firm".split()
)
_OWN = {
    Kind.CLIENTS: _ANYBODYS,
    Kind.PEOPLE: frozenset(("contact", "person")),
    Kind.DEALS: frozenset(("deal", "opportunity", "order")),
    Kind.LEADS: frozenset(("lead",)),
}
# Fields that a record and its company or contact may both have, so that it matters whose it is.
_OF_THE_RECORD = frozenset(
    (
        "external_id title created_at closed_at expected_close status stage outcome amount currency name "
        "client person source manager comment funnel product lost_reason drop_reason kind at result"
    ).split()
)


def named_after(kind: Kind, words: str) -> tuple[str, frozenset[str] | None] | None:
    """Contact city -> (city, None); the set is of fields that the rest may not mean.

    None when the first word does not say whose the column is.
    """
    first, _, rest = words.partition(" ")
    if not rest:
        return None
    if first in _OWN.get(kind, frozenset()):
        return rest, None
    return (rest, _OF_THE_RECORD) if first in _ANYBODYS else None


def refine(kind: Kind, scores: Sequence[Scores], profiles: Sequence[Profile], words: Sequence[str]) -> None:
    """Change the scores of columns by what the other columns and the cells say."""
    company, whole = _names(kind)
    surnames = any(s.get("last_name", 0.0) >= 0.9 for s in scores)
    firms = {
        i for i, s in enumerate(scores) if s.get(company, 0.0) >= 0.8 and profiles[i].person < 0.5
    } if company else set()  # fmt: skip
    for index, score in enumerate(scores):
        profile = profiles[index]
        if profile.person >= 0.5 and not (surnames and _says_part(score)):
            _full_name(kind, score, company, whole, bool(firms - {index}))
        elif whole and score.get(whole, 0.0) and (profile.firm >= 0.3 or _one_word(profile)):
            _no_full_name(score, company, whole, surnames, profile)
        if words[index] == "title" and profile.filled and _of_a_person(kind, scores, surnames):
            score["title"] = min(score.get("title", 0.0), 0.45)


def _of_a_person(kind: Kind, scores: Sequence[Scores], surnames: bool) -> bool:
    """Whether a bare "title" is more likely a job or a salutation than what a deal is called."""
    sums = any(s.get("amount", 0.0) >= 0.7 for s in scores)
    return surnames and (kind is Kind.LEADS or (kind is Kind.DEALS and not sums))


def _names(kind: Kind) -> tuple[str, str]:
    """The fields of a company's and of a whole person's name; empty when the kind has none."""
    company = "name" if kind is Kind.CLIENTS else "client" if field_of(kind, "client") else ""
    whole = "name" if kind is Kind.PEOPLE else "person" if field_of(kind, "person") else ""
    return company, whole


def _says_part(score: Scores) -> bool:
    """Whether the header names a part of a name: beside surnames, "Anna Maria" is a first name."""
    return max(score.get(key, 0.0) for key in _PERSONAL) >= 0.9


def _full_name(kind: Kind, score: Scores, company: str, whole: str, other_firm: bool) -> None:
    """The cells are names of people: no part of a name, and no firm when another column holds firms."""
    part = max(score.get(key, 0.0) for key in _PERSONAL)
    for key in _PERSONAL:
        score.pop(key, None)
    if not whole:
        return
    if part >= 0.7:
        score[whole] = max(score.get(whole, 0.0), part - 0.05)
    if whole != company and other_firm and score.get(company, 0.0) >= 0.7:
        score[whole] = max(score.get(whole, 0.0), 0.86)
        score[company] = 0.45
    if kind in (Kind.LEADS, Kind.DEALS) and 0.7 <= score.get("title", 0.0) < 0.9:
        score[whole] = max(score.get(whole, 0.0), 0.86)
        score["title"] = 0.45


def _no_full_name(score: Scores, company: str, whole: str, surnames: bool, profile: Profile) -> None:
    """The cells are firms or single words: no full names of people."""
    if profile.firm >= 0.3:
        if company != whole:
            score[whole] = min(score[whole], 0.45)
    elif surnames and score.get("first_name", 0.0):
        score[whole] = min(score[whole], 0.45)


def _one_word(profile: Profile) -> bool:
    return profile.filled > 1 and profile.words < 0.2


def contested(
    place: int, key: str, score: float, scores: Sequence[Scores], free: Mapping[int, bool],
    same: Sequence[frozenset[object]],
) -> bool:  # fmt: skip
    """Whether another column without a field is as likely to be this one, and holds something else."""
    for index, others in enumerate(scores):
        if index == place or not free.get(index):
            continue
        rival = others.get(key, 0.0)
        if rival >= 0.7 and score - rival < _CLOSE and rival == max(others.values()):
            return bool(same[index]) and bool(same[place]) and same[index] != same[place]
    return False
