"""Back and forward through the places a person has been."""

from __future__ import annotations

from funneldesk.ui.shell import Place

LONGEST = 100


class Trail:
    """A list of places and where in it we are; going somewhere new forgets what was ahead."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._at = -1

    def visit(self, place: Place) -> None:
        """We are at `place` now."""
        if self.current() == place:
            return
        del self._places[self._at + 1 :]
        self._places.append(place)
        del self._places[:-LONGEST]
        self._at = len(self._places) - 1

    def current(self) -> Place | None:
        """Where we are."""
        return self._places[self._at] if self._at >= 0 else None

    def can_back(self) -> bool:
        """Whether there is a place before."""
        return self._at > 0

    def can_forward(self) -> bool:
        """Whether there is a place after."""
        return self._at < len(self._places) - 1

    def back(self) -> Place:
        """Go to the place before."""
        self._at -= 1
        return self._places[self._at]

    def forward(self) -> Place:
        """Go to the place after."""
        self._at += 1
        return self._places[self._at]
