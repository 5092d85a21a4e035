from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def develop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module that sees an empty checkout."""
    spec = importlib.util.spec_from_file_location("funneldesk_develop", ROOT / "installer" / "develop.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "installer").mkdir()
    (tmp_path / "installer" / "constraints.txt").write_text("numpy==2\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "stamp.txt")
    monkeypatch.setattr(module, "CONSTRAINTS", tmp_path / "installer" / "constraints.txt")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return module


class Shell:
    """Stands for subprocess.run: notes the commands, and answers with the status that a word in them has."""

    def __init__(self, said: str = "", **status: int) -> None:
        self.commands: list[str] = []
        self.said = said
        self.status = status

    def __call__(self, command: Sequence[str], **more: Any) -> subprocess.CompletedProcess[str]:
        line = " ".join(command)
        self.commands.append(line)
        if more.get("stdout") is not None and not isinstance(more["stdout"], int):
            more["stdout"].write(f"said by {line}\n")
        if "-m venv" in line:
            python = Path(command[-1]) / "bin" / "python"
            python.parent.mkdir(parents=True, exist_ok=True)
            python.touch()
        status = next((number for word, number in self.status.items() if f" {word}" in line), 0)
        return subprocess.CompletedProcess(command, status, stdout=self.said, stderr="")


@pytest.fixture
def shell(develop: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Shell:
    fake = Shell()
    monkeypatch.setattr(develop.subprocess, "run", fake)
    return fake


def bare_debian(develop: ModuleType, monkeypatch: pytest.MonkeyPatch, *, root: bool) -> None:
    """No ensurepip, no Qt libraries, apt-get there."""
    monkeypatch.setattr(develop.sys, "platform", "linux")
    monkeypatch.setattr(develop.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(develop, "_loads", lambda library: False)
    monkeypatch.setattr(develop.shutil, "which", lambda name: "/usr/bin/apt-get")
    monkeypatch.setattr(develop.os, "geteuid", lambda: 0 if root else 1000, raising=False)


def test_without_a_word_it_tells_its_words(develop: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert develop.main([]) == 2
    assert develop.main(["fly"]) == 2
    assert "develop.py run" in capsys.readouterr().out


def test_a_plain_user_is_told_in_one_line_what_to_install(
    develop: ModuleType, shell: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bare_debian(develop, monkeypatch, root=False)
    assert develop.main(["run"]) == 1
    said = capsys.readouterr().err.strip()
    assert said.startswith("Please run: sudo apt-get")
    assert "python3-venv" in said
    assert "libegl1" in said
    assert "\n" not in said
    assert shell.commands == []


def test_root_gets_the_parts_installed(
    develop: ModuleType, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare_debian(develop, monkeypatch, root=True)
    with pytest.raises(develop.SetupFault, match="yet these cannot be loaded"):
        develop.bring_system_parts()
    assert [line.split()[1] for line in shell.commands] == ["update", "install"]
    assert "libxkbcommon0" in shell.commands[1]
    assert "xcb" not in shell.commands[1], "no display, so no parts of a window"


def test_a_display_asks_for_the_parts_of_a_window(
    develop: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare_debian(develop, monkeypatch, root=False)
    monkeypatch.setenv("DISPLAY", ":0")
    assert "libxcb-cursor0" in develop.missing_parts()


def test_the_tests_wish_for_a_screen_and_go_on_without_one(
    develop: ModuleType, shell: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bare_debian(develop, monkeypatch, root=False)
    monkeypatch.setattr(develop, "missing_parts", list)
    monkeypatch.setattr(develop.shutil, "which", lambda name: None if name == "Xvfb" else f"/usr/bin/{name}")
    assert develop.main(["test", "tests/store"]) == 0
    said = capsys.readouterr().out.splitlines()
    told = [line for line in said if "whole day" in line]
    assert len(told) == 1 and "xvfb libxkbcommon-x11-0 libxcb-cursor0" in told[0]
    assert not any("apt-get" in line for line in shell.commands)
    assert shell.commands[-1] == f"{develop.venv_python()} -m pytest tests/store"


def test_root_gets_the_screen_for_the_tests_and_only_for_them(
    develop: ModuleType, shell: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bare_debian(develop, monkeypatch, root=True)
    monkeypatch.setattr(develop, "missing_parts", list)
    shell.status = {"update": 1}  # no connection
    assert develop.main(["setup"]) == 0
    assert not any("apt-get" in line for line in shell.commands)
    assert develop.main(["test", "tests/store"]) == 0
    assert [line for line in shell.commands if "apt-get" in line] == ["/usr/bin/apt-get update -qq"]
    assert "Skipping the test of a whole day" in capsys.readouterr().out
    shell.status = {}
    wished = [["xvfb", "xdotool"], []]
    monkeypatch.setattr(develop, "missing_screen_parts", lambda: wished.pop(0))
    develop.bring_screen_parts()
    assert shell.commands[-1].endswith("install -y -qq --no-install-recommends xvfb xdotool")
    assert "Skipping" not in capsys.readouterr().out


def test_another_linux_is_told_the_names(develop: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    bare_debian(develop, monkeypatch, root=True)
    monkeypatch.setattr(develop.shutil, "which", lambda name: None)
    with pytest.raises(develop.SetupFault, match="libgl1"):
        develop.bring_system_parts()


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_windows_and_macos_lack_nothing(
    develop: ModuleType, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    monkeypatch.setattr(develop.sys, "platform", system)
    assert develop.missing_parts() == []
    assert develop.missing_screen_parts() == []
    assert develop.has_display()


def test_libraries_are_installed_once_and_again_when_the_pins_change(
    develop: ModuleType, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(develop.sys, "platform", "linux")

    def installs() -> int:
        return sum("install -q" in line for line in shell.commands)

    develop.prepare("dev")
    assert installs() == 1
    develop.prepare("dev")
    assert installs() == 1
    develop.CONSTRAINTS.write_text("numpy==3\n")
    develop.prepare("dev")
    assert installs() == 2


def test_what_is_there_for_the_tests_is_enough_to_run(
    develop: ModuleType, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(develop.sys, "platform", "linux")
    develop.prepare("dev")
    shell.commands.clear()
    develop.prepare("")
    assert not any("install -q" in line for line in shell.commands)


def test_a_failed_install_is_not_taken_for_done(
    develop: ModuleType, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(develop.sys, "platform", "linux")
    shell.status = {"install": 1}
    with pytest.raises(develop.SetupFault, match="pip could not install"):
        develop.prepare("dev")
    assert not develop.STAMP.exists()


def test_a_build_brings_the_part_for_passwords_unless_told_otherwise(
    develop: ModuleType, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(develop.sys, "platform", "win32")
    assert develop.main(["build"]) == 0
    assert "[build,password]" in next(line for line in shell.commands if "install -q" in line)
    shell.commands.clear()
    assert develop.main(["build", develop.WITHOUT_PASSWORD]) == 0
    assert next(line for line in shell.commands if "install -q" in line).endswith("[build]")
    assert shell.commands[-1].endswith(f"installer.build {develop.WITHOUT_PASSWORD}")


def test_a_missing_wheel_of_the_part_for_passwords_is_told_as_that(
    develop: ModuleType, shell: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(develop.sys, "platform", "win32")
    shell.status, shell.said = {"install": 1}, "ERROR: No matching distribution found for sqlcipher3>=0.6.4"
    assert develop.main(["build"]) == 1
    assert "has no wheel for this system" in capsys.readouterr().err.strip().splitlines()[-1]


def test_without_a_display_run_reports_on_the_command_line(
    develop: ModuleType,
    shell: Shell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(develop.sys, "platform", "linux")
    shell.said = str(tmp_path / "data")
    assert develop.run(Path("python"), []) == 0
    words = [line.split(".funneldesk ")[-1].split(" -o")[0] for line in shell.commands[1:]]
    assert words == [
        "demo",
        "report stage-funnel",
        "report stage-funnel --format pdf",
        "report managers",
        "report managers --format pdf",
    ]
    assert "xvfb-run" in capsys.readouterr().out


def test_with_a_display_run_opens_the_window_on_the_sample(
    develop: ModuleType, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(develop.sys, "platform", "linux")
    monkeypatch.setenv("DISPLAY", ":0")
    shell.said = str(tmp_path)
    (tmp_path / "sample.funneldesk").touch()
    assert develop.run(Path("python"), []) == 0
    assert shell.commands[1:] == [f"python -m funneldesk {tmp_path / 'sample.funneldesk'}"]


def test_a_sample_base_that_failed_is_not_left_behind(
    develop: ModuleType, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.said = str(tmp_path)
    shell.status = {"demo": 1}
    (tmp_path / "sample.funneldesk-wal").touch()
    with pytest.raises(develop.SetupFault, match="sample base"):
        develop.run(Path("python"), [])
    assert list(tmp_path.glob("sample*")) == []


def test_the_checks_stop_at_the_first_that_fails(
    develop: ModuleType, shell: Shell, capfd: pytest.CaptureFixture[str]
) -> None:
    shell.status = {"mypy": 3}
    assert develop.test(Path("python"), []) == 3
    assert len(shell.commands) == 3
    assert "Failed: types" in capfd.readouterr().err


def test_arguments_go_to_pytest_alone(develop: ModuleType, shell: Shell) -> None:
    assert develop.test(Path("python"), ["tests/store", "-k", "undo"]) == 0
    assert shell.commands == ["python -m pytest tests/store -k undo"]


def test_both_runs_of_tests_are_told_when_one_fails(
    develop: ModuleType, shell: Shell, capfd: pytest.CaptureFixture[str]
) -> None:
    shell.status = {"tests/ui": -11}
    assert develop.test(Path("python"), []) == 1
    assert {"python -m pytest tests --ignore=tests/ui", "python -m pytest tests/ui"} < set(shell.commands)
    told = capfd.readouterr()
    assert "Failed: tests of the window (ended by signal 11). Run: style 0 s" in told.err
    assert told.out.index("=== tests\n") < told.out.index("said by python -m pytest tests/ui")


def test_all_that_passed_is_said(
    develop: ModuleType, shell: Shell, capfd: pytest.CaptureFixture[str]
) -> None:
    assert develop.test(Path("python"), []) == 0
    assert (
        "All passed: style 0 s, format 0 s, types 0 s, translations 0 s, tests 0 s" in capfd.readouterr().out
    )
