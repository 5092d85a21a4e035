"""What may be said of a column after its field and a colon: how dates, sums or cells are meant."""

from __future__ import annotations

import re
from collections.abc import Iterable

from funneldesk.domain.fields import FieldType
from funneldesk.domain.folding import fold
from funneldesk.errors import UserError
from funneldesk.importing.dates import Order
from funneldesk.importing.fields import CUSTOM, Kind, Role, field_of
from funneldesk.importing.units import Unit

NEW_TYPES = frozenset(FieldType) - {FieldType.CALCULATED}  # that an import can make
_WORD = re.compile(r"[A-Za-z_]+")


def readings_of(kind: Kind, field: str) -> tuple[Order, ...] | tuple[Unit, ...]:
    """What can be said of the dates or sums of a field."""
    found = field_of(kind, field)
    if found is None:
        return ()
    if found.role is Role.AMOUNT:
        return tuple(Unit)
    dates = found.role in (Role.MOMENT, Role.DATE) or field.startswith(CUSTOM)
    return tuple(Order) if dates else ()


def parted(kind: Kind, field: str) -> tuple[str, Order | Unit | None]:
    """A field and what is said of it: ``created_at:dmy``, ``amount:thousands``.

    Raises UserError `import.unknown_field`, `import.unknown_reading`, `import.no_reading`.
    """
    own = field.startswith(CUSTOM)
    bare, mark, word = field.rpartition(":")
    known = readings_of(kind, bare) if mark else ()
    said = next((reading for reading in known if reading.value == word), None)
    if said is not None:
        return bare, said
    if field_of(kind, field) is not None:
        return field, None
    if own or not mark or field_of(kind, bare) is None:
        raise UserError("import.unknown_field", field=field, kind=str(kind))
    if not known:
        raise UserError("import.no_reading", field=bare, reading=word)
    raise _unknown(bare, word, (reading.value for reading in known))


def refuse_unknown_type(field: str, names: Iterable[str]) -> None:
    """``custom:Size:choise`` means a type, unless a field or a column (`names`) is called so.

    Raises UserError `import.unknown_reading`.
    """
    bare, _mark, word = field.rpartition(":")
    if not field.startswith(CUSTOM) or len(bare) <= len(CUSTOM) or not _WORD.fullmatch(word):
        return
    known = (*sorted(NEW_TYPES), *(order.value for order in Order))
    called = fold(field.removeprefix(CUSTOM))
    if word not in known and all(fold(name) != called for name in names):
        raise _unknown(bare, word, known)


def _unknown(field: str, word: str, known: Iterable[str]) -> UserError:
    return UserError("import.unknown_reading", field=field, reading=word, readings=", ".join(known))
