"""Companies that are likely to be the same: like names in one city.  Proposed, never decided unasked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from funneldesk.domain.matching import ALIKE, Party, why_same
from funneldesk.importing.matching import likeness

KEY = "name_city"
_EDGE = 4  # letters of the longest word by which names come into one block
_NEAREST = 5  # of a block that are looked at closely


@dataclass(frozen=True, slots=True)
class Likely:
    """A company that a row may mean: its reference, name, and how alike the names are, 0..100."""

    ref: int
    name: str
    score: int


class LikelyCompanies:
    """Blocks of companies by city and the longest word of the name; likeness is worked out inside one."""

    def __init__(self, known: Iterable[tuple[Party, str]]) -> None:
        self._blocks: dict[tuple[str, str], tuple[list[str], list[tuple[Party, str]]]] = {}
        for party, name in known:
            self.add(party, name)

    def add(self, party: Party, name: str) -> None:
        """One more company, of the base or of this import."""
        for block in _blocks(party):
            words, companies = self._blocks.setdefault(block, ([], []))
            words.append(party.words)
            companies.append((party, name))

    def find(self, party: Party) -> Likely | None:
        """The one that is most alike; None when there is none."""
        from rapidfuzz import fuzz, process

        best: Likely | None = None
        for block in _blocks(party):
            words, companies = self._blocks.get(block, ((), ()))
            near = process.extract(party.words, words, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=_NEAREST)
            for _words, score, at in near:
                other, name = companies[at]
                if (best is None or score > best.score) and why_same(party, other, likeness):
                    best = Likely(other.id, name, round(score))
        return best


def _blocks(party: Party) -> Iterator[tuple[str, str]]:
    """Where a company stands: nowhere without a city or with a name too short to be alike."""
    longest = max(party.name.split(), key=len, default="")
    if party.city and len(longest) >= _EDGE:
        yield party.city, longest[:_EDGE]
        yield party.city, "-" + longest[-_EDGE:]
