"""What the tests of the command line share: to call it, and to read what it wrote."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from funneldesk.app import main

Run = Callable[..., tuple[int, str, str]]


def runner(base: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Calls the program on `base` in English; gives status, standard output and standard error."""

    def call(*words: str) -> tuple[int, str, str]:
        capsysbinary.readouterr()
        status = main(["--lang", "en", "--db", str(base), *words])
        told = capsysbinary.readouterr()
        return status, told.out.decode(), told.err.decode()

    return call


def sheet(path: Path, text: str) -> str:
    """A text file with this in it; its path as a word of a command."""
    path.write_text(text, encoding="utf-8")
    return str(path)


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by the names of its columns."""
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def as_json(run: Run, *words: str) -> Any:
    """What a command prints as JSON."""
    status, out, _err = run(*words)
    assert status == 0
    return json.loads(out)
