"""A drag by a real mouse in a real X server: what offscreen drops cannot show."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from funneldesk.services import bases, deals
from funneldesk.services.deals import NewDeal
from funneldesk.store.database import open_database

ROOT = Path(__file__).resolve().parents[3]
TOOLS = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]
pytestmark = pytest.mark.skipif(bool(TOOLS), reason=f"not installed here: {', '.join(TOOLS)}")


@pytest.fixture
def display() -> Iterator[str]:
    """The name of an X server of our own."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as stream:
            number = stream.readline().strip()
        if not number:
            pytest.skip("Xvfb does not start here")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


def drag(env: dict[str, str], path: Path, target: str) -> None:
    """Drag the first card to the target with the mouse."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.ui.board.drag_child", str(path), target],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        line = child.stdout.readline()
        if not line:
            pytest.skip(f"no window on this X server: {child.communicate()[1][-300:]}")
        x, y, to_x, to_y = map(int, line.split())
        mouse(env, "mousemove", str(x), str(y))
        mouse(env, "mousedown", "1")
        for step in range(1, 13):
            mouse(env, "mousemove", str(x + (to_x - x) * step // 12), str(y + (to_y - y) * step // 12))
            time.sleep(0.04)
        nudge(env, child.stdout, to_x, to_y)
        mouse(env, "mouseup", "1")
        child.communicate(timeout=150)
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()


def nudge(env: dict[str, str], said: IO[str], x: int, y: int) -> None:
    """Move the mouse a little at the target until the board has said that it is seen there."""
    for turn in range(600):
        mouse(env, "mousemove", str(x + turn % 2), str(y + turn % 2))
        if select.select([said], [], [], 0.1)[0]:
            assert said.readline() == "over\n"
            return
    raise AssertionError("the card never came to its target")


def mouse(env: dict[str, str], *words: str) -> None:
    """One command of xdotool."""
    subprocess.run(["xdotool", *words], env=env, check=True, timeout=60)


@pytest.mark.parametrize(("target", "status", "stage"), [("stage", "open", 2), ("won", "won", None)])
def test_a_card_is_dragged_with_the_mouse(
    target: str, status: str, stage: int | None, display: str, tmp_path: Path
) -> None:
    path = tmp_path / "drag.funneldesk"
    with bases.new_base(path, template="general", language="en", currency="EUR", zone="UTC") as base:
        deals.create(base, NewDeal("Racks", amount=1_000_00), funnel_id=1)
    drag({**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}, path, target)
    with open_database(path, read_only=True) as base, base.read() as conn:
        row = conn.exec_driver_sql("SELECT status, stage_id FROM deals").one()
    assert tuple(row) == (status, stage)
