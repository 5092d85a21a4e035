"""Columns -> fields: by the words of the header and by what the cells look like."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from funneldesk.domain.folding import fold
from funneldesk.importing import context, synonyms, value_words
from funneldesk.importing.evidence import Profile, look
from funneldesk.importing.fields import CUSTOM, FIELDS, Field, Kind, Role, field_of
from funneldesk.importing.staging import Cell, shown

THRESHOLD = 0.7
LEVEL = " › "  # between the two rows of a header
_CAMEL = re.compile(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])")
_NOT_WORD = re.compile(r"[\W_]+")
_FOREIGN = frozenset(synonyms.FOREIGN)
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """A column and the field it goes to.

    `certainty` is 0..1; `accepted` false means only proposed (`field` stays as the proposal);
    `doubt` says why: "cells" (they look like something else), "taken" (another column has the field),
    "rival" (another column may be it as well, so neither is).
    """

    index: int
    header: str
    field: str | None
    certainty: float
    accepted: bool
    given: bool = False
    doubt: str | None = None

    @property
    def used(self) -> str | None:
        """The field the column is read into, None when it is left out."""
        return self.field if self.accepted else None


@lru_cache(maxsize=4096)
def plain(header: str) -> str:
    """A header as words to compare: folded, camelCase and punctuation split, numbers and units dropped."""
    text = _CAMEL.sub(" ", header) if header.isalnum() else header
    text = _BRACKETS.sub(" ", text) if _BRACKETS.sub("", text).strip() else text
    # Some signs fold to capitals: № becomes No.
    words = [w for w in _NOT_WORD.sub(" ", fold(text).casefold()).split() if not w.isdecimal()]
    return " ".join(words) or fold(header).casefold()


def fingerprint(headers: Sequence[str]) -> str:
    """What a set of headers is remembered by, whatever their order."""
    return hashlib.sha256("\n".join(sorted(plain(h) for h in headers if h)).encode()).hexdigest()


def understand(
    kind: Kind,
    headers: Sequence[str],
    columns: Sequence[Sequence[Cell]],
    *,
    given: Mapping[int, str | None] | None = None,
    custom: Sequence[str] = (),
) -> tuple[ColumnMap, ...]:
    """Map every column.  `given` maps (None = left out) come first, the rest is understood.

    `custom` are the names of custom fields in the base.  Certainties come from the header
    words (1 exact, down to 0.6 by containment) and from the cells, which confirm or doubt.
    """
    given = given or {}
    profiles = [look(column) for column in columns]
    scores: list[dict[str, float]] = [
        {} if index in given else _scores(kind, header, profiles[index], custom)
        for index, header in enumerate(headers)
    ]
    context.refine(kind, scores, profiles, [plain(header) for header in headers])
    pairs = []
    for index, found in enumerate(scores):
        for field, score in found.items():
            found[field] = _by_words(kind, field, headers[index], columns[index], score)
            pairs.append((-found[field], index, field))
    pairs.sort()
    taken = {key for key in given.values() if key is not None}
    chosen, blocked, rivals = _choose(kind, pairs, scores, columns, taken)
    out = []
    for index, header in enumerate(headers):
        if index in given:
            out.append(ColumnMap(index, header, given[index], 1.0, given[index] is not None, given=True))
        elif index in chosen:
            key, score = chosen[index]
            out.append(ColumnMap(index, header, key, round(score, 3), True))
        else:
            why = "rival" if index in rivals else "taken" if index in blocked else None
            out.append(_proposal(index, header, pairs, taken, why))
    return tuple(out)


def _choose(
    kind: Kind,
    pairs: Sequence[tuple[float, int, str]],
    scores: Sequence[dict[str, float]],
    columns: Sequence[Sequence[Cell]],
    taken: set[str],
) -> tuple[dict[int, tuple[str, float]], set[int], set[int]]:
    """Columns with their fields, the surest first; those whose field is another's, or may be."""
    chosen: dict[int, tuple[str, float]] = {}
    blocked: set[int] = set()
    rivals: set[int] = set()
    filled = [frozenset((place, c) for place, c in enumerate(column) if c is not None) for column in columns]
    for negative, index, key in pairs:
        if index in chosen:
            continue
        wanted = field_of(kind, key)
        single = wanted is None or not wanted.many
        if single and (key in taken or (index in blocked and -negative >= THRESHOLD)):
            blocked.add(index)
            continue
        if -negative < THRESHOLD:
            continue
        free = {place: place not in chosen for place in range(len(scores))}
        if single and context.contested(index, key, -negative, scores, free, filled):
            rivals.update(p for p in free if free[p] and scores[p].get(key, 0.0) >= THRESHOLD)
            blocked |= rivals
            taken.add(key)
            continue
        taken.add(key)
        chosen[index] = (key, -negative)
    return chosen, blocked, rivals


def _by_words(kind: Kind, key: str, header: str, cells: Sequence[Cell], score: float) -> float:
    """The score after a look at the words of the cells, for fields whose values must be known.

    A counter of rows is no id: the first row of another file would be taken for the same record.
    """
    filled = [c for c in cells if c is not None]
    if not filled:
        return score
    if key == "external_id" and plain(header) in synonyms.ORDINALS and _counts_rows(filled):
        return 0.45
    words: Mapping[str, str] = {}
    if (kind, key) == (Kind.DEALS, "outcome"):
        words = value_words.outcomes()
    elif (kind, key) == (Kind.LEADS, "status"):
        words = value_words.lead_statuses()
    elif (kind, key) == (Kind.ACTIVITIES, "kind"):
        words = value_words.activity_kinds()
    if not words or len(filled) < 3:
        return score
    known = sum(plain(re.split("[:(]", str(c))[0]) in words for c in filled) / len(filled)
    return score if known >= 0.5 else min(score, 0.45)


def _counts_rows(cells: Sequence[Cell]) -> bool:
    """1, 2, 3 ... with gaps where rows were taken out, and perhaps words of totals and a signature below."""
    texts = [shown(cell).strip(" .") for cell in cells]
    numbers = [int(text) for text in texts if text.isdecimal() and len(text) < 7]
    rising = all(a < b for a, b in pairwise(numbers))
    return (
        len(numbers) > 2
        and len(texts) - len(numbers) <= max(1, len(texts) // 8)
        and rising
        and numbers[0] == 1
        and numbers[-1] <= 2 * len(numbers)
    )


def _proposal(
    index: int, header: str, pairs: Sequence[tuple[float, int, str]], taken: set[str], why: str | None
) -> ColumnMap:
    for score, at, key in pairs:
        if at == index and key not in taken:
            return ColumnMap(index, header, key, round(-score, 3), False, doubt="cells")
    return ColumnMap(index, header, None, 0.0, False, doubt=why)


def _scores(kind: Kind, header: str, profile: Profile, custom: Sequence[str]) -> dict[str, float]:
    out: dict[str, float] = {}
    words = plain(header) if header else ""
    lower = plain(header.rpartition(LEVEL)[2]) if LEVEL in header else ""
    foreign = any(word in _FOREIGN for word in words.split())
    for key, phrases in synonyms.headers(kind).items():
        score = _score_of(kind, key, words, phrases) if words else 0.0
        if lower:
            # The lower name decides when it says enough by itself; "Client › Name" needs both.
            own = _header_score(lower, phrases)
            if lower in synonyms.ORDINALS:
                own = min(own, 0.6)  # the number of a contract is none of the client
            score = own if own >= 0.95 else max(min(score, 0.85), own - 0.1)
        field = field_of(kind, key)
        assert field is not None
        if score or not foreign:
            score = _weigh(field, score, profile, bare=not words)
        if score >= 0.3:
            out[key] = score
    for name in custom:
        if words and plain(name) == words:
            out[CUSTOM + name] = 0.98
            # "Segment" means the category, but not where people have a field of that very name
            for key in out.keys() & _texts_of(kind):
                out[key] = min(out[key], 0.97)
    return out


@cache
def _texts_of(kind: Kind) -> frozenset[str]:
    """The fields of a kind that hold any text."""
    return frozenset(field.key for field in FIELDS[kind] if field.role is Role.TEXT)


def _score_of(kind: Kind, key: str, words: str, phrases: Sequence[tuple[str, str]]) -> float:
    """The score of a header's words for a field; of "contact city" the second word decides."""
    score = _header_score(words, phrases)
    first = words.partition(" ")[0]
    if key != "manager" and score < 0.95 and first != words and _is_staff(kind, first):
        return min(score, 0.6)  # the phone or the surname of our own people
    after = context.named_after(kind, words) if score < 0.95 else None
    if after is None:
        return score
    rest, barred = after
    own = max((0.8 if mark == "~" else 0.9 for mark, phrase in phrases if phrase == rest), default=0.0)
    if own and (barred is None or key not in barred):
        return max(own, score)
    about = any(phrase == first for _mark, phrase in phrases)
    return min(score, 0.6) if about else score


def _is_staff(kind: Kind, word: str) -> bool:
    return any(phrase == word for _mark, phrase in synonyms.headers(kind).get("manager", ()))


def _header_score(words: str, phrases: Sequence[tuple[str, str]]) -> float:
    best = 0.0
    padded = f" {words} "
    for mark, phrase in phrases:
        if words == phrase:
            best = max(best, 0.85 if mark == "~" else 1.0)
            continue
        if mark or best >= 0.95 or phrase in _FOREIGN:
            continue
        at = padded.find(f" {phrase} ")
        if at >= 0:
            rest = words.replace(phrase, " ").split()
            if any(w in _FOREIGN for w in rest):
                continue
            score = 0.55 + 0.35 * len(phrase) / len(words) + (0.06 if at == 0 else 0.0)
            best = max(best, min(score, 0.95))
    if best < 0.6 and len(words) >= 6 and words not in synonyms.every_phrase():
        best = max(best, _typo(words, phrases))
    return best


def _typo(words: str, phrases: Sequence[tuple[str, str]]) -> float:
    from rapidfuzz.distance import Levenshtein

    for mark, phrase in phrases:
        if not mark and len(phrase) >= 5 and Levenshtein.distance(words, phrase, score_cutoff=1) <= 1:
            return 0.8
    return 0.0


def _weigh(field: Field, score: float, profile: Profile, *, bare: bool = False) -> float:
    """The header's score after what the cells say; `bare` = there is no header."""
    if not profile.filled:
        return score
    fits = _fit(field, profile)
    if fits is None:
        return score
    if score:
        if fits >= 0.6:
            return min(1.0, score + 0.05)
        if fits < 0.3 and (profile.filled >= 5 or score < 0.95):
            return min(score, 0.45)
        return score * 0.9 if fits >= 0.3 else score * 0.8  # a few odd cells do not outweigh a plain word
    # Without a word in the header only what cannot be anything else is taken.
    if field.key == "email" and profile.email >= 0.8:
        return 0.86
    if field.key == "website" and profile.link >= 0.8:
        return 0.8 if bare else 0.6  # the pages of a firm on other sites are links too
    if field.key == "phone" and profile.phone >= 0.8 and profile.tax < 0.5 and profile.dialled > 0.5:
        return 0.75
    if field.key == "tax_id" and profile.tax >= 0.8 and profile.filled >= 5:
        return 0.78
    return 0.0


def _fit(field: Field, p: Profile) -> float | None:
    """How well cells fit a field, 0..1; None = they say nothing."""
    match field.role:
        case Role.PHONE:
            return max(p.phone, p.number if p.phone > 0.2 else 0.0)
        case Role.EMAIL:
            return p.email
        case Role.LINK:
            return p.link if p.link >= 0.3 or p.email + p.phone + p.date + p.number > 0.5 else 0.25
        case Role.AMOUNT:
            return p.number
        case Role.MOMENT | Role.DATE:
            return max(p.date, p.serial)
        case Role.WHOLE:
            return p.number
        case _:
            return 0.0 if _strange(field, p) else None


def _strange(field: Field, p: Profile) -> bool:
    """Whether cells of a field of words look like something else."""
    match field.role:
        case Role.NAME | Role.WORD | Role.CURRENCY:
            strange = p.email + p.date + (p.link if field.role is Role.WORD else 0.0)
            if field.role is not Role.CURRENCY:
                strange += p.number if p.number > 0.9 else 0.0
            return strange > 0.7
        case Role.CODE:
            if field.key == "tax_id":
                return p.text >= 0.7
            return p.email > 0.7 or p.date > 0.7
        case _:
            return field.key != "comment" and (p.email > 0.7 or (p.date > 0.7 and field.key != "title"))
