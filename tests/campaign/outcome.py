"""What a part of the campaign has reached."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Outcome:
    """How often something was tried, what went wrong, and figures worth telling."""

    tried: int = 0
    wrong: list[str] = field(default_factory=list)
    figures: dict[str, float | int | str] = field(default_factory=dict)

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
