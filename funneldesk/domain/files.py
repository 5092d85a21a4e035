"""Files and links that hang on clients and deals."""

from __future__ import annotations

from dataclasses import dataclass

RECORD_KINDS = ("company", "person", "deal", "lead")
LARGEST_MB = 10  # of a file kept in the base, unless the settings of the base say otherwise
CAP_KEY = "files.largest_mb"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A file of a record: kept in the base (`sha256` names its content) or a link to a path or address."""

    id: int = 0
    version: int = 1
    record_kind: str
    record_id: int
    name: str
    size: int = 0
    sha256: str | None = None
    link: str | None = None
    added_at: int
    added_by: str = ""
