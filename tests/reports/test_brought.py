"""What is kept of who brought deals to stages says what their moves say, on random histories."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from funneldesk.domain.brought import MOST, NEXT, WIDE, BroughtTable, Walked, entry
from funneldesk.domain.facts import DealFact, FunnelFacts, MoveFact
from funneldesk.reports.brought import steps
from funneldesk.reports.moves import effective
from tests.reports.test_columns import plain_credit
from tests.reports.test_invariants import K, histories

SLOTS = {0: 7, 1: 60, 2: 3, 3: 0}  # of the stage of each rank less one ...
MERGED = {0: 12, 2: 61}  # ... and of one that was merged with it
NO_RANK = 33


def text_of(own: Sequence[MoveFact], *, merged: bool) -> str:
    """An entry for each place where it first was."""
    found: dict[int | None, str] = {}
    for move in own:
        if move.to_kind == "lost":
            continue
        slot = None if move.to_kind == "won" else NO_RANK if move.to_rank < 1 else SLOTS[move.to_rank - 1]
        if merged and move.seq % 2 and move.to_kind == "open":
            slot = MERGED.get(move.to_rank - 1, slot)
        found.setdefault(slot, entry(slot, move.actor))
    return "".join(found.values())


def table_of(facts: FunnelFacts, *, merged: bool) -> BroughtTable:
    """The texts of all deals, those alike together."""
    own = effective(facts.moves)
    texts: dict[tuple[int, bool, int], list[str]] = defaultdict(list)
    for deal in facts.deals:
        texts[deal.reach, deal.status == "lost", deal.visited].append(
            text_of(own.get(deal.id, ()), merged=merged)
        )
    ranks = {slot: place + 1 for place, slot in SLOTS.items()}
    if merged:
        ranks |= {slot: place + 1 for place, slot in MERGED.items()}
    return BroughtTable([Walked(*way, NEXT.join(each)) for way, each in texts.items()], ranks)


def plain_steps(facts: FunnelFacts) -> list[dict[int | None, tuple[int, int, int]]]:
    """By rank and actor how many wait, went on and were lost, deal by deal."""
    own = effective(facts.moves)
    found: list[dict[int | None, Counter[int]]] = [defaultdict(Counter) for _rank in range(K)]
    for deal in facts.deals:
        for rank, actor in enumerate(plain_credit(own.get(deal.id, ()), deal, K), start=1):
            found[rank - 1][actor][end_of(deal, rank)] += 1
    return [{actor: (ends[0], ends[1], ends[2]) for actor, ends in each.items()} for each in found]


def end_of(deal: DealFact, rank: int) -> int:
    if deal.reach > rank:
        return 1
    return 2 if deal.status == "lost" else 0


def _without_second(deal: DealFact) -> DealFact:
    seen = deal.visited & ~2
    return deal._replace(visited=seen, reach=deal.reach if deal.reach > K else seen.bit_length())


PEOPLE = st.lists(st.one_of(st.integers(1, 70), st.integers(1, MOST)), min_size=9, max_size=9)


@settings(max_examples=200, deadline=None)
@given(facts=histories(), people=PEOPLE, merged=st.booleans(), odd=st.booleans())
def test_texts_say_what_moves_say(facts: FunnelFacts, people: list[int], merged: bool, odd: bool) -> None:
    # some are beyond the ids of one digit, some nobody knows
    moves = [m._replace(actor=m.actor and people[m.actor % 9]) for m in facts.moves]
    if odd:  # one of the stages has no rank any more
        moves = [m._replace(to_rank=-1) if m.to_rank == 2 else m for m in moves]
    deals = [_without_second(deal) if odd else deal for deal in facts.deals]
    facts = replace(facts, moves=tuple(moves), deals=tuple(deals))
    assert steps(table_of(facts, merged=merged), K) == plain_steps(facts)


def test_nobody_brought_anything() -> None:
    assert steps(BroughtTable((), {0: 1}), 1) == [{}]
    assert len(entry(61, MOST)) == WIDE
