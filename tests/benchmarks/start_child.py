"""Opens a window in a process of its own and prints when it was painted; see bench_start.py."""

from __future__ import annotations

import os
import sys
import time


def painted() -> None:
    """Tell the moment and leave without ceremony."""
    sys.stdout.write(f"{time.monotonic()} {_peak_memory()}\n")
    sys.stdout.flush()
    os._exit(0)


def _peak_memory() -> int:
    try:
        with open("/proc/self/status", encoding="ascii") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    except OSError:
        return 0


def bare() -> None:
    """The limit: an empty QMainWindow."""
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Window(QMainWindow):
        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            QTimer.singleShot(0, painted)

    app = QApplication(sys.argv[:1])
    window = Window()
    window.resize(1366, 768)
    window.show()
    app.exec()


def real(base: str) -> None:
    """The program on a base, until its first screen with data is painted."""
    from funneldesk.app import main

    main([base], painted=painted)


def gaps(base: str) -> None:
    """The program on a base, until all is loaded: the longest time its window did not answer (ms)."""
    from funneldesk.app import main

    main([base], painted=lambda: Watch())


class Watch:
    """Looks from the first paint on how long each turn of the window's thread takes."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.begun = self.last = time.monotonic()
        self.built = 0.0
        self.worst: list[tuple[float, float]] = []
        self.timer = QTimer()
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self.look)
        self.timer.start(1)
        kept.append(self)

    def look(self) -> None:
        """Another turn."""
        now = time.monotonic()
        self.worst.append(((now - self.last) * 1000, (self.last - self.begun) * 1000))
        self.last = now
        from PySide6.QtWidgets import QApplication

        windows = [w for w in QApplication.topLevelWidgets() if getattr(w, "built", False)]
        if windows and not self.built:
            self.built = now - self.begun
        board = windows[0].current_page().model.board if windows else None  # type: ignore[attr-defined]
        if (board is not None and board.complete and self.quiet(now)) or now - self.begun > 20:
            self.worst.sort(reverse=True)
            sys.stdout.write(f"{self.worst[0][0]} {self.built * 1000} {(now - self.begun) * 1000}\n")
            sys.stderr.write(f"{[(round(g, 1), round(at)) for g, at in self.worst[:6]]}\n")
            sys.stdout.flush()
            os._exit(0)

    def quiet(self, now: float) -> bool:
        """Whether a moment has passed since the whole board was there."""
        self.whole = getattr(self, "whole", now)
        return now - self.whole > 0.3


kept: list[object] = []

if __name__ == "__main__":
    {"bare": lambda _base: bare(), "real": real, "gaps": gaps}[sys.argv[1]](sys.argv[-1])
