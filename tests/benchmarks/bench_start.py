"""Time and memory until the first screen with its data is painted, as ratios to a bare QMainWindow.

Run: python -m tests.benchmarks.bench_start [BASE] [--times N]

Without BASE one with 100,000 clients and 10,000 open deals on the board is made (half a minute).
Both are measured offscreen and, where Xvfb is installed, in a real X window; from the start of the
process to the first paint; in turn; medians.  `gap` is the longest time that the window's thread
did not answer from the first paint until the whole board was loaded.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHILD = Path(__file__).with_name("start_child.py")
ROOT = CHILD.parent.parent.parent
TIME_TARGET = 1.5
MEMORY_TARGET = 1.3
GAP_TARGET = 50.0  # ms
CLIENTS = 100_000
OPEN_DEALS = 10_000


def child(platform: dict[str, str], *args: str) -> tuple[float, list[str]]:
    """When the child was started (monotonic seconds) and the words that it wrote."""
    env = {**os.environ, **platform, "PYTHONPATH": str(ROOT)}
    # an installed program has its bytecode; a checkout whose environment forbids it would be compiled anew
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["PYTHONPYCACHEPREFIX"] = os.environ["FUNNELDESK_CONFIG"] + "/bytecode"
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(CHILD), *args], env=env, capture_output=True, text=True, check=True, timeout=60
    )
    return begin, done.stdout.split()


def once(platform: dict[str, str], *args: str) -> tuple[float, int]:
    """Milliseconds from starting a process to its paint, and its peak memory in kB."""
    begin, (moment, memory) = child(platform, *args)
    return (float(moment) - begin) * 1000, int(memory)


def measure(platform: dict[str, str], base: Path, times: int) -> bool:
    """Print the medians, the ratios and the gap on one platform; whether all targets are met."""
    found: dict[str, list[tuple[float, int]]] = {"bare": [], "real": []}
    for turn in range(times + 1):
        for name, args in (("bare", ("bare",)), ("real", ("real", str(base)))):
            run = once(platform, *args)
            if turn:  # the first ones fill the caches
                found[name].append(run)
    gaps = [float(child(platform, "gaps", str(base))[1][0]) for _turn in range(5)]
    time_of = {name: statistics.median(t for t, _m in runs) for name, runs in found.items()}
    memory_of = {name: statistics.median(m for _t, m in runs) for name, runs in found.items()}
    time_ratio = time_of["real"] / time_of["bare"]
    memory_ratio = memory_of["real"] / memory_of["bare"]
    gap = statistics.median(gaps)
    print(f"-- {platform['QT_QPA_PLATFORM']}")
    for name, words in (("bare", "bare window "), ("real", "first screen")):
        quickest = min(t for t, _m in found[name])
        print(f"{words} {time_of[name]:7.1f} ms (least {quickest:.1f})  {memory_of[name] / 1024:6.1f} MB")
    print(f"time   ratio {time_ratio:.2f}, target {TIME_TARGET}")
    print(f"memory ratio {memory_ratio:.2f}, target {MEMORY_TARGET}")
    print(
        f"gap    {gap:.0f} ms (worst of {len(gaps)}: {max(gaps):.0f}), target {GAP_TARGET:.0f} ms", flush=True
    )
    return time_ratio <= TIME_TARGET and memory_ratio <= MEMORY_TARGET and gap <= GAP_TARGET


@contextmanager
def x_server() -> Iterator[dict[str, str] | None]:
    """The variables that show windows in an Xvfb of our own; None where it is not installed."""
    program = shutil.which("Xvfb")
    if program is None:
        yield None
        return
    read, write = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(write), "-screen", "0", "1600x1000x24"],
        pass_fds=(write,), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    try:
        with os.fdopen(read) as answer:
            yield {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{answer.readline().strip()}"}
    finally:
        server.terminate()
        server.wait()


def main() -> int:
    """Measure on every platform; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", nargs="?", type=Path)
    parser.add_argument("--times", type=int, default=11)
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, x_server() as windows:
        os.environ["FUNNELDESK_CONFIG"] = folder
        base = wish.base or _large_base(Path(folder) / "large.funneldesk")
        platforms = [{"QT_QPA_PLATFORM": "offscreen"}, *([windows] if windows else [])]
        met = [measure(platform, base, wish.times) for platform in platforms]
    return 0 if all(met) else 1


def _large_base(path: Path) -> Path:
    """A base with CLIENTS clients and at least OPEN_DEALS open deals in the funnel that is shown."""
    import random

    from funneldesk.domain.change import Label
    from funneldesk.services import bases, demo
    from tests.benchmarks.client_base import fill

    with bases.new_base(path, language="en") as db:
        demo.make_sample(db, deals=7 * OPEN_DEALS)
        with db.read() as conn:
            known = sum(
                conn.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
                for name in ("companies", "people")
            )
        with db.transaction(Label("sample.made")) as tx:
            fill(tx, max(CLIENTS - known, 0), random.Random(1))
    return path


if __name__ == "__main__":
    raise SystemExit(main())
