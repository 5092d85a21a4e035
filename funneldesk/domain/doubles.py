"""Doubles in the base: found by blocks of equal keys and neighbouring names, grouped, merged by fields."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from funneldesk.domain.client import Company, Person
from funneldesk.domain.matching import REASONS, Likeness, Party, certain, contradicts, why_same

_SHARED = 40  # clients with one phone or e-mail: from here on it is that of a call centre
_NEIGHBOURS = 8  # names looked at on each side in an alphabetical order
_STEP = 2_000
KEPT_ALONE = frozenset({"id", "version", "name_key", "sort_key", "created_at", "updated_at"})


@dataclass(frozen=True, slots=True)
class Double:
    """A client that may be the same: its kind, id, name and what is equal."""

    kind: str
    id: int
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Group:
    """Clients of one kind that look the same, by id, and why."""

    kind: str
    ids: tuple[int, ...]
    reasons: tuple[str, ...]

    @property
    def certain(self) -> bool:
        """Whether they are one beyond doubt."""
        return certain(self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDouble:
    """Somebody looked at two clients and said that they are two (`first_id` < `second_id`)."""

    id: int = 0
    version: int = 1
    record_kind: str
    first_id: int
    second_id: int


def find_groups(
    parties: Sequence[Party],
    likeness: Likeness,
    apart: Iterable[tuple[int, int]] = (),
    step: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Group]:
    """The groups of doubles among clients of one kind; `apart` are pairs known to be two.

    `step(done, total)` is called now and then and may raise to stop.
    """
    groups = _Groups(parties, apart)
    for a, b in _pairs(parties, step):
        one, two = parties[a], parties[b]
        reasons = why_same(one, two, likeness)
        if reasons:
            groups.join(a, b, reasons)
    found = groups.groups()
    return sorted(found, key=lambda g: (not g.certain, REASONS.index(g.reasons[0]), g.ids))


def _pairs(parties: Sequence[Party], step: Callable[[int, int], None]) -> Iterator[tuple[int, int]]:
    """Places of clients worth comparing: those that share a key, then neighbours by name."""
    seen: set[tuple[int, int]] = set()
    blocks: dict[tuple[str, object], list[int]] = defaultdict(list)
    for place, party in enumerate(parties):
        if party.tax:
            blocks["tax", party.tax].append(place)
        for email in party.emails:
            blocks["email", email].append(place)
        for phone in party.phones:
            blocks["phone", phone].append(place)
        if party.name:
            blocks["name", party.words].append(place)
    total = len(parties) * 3
    for (what, _key), block in blocks.items():
        if len(block) < 2 or (len(block) > _SHARED and what in ("email", "phone")):
            continue
        reach = len(block) if len(block) <= _SHARED else _NEIGHBOURS
        block.sort(key=lambda place: (parties[place].city, parties[place].company_id or 0, place))
        yield from _within(block, reach, seen)
    step(len(parties), total)
    forwards = sorted(range(len(parties)), key=lambda place: parties[place].words)
    backwards = sorted(range(len(parties)), key=lambda place: parties[place].name[::-1])
    for number, order in enumerate((forwards, backwards), start=1):
        for start in range(0, len(order), _STEP):
            step(len(parties) * number + start, total)
            yield from _within(order[start : start + _STEP + _NEIGHBOURS], _NEIGHBOURS, seen)


def _within(order: Sequence[int], reach: int, seen: set[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for at, place in enumerate(order):
        for other in order[at + 1 : at + reach]:
            pair = (place, other) if place < other else (other, place)
            if pair not in seen:
                seen.add(pair)
                yield pair


class _Groups:
    """Clients joined to groups; nothing is joined over a contradiction or over what was said to be two."""

    def __init__(self, parties: Sequence[Party], apart: Iterable[tuple[int, int]]) -> None:
        self._parties = parties
        self._apart = {frozenset(pair) for pair in apart}
        self._of: dict[int, int] = {}  # place -> group
        self._members: dict[int, list[int]] = {}
        self._why: dict[int, set[str]] = {}

    def join(self, a: int, b: int, reasons: Sequence[str]) -> None:
        """Two clients look the same."""
        one, two = self._of.get(a, a), self._of.get(b, b)
        mine, theirs = self._members.get(one, [a]), self._members.get(two, [b])
        if one != two:
            if not all(self._may(x, y) for x in mine for y in theirs):
                return
            for place in (a, *theirs):
                self._of[place] = one
            self._members[one] = [*mine, *theirs]
            self._members.pop(two, None)
            self._why.setdefault(one, set()).update(self._why.pop(two, set()))
        self._why[one].update(reasons)

    def _may(self, x: int, y: int) -> bool:
        one, two = self._parties[x], self._parties[y]
        return not contradicts(one, two) and frozenset((one.id, two.id)) not in self._apart

    def groups(self) -> list[Group]:
        """What was found."""
        return [
            Group(
                self._parties[places[0]].kind,
                tuple(sorted(self._parties[place].id for place in places)),
                tuple(sorted(self._why[number], key=REASONS.index)),
            )
            for number, places in self._members.items()
        ]


# Merging by fields ----------------------------------------------------------------

_CLASS: dict[str, type[Any]] = {"company": Company, "person": Person}


def merged_fields(kind: str) -> tuple[str, ...]:
    """The columns of which one value stays when clients are merged."""
    return tuple(f.name for f in fields(_CLASS[kind]) if f.name not in KEPT_ALONE)


def proposed_keeper(records: Sequence[Any], links: Mapping[int, int]) -> int:
    """The id of the card that stays: the one with most behind it, the older one of equals."""
    best = min(records, key=lambda r: (-links.get(r.id, 0), -filled(r), r.created_at or 0, r.id))
    return int(best.id)


def filled(record: Any) -> int:
    """How many columns say something."""
    return sum(getattr(record, f.name) not in (None, "") for f in fields(record))


def proposed_values(kind: str, records: Sequence[Any], keeper: int) -> dict[str, Any]:
    """For every column the value that stays.

    What most of the cards say, then what the keeper says, then what was changed last; comments
    are put together, roles are those of all, and consent is the one given last.
    """
    ordered = sorted(records, key=lambda r: (r.id != keeper, -(r.updated_at or 0), r.id))
    return {name: _one(name, [getattr(record, name) for record in ordered]) for name in merged_fields(kind)}


def _one(name: str, values: Sequence[Any]) -> Any:
    said = [value for value in values if value not in (None, "")]
    if not said:
        return values[0]
    if name == "comment":
        return "\n".join(dict.fromkeys(said))
    if name == "roles":
        return ",".join(dict.fromkeys(role for value in said for role in value.split(",")))
    if name == "consent_at":
        return max(said)
    if name in ("name", "kind", "company_id", "external_id"):
        return said[0]
    return Counter(said).most_common(1)[0][0]
