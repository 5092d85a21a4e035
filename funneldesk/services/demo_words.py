"""Words of the sample base in one language: invented firms, people, towns, goods, remarks.

They are data of a made-up firm that makes signs, stands and packaging, and lie in the resources
(``samples/words-LANG.json``): a base holds them like anything that a person typed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from funneldesk.resources import resource_path

Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that a sample base says in one language."""

    managers: Texts  # by style: many-shallow, few-deep, intensive, under-loaded, balanced
    men: Texts
    women: Texts
    surnames: Texts  # "man|woman" where they differ
    heads: Texts  # beginnings and ends of invented names
    tails: Texts
    branches: Texts
    company_form: Texts  # with {name}
    cities: tuple[Texts, ...]  # city, region, dialling code
    country: str
    phone: str  # with {code}, {a}, {b}: numbers that nobody is given
    posts: Texts
    sizes: Texts
    sources: Texts  # in the order of demo_plan.SOURCES
    products: Texts  # the first six are made to order
    endings: Texts
    demands: Texts
    calls: Texts
    letters: Texts
    meetings: Texts
    results: Texts
    notes: Texts
    tasks: Texts
    reasons: tuple[Texts, ...]  # remarks on a loss, in the order of the starter reasons
    rivals: Texts
    lead_title: str  # with {product}
    drop_reason: str
    marks: Texts  # changes worth remembering, the older one first


def words(language: str) -> Words:
    """The words of `language`, English when it is not spoken."""
    path = resource_path("samples", f"words-{language}.json")
    if not path.is_file():
        path = resource_path("samples", "words-en.json")
    raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    raw["reasons"] = list(raw["reasons"].values())
    return Words(**{key: _frozen(value) for key, value in raw.items()})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value


_NATIVE = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяąćęłńóśźż"
_LATIN = (
    *"a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch . y . e yu ya".split(),
    *"a c e l n o s z z".split(),
)
_TABLE = str.maketrans(dict(zip(_NATIVE, _LATIN, strict=True)))


def latin(text: str) -> str:
    """`text` as it stands in an e-mail address: small Latin letters, digits and nothing else."""
    return "".join(ch for ch in text.lower().translate(_TABLE) if ch.isascii() and ch.isalnum())
