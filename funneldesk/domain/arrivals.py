"""What an import left behind beside its records: the import itself, and rows that wait for others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """An import that was run: of which file, of what rows, and which record each row means.

    `fingerprint` tells lists with the same headers; `rows` is the packed link row -> record
    (see `importing.living`), `made` the numbers of records made, both as text.
    """

    id: int = 0
    version: int = 1
    kind: str
    file: str
    fingerprint: str
    at: int
    who: str = ""
    counts: str = "{}"
    rows: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A row that names a deal, a client or an invoice that is not there yet.

    `kind` is what the row is (as on the command line), `wants` deal, client or invoice, `key` the
    name or number it gives; `folded` is the same to compare.  `cells` are its values as JSON,
    emptied once the row has found its record (`settled_at`).
    """

    id: int = 0
    version: int = 1
    kind: str
    wants: str
    key: str
    folded: str = ""
    file: str = ""
    row: int = 0
    cells: str = "{}"
    at: int
    settled_at: int | None = None
