"""Doubles in words: why clients look the same, what hangs on each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from funneldesk.text import _, format_number, ngettext


def same_words(why: str) -> str:
    """What is equal, in words."""
    return {
        "tax_id": _("same tax number"),
        "phone": _("same phone"),
        "email": _("same e-mail"),
        "website": _("same site"),
        "name": _("same name"),
        "name_like": _("similar name"),
    }.get(why, "")


def reasons_words(reasons: Sequence[str]) -> str:
    """All that is equal, in one line."""
    text = ", ".join(same_words(why) for why in reasons)
    return text[:1].upper() + text[1:]


def counts_words(counts: Mapping[str, int]) -> str:
    """What hangs on a client: 2 deals, 5 activities."""
    parts = []
    for kind, count in (
        ("deal", counts.get("deal", 0)),
        ("person", counts.get("person", 0)),
        ("activity", counts.get("activity", 0)),
        ("lead", counts.get("lead", 0)),
    ):
        if count:
            words = {
                "deal": ngettext("{count} deal", "{count} deals", count),
                "person": ngettext("{count} person", "{count} people", count),
                "activity": ngettext("{count} activity", "{count} activities", count),
                "lead": ngettext("{count} lead", "{count} leads", count),
            }[kind]
            parts.append(words.format(count=format_number(count)))
    return ", ".join(parts) or _("nothing yet")
