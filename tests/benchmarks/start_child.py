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
    from PySide6.QtCore import QEvent, QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Window(QMainWindow):
        def event(self, event: QEvent) -> bool:
            handled = super().event(event)
            if event.type() == QEvent.Type.UpdateRequest:
                QTimer.singleShot(0, painted)
            return handled

    app = QApplication(sys.argv[:1])
    window = Window()
    window.resize(1366, 768)
    window.show()
    app.exec()


def real(base: str) -> None:
    """The program on a base, until its first screen with data is painted."""
    from pathlib import Path

    from funneldesk.ui import application, main_window

    made = main_window.MainWindow.__init__

    def watched(self: main_window.MainWindow, *args: object, **kwargs: object) -> None:
        made(self, *args, **kwargs)  # type: ignore[arg-type]
        self.first_painted.connect(painted)

    main_window.MainWindow.__init__ = watched  # type: ignore[method-assign]
    application.run_window(Path(base), None, None)


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        bare()
    else:
        real(sys.argv[2])
