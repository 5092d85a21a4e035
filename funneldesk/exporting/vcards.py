"""People as vCards (version 3.0, which every address book reads)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from funneldesk.domain.address_card import AddressCard
from funneldesk.exporting.files import atomic_write

_LINE = 75  # bytes of a line before it is folded


def write_vcards(path: Path, people: Iterable[AddressCard]) -> int:
    """Write people to `path`, all or nothing; returns how many.  Raises UserError `export.failed`."""
    cards = [vcard(person) for person in people]
    atomic_write(path, "".join(cards).encode())
    return len(cards)


def vcard(person: AddressCard) -> str:
    """One card."""
    first, last = person.first_name, person.last_name
    if not first and not last:
        first, _space, last = person.name.partition(" ")
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{_safe(person.name)}"]
    lines.append(f"N:{_safe(last)};{_safe(first)};;;")
    simple = (("ORG", person.company), ("TITLE", person.position), ("NOTE", person.comment))
    lines += [f"{name}:{_safe(value)}" for name, value in simple if value]
    lines += [f"TEL;TYPE=VOICE:{_safe(phone)}" for phone in person.phones]
    lines += [f"EMAIL;TYPE=INTERNET:{_safe(email)}" for email in person.emails]
    lines += [f"URL:{_safe(site)}" for site in person.sites]
    place = (person.address, person.city, person.region, "", person.country)
    if any(place):
        lines.append("ADR;TYPE=WORK:;;" + ";".join(_safe(part) for part in place))
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCARD"])


def _safe(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    lines = ("".join(c for c in line if c >= " ") for line in plain.splitlines())
    return "\\n".join(lines).encode(errors="ignore").decode()


def _folded(line: str) -> str:
    parts, now, size = [], "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _LINE:
            parts.append(now)
            now, size = "", 1
        now += letter
        size += width
    return "\r\n ".join([*parts, now])
