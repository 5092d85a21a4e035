"""Passwords on the command line: asked at the terminal or taken from the environment, never an argument."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from funneldesk import text
from funneldesk.errors import UserError
from funneldesk.mending_words import left_lines
from funneldesk.text import _, ngettext

KNOWN, NEW = "FUNNELDESK_PASSWORD", "FUNNELDESK_NEW_PASSWORD"
_TRIES = 3


def with_password(work: Callable[[], int]) -> int:
    """Do a word; when a base or backup that it opens wants a password, give it and begin again.

    Every word opens what it needs before it does anything.
    """
    given: set[str] = set()
    while True:
        try:
            return work()
        except UserError as error:
            path = str(error.params.get("path", ""))
            if error.code != "base.password_needed" or path in given:
                raise
            given.add(path)
            _give(Path(path), error)


def _give(path: Path, needed: UserError) -> None:
    from funneldesk.services import passwords

    known = os.environ.get(KNOWN)
    if known is not None:
        passwords.unlock(path, known)
        return
    if not passwords.is_there():
        raise UserError("base.no_cipher")
    if not _at_terminal():
        raise needed
    for left in range(_TRIES - 1, -1, -1):
        try:
            passwords.unlock(path, _ask(_("Password of {path}: ").format(path=path)))
            return
        except UserError as error:
            if error.code != "base.wrong_password" or not left:
                raise
            sys.stderr.write(text.error_text(error) + "\n")


def run_password(arguments: argparse.Namespace, path: Path, say: Callable[[str], None]) -> int:
    """The word `password`: set, change or remove; status 1 when copies stay as they were."""
    from funneldesk.services import passwords

    also = passwords.look_at(path, map(Path, arguments.also))  # what cannot be is said before anything is
    if also and arguments.what == "set" and path.is_file() and passwords.is_protected(path):
        return _bring(path, also, say)
    if arguments.what == "remove":
        found = passwords.remove(path, _old(path))
        say(_("{path} has no password any more.").format(path=path))
    else:
        say(
            _(
                "A forgotten password cannot be reset: without it the base and its backups are lost. "
                "Write it down and keep it in a safe place."
            )
        )
        if arguments.what == "set":
            if path.is_file() and passwords.is_protected(path):
                raise UserError("password.there", path=str(path))
            found = passwords.set_password(path, _new())
        else:
            found = passwords.change(path, _old(path), _new())
        say(_("{path} is protected by the new password.").format(path=path))
    if found.copies:
        count = found.copies
        words = ngettext(
            "{count} copy of it was brought along.", "{count} copies of it were brought along.", count
        )
        say(words.format(count=count))
    left = passwords.delete(found.left) if arguments.delete_left else found.left
    named = {copy.resolve() for copy in also}  # their turn comes below
    left = tuple(copy for copy in left if copy.resolve() not in named)
    alike = tuple(copy for copy in found.alike if copy.resolve() not in named)
    for line in left_lines(left, alike, found.away):
        say(line)
    if arguments.what != "remove":
        if alike or found.away:
            say(_("To bring such a copy along: password set --also FILE"))
        say(_("Copies that the program does not know of, and exported files, stay as they were."))
    status = _bring(path, also, say)
    return 1 if left or alike or found.away else status


def _bring(path: Path, also: Iterable[Path], say: Callable[[str], None]) -> int:
    """Bring further copies under the password that the base has now."""
    from funneldesk.services import passwords

    for copy in also:
        passwords.bring(path, copy)
        say(_("{path} was brought along.").format(path=copy))
    return 0


def _old(path: Path) -> str:
    known = os.environ.get(KNOWN)
    if known is not None:
        return known
    if not _at_terminal():
        raise UserError("base.password_needed", path=str(path))
    return _ask(_("Password of {path}: ").format(path=path))


def _new() -> str:
    known = os.environ.get(NEW)
    if known is not None:
        return known
    if not _at_terminal():
        raise UserError("password.not_given")
    first = _ask(_("New password: "))
    if _ask(_("Once more: ")) != first:
        raise UserError("password.differ")
    return first


def _at_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _ask(words: str) -> str:
    import getpass

    try:
        return getpass.getpass(words)
    except EOFError:
        raise KeyboardInterrupt from None
