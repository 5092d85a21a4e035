"""Named mappings: what goes where in a file of a certain sender, kept for the next one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from funneldesk.domain.naming import checked_name
from funneldesk.errors import UserError
from funneldesk.importing.fields import Kind
from funneldesk.importing.flow import ImportFlow
from funneldesk.importing.presets import apply_mapping, mapping_of
from funneldesk.store.database import Database

_NAMED = "import.named"
_LARGEST = 1_000_000  # bytes of a file of a mapping


def names(db: Database) -> list[str]:
    """The names, in the order of the alphabet."""
    return sorted(db.setting(_NAMED, {}), key=str.casefold)


def keep(db: Database, name: str, document: dict[str, Any]) -> None:
    """Keep a mapping under a name; one of the same name is replaced.  Raises `name.empty`."""
    name = checked_name(" ".join(name.split()))
    db.set_setting(_NAMED, {**db.setting(_NAMED, {}), name: document})


def rename(db: Database, old: str, new: str) -> None:
    """Call a mapping otherwise.  Raises `name.empty`, `name.taken`."""
    known = db.setting(_NAMED, {})
    new = checked_name(" ".join(new.split()), old)
    if new != old and new in known:
        raise UserError("name.taken", name=new)
    db.set_setting(_NAMED, {new if name == old else name: of for name, of in known.items()})


def remove(db: Database, name: str) -> dict[str, Any]:
    """Forget a mapping; it comes back to whoever wants to keep it after all."""
    known = db.setting(_NAMED, {})
    gone: dict[str, Any] = known.pop(name, {})
    db.set_setting(_NAMED, known)
    return gone


def named(db: Database, name: str) -> dict[str, Any]:
    """The mapping of a name.  Raises `import.bad_mapping` when it is gone."""
    found: dict[str, Any] | None = db.setting(_NAMED, {}).get(name)
    if found is None:
        raise UserError("import.bad_mapping")
    return found


def write(path: Path, flow: ImportFlow) -> None:
    """Write the decisions of a flow to a file, for another computer."""
    from funneldesk.exporting.files import atomic_buffer

    with atomic_buffer(path) as buffer:
        buffer.write(json.dumps(mapping_of(flow), ensure_ascii=False, indent=2).encode())


def read(path: Path) -> dict[str, Any]:
    """A mapping from a file.  Raises `import.bad_mapping`."""
    try:
        if path.stat().st_size > _LARGEST:
            raise UserError("import.bad_mapping")
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        raise UserError("import.bad_mapping") from None
    if not isinstance(found, dict):
        raise UserError("import.bad_mapping")
    return found


def use(flow: ImportFlow, document: dict[str, Any]) -> None:
    """Take the decisions of a mapping over, the kind of rows too.  Raises `import.bad_mapping`."""
    try:
        kind = Kind(str(document.get("kind") or flow.request.kind))
    except ValueError:
        raise UserError("import.bad_mapping") from None
    if kind is not flow.request.kind:
        flow.set_kind(kind)
    apply_mapping(flow, document)
