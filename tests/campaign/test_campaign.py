"""Short forms of the parts of the campaign that no other test tries, as its one command runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the campaign forks")
@pytest.mark.parametrize("part", ["import", "disk", "damaged", "migration-kills", "password-kills", "times"])
def test_a_part_of_the_campaign_keeps_its_promise(part: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.campaign", "--short", part],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "| kept |" in done.stdout
