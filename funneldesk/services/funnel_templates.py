"""Funnel templates and starter loss reasons as they lie in the resources, put into one language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from funneldesk.domain.folding import fold
from funneldesk.errors import UserError
from funneldesk.resources import resource_path

_REASONS = "loss_reasons.json"


@dataclass(frozen=True, slots=True)
class TemplateStage:
    """An open stage of a template."""

    key: str
    name: str
    goal: str
    key_task: str
    criterion: str
    subtasks: tuple[str, ...] = ()
    required: tuple[str, ...] = ()  # keys of `domain.criteria`
    checklist: tuple[str, ...] = ()
    limit_days: float | None = None


@dataclass(frozen=True, slots=True)
class StarterReason:
    """A loss reason in one language, with its group and what to do next."""

    name: str
    advice: str
    group: str = ""
    competitor: bool = False


@dataclass(frozen=True, slots=True)
class TemplateInfo:
    """A funnel template in one language."""

    key: str
    name: str
    about: str
    stages: tuple[TemplateStage, ...]
    won_name: str
    loss_task: str = ""  # what losing an automatic deal gives to do
    reasons: tuple[StarterReason, ...] = ()  # loss reasons that only this funnel has


def templates(language: str) -> list[TemplateInfo]:
    """Every template in `language` (English when it is not spoken), the most usual first."""
    return [_info(raw, language) for raw in _load()]


def template(key_or_name: str, language: str) -> TemplateInfo:
    """The template with this key or name in any language, letter case ignored.

    Raises UserError `template.unknown` with the keys there are.
    """
    wanted = fold(key_or_name)
    loaded = _load()
    for raw in loaded:
        if wanted in {fold(raw["key"]), *map(fold, raw["name"].values()), *map(fold, raw["aliases"])}:
            return _info(raw, language)
    raise UserError("template.unknown", name=key_or_name, known=[raw["key"] for raw in loaded])


def starter_reasons(language: str) -> list[StarterReason]:
    """The loss reasons that a new funnel brings along when the base has none."""
    raw = json.loads(resource_path("funnels", _REASONS).read_text(encoding="utf-8"))
    return [_reason(row, language) for row in raw["loss_reasons"]]


def loss_task(language: str) -> str:
    """What losing an automatic deal usually gives to do."""
    raw = json.loads(resource_path("funnels", _REASONS).read_text(encoding="utf-8"))
    return str(_in(raw["loss_task"], language))


def _reason(row: Mapping[str, Any], language: str) -> StarterReason:
    return StarterReason(
        _in(row["name"], language),
        _in(row["advice"], language),
        _in(row["group"], language),
        bool(row.get("competitor", False)),
    )


def _load() -> list[dict[str, Any]]:
    files = [path for path in resource_path("funnels").glob("*.json") if path.name != _REASONS]
    raw: list[dict[str, Any]] = [json.loads(path.read_text(encoding="utf-8")) for path in files]
    return sorted(raw, key=lambda one: (one["order"], one["key"]))


def _info(raw: Mapping[str, Any], language: str) -> TemplateInfo:
    return TemplateInfo(
        key=raw["key"],
        name=_in(raw["name"], language),
        about=_in(raw["about"], language),
        stages=tuple(_stage(stage, language) for stage in raw["stages"]),
        won_name=_in(raw["won"], language),
        loss_task=loss_task(language),
        reasons=tuple(_reason(row, language) for row in raw.get("loss_reasons", ())),
    )


def _stage(raw: Mapping[str, Any], language: str) -> TemplateStage:
    return TemplateStage(
        key=raw["key"],
        name=_in(raw["name"], language),
        goal=_in(raw["goal"], language),
        key_task=_in(raw["key_task"], language),
        criterion=_in(raw["criterion"], language),
        subtasks=tuple(_in(raw["subtasks"], language)) if "subtasks" in raw else (),
        required=tuple(raw.get("required", ())),
        checklist=tuple(_in(raw["checklist"], language)) if "checklist" in raw else (),
        limit_days=raw.get("limit_days"),
    )


def _in(words: Mapping[str, Any], language: str) -> Any:
    return words.get(language, words["en"])
