"""What taking an older change back does: what goes, what gets its former values, what stays and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Left:
    """A record that stays as it is.  `why` is changed (by people since) or used (others refer to it)."""

    kind: str
    id: int
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class TakeBack:
    """The outcome, before or after.  `entry` is the change that is taken back.

    `remove` kind -> ids of what it made; `restore` kind -> id -> former values; `left` is listed
    whole (records that hang on others, such as phones, are not named apart).  `whole`: it is the last
    change, so that it is simply undone.
    """

    entry: int
    remove: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    restore: Mapping[str, Mapping[int, Mapping[str, Any]]] = field(default_factory=dict)
    renew: tuple[tuple[str, Mapping[str, Any]], ...] = ()  # records it removed, to be put again
    moved: frozenset[int] = frozenset()  # deals whose history goes back
    left: tuple[Left, ...] = ()
    whole: bool = False

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to take back; the note of an import alone is nothing."""
        return not (self.whole or self.removed() or self.restore or self.renew)

    def removed(self) -> dict[str, int]:
        """How many records of each kind go; the note that an import was run is no record to a person."""
        return {kind: len(ids) for kind, ids in self.remove.items() if ids and kind != "import_run"}

    def restored(self) -> int:
        """How many records get former values back."""
        return sum(len(of) for of in self.restore.values()) + len(self.renew)
