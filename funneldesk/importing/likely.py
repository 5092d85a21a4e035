"""Companies that are likely to be the same: like names in one city.  Proposed, never decided unasked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from funneldesk.domain.matching import Party, why_same
from funneldesk.importing.matching import likeness

KEY = "name_city"
_EDGE = 4  # letters of the longest word by which names come into one block
_MOST = 60  # of a block that are compared; a larger one is of names that are all alike


@dataclass(frozen=True, slots=True)
class Likely:
    """A company that a row may mean: its reference, name, and how alike the names are, 0..100."""

    ref: int
    name: str
    score: int


class LikelyCompanies:
    """Blocks of companies by city and the longest word of the name; likeness is worked out inside one."""

    def __init__(self, known: Iterable[tuple[Party, str]]) -> None:
        self._blocks: dict[tuple[str, str], list[tuple[Party, str]]] = {}
        for party, name in known:
            self.add(party, name)

    def add(self, party: Party, name: str) -> None:
        """One more company, of the base or of this import."""
        for block in _blocks(party):
            self._blocks.setdefault(block, []).append((party, name))

    def find(self, party: Party) -> Likely | None:
        """The one that is most alike; None when there is none."""
        best: Likely | None = None
        seen: set[int] = set()
        for block in _blocks(party):
            for other, name in self._blocks.get(block, ())[:_MOST]:
                if other.id not in seen and why_same(party, other, likeness):
                    score = round(max(likeness(party.words, other.words), likeness(party.name, other.name)))
                    if best is None or score > best.score:
                        best = Likely(other.id, name, score)
                seen.add(other.id)
        return best


def _blocks(party: Party) -> Iterator[tuple[str, str]]:
    """Where a company stands: nowhere without a city or with a name too short to be alike."""
    longest = max(party.name.split(), key=len, default="")
    if party.city and len(longest) >= _EDGE:
        yield party.city, longest[:_EDGE]
        yield party.city, "-" + longest[-_EDGE:]
