"""What the checks found, what was put right and what was lost, in words: for window and command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from funneldesk.record_words import record_words
from funneldesk.text import N_, _, format_number, ngettext

FINDINGS: Final[Mapping[str, str]] = {
    "sqlite": N_("The file itself"),
    "index": N_("Indexes of the file"),
    "unreadable": N_("Parts that cannot be read"),
    "history.gap": N_("Stage histories with gaps"),
    "history.order": N_("Stage histories out of order"),
    "history.chain": N_("Stage histories with a broken link"),
    "history.stays": N_("Times in stages, as reports count them, that do not follow from the histories"),
    "history.brought": N_("Credits for steps, as reports count them, that do not follow from the histories"),
    "history.missing": N_("Deals without a stage history"),
    "deal.standing": N_("Deals that do not stand where their history says"),
    "deal.funnel": N_("Deals in a stage of another funnel"),
    "deal.place": N_("Places of deals, as reports count them, that do not follow from the deals"),
    "deal.closes": N_("Managers and amounts of closed deals that do not follow from their history"),
    "deal.next_step": N_("Next steps of deals that do not follow from their activities"),
    "record.keys": N_("Names that search and sorting know otherwise"),
    "record.dangling": N_("Links to something that is not there"),
    "record.hanging": N_("Values and files of records that are not there"),
    "value.number": N_("Own fields whose number is not that of their text"),
    "counter.behind": N_("Counters of records"),
    "journal.count": N_("Lines of the journal with a wrong number of edits"),
    "search": N_("Texts of the search"),
    "search.count": N_("Texts of the search"),
    "search.text": N_("Texts of the search"),
}


def found_lines(problems: Iterable[tuple[str, str]]) -> list[str]:
    """A line for each kind of finding, with how many of it."""
    counts = Counter(code for code, _detail in problems)
    return [_line(code, count) for code, count in counts.items()]


def fixed_lines(fixed: Mapping[str, int]) -> list[str]:
    """A line for each kind of thing that was put right."""
    return [_line(code, count) for code, count in fixed.items()]


def _line(code: str, count: int) -> str:
    return f"{_(FINDINGS[code]) if code in FINDINGS else code}: {format_number(count)}"


def lost_lines(lost: Mapping[str, Sequence[int]], more: Sequence[str], emptied: int) -> list[str]:
    """What a salvage could not save, kind by kind; nothing when nothing is lost."""
    lines = [f"{record_words(kind)}: {format_number(len(ids))}" for kind, ids in lost.items()]
    lines += [_("{kind}: perhaps more").format(kind=record_words(kind)) for kind in more]
    if emptied:
        lines.append(
            ngettext(
                "{count} field without sense was emptied",
                "{count} fields without sense were emptied",
                emptied,
            ).format(count=format_number(emptied))
        )
    return lines


def saved_line(kept: Mapping[str, int]) -> str:
    """How much was saved, by what people look for first."""
    clients = kept.get("company", 0) + kept.get("person", 0)
    parts = [
        ngettext("{count} client", "{count} clients", clients).format(count=format_number(clients)),
        ngettext("{count} deal", "{count} deals", kept.get("deal", 0)).format(
            count=format_number(kept.get("deal", 0))
        ),
        ngettext("{count} activity", "{count} activities", kept.get("activity", 0)).format(
            count=format_number(kept.get("activity", 0))
        ),
    ]
    return _("Saved: {what}").format(what=", ".join(parts))


def left_lines(left: Sequence[Path], alike: Sequence[Path], away: Sequence[Path]) -> list[str]:
    """The copies of a base that were not brought along with its password, under what is the matter."""
    lines = []
    for words, paths in (
        (_("Could not be brought along:"), left),
        (_("Look like copies of this base, but were changed or have another password; left alone:"), alike),
        (_("Out of reach now, as on a disk that is not connected:"), away),
    ):
        if paths:
            lines += [words, *(f"    {path}" for path in paths)]
    return lines
