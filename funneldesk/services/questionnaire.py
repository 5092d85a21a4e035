"""The questionnaire of leads: its questions, and what a lead answered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from funneldesk.domain.change import Change, Label
from funneldesk.domain.questions import LeadAnswer, LeadQuestion, QuestionKind
from funneldesk.errors import UserError
from funneldesk.services import ordering
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.transaction import Actor, Transaction, select_records


def questions(db: Database) -> list[LeadQuestion]:
    """The questions in their order."""
    with db.read() as conn:
        return select_records(conn, LeadQuestion, order=t.lead_questions.c.position)


def answers(db: Database, lead_id: int) -> dict[int, str]:
    """Question -> what a lead answered."""
    with db.read() as conn:
        found = select_records(conn, LeadAnswer, t.lead_answers.c.lead_id == lead_id)
    return {answer.question_id: answer.value for answer in found}


def put_question(
    db: Database,
    text: str,
    kind: str = QuestionKind.YES_NO,
    *,
    question_id: int | None = None,
    points: int = 0,
    options: Sequence[tuple[str, int]] = (),
    actor: Actor | None = None,
) -> Change:
    """Add a question, or change one.  Raises `name.empty`, `field.no_options`."""
    if not text.strip():
        raise UserError("name.empty")
    kept = [[words.strip(), score] for words, score in options if words.strip()]
    if kind == QuestionKind.CHOICE and not kept:
        raise UserError("field.no_options")
    values: dict[str, Any] = {
        "text": text.strip(),
        "kind": str(kind),
        "points": points,
        "options": json.dumps(kept, ensure_ascii=False) if kept else None,
    }
    with db.transaction(Label("questions.changed"), actor=actor) as tx:
        if question_id is None:
            known = tx.all(LeadQuestion)
            place = max((question.position for question in known), default=-1) + 1
            tx.insert(LeadQuestion(**values, position=place))
        else:
            tx.update(LeadQuestion, question_id, **values)
    return tx.change


def move_question(db: Database, question_id: int, step: int, *, actor: Actor | None = None) -> Change:
    """Put a question one place up (-1) or down (1)."""
    with db.transaction(Label("questions.changed"), actor=actor) as tx:
        tx.get(LeadQuestion, question_id)
        ordering.shift(tx, LeadQuestion, question_id, step)
    return tx.change


def remove_question(db: Database, question_id: int, *, actor: Actor | None = None) -> Change:
    """Take a question away with its answers; undo brings both back."""
    with db.transaction(Label("questions.changed"), actor=actor) as tx:
        for answer in tx.all(LeadAnswer, question_id=question_id):
            tx.delete(LeadAnswer, answer.id)
        tx.delete(LeadQuestion, question_id)
    return tx.change


def put_answers(tx: Transaction, lead_id: int, wanted: Mapping[int, str]) -> None:
    """Set what a lead answered; an empty answer is taken away."""
    known = {answer.question_id: answer for answer in tx.all(LeadAnswer, lead_id=lead_id)}
    for question_id, value in wanted.items():
        old = known.get(question_id)
        if old is not None and not value:
            tx.delete(LeadAnswer, old.id)
        elif old is not None:
            tx.update(LeadAnswer, old.id, value=value)
        elif value:
            tx.insert(LeadAnswer(lead_id=lead_id, question_id=question_id, value=value))


def forget_answers(tx: Transaction, lead_id: int) -> None:
    """The answers of a lead that leaves the base."""
    for answer in tx.all(LeadAnswer, lead_id=lead_id):
        tx.delete(LeadAnswer, answer.id)
