"""What a print may hold beside single reports: the booklet of managers, and a pack of chosen reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.domain.results import Report


@dataclass(frozen=True, slots=True)
class Advice:
    """What to look at: a code of `report_words.advice`, and the numbers that its sentence carries."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HangingDeal:
    """An open deal too long in its stage: `days` there; the amount in minor units, None = without one."""

    deal_id: int
    stage: str
    amount: int | None
    days: float
    client: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class ManagerPart:
    """The page of one manager: reports on the manager's own deals, those that hang (dearest first)."""

    manager: str
    funnel: Report
    times: Report
    lost: Report
    forecast: Report
    hanging: tuple[HangingDeal, ...]
    advice: tuple[Advice, ...]


@dataclass(frozen=True, slots=True)
class Booklet:
    """Managers compared: the reports on the whole team, and a part per manager, by won money."""

    managers: Report
    strategy: Report
    plan: Report
    leaks: Report
    funnel: Report
    times: Report
    lost: Report
    active: Report
    forecast: Report
    parts: tuple[ManagerPart, ...]


@dataclass(frozen=True, slots=True)
class ReportPack:
    """Chosen reports in one print, under a comment of whoever hands it over."""

    reports: tuple[Report, ...]
    comment: str = ""


Printable = Report | Sequence[Report] | ReportPack | Booklet


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """Whose print it is and on what paper; None = as people there use, or as the content needs."""

    zone: ZoneInfo | None = None
    company: str = ""
    logo: bytes = b""  # a picture (PNG)
    paper: str | None = None  # A4 or Letter
    landscape: bool | None = None
