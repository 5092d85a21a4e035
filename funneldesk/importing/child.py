"""Reading foreign files in a spawned child with limits of time and memory, killed on cancel.

A spreadsheet reader may hang, take all memory or end its whole process; here only the child dies.
"""

from __future__ import annotations

import multiprocessing
import os
import stat
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from funneldesk.errors import Cancelled, UserError
from funneldesk.importing.memory import resident
from funneldesk.importing.scratch import throw_away

_TICK = 0.05
Staged = Callable[[Any], None]


class ReadError(UserError):
    """What a reader cannot do; `read_file` adds the name of the file to it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the child may use: seconds, bytes of memory, bytes of the file."""

    seconds: float = 60.0
    memory: int = 1_500_000_000
    file_size: int = 500_000_000


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read: `encoding` and `delimiter` of text when the user chose them.

    `careful`: nothing is read before it was looked into (see `readers_sheet`).
    """

    encoding: str | None = None
    delimiter: str | None = None
    careful: bool = False


class _BoldlyDied(Exception):
    """The child ended while it read what it had not looked into yet: once more, carefully."""


def read_file(
    path: Path,
    staging: Path,
    options: ReadOptions | None = None,
    *,
    limits: Limits | None = None,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    staged: Staged | None = None,
) -> None:
    """Read the foreign file at `path` into a new staging file.

    `progress` gets 0..1, `staged` every block of rows that can be read already (a `staging.Block`; at 0
    the file begins, perhaps anew).  Raises UserError (import.*) for what cannot be read and Cancelled;
    on either the staging file is gone.
    """
    options, limits = options or ReadOptions(), limits or Limits()
    _look(path, limits)
    deadline = time.monotonic() + limits.seconds
    try:
        _attempt(path, staging, options, limits, deadline, progress, cancelled, staged)
    except _BoldlyDied:
        careful = replace(options, careful=True)
        _attempt(path, staging, careful, limits, deadline, progress, cancelled, staged)


def _attempt(
    path: Path,
    staging: Path,
    options: ReadOptions,
    limits: Limits,
    deadline: float,
    progress: Callable[[float], None] | None,
    cancelled: Callable[[], bool] | None,
    staged: Staged | None,
) -> None:
    throw_away(staging)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_child, args=(str(path), str(staging), options, limits, theirs), daemon=True
    )
    done, told = False, {"bold": False}
    try:
        process.start()
        theirs.close()
        _follow(process, ours, limits, deadline, path, progress, cancelled, staged, told)
        done = True
    except UserError as error:
        if told["bold"] and error.code in ("import.memory", "import.unreadable"):
            raise _BoldlyDied from error
        raise
    finally:
        if process.is_alive():
            process.kill()
        process.join()
        process.close()
        ours.close()
        if not done:
            throw_away(staging)


def _look(path: Path, limits: Limits) -> None:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe or a device would never end
            raise UserError("import.not_a_table", file=path.name)
        size = found.st_size
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise UserError("import.not_found", file=path.name) from None
    except OSError as error:
        raise UserError("import.no_access", file=path.name, reason=error.strerror or "") from error
    if size == 0:
        raise UserError("import.empty", file=path.name)
    if size > limits.file_size:
        raise UserError(
            "import.too_large", file=path.name, size=size // 1_000_000, limit=limits.file_size // 1_000_000
        )


def _follow(
    process: multiprocessing.context.SpawnProcess,
    pipe: Connection,
    limits: Limits,
    deadline: float,
    path: Path,
    progress: Callable[[float], None] | None,
    cancelled: Callable[[], bool] | None,
    staged: Staged | None,
    told: dict[str, bool],
) -> None:
    while True:
        if cancelled is not None and cancelled():
            raise Cancelled
        if time.monotonic() > deadline:
            raise UserError("import.timeout", file=path.name, seconds=int(limits.seconds))
        # Where the system does not keep the limit by itself, this does.
        if process.pid and resident(process.pid) > limits.memory:
            raise UserError("import.memory", file=path.name)
        try:
            if not pipe.poll(_TICK):
                continue
            word, *rest = pipe.recv()
        except (EOFError, OSError):
            raise _death(process, path) from None
        if word == "progress" and progress is not None:
            progress(rest[0])
        elif word == "staged" and staged is not None:
            staged(rest[0])
        elif word == "bold":
            told["bold"] = rest[0]
        elif word == "error":
            raise UserError(rest[0], **rest[1])
        elif word == "done":
            return


def _death(process: multiprocessing.context.SpawnProcess, path: Path) -> UserError:
    process.join(5)
    # Readers end their process by abort (6) when memory runs out; the system by kill (9).
    if process.exitcode in (-6, -9, 77):
        return UserError("import.memory", file=path.name)
    return UserError("import.unreadable", file=path.name)


def _child(path: str, staging: str, options: ReadOptions, limits: Limits, pipe: Connection) -> None:
    """The body of the child: limits first, then the readers; every end is a message."""
    _limit(limits)
    _silence()
    forbid()
    name = Path(path).name
    try:
        from funneldesk.importing import readers

        readers.read(
            Path(path),
            Path(staging),
            options,
            lambda part: pipe.send(("progress", part)),
            lambda bold: pipe.send(("bold", bold)),
            lambda block: pipe.send(("staged", block)),
        )
        message: tuple[object, ...] = ("done",)
    except UserError as error:
        message = ("error", error.code, {"file": name, **error.params})
    except MemoryError:
        message = ("error", "import.memory", {"file": name})
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a reader's panic is not an Exception
        message = ("error", "import.unreadable", {"file": name, "reason": type(error).__name__})
    try:
        pipe.send(message)
    except (BrokenPipeError, OSError):
        os._exit(1)  # nobody listens any more


def _silence() -> None:
    """What a dying reader prints helps nobody: the parent says what happened."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)


class Forbidden(BaseException):
    """What a reader of foreign files has no business doing."""


def forbid() -> None:
    """From now on this process neither connects anywhere nor starts programs."""

    def refuse(event: str, _arguments: object) -> None:
        if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.spawn", "os.posix_spawn")):
            raise Forbidden(event)

    sys.addaudithook(refuse)


def _limit(limits: Limits) -> None:
    if sys.platform == "win32":
        from funneldesk.importing import job

        job.limit_this_process(limits.memory)
        return
    import resource

    # macOS does not keep the limit of address space; there the parent watches (see `_follow`).
    for kind, value in ((resource.RLIMIT_AS, limits.memory), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(kind, (value, value))
        except (ValueError, OSError):
            continue
