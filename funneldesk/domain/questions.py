"""The questionnaire by which leads are qualified."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class QuestionKind(StrEnum):
    """How a question is answered."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadQuestion:
    """A question asked of every lead.

    `options` is a JSON list of [words, points] of a choice; `points` are given for yes, or for
    any answer to a number or a text.
    """

    id: int = 0
    version: int = 1
    text: str
    kind: str = QuestionKind.YES_NO
    options: str | None = None
    points: int = 0
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadAnswer:
    """What a lead answered to a question."""

    id: int = 0
    version: int = 1
    lead_id: int
    question_id: int
    value: str


def choices_of(question: LeadQuestion) -> list[tuple[str, int]]:
    """The answers to choose from, with the points each gives."""
    try:
        found = json.loads(question.options or "[]")
        return [(str(words), int(points)) for words, points in found]
    except (ValueError, TypeError):
        return []


def points_of(question: LeadQuestion, value: str) -> int:
    """The points an answer gives."""
    if not value:
        return 0
    if question.kind == QuestionKind.CHOICE:
        return dict(choices_of(question)).get(value, 0)
    if question.kind == QuestionKind.YES_NO:
        return question.points if value == "1" else 0
    return question.points


def most_points(questions: Iterable[LeadQuestion]) -> int:
    """The points of a lead that answers everything in the best way."""
    total = 0
    for question in questions:
        options = [points for _words, points in choices_of(question)]
        best = max(options, default=0) if question.kind == QuestionKind.CHOICE else question.points
        total += max(best, 0)
    return total


def score(questions: Iterable[LeadQuestion], answers: Mapping[int, str]) -> int:
    """The points of a lead's answers (question id -> value)."""
    return sum(points_of(question, answers.get(question.id, "")) for question in questions)
