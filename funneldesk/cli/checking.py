"""The word `check`: whether a base is whole, put right, or saved from a damaged file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from funneldesk import mending_words as words
from funneldesk.cli.commands import open_for_reading, put, say
from funneldesk.services import mending
from funneldesk.store.check import CheckResult
from funneldesk.text import _


def run_check(arguments: argparse.Namespace, path: Path) -> int:
    """Status 0 when the base is whole (now), or what could be read was saved without a loss."""
    if arguments.salvage:
        return _salvage(path, Path(arguments.salvage), as_json=arguments.json)
    if arguments.repair:
        done = mending.repair(path)
        if done.kept is not None and not arguments.json:
            say(_("The base as it was lies in {path}").format(path=done.kept))
            for line in words.fixed_lines(done.fixed):
                say(_("Put right: {what}").format(what=line))
        more = {"fixed": dict(done.fixed), "kept_as_it_was": str(done.kept) if done.kept else None}
        return _tell(done.result, more if arguments.json else None, as_json=arguments.json)
    return _tell(_examined(path), None, as_json=arguments.json)


def _examined(path: Path) -> CheckResult:
    """As `mending.examine`; an older base is upgraded first."""
    open_for_reading(path).close()
    return mending.examine(path)


def _tell(result: CheckResult, more: dict[str, Any] | None, *, as_json: bool) -> int:
    if as_json:
        problems = [{"code": code, "detail": detail} for code, detail in result.problems]
        told = {
            "ok": result.ok,
            "problems": problems,
            "content_sha256": result.content_sha256,
            **(more or {}),
        }
        put(json.dumps(told, ensure_ascii=False, indent=2))
    elif result.ok:
        put(_("The base is whole. Content: {hash}").format(hash=result.content_sha256))
    else:
        for line in words.found_lines(result.problems):
            put(line)
        for code, detail in result.problems:
            put(f"    {code}: {detail}")
        say(
            _("The file is damaged. Restore the newest backup, or save what can be read: check --salvage OUT")
            if result.beyond_repair
            else _("Most of this can be put right: check --repair")
        )
    return 0 if result.ok else 1


def _salvage(path: Path, out: Path, *, as_json: bool) -> int:
    found = mending.salvage(path, out)
    if as_json:
        told = {
            "ok": found.whole, "kept": found.kept, "lost": {k: list(v) for k, v in found.lost.items()},
            "perhaps_more": list(found.more), "emptied": found.emptied, "from_journal": found.recalled,
        }  # fmt: skip
        put(json.dumps(told, ensure_ascii=False, indent=2))
        return 0 if found.whole else 1
    put(words.saved_line(found.kept))
    lost = words.lost_lines(found.lost, found.more, found.emptied)
    put(_("Nothing is lost.") if not lost else _("Lost:"))
    for line in lost:
        put(f"    {line}")
    say(_("The new base {path} is whole. The damaged one was left as it is.").format(path=out))
    return 0 if found.whole else 1
