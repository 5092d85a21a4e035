"""The linter of funnels: a stage's name tells a finished result, not a process and not a wait.

Knows English, Russian and Polish.  Form alone is not enough: words of waiting outrank the form of
a finished result ("Communication postponed"), and a first stage needs no participle ("New
request").  It gives codes; the words for them are the window's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from funneldesk.domain import linter_words as words
from funneldesk.domain.folding import fold
from funneldesk.domain.funnel import Stage

FEW, MANY = 5, 7  # the usual number of stages; a hint, no number fits all
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class NameFinding:
    """What is wrong with a name.

    Codes: `process` (our own work instead of its result), `waiting` (the client waits, nobody has
    a plan), `not_a_stage` (put off: a date to return to, or a loss), `no_result` (no finished
    result in it).  `proposals` are keys of `PROPOSALS`, the best first; they may be none.
    """

    code: str
    proposals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A hint on a stage (`stage_id`) or on the whole funnel (0); `count` where it tells a number.

    Codes: those of `NameFinding`; `no_goal`, `no_criterion`; `few_stages`, `many_stages`,
    `no_reasons`.
    """

    code: str
    stage_id: int = 0
    proposals: tuple[str, ...] = ()
    count: int = 0


def check_name(name: str, *, entry: bool = False) -> NameFinding | None:
    """What is wrong with a stage's name; None when it tells a finished result.

    The `entry` stage (the first) only has to be no process and no wait.
    """
    found = _WORD.findall(name.casefold())
    folded = [fold(word) for word in found]
    text = " ".join(folded)
    if not folded:
        return None
    if _has(text, words.PUT_OFF):
        return NameFinding("not_a_stage", ("on_hold", "lost"))
    if _has(text, words.DRAWING_UP):
        return NameFinding("process", ("contract_sent",))
    if _has(text, words.WAITING):
        return NameFinding("waiting", _last_result(text))
    if _starts_with_work(folded):
        return NameFinding("process", _topic(text))
    finished = any(_is_finished(raw, plain) for raw, plain in zip(found, folded, strict=True))
    if finished or _has(text, words.STATES):
        return NameFinding("waiting", _last_result(text)) if _has(text, words.NEGATIONS) else None
    if folded[0] in words.NEW or _has(text, words.ENTRY):
        return None
    if _has(text, words.NEGATIONS):
        return NameFinding("waiting", _last_result(text))
    topic = _topic(text)
    if topic or _has(text, words.WORK):
        return NameFinding("process", topic)
    return None if entry else NameFinding("no_result")


def check_funnel(stages: Sequence[Stage], *, reasons: int | None = None) -> list[Finding]:
    """Every hint on the live stages of a funnel, in their order; `reasons` = how many loss reasons."""
    found: list[Finding] = []
    for rank, stage in enumerate(stages, 1):
        wrong = None if stage.kind == "hold" else check_name(stage.name, entry=rank == 1)
        if wrong is not None:
            found.append(Finding(wrong.code, stage.id, wrong.proposals))
        if not (stage.goal or "").strip():
            found.append(Finding("no_goal", stage.id))
        if not (stage.criterion or "").strip():
            found.append(Finding("no_criterion", stage.id))
    # WON counts as a stage here, as people count
    count = len(stages) + 1
    if count < FEW or count > MANY:
        found.append(Finding("few_stages" if count < FEW else "many_stages", count=len(stages)))
    if reasons == 0:
        found.append(Finding("no_reasons"))
    return found


def _has(text: str, patterns: re.Pattern[str]) -> bool:
    return patterns.search(text) is not None


def _starts_with_work(folded: Sequence[str]) -> bool:
    """Whether the first word is a noun or verb of work ("Scheduling a meeting with the client")."""
    first = folded[0]
    return (first.endswith("ing") and first not in words.ING_NOUNS) or first in words.WORK_FIRST


def _is_finished(raw: str, plain: str) -> bool:
    if plain in words.FINISHED:
        return True
    if plain in words.NOT_FINISHED:
        return False
    if plain.isascii():
        english = plain.endswith("ed") and len(plain) > 4 and not plain.endswith("eed")
        polish = words.POLISH_RESULT.search(plain) is not None or words.POLISH_PAST.search(raw) is not None
        return english or polish
    return words.RUSSIAN_RESULT.search(plain) is not None


def _topic(text: str) -> tuple[str, ...]:
    """The result that the work named in `text` leads to."""
    return next(((key,) for key, pattern in words.TOPICS if pattern.search(text)), ())


def result_of(name: str) -> str:
    """The result (a key of `PROPOSALS`) that a name is about, whatever its form; "" when none is known."""
    text = " ".join(fold(word) for word in _WORD.findall(name.casefold()))
    return next(iter(_topic(text)), "")


def _last_result(text: str) -> tuple[str, ...]:
    """Of a wait: the last finished result, and the one that is waited for."""
    return next((keys for keys, pattern in words.WAITS if pattern.search(text)), words.DECISION)


PROPOSALS = words.PROPOSALS
