"""Random work of a day with undo and redo, as often as is promised."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.campaign.outcome import Outcome
from tests.services.random_kit import Work
from tests.services.test_random_work import RandomWork

_STEPS = 100


def random_operations(count: int, _folder: Path) -> Outcome:
    """Undo leads to the content of before, redo to that of after, whatever is done."""
    outcome = Outcome()
    Work.wrote.clear()
    Work.steps = 0
    for _round in outcome.numbers(count):
        before = Work.steps
        chosen = settings(
            max_examples=max(1, min(4, (count - Work.steps) // _STEPS)), stateful_step_count=_STEPS,
            deadline=None, suppress_health_check=list(HealthCheck), database=None,
        )  # fmt: skip
        try:
            run_state_machine_as_test(RandomWork, settings=chosen)
        except Exception as error:  # noqa: BLE001 - counted, the report is above
            outcome.wrong.append(f"{type(error).__name__}: {error}"[:300])
            break
        if Work.steps >= count or Work.steps == before:
            break
    outcome.tried = Work.steps
    outcome.figures["changes"] = sum(Work.wrote.values())
    outcome.figures["kinds of changes"] = len(Work.wrote)
    return outcome
