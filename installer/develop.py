"""One script for every system: prepares .venv in the checkout, then runs the program or its checks.

python3 installer/develop.py run  [ARGUMENTS FOR FUNNELDESK]  on a sample base, in a window if there is one
python3 installer/develop.py test [ARGUMENTS FOR PYTEST]      every check, or only the tests that are named
python3 installer/develop.py build [ARGUMENTS]                installers for this system: installer/README.md
python3 installer/develop.py setup                           only prepares

Needs nothing but Python 3.11's standard library; on Debian and its relatives it brings the system's parts
itself when run as root, and otherwise says in one line which they are.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "funneldesk-setup.txt"
CONSTRAINTS = ROOT / "installer" / "constraints.txt"
CIPHER = "sqlcipher3"  # only as a wheel: to build it one needs OpenSSL and SQLCipher's sources
WITHOUT_PASSWORD = "--without-password"  # of `build`

# library that Qt loads -> Debian's package that has it
QT_PARTS = {
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
X11_PARTS = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
}
WAYLAND_PARTS = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}


# program -> Debian's package that has it: with them the tests have a screen, a mouse and keys of their own
SCREEN_PARTS = {"Xvfb": "xvfb", "xdotool": "xdotool"}


class SetupFault(Exception):
    """Something that the person at the keyboard can mend; its text is one line."""


def main(words: Sequence[str]) -> int:
    """Do what the first word says; 0 done, 1 something failed, 2 wrong usage."""
    if len(words) == 0 or words[0] not in ("run", "test", "build", "setup"):
        print(__doc__)
        return 2
    try:
        if sys.version_info < (3, 11):  # noqa: UP036 - the one script that older ones get to run
            raise SetupFault(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}.")
        bring_system_parts()
        if words[0] == "test":
            bring_screen_parts()
        build = "build" if WITHOUT_PASSWORD in words else "build,password"
        python = prepare(extra={"run": "", "build": build}.get(words[0], "dev"))
        if words[0] == "run":
            return run(python, words[1:])
        if words[0] == "test":
            return test(python, words[1:])
        if words[0] == "build":
            command = [str(python), "-m", "installer.build", *words[1:]]
            return subprocess.run(command, cwd=ROOT, env=child_environment()).returncode
    except SetupFault as fault:
        print(f"\n{fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 1
    print(f"Ready: {python}")
    return 0


# --- the system's parts ----------------------------------------------------------------------------


def has_display() -> bool:
    """Whether a window can be shown."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def missing_parts() -> list[str]:
    """Debian's names of the packages that are missing here; always empty on Windows and macOS."""
    if sys.platform in ("win32", "darwin"):
        return []
    parts = dict(QT_PARTS)
    if os.environ.get("DISPLAY"):
        parts |= X11_PARTS
    if os.environ.get("WAYLAND_DISPLAY"):
        parts |= WAYLAND_PARTS
    missing = [package for library, package in parts.items() if not _loads(library)]
    if importlib.util.find_spec("ensurepip") is None:
        missing.insert(0, "python3-venv")
    return missing


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def bring_system_parts() -> None:
    """Install what the system lacks where that is possible, or say in one line what to do."""
    missing = missing_parts()
    if not missing:
        return
    names = " ".join(missing)
    apt = shutil.which("apt-get")
    if apt is None:
        raise SetupFault(f"Missing on this system, under Debian's names (install their likes): {names}")
    if os.geteuid() != 0:
        raise SetupFault(
            f"Please run: sudo apt-get update && sudo apt-get install -y --no-install-recommends {names}"
        )
    if not _install_parts(apt, missing):
        raise SetupFault(f"apt-get could not install them; run it to see why: apt-get install {names}")
    still = missing_parts()
    if still:
        raise SetupFault(f"apt-get installed them, yet these cannot be loaded: {' '.join(still)}")


def missing_screen_parts() -> list[str]:
    """Debian's names of what the test with a screen of its own lacks; always empty on Windows and macOS."""
    if sys.platform in ("win32", "darwin"):
        return []
    missing = [package for program, package in SCREEN_PARTS.items() if shutil.which(program) is None]
    return missing + [package for library, package in X11_PARTS.items() if not _loads(library)]


def bring_screen_parts() -> None:
    """Install what one test wishes for, or say that it will be skipped: nothing else needs it."""
    missing = missing_screen_parts()
    if not missing:
        return
    apt = shutil.which("apt-get")
    if apt is not None and os.geteuid() == 0 and _install_parts(apt, missing) and not missing_screen_parts():
        return
    print(f"Skipping the test of a whole day in the window, which needs: {' '.join(missing)}", flush=True)


def _install_parts(apt: str, packages: Sequence[str]) -> bool:
    """Whether apt-get could install them."""
    print(f"Installing the system's parts: {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [apt, "install", "-y", "-qq", "--no-install-recommends", *packages]
    commands = ([apt, "update", "-qq"], install)
    return all(_quiet(command, environment).returncode == 0 for command in commands)


def _quiet(
    command: Sequence[str], environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command and show what it said only when it fails."""
    done = subprocess.run(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        cwd=ROOT,
    )
    if done.returncode:
        print(done.stdout[-4000:], file=sys.stderr)
    return done


# --- the environment -------------------------------------------------------------------------------


def venv_python() -> Path:
    """The interpreter of .venv."""
    return VENV / "Scripts" / "python.exe" if sys.platform == "win32" else VENV / "bin" / "python"


def prepare(extra: str) -> Path:
    """Make .venv, install the program into it with pinned parts, compile the catalogues -> its interpreter.

    Does the slow part only when pyproject.toml, the pins, Python or the place have changed since.
    """
    python = venv_python()
    wanted = _state()
    known = STAMP.read_text(encoding="utf-8").split("\n") if STAMP.exists() else []
    fresh = _fails(python)
    there = [] if fresh or known[:1] != [wanted] else known[1:]
    if extra not in there:
        _install(python, extra, fresh=fresh)
        STAMP.write_text("\n".join([wanted, *sorted({"", extra, *there})]), encoding="utf-8")
    if _quiet([str(python), str(ROOT / "installer" / "i18n.py"), "compile"]).returncode:
        raise SetupFault(
            "The translations in resources/i18n could not be compiled; the lines above say where."
        )
    return python


def _state() -> str:
    digest = hashlib.sha256(f"{sys.version} {ROOT}".encode())
    for path in (ROOT / "pyproject.toml", CONSTRAINTS):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _fails(python: Path) -> bool:
    """Whether the environment is missing or broken (moved, or its Python gone)."""
    if not python.exists():
        return True
    return subprocess.run([str(python), "-m", "pip", "--version"], capture_output=True).returncode != 0


def _install(python: Path, extra: str, *, fresh: bool) -> None:
    if fresh:
        print(f"Making {VENV}", flush=True)
        if _quiet([sys.executable, "-m", "venv", "--clear", str(VENV)]).returncode:
            raise SetupFault(f"The environment {VENV} could not be made; the lines above say why.")
    STAMP.unlink(missing_ok=True)
    print("Installing the libraries into it (some 300 MB the first time, a few minutes)", flush=True)
    what = f"{ROOT}[{extra}]" if extra else str(ROOT)
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input"]
    done = _quiet([*pip, "--only-binary", CIPHER, "-c", str(CONSTRAINTS), "-e", what])
    if done.returncode and f"for {CIPHER}" in done.stdout:
        raise SetupFault(
            f"{CIPHER}, for bases with a password, has no wheel for this system and "
            f"Python {sys.version.split()[0]}; installers without it: build {WITHOUT_PASSWORD}"
        )
    if done.returncode:
        raise SetupFault(
            "pip could not install the libraries; the lines above are its own. "
            "Without a connection, or behind a proxy, see to that and run this again."
        )


def child_environment(**more: str) -> dict[str, str]:
    """The environment for the program and its checks; `more` comes on top."""
    environment = {**os.environ, **more}
    if sys.platform not in ("win32", "darwin") and not environment.get("XDG_RUNTIME_DIR"):
        # Qt warns without one; a container or a bare console has none
        folder = VENV / "runtime"
        folder.mkdir(mode=0o700, exist_ok=True)
        environment["XDG_RUNTIME_DIR"] = str(folder)
    return environment


# --- run -------------------------------------------------------------------------------------------


def run(python: Path, arguments: Sequence[str]) -> int:
    """Open the window on a sample base; without a display do its main job on the command line."""
    sample = _sample_base(python)
    program = [str(python), "-m", "funneldesk"]
    if has_display():
        print(f"Opening {sample}", flush=True)
        return subprocess.run([*program, *(arguments or [str(sample)])], env=child_environment()).returncode
    if arguments:
        return subprocess.run([*program, *arguments], env=child_environment()).returncode
    folder = ROOT / "build" / "sample"
    folder.mkdir(parents=True, exist_ok=True)
    for report in ("stage-funnel", "managers"):
        command = [*program, "--db", str(sample), "report", report]
        pdf = folder / f"{report}.pdf"
        print(f"\n$ funneldesk --db {sample} report {report}", flush=True)
        for tail in ([], ["--format", "pdf", "-o", str(pdf)]):
            environment = child_environment(QT_QPA_PLATFORM="offscreen") if tail else child_environment()
            if status := subprocess.run([*command, *tail], env=environment).returncode:
                return status
    print(
        "\nThis machine has no display, so the sample base was read on the command line."
        "\nTo see the window, run the same command on a desktop, over `ssh -X`, or under a virtual display:"
        f"\n  xvfb-run python3 installer/develop.py run     (the base: {sample})"
    )
    return 0


def _sample_base(python: Path) -> Path:
    """The sample base in the user's data folder, made when it is not there."""
    asked = subprocess.run(
        [str(python), "-c", "from funneldesk.paths import data_dir; print(data_dir())"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    if asked.returncode:
        raise SetupFault(f"The program does not start: {asked.stderr.strip().splitlines()[-1]}")
    sample = Path(asked.stdout.strip()) / "sample.funneldesk"
    if not sample.exists():
        sample.parent.mkdir(parents=True, exist_ok=True)
        print(f"Making the sample base {sample}", flush=True)
        command = [str(python), "-m", "funneldesk", "--db", str(sample), "demo"]
        if subprocess.run(command, env=child_environment()).returncode:
            for leftover in sample.parent.glob(sample.name + "*"):
                leftover.unlink()
            raise SetupFault("The sample base could not be made; the lines above say why.")
    return sample


# --- test ------------------------------------------------------------------------------------------


def test(python: Path, arguments: Sequence[str]) -> int:
    """Every check in turn up to the first that fails; with arguments only pytest, which gets them.

    The tests are two runs: a process that has held thousands of windows makes whatever comes after it slow.
    They go side by side, for each keeps one processor busy; what the second says is shown after the first.
    """
    module = [str(python), "-m"]
    pytest = [*module, "pytest"]
    if arguments:
        return _outcome([_checked("tests", [*pytest, *arguments])])
    done = []
    for name, command in [
        ("style", [*module, "ruff", "check", "."]),
        ("format", [*module, "ruff", "format", "--check", "."]),
        ("types", [*module, "mypy"]),
        ("translations", [str(python), str(ROOT / "installer" / "i18n.py"), "check"]),
    ]:
        done.append(_checked(name, command))
        if done[-1].status:
            return _outcome(done)
    with tempfile.TemporaryFile("w+", errors="replace") as said, ThreadPoolExecutor(1) as beside:
        window = beside.submit(_checked, "tests of the window", [*pytest, "tests/ui"], said)
        done.append(_checked("tests", [*pytest, "tests", "--ignore=tests/ui"]))
        done.append(window.result())
        said.seek(0)
        print("\n=== tests of the window")
        shutil.copyfileobj(said, sys.stdout)
    return _outcome(done)


class Checked(NamedTuple):
    """A check that was run: how its process ended, and after how many seconds."""

    name: str
    status: int
    seconds: float


def _checked(name: str, command: Sequence[str], said: IO[str] | None = None) -> Checked:
    """Run a check; `said` takes what it says, otherwise it is shown at once under its name."""
    if said is None:
        print(f"\n=== {name}", flush=True)
    start = time.monotonic()
    environment = child_environment(QT_QPA_PLATFORM="offscreen")
    errors = None if said is None else subprocess.STDOUT
    status = subprocess.run(command, cwd=ROOT, env=environment, stdout=said, stderr=errors).returncode
    return Checked(name, status, time.monotonic() - start)


def _outcome(done: Sequence[Checked]) -> int:
    """Say how the checks ended -> the status of the whole."""
    times = ", ".join(f"{one.name} {one.seconds:.0f} s" for one in done)
    failed = [one for one in done if one.status]
    if not failed:
        print(f"\nAll passed: {times}")
        return 0
    how = ", ".join(
        one.name + (f" (ended by signal {-one.status})" if one.status < 0 else "") for one in failed
    )
    print(f"\nFailed: {how}. Run: {times}", file=sys.stderr)
    return max(1, *(one.status for one in failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
