"""The values of small lists in a file: known, to be made, or like a known one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from funneldesk.domain.folding import fold
from funneldesk.importing.choices import Options
from funneldesk.importing.custom import own_columns
from funneldesk.importing.draft import read_outcome
from funneldesk.importing.fields import Kind
from funneldesk.importing.matching import BaseIndex, FunnelKey, alike, likeness
from funneldesk.importing.plan import Request
from funneldesk.importing.table import Values

_MANY = 200  # different values; more are not held against each other
_NEAR = 0.85
_LISTS = {"manager": "manager", "source": "source", "product": "product", "lost_reason": "loss_reason"}


@dataclass(frozen=True, slots=True)
class WordUse:
    """A value of a field in the file: how often, what it means, what it is like.

    `state` is known, new (will be made), outcome (`meaning` won or lost) or unknown (its rows are
    rejected unless it is translated); `proposals` are names that are like it, with likeness 0..1.
    """

    field: str
    text: str
    count: int
    state: str
    meaning: str | None = None
    proposals: tuple[tuple[str, float], ...] = ()


def word_uses(request: Request, values: Values, index: BaseIndex) -> list[WordUse]:
    """Every different value of managers, sources, products, reasons, funnels, stages and choices."""
    out = []
    for field, kind in _LISTS.items():
        known = index.lists.get(kind, {})
        counted = _counted(values, field)
        for text, count in counted:
            if fold(text) in known:
                out.append(WordUse(field, text, count, "known"))
            else:
                near = _proposals(text, known, index, kind) or _spelt_otherwise(text, count, counted)
                out.append(WordUse(field, text, count, "new", proposals=near))
    funnels = {fold(f.name): f for f in index.funnels}
    for text, count in _counted(values, "funnel"):
        state = "known" if fold(text) in funnels else "new" if request.create_funnel else "unknown"
        out.append(WordUse("funnel", text, count, state))
    field = "to_stage" if request.kind is Kind.HISTORY else "stage"
    funnel = funnels.get(fold(request.funnel)) if request.funnel else next(iter(index.funnels), None)
    if funnel is None and index.first_funnel is not None:
        name, stages = index.first_funnel
        funnel = FunnelKey(0, name, {fold(stage): 0 for stage in stages}, {})
    counted = _counted(values, field)
    for text, count in counted:
        use = _stage(field, text, count, funnel, request)
        if use.state == "new":  # of a funnel that is made of the stages of the file
            use = replace(use, proposals=_spelt_otherwise(text, count, counted))
        out.append(use)
    for column in own_columns(values, index, request):
        if column.options is not None:
            out += _choices(column.key, column.options, fresh=column.known is None)
    return out


def _choices(field: str, options: Options, *, fresh: bool) -> list[WordUse]:
    """The words of a column of choices: known ones, those that will be options, and unknown ones."""
    out = []
    counted = list(options.uses.items())
    for word, count in counted:
        if options.is_decided(word) and options.option(word) is not None:
            continue
        if fold(word) in options.known:
            out.append(WordUse(field, word, count, "known"))
        elif fresh:
            out.append(WordUse(field, word, count, "new", proposals=_slip(word, count, counted)))
        else:
            state = "unknown" if options.option(word) is None else "new"
            close = alike(word, list(options.known))
            near = tuple((options.known[name], score) for name, score in close)
            out.append(WordUse(field, word, count, state, proposals=near))
    return out


def _slip(word: str, count: int, counted: list[tuple[str, int]]) -> tuple[tuple[str, float], ...]:
    """A choice that stands more often in the column and is the same but for a letter or two."""
    others = [other for other, often in counted if often > count]
    best = max(((likeness(fold(word), fold(other)), other) for other in others), default=(0.0, ""))
    return ((best[1], round(best[0] / 100, 3)),) if best[0] >= 100 * _NEAR else ()


def _counted(values: Values, field: str) -> list[tuple[str, int]]:
    counts = Counter(v for v in values.get(field) if v)
    return list(counts.items())


def _spelt_otherwise(text: str, count: int, counted: list[tuple[str, int]]) -> tuple[tuple[str, float], ...]:
    """A name that stands more often in the file itself, or as often and before, spelt nearly the same."""
    at = next(place for place, (other, _often) in enumerate(counted) if other == text)
    others = [
        other
        for place, (other, often) in enumerate(counted)
        if often > count or (often == count and place < at)
    ]
    if not others or len(counted) > _MANY:
        return ()
    named = {fold(other): other for other in others}
    return tuple((named[name], score) for name, score in alike(text, list(named), limit=1) if score >= _NEAR)


def _proposals(
    text: str, known: dict[str, int], index: BaseIndex, kind: str
) -> tuple[tuple[str, float], ...]:
    names = index.names.get(kind, {})
    return tuple((names.get(known[name], name), score) for name, score in alike(text, known))


def _stage(field: str, text: str, count: int, funnel: FunnelKey | None, request: Request) -> WordUse:
    stages = funnel.stages if funnel else {}
    if fold(text) in stages:
        return WordUse(field, text, count, "known")
    outcome = read_outcome(text, closed_only=True)
    if outcome:
        return WordUse(field, text, count, "outcome", outcome[0])
    state = "new" if request.create_funnel else "unknown"
    return WordUse(field, text, count, state, proposals=tuple(alike(text, stages)))
