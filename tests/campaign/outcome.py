"""What a part of the campaign has reached."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(slots=True)
class Outcome:
    """How often something was tried, what went wrong, and figures worth telling."""

    tried: int = 0
    wrong: list[str] = field(default_factory=list)
    figures: dict[str, float | int | str] = field(default_factory=dict)
    until: ClassVar[float | None] = None  # by the monotonic clock; then no further try begins

    def numbers(self, count: int, step: int = 1) -> Iterator[int]:
        """0, `step`, ... below `count`, while there is time."""
        for number in range(0, count, step):
            if Outcome.until is not None and time.monotonic() > Outcome.until:
                return
            yield number

    def expect(self, fulfilled: bool, words: str) -> None:
        """Note `words` when something is not as promised."""
        if not fulfilled:
            self.wrong.append(words)

    def most(self, name: str, value: float) -> None:
        """Keep the largest value of a figure."""
        self.figures[name] = max(float(self.figures.get(name, 0)), value)

    def count(self, name: str, by: int = 1) -> None:
        """Count something."""
        self.figures[name] = int(self.figures.get(name, 0)) + by

    def told(self) -> str:
        """Number of tries, of what went wrong, and the figures."""
        parts = [f"{self.tried} tried, {len(self.wrong)} wrong"]
        for name, value in self.figures.items():
            parts.append(f"{name} {value:.2f}" if isinstance(value, float) else f"{name} {value}")
        return "; ".join(parts)
