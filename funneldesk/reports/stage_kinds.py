"""What a stage is for, told by its name: advice differs for an offer, a contract and a payment (1.17)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from funneldesk.domain.folding import fold

# beginnings of words in English, Russian and Polish; the later stage of a sale is asked for first
_BEGINNINGS: Mapping[str, tuple[str, ...]] = {
    "payment": (
        "payment", "paid", "invoic", "prepay", "clos", "оплат", "платеж", "счет", "предоплат", "закры",
        "płat", "zapłat", "opłac", "faktur", "przedpłat", "zalicz", "zamkn",
    ),
    "contract": (
        "contract", "agreement", "sign", "договор", "контракт", "подпис", "umowa", "umowy", "umowe",
        "kontrakt", "podpis",
    ),
    "offer": (
        "offer", "proposal", "quot", "estimate", "предложен", "кп", "смет", "расчет",
        "ofert", "propozyc", "wycen", "kosztorys",
    ),
    "presentation": (
        "present", "demo", "meet", "viewing", "visit", "презент", "демонст", "встреч", "показ",
        "prezent", "spotk", "pokaz", "wizyt",
    ),
    "contact": (
        "contact", "call", "lead", "request", "enquir", "inquir", "interest", "контакт", "звон", "лид",
        "заявк", "обращен", "интерес", "kontakt", "telefon", "rozmow", "zgłosz", "zapyt", "zaintere",
    ),
}  # fmt: skip
KINDS = (*_BEGINNINGS, "first", "middle", "last")
_STEMS = {kind: tuple(fold(each) for each in stems) for kind, stems in _BEGINNINGS.items()}
_WORD = re.compile(r"\w+")


def stage_kind(names: Sequence[str], rank: int) -> str:
    """What the stage of `rank` (from 1) of these is for; by its place where its name tells nothing."""
    words = _WORD.findall(fold(names[rank - 1]))
    for kind, stems in _STEMS.items():
        if any(word.startswith(stems) for word in words):
            return kind
    return ("first", "middle", "last")[min(2, 3 * (rank - 1) // max(1, len(names)))]
