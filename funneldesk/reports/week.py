"""`week`: the week's own report: done, moved, won, lost with words, promised for the next one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.move_table import NONE
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.reports.built import Built, Line, amount_of, counts, label_of, missing_money, money, text
from funneldesk.reports.columns import OPEN, columns
from funneldesk.reports.population import all_deals, number

SECTIONS = ("done", "created", "moved", "won", "lost", "promised")
_OF_ACTIVITIES = ("done", "promised")  # the others count deals
_COLUMNS = (*text("manager", "section", "what", "words"), *counts("count"), *money("amount"))
_TOTALS = (
    *counts("done", opens=False), *counts("created", "moved", "won"), *money("won_amount"),
    *counts("lost"), *counts("promised", opens=False),
)  # fmt: skip


Row = tuple[int | None, str, str | None, str | None, list[DealFact], int]


def bounds(request: ReportRequest, as_of: int, zone: ZoneInfo) -> tuple[int, int]:
    """[start, end) of the week: what is asked, else the running week from Monday on."""
    today = clock.local_date(as_of, zone)
    monday = today - timedelta(days=today.weekday())
    if request.start is not None:
        monday = clock.local_date(request.start, zone)
    elif request.end is not None:
        monday = clock.local_date(request.end, zone) - timedelta(days=7)
    start = clock.start_of_day(monday, zone) if request.start is None else request.start
    end = request.end or clock.start_of_day(monday + timedelta(days=7), zone)
    return start, end


def next_week(end: int, zone: ZoneInfo) -> int:
    """The end of the seven days after `end`."""
    return clock.start_of_day(clock.local_date(end, zone) + timedelta(days=7), zone)


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """Rows by manager: done by kind, created, moved on by stage, won and lost deal by deal, promised.

    Done and promised count for whose activity it is, moves for who made them, the rest for the owner.
    `extra["team"]` = a line per manager with the count of each section (see `_team`).
    Stages stand in the order of their funnel.
    `words` = the reason and comment of a loss, the day (ISO) of what is promised for the seven days after.
    Without a period: the running week.
    """
    zone = ZoneInfo(funnels[0].zone)
    start, end = bounds(request, funnels[0].as_of, zone)
    week = _Week(funnels, start, end, set(request.managers), zone)
    lines = []
    names = {key: name for facts in funnels for key, name in facts.managers.items()}
    found = sorted(
        week.rows(), key=lambda row: (row[0] is None, names.get(row[0] or 0, ""), SECTIONS.index(row[1]))
    )
    for manager, section, what, words, deals, count in found:
        line = Line()
        line.put(manager=label_of(names, manager), section=section, what=what, words=words)
        line.count("count", deals)
        if not deals:
            line.put(count=count)
        line.put(amount=deals[0].amount if section in ("won", "lost") else None)
        lines.append(line)
    totals = Line()
    team = _team(found, names, totals)
    won = week.closed("won")
    totals.put(done=sum(row[5] for row in found if row[1] == "done"))
    totals.count("created", week.created())
    totals.count("moved", week.moved_deals())
    totals.count("won", won)
    totals.put(won_amount=amount_of(won))
    totals.count("lost", week.closed("lost"))
    totals.put(promised=sum(row[5] for row in found if row[1] == "promised"))
    return Built(_COLUMNS, lines, _TOTALS, totals, missing_money(won), {"team": team}, (start, end))


def _team(found: Sequence[Row], names: Mapping[int, str], totals: Line) -> list[dict[str, Any]]:
    """A line per manager: how many in each section, and the money won.

    A deal that went on twice counts once, as in the totals.  Counts of deals open them under
    `section@manager` of the totals; `key` of a line is that `@manager`.
    """
    lines = []
    for manager in dict.fromkeys(row[0] for row in found):
        own = [row for row in found if row[0] == manager]
        key = f"@{'' if manager is None else manager}"
        line: dict[str, Any] = {"key": key, "manager": label_of(names, manager)}
        for section in SECTIONS:
            if section in _OF_ACTIVITIES:
                line[section] = sum(row[5] for row in own if row[1] == section)
                continue
            deals = list({deal.id: deal for row in own if row[1] == section for deal in row[4]}.values())
            totals.behind[section + key] = deals
            line[section] = number(deals)
            if section == "won":
                line["won_amount"] = amount_of(deals)
        lines.append(line)
    return lines


class _Week:
    """What happened between two moments."""

    def __init__(
        self, funnels: Sequence[FunnelFacts], start: int, end: int, wanted: set[int], zone: ZoneInfo
    ) -> None:
        self._funnels = funnels
        self._first = funnels[0]
        self._start, self._end = start, end
        self._wanted = wanted
        self._zone = zone
        self._deals = {deal.id: deal for deal in all_deals(funnels)}
        self._stepped = list(self._found_steps())

    def _within(self, at: int | None) -> bool:
        return at is not None and self._start <= at < self._end

    def _of(self, manager: int | None) -> bool:
        return not self._wanted or manager in self._wanted

    def created(self) -> list[DealFact]:
        """Deals that came."""
        return [deal for deal in self._deals.values() if self._within(deal.created_at)]

    def closed(self, status: str) -> list[DealFact]:
        """Deals won or lost, and still so."""
        return [d for d in self._deals.values() if d.status == status and self._within(d.closed_at)]

    def _steps(self) -> Iterator[tuple[int | None, str, DealFact]]:
        """(who, to which stage, which deal) of every move on."""
        return iter(self._stepped)

    def _found_steps(self) -> Iterator[tuple[int | None, str, DealFact]]:
        for facts in self._funnels:
            moves = columns(facts.moves).effective()
            on = moves.counts & (moves.kind == OPEN) & (moves.at >= self._start) & (moves.at < self._end)
            on[1:] &= (moves.rank[:-1] > 0) & (moves.rank[:-1] < moves.rank[1:])
            on[1:] &= moves.deal[1:] == moves.deal[:-1]
            on[:1] = False
            own = moves.where(on)
            told = zip(
                own.deal.tolist(), own.rank.tolist(), own.actor.tolist(), own.owner.tolist(), strict=True
            )
            for deal_id, rank, actor, owner in told:
                whose = owner if actor == NONE else actor
                who = None if whose == NONE else whose
                if deal_id in self._deals and self._of(who):
                    yield who, facts.stages[rank - 1].name, self._deals[deal_id]

    def moved_deals(self) -> list[DealFact]:
        """Deals that went on at least once."""
        return list({deal.id: deal for _who, _stage, deal in self._steps()}.values())

    def rows(self) -> Iterator[Row]:
        """(manager, section, what, words, deals, how many)."""
        done = Counter(
            (a.manager_id, a.kind)
            for a in sorted(self._first.activities, key=lambda each: each.done_at)
            if self._within(a.done_at) and self._of(a.manager_id)
        )
        for (manager, kind), count in sorted(done.items(), key=lambda item: (-item[1], item[0][1])):
            yield manager, "done", kind, None, [], count
        by_owner: dict[int | None, list[DealFact]] = {}
        for deal in self.created():
            by_owner.setdefault(deal.owner, []).append(deal)
        for manager, deals in by_owner.items():
            yield manager, "created", None, None, deals, len(deals)
        steps: dict[tuple[int | None, str], dict[int, DealFact]] = {}
        for who, stage, deal in self._steps():
            steps.setdefault((who, stage), {})[deal.id] = deal
        names = dict.fromkeys(stage.name for facts in self._funnels for stage in facts.stages)
        place = {name: number for number, name in enumerate(names)}
        for (who, stage), moved in sorted(steps.items(), key=lambda step: place[step[0][1]]):
            yield who, "moved", stage, None, list(moved.values()), len(moved)
        for status in ("won", "lost"):
            for deal in self.closed(status):
                words = self._why(deal) if status == "lost" else None
                yield deal.owner, status, self._first.titles.get(deal.id), words, [deal], 1
        for plan in self._first.planned:
            if self._of(plan.manager_id):
                day = clock.local_date(plan.due_at, self._zone).isoformat()
                yield plan.manager_id, "promised", plan.subject or plan.kind, day, [], 1

    def _why(self, deal: DealFact) -> str | None:
        """The reason and the comment of a loss, as they were written."""
        reason = self._first.reasons.get(deal.loss_reason_id or 0)
        told = [part for part in (reason, self._first.comments.get(deal.id)) if part]
        return ": ".join(told) or None
