"""Files of the corpus, damaged by a seed: bits, blocks, ends, and the parts inside a zip."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.importing.corpus import Case, cases

Damage = Callable[[bytes, random.Random], bytes]
_NUMBER = re.compile(rb'(?<==")\d+(?=")')
_FAR = (b"0", b"-1", b"1", b"65536", b"1048577", b"2147483648", b"4294967295", b"99999999999999999999")
_HOSTILE = (b"\x00", b"<", b"&a;", b'"', b"=", b"\xff\xfe", b"]]>", b"\x1b", b"'", b"\r", b"a" * 70_000)


def _bits(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.randrange(1, 40)):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def _bytes(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.randrange(1, 30)):
        out[chance.randrange(len(out))] = chance.choice((0, 255, 10, 34, 59, chance.randrange(256)))
    return bytes(out)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(1, len(data))]


def _cut_head(data: bytes, chance: random.Random) -> bytes:
    return data[chance.randrange(1, len(data)) :] or b"\x00"


def _gone(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.randrange(1, 600) :] or b"\x00"


def _blank(data: bytes, chance: random.Random) -> bytes:
    at, size = chance.randrange(len(data)), chance.randrange(1, 600)
    return data[:at] + bytes([chance.choice((0, 255))]) * size + data[at + size :]


def _twice(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    block = data[at : at + chance.randrange(1, 900)]
    return data[:at] + block * chance.choice((2, 3, 200)) + data[at:]


def _swapped(data: bytes, chance: random.Random) -> bytes:
    a, b = sorted((chance.randrange(len(data)), chance.randrange(len(data))))
    size = min(400, b - a)
    return data[:a] + data[b : b + size] + data[a + size : b] + data[a : a + size] + data[b + size :]


def _put(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.choice(_HOSTILE) + data[at:]
    return data


def _lies(data: bytes, chance: random.Random) -> bytes:
    """Numbers in attributes become others: counts, places, widths."""
    share = chance.choice((0.02, 0.2, 1.0))
    return _NUMBER.sub(lambda m: chance.choice(_FAR) if chance.random() < share else m.group(), data)


_ANY: tuple[Damage, ...] = (_bits, _bytes, _cut, _cut_head, _gone, _blank, _twice, _swapped, _put, _lies)


def _inside(data: bytes, chance: random.Random) -> bytes:
    """One part of a zip damaged, the zip itself whole; or a part gone, named otherwise, or there twice."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = [(name, archive.read(name)) for name in archive.namelist()]
    except (zipfile.BadZipFile, OSError):
        return _bits(data, chance)
    at = chance.randrange(len(files))
    name, inside = files[at]
    what = chance.randrange(12)
    if what == 0:
        del files[at]
    elif what == 1:
        files[at] = (
            chance.choice(("../" + name, "/" + name, name.upper(), name + "\x00x", "a" * 60_000)),
            inside,
        )
    else:
        files[at] = (name, chance.choice((_lies, *_ANY))(inside, chance) if inside else b"\x00")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in files:
            archive.writestr(part, content)
    return out.getvalue()


@cache
def _cases() -> tuple[Case, ...]:
    return tuple(cases())


def damaged(seed: int, folder: Path) -> tuple[str, bytes]:
    """What is done to which file, and the file."""
    chance = random.Random(seed)
    case = _cases()[seed % len(_cases())]
    name, data = case.name, case.make(folder / "whole.xls").read_bytes()
    if data.startswith(b"PK") and chance.random() < 0.6:
        return f"{seed}-inside-{name}", _inside(data, chance)
    damage = chance.choice(_ANY)
    return f"{seed}{damage.__name__}-{name}", damage(data, chance) or b"\x00"
