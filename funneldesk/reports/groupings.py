"""By what deals may be grouped: stage of the loss, reason and its group, manager, source, client."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.reports.built import label_of
from funneldesk.reports.finished_funnel import end_rank
from funneldesk.reports.population import number

NAMES = ("stage", "reason", "outcome", "manager", "source", "client")


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way to group closed deals.

    `parted`: won deals have the key too, so a loss rate is of the deals with that key; of a stage
    it is of those who entered it, and of a reason, which only losses have, of all closed deals.
    """

    name: str
    key_of: Callable[[DealFact], Any]
    label: Callable[[Any], str | None]
    parted: bool


def grouping(name: str, funnels: Sequence[FunnelFacts]) -> Grouping:
    """The grouping called `name` (one of NAMES) over the deals of `funnels`."""
    if name == "stage":
        return _by_stage(funnels[0])
    if name == "outcome":
        groups = _merged(facts.outcomes for facts in funnels)
        return Grouping(name, lambda deal: groups.get(deal.loss_reason_id or 0), _itself, parted=False)
    if name == "client":
        return _by_client(funnels)
    names, key_of, parted = {
        "reason": (_merged(f.reasons for f in funnels), _reason, False),
        "manager": (_merged(f.managers for f in funnels), _owner, True),
        "source": (_merged(f.sources for f in funnels), _source, True),
    }[name]
    return Grouping(name, key_of, lambda key: label_of(names, key), parted)


def _by_stage(facts: FunnelFacts) -> Grouping:
    def label(rank: int) -> str | None:
        return facts.stages[rank - 1].name if rank else None

    k = facts.k
    return Grouping("stage", lambda deal: end_rank(deal, k), label, parted=False)


def _by_client(funnels: Sequence[FunnelFacts]) -> Grouping:
    companies = _merged(facts.companies for facts in funnels)
    people = _merged(facts.people for facts in funnels)

    def key_of(deal: DealFact) -> tuple[str, int] | None:
        if deal.company_id is not None:
            return "company", deal.company_id
        return ("person", deal.person_id) if deal.person_id is not None else None

    def label(key: tuple[str, int] | None) -> str | None:
        return None if key is None else label_of(companies if key[0] == "company" else people, key[1])

    return Grouping("client", key_of, label, parted=True)


def _reason(deal: DealFact) -> int | None:
    return deal.loss_reason_id


def _owner(deal: DealFact) -> int | None:
    return deal.owner


def _source(deal: DealFact) -> int | None:
    return deal.source_id


def _itself(key: str | None) -> str | None:
    return key


def _merged(names: Iterable[Mapping[int, str]]) -> dict[int, str]:
    return {key: name for each in names for key, name in each.items()}


def measured_by(
    groupings: Sequence[Grouping], ended: Sequence[DealFact]
) -> Callable[[tuple[Any, ...]], tuple[list[DealFact], int]]:
    """A function: keys of a row -> the closed deals its losses are a part of, and how many they are."""
    parted = [place for place, each in enumerate(groupings) if each.parted]
    staged = next((place for place, each in enumerate(groupings) if each.name == "stage"), None)
    parts = [groupings[place].key_of for place in parted]
    index: dict[tuple[Hashable, ...], list[DealFact]] = {}
    for deal in ended:
        index.setdefault(tuple([key_of(deal) for key_of in parts]), []).append(deal)
    ranks: dict[tuple[Any, ...], list[int]] = {}  # of the deals of a part
    found: dict[tuple[Any, ...], tuple[list[DealFact], int]] = {}  # the same for every reason

    def base(keys: tuple[Any, ...]) -> tuple[list[DealFact], int]:
        part, rank = tuple([keys[place] for place in parted]), 0 if staged is None else keys[staged]
        if (rank, part) not in found:
            deals = index.get(part, [])
            if staged is not None:
                if part not in ranks:
                    ranks[part] = [groupings[staged].key_of(deal) for deal in deals]
                deals = [deal for deal, own in zip(deals, ranks[part], strict=True) if own >= rank]
            found[rank, part] = deals, number(deals)
        return found[rank, part]

    return base
