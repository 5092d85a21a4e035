"""The manual page of the command line, funneldesk.1, made from the parsers that read it.

`python -m installer.manual | man -l -` shows it.
"""

from __future__ import annotations

import argparse
import gzip
from collections.abc import Collection, Iterator
from pathlib import Path

from funneldesk import __version__
from funneldesk.cli.parser import command_parser, window_parser

FILES = (
    ("~/.local/share/FunnelDesk", "the base that is opened when none is named, and its backups"),
    ("~/.config/FunnelDesk", "how the window was left and dressed"),
    ("~/.local/state/FunnelDesk/log", "what the program noted of its faults"),
)
ENVIRONMENT = (
    ("FUNNELDESK_DB", "the base, where --db does not name it"),
    ("FUNNELDESK_PASSWORD", "the password of the base; without it a terminal is asked"),
    ("FUNNELDESK_NEW_PASSWORD", "the password that password set and password change give"),
)
STATUS = (
    ("0", "done"),
    ("1", "nothing was done, and standard error says why"),
    ("2", "the command cannot be understood"),
)


def put(target: Path, day: str) -> None:
    """Write the page to `target`, a `.gz`, as of a day (ISO)."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(page(day).encode("utf-8"), 9, mtime=0))


def page(day: str) -> str:
    """The page in the language of `man`; `day` (ISO) stands at its foot."""
    lines = [
        f'.TH FUNNELDESK 1 "{day}" "FunnelDesk {__version__}" "User Commands"',
        ".nh",
        ".ad l",
        ".SH NAME",
        r"funneldesk \- sales-funnel manager over one local file",
        ".SH SYNOPSIS",
        *_synopsis(window_parser()),
    ]
    words = _words(command_parser())
    for name, _help_text, parser in words:
        lines += _synopsis(parser, name)
    lines += [
        ".SH DESCRIPTION",
        "Clients, a stage board and reports over one local file.",
        "Without a word the window opens, on a base or on a spreadsheet to import.",
        ".SH OPTIONS",
        *_options(window_parser()),
        *_options(command_parser(), but={"--db", "--lang"}),
        ".SH WORDS",
    ]
    for name, help_text, parser in words:
        lines += [f'.SS "{_safe(name)}"', _sentence(help_text), *_options(parser)]
    for title, rows in (("ENVIRONMENT", ENVIRONMENT), ("FILES", FILES), ("EXIT STATUS", STATUS)):
        lines.append(f".SH {title}")
        for name, meaning in rows:
            lines += [".TP", rf"\fB{_safe(name)}\fR", _sentence(meaning)]
    lines += [".SH SEE ALSO", 'The page "Command line" of the help, which the window opens with F1.']
    return "\n".join(lines) + "\n"


def _words(parser: argparse.ArgumentParser) -> list[tuple[str, str, argparse.ArgumentParser]]:
    """(word, what it does, its parser) for every word."""
    found: list[tuple[str, str, argparse.ArgumentParser]] = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {each.dest: each.help or "" for each in action._choices_actions}
            found += [(name, helps.get(name, ""), each) for name, each in action.choices.items()]
    return found


def _synopsis(parser: argparse.ArgumentParser, word: str = "") -> Iterator[str]:
    name = r"\fBfunneldesk\fR"
    yield ".PP"
    yield rf"{name} [\fB\-\-db\fR \fIDB\fR] \fB{_safe(word)}\fR" if word else name
    for action in parser._actions:
        told = rf"\fI{_safe(_metavar(action))}\fR"
        if isinstance(action, argparse._HelpAction):
            continue
        if action.option_strings:
            told = " ".join(_names(action)[-1:])
        yield told if action.required and action.nargs != "?" else f"[{told}]"


def _options(parser: argparse.ArgumentParser, but: Collection[str] = ()) -> Iterator[str]:
    for action in parser._actions:
        told = any(name in but for name in action.option_strings)
        if not told and not isinstance(action, (argparse._HelpAction, argparse._SubParsersAction)):
            yield ".TP"
            yield ", ".join(_names(action)) or rf"\fI{_safe(_metavar(action))}\fR"
            yield _sentence((action.help or "") % vars(action))


def _names(action: argparse.Action) -> list[str]:
    value = "" if action.nargs == 0 else rf" \fI{_safe(_metavar(action))}\fR"
    return [rf"\fB{_safe(name)}\fR{value}" for name in action.option_strings]


def _metavar(action: argparse.Action) -> str:
    if isinstance(action.metavar, tuple):
        return " ".join(action.metavar)
    if action.metavar:
        return action.metavar
    return "|".join(map(str, action.choices)) if action.choices else action.dest.upper()


def _sentence(text: str) -> str:
    told = _safe(text[:1].upper() + text[1:])
    return told if told.endswith((".", "?")) else f"{told}."


def _safe(text: str) -> str:
    return text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq")


if __name__ == "__main__":
    from datetime import UTC, datetime

    print(page(datetime.now(UTC).date().isoformat()), end="")
