"""A place for a base, and the command line called on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.kit import Run, runner


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / "b.funneldesk"


@pytest.fixture
def run(base: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    return runner(base, capsysbinary)
