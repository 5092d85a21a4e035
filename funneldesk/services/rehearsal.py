"""A redesigned funnel tried on past deals before it is adopted, and adopted as one change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from funneldesk.domain import clock
from funneldesk.domain.chance import default_probability
from funneldesk.domain.change import Change, Label
from funneldesk.domain.draft import DraftStage
from funneldesk.domain.facts import StageInfo
from funneldesk.domain.folding import fold
from funneldesk.domain.funnel import Funnel, Stage, ordered
from funneldesk.domain.linter import result_of
from funneldesk.domain.naming import checked_name
from funneldesk.domain.results import Report, ReportRequest
from funneldesk.errors import UserError
from funneldesk.reports import catalog
from funneldesk.reports.rehearsal import replayed
from funneldesk.services import funnels, stages
from funneldesk.store.database import Database
from funneldesk.store.queries import lists
from funneldesk.store.queries import rehearsal as queries
from funneldesk.store.queries.facts import FactsRequest, funnel_facts
from funneldesk.store.transaction import Actor, Transaction

ENOUGH = 0.05  # of the deals: what fewer have in common is no stage


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The same report of the funnel as it is and as it is drafted."""

    now: Report
    then: Report


@dataclass(frozen=True, slots=True)
class Proposal:
    """A stage that the past proposes: a result (a key of `linter.PROPOSALS`) or a name, and its deals."""

    result: str
    name: str
    deals: int


def rehearse(db: Database, draft: Sequence[DraftStage], request: ReportRequest) -> Rehearsal:
    """The report `request` asks for, and the one that a drafted funnel would have given."""
    with db.read() as conn:
        view = next(v for v in lists.funnels(conn, archived=True) if v.funnel.id == request.funnel_id)
        wanted = FactsRequest(as_of=clock.now(), moves=True, strict=True)
        facts = replace(funnel_facts(conn, view, wanted), zone=db.info().zone.key)
    rank_of = {stage.id: rank for rank, stage in enumerate(view.stages, 1)}
    ranks = {rank_of[i]: place for place, one in enumerate(draft, 1) for i in one.takes if i in rank_of}
    fresh = replayed(facts, _infos(draft, {s.id: s for s in view.stages}), ranks)
    return Rehearsal(catalog.compute_all([facts], request), catalog.compute_all([fresh], request))


def _infos(draft: Sequence[DraftStage], known: Mapping[int, Stage]) -> tuple[StageInfo, ...]:
    found = []
    for rank, one in enumerate(draft, 1):
        old = known.get(one.takes[0]) if one.takes else None
        chance = old.probability if old is not None and old.probability is not None else None
        found.append(
            StageInfo(
                old.id if old is not None else 0,
                one.name,
                chance if chance is not None else default_probability(rank, len(draft)),
                old.limit_days if old is not None else None,
                old is not None and old.kind == "hold",
            )
        )
    return tuple(found)


def adopt(db: Database, funnel_id: int, draft: Sequence[DraftStage], *, actor: Actor | None = None) -> Change:
    """Make the funnel as it is drafted: one change, which one undo takes back.

    A stage of the draft goes on as the first that it takes in; the others are merged into it with their
    history.  A stage that nobody takes in is removed.  Raises `name.empty`, `name.long`, `name.taken`,
    `funnel.no_stages`, `funnel.too_many_stages`, `stage.needs_target`.
    """
    _check(draft)
    with db.transaction(Label("funnel.redesigned"), actor=actor) as tx:
        funnel = tx.get(Funnel, funnel_id)
        live = {stage.id: stage for stage in ordered(tx.all(Stage, funnel_id=funnel_id))}
        named = {stage.name for stage in live.values()}
        for one in draft:
            checked_name(one.name, one.name.strip() if one.name.strip() in named else "")
        taken_in = {i for one in draft for i in one.takes}
        ids, moved = [], 0
        for number, one in enumerate(draft):
            heirs = [live[i] for i in one.takes if i in live]
            if not heirs:
                ids.append(funnels.append_stage(tx, funnel_id, _apart(number)))
                continue
            kept, *others = heirs
            ids.append(kept.id)
            for other in others:
                moved += stages.merge_into(tx, other, kept, "funnel_changed")
        for stage in live.values():
            if stage.id not in taken_in:
                stages.drop(tx, stage)
        _finish(tx, ids, draft)
        tx.label = Label("funnel.redesigned", {"name": funnel.name, "count": moved})
    return tx.change


def _check(draft: Sequence[DraftStage]) -> None:
    if not draft:
        raise UserError("funnel.no_stages")
    if len(draft) > funnels.MAX_STAGES:
        raise UserError("funnel.too_many_stages", most=funnels.MAX_STAGES)
    seen: set[str] = set()
    for one in draft:
        if not one.name.strip():
            raise UserError("name.empty")
        if fold(one.name) in seen:
            raise UserError("name.taken", name=one.name)
        seen.add(fold(one.name))


def _apart(number: int) -> str:
    """A name that no stage has yet: the real ones are given when all others are gone."""
    return f"\u2060{number}\u2060"


def _finish(tx: Transaction, ids: Sequence[int], draft: Sequence[DraftStage]) -> None:
    for rank, (stage_id, one) in enumerate(zip(ids, draft, strict=True), 1):
        tx.update(Stage, stage_id, name=one.name.strip(), position=rank)


def proposals(db: Database, funnel_id: int) -> list[Proposal]:
    """Stages that the past proposes: what was done for many deals, and statuses they were imported with."""
    with db.read() as conn:
        deals = queries.deal_count(conn, funnel_id)
        done = queries.done_for_deals(conn, funnel_id)
        statuses = queries.statuses(conn, funnel_id)
    by_result: dict[str, set[int]] = {}
    for deal_id, kind, subject in done:
        result = result_of(subject) or {"meeting": "meeting_held", "call": "contact_made"}.get(kind, "")
        if result:
            by_result.setdefault(result, set()).add(deal_id)
    least = max(2, round(deals * ENOUGH))
    found = [Proposal(key, "", len(ids)) for key, ids in by_result.items() if len(ids) >= least]
    named: Counter[str] = Counter(statuses)
    found += [Proposal(result_of(name), name, count) for name, count in named.items() if count >= least]
    return sorted(found, key=lambda one: (-one.deals, one.name, one.result))
