"""What a name may be: of entries of lists, fields and their choices, funnels and stages, views."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from funneldesk.errors import UserError

LONGEST = 100  # letters: such names head columns, stand beside bars and in menus
LONGEST_PRODUCT = 250  # as price lists have them


def checked_name(name: str, kept: str = "", most: int = LONGEST) -> str:
    """A name as it is kept.  Raises `name.empty`, `name.long`.

    What it is called so far (`kept`) may stay, however long: older bases and imports have such names.
    """
    fresh = name.strip()
    if not fresh:
        raise UserError("name.empty")
    if len(fresh) > most and fresh != kept:
        raise UserError("name.long", most=most, n=len(fresh))
    return fresh


def checked_choices(choices: Iterable[str], kept: Collection[str] = ()) -> list[str]:
    """Choices of a field as they are kept, each once and none empty; `kept` are those it has so far.

    Raises `name.long`.
    """
    found = dict.fromkeys(choice.strip() for choice in choices if choice.strip())
    return [checked_name(choice, choice if choice in kept else "") for choice in found]
