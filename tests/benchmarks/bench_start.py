"""Time and memory until the first screen with its data is painted, as ratios to a bare QMainWindow.

Run: python -m tests.benchmarks.bench_start [BASE] [--times N].  Without BASE a large one is made.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHILD = Path(__file__).with_name("start_child.py")
ROOT = CHILD.parent.parent.parent
TIME_TARGET = 1.5
MEMORY_TARGET = 1.3
GAP_TARGET = 50.0  # ms
CLIENTS = 100_000
OPEN_DEALS = 10_000


def once(*args: str) -> tuple[float, int]:
    """Milliseconds from starting a process to its paint, and its peak memory in kB."""
    env = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "PYTHONPATH": str(ROOT)}
    # an installed program has its bytecode; a checkout whose environment forbids it would be compiled anew
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["PYTHONPYCACHEPREFIX"] = os.environ["FUNNELDESK_CONFIG"] + "/bytecode"
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(CHILD), *args], env=env, capture_output=True, text=True, check=True, timeout=60
    )
    moment, memory = done.stdout.split()
    return (float(moment) - begin) * 1000, int(memory)


def measure(base: Path, times: int) -> dict[str, tuple[float, float]]:
    """Medians of both, started in turn so that a slow moment hits both alike."""
    found: dict[str, list[tuple[float, int]]] = {"bare": [], "real": []}
    once("bare")
    once("real", str(base))
    for _turn in range(times):
        found["bare"].append(once("bare"))
        found["real"].append(once("real", str(base)))
    return {
        name: (statistics.median(t for t, _m in runs), statistics.median(m for _t, m in runs))
        for name, runs in found.items()
    }


def main() -> int:
    """Print the medians and the ratios; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", nargs="?", type=Path)
    parser.add_argument("--times", type=int, default=11)
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FUNNELDESK_CONFIG"] = folder
        base = wish.base or _large_base(Path(folder) / "large.funneldesk")
        result = measure(base, wish.times)
    bare, real = result["bare"], result["real"]
    ratios = (real[0] / bare[0], real[1] / bare[1] if bare[1] else 0.0)
    print(f"bare window  {bare[0]:7.1f} ms  {bare[1] / 1024:6.1f} MB")
    print(f"first screen {real[0]:7.1f} ms  {real[1] / 1024:6.1f} MB")
    print(f"time   ratio {ratios[0]:.2f}, target {TIME_TARGET}")
    print(f"memory ratio {ratios[1]:.2f}, target {MEMORY_TARGET}")
    return 0 if ratios[0] <= TIME_TARGET and ratios[1] <= MEMORY_TARGET else 1


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
