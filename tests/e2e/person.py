"""A person at a screen of their own: sees by asking the program, acts with a real mouse and real keys.

The screen is Xvfb's, mouse and keys are xdotool's: what arrives in the program came through the X server.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("Xvfb", "xdotool")
LIBRARIES = ("libxcb-cursor.so.0", "libxkbcommon-x11.so.0", "libxcb-icccm.so.4", "libxcb-keysyms.so.1")
PATIENCE = 60.0  # seconds until something must have appeared
Point = tuple[int, int]


def lacking() -> str:
    """Why there can be no screen here; "" when there can."""
    if not sys.platform.startswith("linux"):
        return "the screen of this test is an X server"
    gone = [name for name in PROGRAMS if shutil.which(name) is None]
    for name in LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            gone.append(name)
    return f"not on this machine: {', '.join(gone)}" if gone else ""


@contextmanager
def screen() -> Iterator[str]:
    """An X server without a monitor -> its name for DISPLAY."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        ready, _w, _x = select.select([read], [], [], PATIENCE)
        number = os.read(read, 16).decode().strip() if ready else ""
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        os.close(read)
        server.terminate()
        server.wait(PATIENCE)


class Person:
    """Sees and does; every look waits until what is looked for is there."""

    def __init__(self, display: str, base: Path, said: Path) -> None:
        environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8"}
        environment.setdefault("XDG_RUNTIME_DIR", str(said.parent))
        environment.pop("WAYLAND_DISPLAY", None)
        self._environment = environment
        self._said = said
        with said.open("wb") as err:
            self.program = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.watched", str(base)],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=err,
            )
        self.until(lambda: self.ask("state")["ready"], "the window with its base")
        self.focus()

    def said(self) -> str:
        """What the program wrote on its standard error."""
        return self._said.read_text(encoding="utf-8", errors="replace")

    # -- seeing -------------------------------------------------------------------------------

    def ask(self, what: str, **more: Any) -> Any:
        """Ask the program where something is."""
        assert self.program.stdin is not None and self.program.stdout is not None
        self.program.stdin.write((json.dumps({"what": what, **more}) + "\n").encode())
        self.program.stdin.flush()
        ready, _w, _x = select.select([self.program.stdout], [], [], 60)
        line = self.program.stdout.readline() if ready else b""
        assert line, f"the program does not answer\n{self.said()}"
        return json.loads(line)

    def until(self, good: Callable[[], Any], what: str) -> Any:
        """Look until it is so."""
        end = time.monotonic() + PATIENCE
        while not (found := good()):
            if time.monotonic() > end:
                picture = self._said.with_suffix(".png")
                self.ask("picture", path=str(picture))
                now = json.dumps(self.ask("state"), indent=1, ensure_ascii=False)
                raise AssertionError(f"not seen: {what}; the screen: {picture}\n{now}\n{self.said()}")
            time.sleep(0.03)
        return found

    def see(self, name: str) -> Point:
        """Where a widget, or a line of a menu, is."""
        return self._steady(name, "spot", name=name)

    def line(self, text: str, name: str = "*", column: int = -1) -> Point:
        """Where a line of a list is."""
        return self._steady(f"line {text}", "item", text=text, name=name, column=column)

    def card(self, title: str) -> Point:
        """Where the card of a deal is on the board."""
        return self._steady(f"card {title}", "card", title=title)

    def zone(self, name: str) -> Point:
        """Where a zone to drop on is, while something is dragged."""
        return self._steady(f"zone {name}", "card", zone=name)

    def column(self, stage: str) -> Point:
        """The free place at the foot of a column of the board."""
        return self._steady(f"column {stage}", "card", stage=stage)

    def _steady(self, named: str, what: str, **more: Any) -> Point:
        """Where something is that does not move any more: what is still being filled moves things."""
        last: list[Any] = [None]

        def still() -> Any:
            now, before = self.ask(what, **more), last[0]
            last[0] = now
            return now if now == before else None

        x, y = self.until(still, named)
        return x, y

    def state(self) -> dict[str, Any]:
        """What is seen at a glance."""
        found: dict[str, Any] = self.ask("state")
        return found

    @contextmanager
    def change(self) -> Iterator[None]:
        """What is done inside writes to the base: afterwards another entry of the journal is the last."""
        before = self.state()["undo"]
        yield
        self.until(lambda: self.state()["undo"] != before, "a change of the base")

    # -- doing --------------------------------------------------------------------------------

    def _xdotool(self, *words: object) -> None:
        subprocess.run(["xdotool", *map(str, words)], env=self._environment, check=True, timeout=PATIENCE)

    def focus(self) -> None:
        """What a window manager would do: the keys go to the window in front."""
        self.until(self._focused, "a window with the keys")

    def _focused(self) -> bool:
        now = self.ask("state")
        if now["focused"] or now["popup"]:
            return True
        self._xdotool("windowfocus", now["window"])
        return False

    def click(self, where: str | Point, times: int = 1, button: int = 1) -> None:
        """Click on something."""
        x, y = self.see(where) if isinstance(where, str) else where
        self._xdotool("mousemove", x, y, "click", "--repeat", times, "--delay", 40, button)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other: `ctrl+z`, `Return`."""
        self.focus()
        for key in keys:
            self._xdotool("key", key)

    def write(self, text: str) -> None:
        """Type text."""
        self.focus()
        self._xdotool("type", "--delay", 8, text)

    def choose(self, field: str, text: str) -> None:
        """Open the list of a field and click on a line of it."""
        self.click(field)
        self.until(lambda: self.state()["popup"], f"the list of {field}")
        x, y = self.see(text) if self.ask("spot", name=text) else self.line(text)
        # Where the list covers the field Qt takes a second click on the very same spot for a double click.
        self.click((x - 20, y))
        self.until(lambda: not self.state()["popup"], f"the list of {field} closed")

    def drag(self, start: Point, way: Callable[[], Point]) -> None:
        """Take something and let it go elsewhere; `way` is asked once it hangs on the mouse."""
        x, y = start
        self._xdotool("mousemove", x, y, "mousedown", 1)
        for step in (6, 12, 24):
            self._xdotool("mousemove", x + step, y + step // 2, "sleep", 0.03)
        to_x, to_y = way()
        for part in range(1, 6):
            self._xdotool(
                "mousemove", x + 24 + (to_x - x - 24) * part // 5, y + (to_y - y) * part // 5, "sleep", 0.03
            )
        self._xdotool("sleep", 0.1, "mouseup", 1)

    def leave(self) -> None:
        """Close the window."""
        self.press("ctrl+q")
        assert self.program.wait(30) == 0, self.said()

    def end(self) -> None:
        """Whatever happened, nothing is left running."""
        if self.program.poll() is None:
            self.program.kill()
            self.program.wait()
        for pipe in (self.program.stdin, self.program.stdout):
            if pipe is not None:
                pipe.close()
