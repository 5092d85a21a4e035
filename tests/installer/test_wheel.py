from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """The wheel that `pip install .` makes, built from a copy without what is not in a fresh clone."""
    copy = tmp_path_factory.mktemp("checkout")
    leave = shutil.ignore_patterns("__pycache__", "*.mo")
    for name in ("funneldesk", "resources", "installer"):
        shutil.copytree(ROOT / name, copy / name, ignore=leave)
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, copy / name)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(copy / "out")]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    (built,) = (copy / "out").glob("*.whl")
    return zipfile.Path(built)


def test_the_wheel_carries_the_resources(wheel: zipfile.Path) -> None:
    resources = wheel / "funneldesk" / "_resources"
    for name in ("icons/phone.svg", "fonts/DejaVuSans.ttf", "licenses/Lucide.txt"):
        assert (resources / name).exists()
    here = {path.name for path in (ROOT / "resources").iterdir() if any(path.rglob("*.*"))}
    here.remove("pictures")  # the README's
    assert {path.name for path in resources.iterdir()} == here


def test_the_wheel_speaks_every_language(wheel: zipfile.Path) -> None:
    for language in ("ru", "pl"):
        assert (
            wheel / "funneldesk" / "_resources" / "i18n" / language / "LC_MESSAGES" / "funneldesk.mo"
        ).exists()


def test_the_wheel_gives_the_command(wheel: zipfile.Path) -> None:
    (info,) = (path for path in wheel.iterdir() if path.name.endswith(".dist-info"))
    assert "funneldesk = funneldesk.app:main" in (info / "entry_points.txt").read_text(encoding="utf-8")
    assert (info / "licenses" / "LICENSE").exists()


def test_the_wheel_carries_the_migrations(wheel: zipfile.Path) -> None:
    versions = wheel / "funneldesk" / "store" / "migrations" / "versions"
    assert any(path.name.startswith("0001") for path in versions.iterdir())
