"""The manual page: it names what the command line takes, and `man` shows it without a complaint."""

from __future__ import annotations

import argparse
import gzip
import shutil
import subprocess
from pathlib import Path

import pytest

from funneldesk.cli.parser import WORDS, command_parser, window_parser
from installer import manual

DAY = "2026-11-28"


def actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """What a parser and the parsers of its words take."""
    found = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found += [each for word in action.choices.values() for each in actions(word)]
        elif not isinstance(action, argparse._HelpAction | argparse._VersionAction):
            found.append(action)
    return found


def test_every_argument_says_what_it_is() -> None:
    every = actions(command_parser()) + actions(window_parser())
    assert len(every) > 60
    assert [action.option_strings or action.dest for action in every if not action.help] == []


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_the_page_names_every_word_and_option_and_can_be_shown() -> None:
    page = manual.page(DAY)
    told = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-P-cbou"], input=page.encode(), capture_output=True, check=True
    )
    assert told.stderr == b""
    shown = told.stdout.decode().replace("\u2010", "-").replace("\u2212", "-")
    assert {word for word in WORDS if f"\n   {word}\n" not in shown} == set()
    names = {name for action in actions(command_parser()) for name in action.option_strings}
    assert {name for name in {*names, "--version", "--safe"} if name not in shown} == set()
    assert "2026" in shown


def test_it_is_written_the_same_way_twice(tmp_path: Path) -> None:
    first, second = tmp_path / "a" / "f.1.gz", tmp_path / "b" / "f.1.gz"
    manual.put(first, DAY)
    manual.put(second, DAY)
    assert first.read_bytes() == second.read_bytes()
    assert gzip.decompress(first.read_bytes()).startswith(b".TH FUNNELDESK 1")
