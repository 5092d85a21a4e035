"""Bases whose bytes were changed: opened, checked, backed up and salvaged without a crash."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from funneldesk.errors import UserError
from funneldesk.services import bases, mending, search
from funneldesk.store.database import open_database
from tests.campaign.bases_kit import clear, sample
from tests.campaign.forked import Say, forked
from tests.campaign.outcome import Outcome

_BATCH = 20  # files that one process goes through
_SALVAGED = 4  # of so many one is salvaged too
PAGE = 4096
Damage = Callable[[bytearray, random.Random], None]


def _bits(raw: bytearray, rng: random.Random) -> None:
    for _n in range(rng.randint(1, 30)):
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)


def _bytes(raw: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(raw))
    piece = rng.randbytes(rng.randint(1, 2_000))
    raw[start : start + len(piece)] = piece[: len(raw) - start]


def _zeros(raw: bytearray, rng: random.Random) -> None:
    page = rng.randrange(len(raw) // PAGE)
    raw[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)


def _noise(raw: bytearray, rng: random.Random) -> None:
    for _n in range(rng.randint(1, 6)):
        page = rng.randrange(len(raw) // PAGE)
        raw[page * PAGE : (page + 1) * PAGE] = rng.randbytes(PAGE)


def _swapped(raw: bytearray, rng: random.Random) -> None:
    a, b = (rng.randrange(1, len(raw) // PAGE) for _n in range(2))
    first, second = raw[a * PAGE : (a + 1) * PAGE], raw[b * PAGE : (b + 1) * PAGE]
    raw[a * PAGE : (a + 1) * PAGE], raw[b * PAGE : (b + 1) * PAGE] = second, first


def _torn(raw: bytearray, rng: random.Random) -> None:
    """Half of a page is that of another, as when the power goes."""
    a, b = (rng.randrange(1, len(raw) // PAGE) for _n in range(2))
    cut = 512 * rng.randint(1, 7)
    raw[a * PAGE + cut : (a + 1) * PAGE] = raw[b * PAGE + cut : (b + 1) * PAGE]


def _short(raw: bytearray, rng: random.Random) -> None:
    del raw[rng.randrange(1, len(raw)) :]


def _long(raw: bytearray, rng: random.Random) -> None:
    raw += rng.randbytes(rng.randint(1, 20_000))


def _head(raw: bytearray, rng: random.Random) -> None:
    for _n in range(rng.randint(1, 8)):
        raw[rng.randrange(100)] = rng.randrange(256)


def _schema(raw: bytearray, rng: random.Random) -> None:
    for _n in range(rng.randint(1, 20)):
        raw[rng.randrange(100, PAGE)] = rng.randrange(256)


def _cells(raw: bytearray, rng: random.Random) -> None:
    """The head of a page and the places of its cells."""
    page = rng.randrange(1, len(raw) // PAGE)
    for _n in range(rng.randint(1, 6)):
        raw[page * PAGE + rng.randrange(40)] = rng.randrange(256)


def _first(raw: bytearray, rng: random.Random) -> None:
    """The first page, and some of the others in which the table of contents goes on."""
    pages = [
        page
        for page in range(1, len(raw) // PAGE)
        if raw[page * PAGE] == 0x0D and b"CREATE INDEX" in raw[page * PAGE : (page + 1) * PAGE]
    ]
    for page in [0, *rng.sample(pages, rng.randint(0, len(pages)))]:
        raw[page * PAGE : (page + 1) * PAGE] = rng.choice((bytes(PAGE), rng.randbytes(PAGE)))


def _inner(raw: bytearray, rng: random.Random) -> None:
    """Pages that lead to the rows of a table."""
    pages = [page for page in range(1, len(raw) // PAGE) if raw[page * PAGE] == 0x05]
    for page in rng.sample(pages, min(len(pages), rng.randint(1, 3))):
        raw[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)


DAMAGES: Sequence[Damage] = (
    _bits, _bytes, _zeros, _noise, _swapped, _torn, _short, _long, _head, _schema, _cells,
    _first, _inner,
)  # fmt: skip


def damaged_files(count: int, folder: Path) -> Outcome:
    """So many damaged files: no crash, and whatever SQLite's own checks see is reported by ours."""
    outcome = Outcome()
    pristine = folder / "pristine.funneldesk"
    sample(pristine, 60)
    sound = pristine.read_bytes()
    whole = mending.examine(pristine)
    for start in outcome.numbers(count, _BATCH):
        numbers = range(start, min(start + _BATCH, count))
        place = clear(folder / "run")

        def work(say: Say, numbers: range = numbers, place: Path = place) -> None:
            for number in numbers:
                say(json.dumps({"begun": number}))
                told = _one(number, sound, place, whole.content_sha256)
                say(json.dumps({"number": number, **told}))

        ended = forked(work, patience=900)
        found = [json.loads(word) for word in ended.said]
        if ended.status != 0:
            outcome.wrong.append(f"crash ({ended.status}) after {found[-1] if found else numbers}")
        for told in found:
            if "number" in told:
                _judge(outcome, told)
    return outcome


def _judge(outcome: Outcome, told: dict[str, object]) -> None:
    outcome.tried += 1
    name = f"file {told['number']} ({told['damage']})"
    outcome.count("seen by SQLite", int(bool(told["oracle"])))
    outcome.count("reported", int(bool(told["reported"])))
    outcome.count("refused", int(told["reported"] == "refused"))
    outcome.expect(not told["oracle"] or bool(told["reported"]), f"{name}: {told['oracle']} is not reported")
    outcome.expect(not told["bug"], f"{name}: {told['bug']}")
    if told["salvage"] != "not tried":
        outcome.count("salvage tried")
        outcome.count("salvaged whole", int(told["salvage"] == "whole"))
        outcome.count("salvaged in part", int(told["salvage"] == "part"))


def _one(number: int, sound: bytes, place: Path, content: str) -> dict[str, object]:
    rng = random.Random(number)
    spoil = DAMAGES[number % len(DAMAGES)]
    raw = bytearray(sound)
    spoil(raw, rng)
    path = place / f"{number}.funneldesk"
    path.write_bytes(raw)
    told: dict[str, object] = {
        "damage": spoil.__name__.strip("_"), "oracle": _oracle(path), "bug": "", "salvage": "not tried",
    }  # fmt: skip
    try:
        told["reported"] = _reported(path)
        if not told["reported"] and raw == sound:
            told["oracle"] = ""
        _work(path, place)
        if number % _SALVAGED == 0:
            told["salvage"] = _salvage(path, place / f"{number}.saved.funneldesk", content)
        if path.read_bytes()[: len(raw)] != raw and told["reported"]:
            told["bug"] = "the damaged file was changed"
    except Exception:  # noqa: BLE001 - what is looked for
        told["bug"] = traceback.format_exc()[-700:]
    for left in place.iterdir():
        if left.is_file():
            left.unlink()
        else:
            shutil.rmtree(left)
    return told


def _oracle(path: Path) -> str:
    """What another copy of SQLite says of the file; "" = sound."""
    con = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    con.text_factory = bytes
    try:
        found = [row[0] for row in con.execute("PRAGMA integrity_check(3)")]
        return "" if found == [b"ok"] else str(found[:2])
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the second: its words quote the damage
        return str(error)
    finally:
        con.close()


def _reported(path: Path) -> str:
    try:
        found = mending.examine(path)
    except UserError:
        return "refused"
    return "; ".join(sorted({code for code, _detail in found.problems}))


def _work(path: Path, place: Path) -> None:
    """What a window does first: open, look, search, back up.  UserErrors are answers."""
    try:
        with open_database(path, read_only=True) as db:
            for look in (
                lambda: search.search(db, "acme", 20),
                lambda: bases.back_up(db, place / "copies" / "copy.funneldesk"),
            ):
                try:
                    look()
                except UserError:
                    continue
    except UserError:
        return


def _salvage(path: Path, out: Path, content: str) -> str:
    try:
        found = mending.salvage(path, out)
    except UserError as error:
        if error.code != "salvage.nothing":
            raise
        return "nothing"
    again = mending.examine(out)
    assert again.ok, again.problems[:3]
    return "whole" if found.whole and again.content_sha256 == content else "part"
