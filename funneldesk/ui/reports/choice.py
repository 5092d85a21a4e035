"""What is chosen on the reports tab, and how it is remembered between starts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.condition import EVERYTHING, Group, group_from
from funneldesk.domain.results import Population, ReportRequest, Rule, Span
from funneldesk.reports.catalog import CATALOG, ReportInfo
from funneldesk.settings import Settings
from funneldesk.ui.reports.period import ALL, CUSTOM, Period, bounds

MEMORY = "reports"


@dataclass
class Own:
    """What is chosen for one report only."""

    population: str = ""
    rule: str = ""
    by: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)  # the figures that are shown; none = all
    goal_wins: int = 0  # of a reverse plan or a forecast: one of the two, or neither
    goal_amount: int = 0  # minor units
    new_business: bool = False  # of a forecast: with deals yet to come
    turned: bool = False  # of a matrix: managers down, stages across
    figure: dict[str, Any] = field(default_factory=dict)  # one's own: conditions as `spec_of` writes them


@dataclass
class Choice:
    """Everything the controls show; filters hold for all reports, `own` for one."""

    report: str = "stage-funnel"
    overview: bool = True  # the overview is in front, not the report
    funnel: int = 0  # 0 = the first, or all
    period: Period = field(default_factory=Period)
    managers: list[int] = field(default_factory=list)
    source: str = ""
    product: str = ""
    as_of: str = ""  # an ISO day, its evening; empty = now
    conditions: dict[str, Any] = field(default_factory=dict)  # as `spec_of` writes them
    compare: str = ""  # previous, year, or any: between the two days, both included
    compare_first: str = ""
    compare_last: str = ""
    own: dict[str, Own] = field(default_factory=dict)

    def info(self) -> ReportInfo:
        """The catalogue's entry of the chosen report."""
        return CATALOG[self.report]

    def mine(self) -> Own:
        """What is chosen for the chosen report."""
        return self.own.setdefault(self.report, Own())

    def request(self, now: int, zone: ZoneInfo) -> ReportRequest:
        """The question to ask."""
        info, own = self.info(), self.mine()
        start, end = bounds(self.period, clock.local_date(now, zone), zone)
        where = [
            (name, value) for name, value in (("source", self.source), ("product", self.product)) if value
        ]
        return ReportRequest(
            name=self.report,
            funnel_id=self.funnel or None,
            start=start,
            end=end,
            as_of=self._as_of(zone),
            population=Population(own.population) if own.population in info.populations else None,
            rule=Rule(own.rule) if own.rule in info.rules else None,
            by=tuple(own.by),
            columns=tuple(own.columns),
            managers=tuple(self.managers),
            where=tuple(where),
            condition=self.tree(),
            plan=own.goal_wins or None if info.goal else None,
            plan_amount=own.goal_amount or None if info.goal else None,
            new_business=info.foretells and own.new_business,
            turned=info.turns and own.turned,
            figure=group_from(own.figure) if info.own_figure else EVERYTHING,
            **self._compared_with(now, zone),
        )

    def _compared_with(self, now: int, zone: ZoneInfo) -> dict[str, Any]:
        if not self.can_compare() or self.compare not in tuple(Span):
            return {}
        if self.compare != Span.ANY:
            return {"compare": Span(self.compare)}
        if not (self.compare_first and self.compare_last):
            return {}
        days = Period(CUSTOM, self.compare_first, self.compare_last)
        start, end = bounds(days, clock.local_date(now, zone), zone)
        return {"compare": Span.ANY, "compare_start": start, "compare_end": end}

    def tree(self) -> Group:
        """The conditions on deals."""
        return group_from(self.conditions)

    def can_compare(self) -> bool:
        """Whether there is a period to compare with an earlier one."""
        bounded = self.period.kind != ALL and not (self.period.kind == CUSTOM and not self.period.first)
        return bounded and self.info().compares

    def spec(self) -> dict[str, Any]:
        """What a variant of the chosen report keeps."""
        found = asdict(self) | {"overview": False}
        found["own"] = {self.report: asdict(self.mine())}
        return found

    def take(self, other: Choice) -> None:
        """Be as another one; what it says nothing of for other reports stays."""
        own = {**self.own, **other.own}
        for item in fields(Choice):
            setattr(self, item.name, getattr(other, item.name))
        self.own = own

    def filtered(self) -> bool:
        """Whether anything narrows the deals, so that an empty answer may come from it."""
        narrowed = self.managers or self.source or self.product or self.as_of or self.tree()
        return bool(self.period.kind != ALL or narrowed)

    def _as_of(self, zone: ZoneInfo) -> int | None:
        if not self.as_of:
            return None
        return clock.start_of_day(date.fromisoformat(self.as_of) + timedelta(days=1), zone) - 1

    def save(self, settings: Settings) -> None:
        """Remember it."""
        settings.more[MEMORY] = asdict(self)


def load_choice(settings: Settings) -> Choice:
    """What was chosen last."""
    return choice_of(settings.more.get(MEMORY))


def choice_of(kept: object) -> Choice:
    """What `asdict` or `Choice.spec` wrote; what is missing or no longer possible is the default."""
    choice = Choice()
    if not isinstance(kept, dict):
        return choice
    for item in fields(Choice):
        value = kept.get(item.name)
        if item.name in ("period", "own") or type(value) is not type(getattr(choice, item.name)):
            continue
        setattr(choice, item.name, value)
    choice.period = _period(kept.get("period"))
    own = kept.get("own")
    choice.own = {k: _own(v) for k, v in own.items()} if isinstance(own, dict) else {}
    if choice.report not in CATALOG:
        choice.report = next(iter(CATALOG))
    for name, mine in choice.own.items():
        mine.by = [by for by in mine.by if name in CATALOG and CATALOG[name].groups_by(by)]
    for key in ("as_of", "compare_first", "compare_last"):
        if getattr(choice, key) and not _is_day(getattr(choice, key)):
            setattr(choice, key, "")
    return choice


def _period(kept: Any) -> Period:
    if not isinstance(kept, dict):
        return Period()
    kind, first, last = (kept.get(key) for key in ("kind", "first", "last"))
    sound = all(day is None or _is_day(day) for day in (first, last))
    return Period(kind, first, last) if isinstance(kind, str) and sound else Period()


def _own(kept: Any) -> Own:
    if not isinstance(kept, dict):
        return Own()
    return Own(
        str(kept.get("population") or ""),
        str(kept.get("rule") or ""),
        _words(kept.get("by")),
        _words(kept.get("columns")),
        _number(kept.get("goal_wins")),
        _number(kept.get("goal_amount")),
        kept.get("new_business") is True,
        kept.get("turned") is True,
        found if isinstance(found := kept.get("figure"), dict) else {},
    )


def _number(kept: Any) -> int:
    return kept if type(kept) is int and kept > 0 else 0


def _words(kept: Any) -> list[str]:
    return [word for word in kept if isinstance(word, str)] if isinstance(kept, list) else []


def _is_day(text: Any) -> bool:
    try:
        date.fromisoformat(text)
    except (TypeError, ValueError):
        return False
    return True
