"""What the rows of a file are, by the fields that their columns fit."""

from __future__ import annotations

from collections.abc import Sequence

from funneldesk.domain.folding import fold
from funneldesk.importing import mapping
from funneldesk.importing.fields import Kind
from funneldesk.importing.staging import Cell

# The fields that speak for a kind.
_TELLING = {
    Kind.DEALS: {
        "stage",
        "amount",
        "outcome",
        "expected_close",
        "lost_reason",
        "funnel",
        "created_at",
    },
    Kind.CLIENTS: {"name", "tax_id", "city", "address", "website", "position", "category"},
    Kind.LEADS: {"status"},
    Kind.HISTORY: {"to_stage", "seq"},
    Kind.ACTIVITIES: {"kind", "result"},
    Kind.INVOICES: {"number", "due_date", "date"},
    Kind.PAYMENTS: {"invoice", "date", "amount"},
}


# Without these the rows are something else.
_NEEDED: dict[Kind, set[str]] = {
    Kind.HISTORY: {"deal", "to_stage"},
    Kind.ACTIVITIES: {"kind"},
    Kind.INVOICES: {"number", "amount", "due_date"},
    Kind.PAYMENTS: {"invoice", "amount", "date"},
}


def guess_kind(headers: Sequence[str], sample: Sequence[Sequence[Cell]]) -> Kind:
    """The kind whose fields the columns fit best."""
    best, best_score = Kind.CLIENTS, -1.0
    for kind, words in _TELLING.items():
        maps = mapping.understand(kind, headers, sample)
        used = {m.used for m in maps if m.used}
        score = len(used) + len(used & words) if _NEEDED.get(kind, set()) <= used else -1.0
        if kind is Kind.LEADS:
            score = score if any("lead" in fold(h) or "лид" in fold(h) for h in headers) else -1.0
        if score > best_score:
            best, best_score = kind, score
    return best
