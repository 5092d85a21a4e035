"""The keys of many texts at once are those of each text alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneldesk.domain import folding, folding_many, phone

_ODD = [
    "ООО Ромашка", "sp. z o.o. Żółć", "AG", "  ", "", "S A", "s a s a", "ǿ", "ά", "S.A. Kowal", "ﬁ",
    "+48 (12) 345-67-89", "Иван_Ёлкин\u200b", "\uffff", "Общество с ограниченной ответственностью «Й»",
]  # fmt: skip
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(_ODD), st.text(max_size=12), st.text('abóŻŁłёЁЙ Σς\x00\xa0 .,«»"-', max_size=14)
    ),
    max_size=30,
)
Many = Callable[[Sequence[str]], list[str]]
PAIRS: list[tuple[Many, Callable[[str], str]]] = [
    (folding_many.fold_all, folding.fold),
    (folding_many.name_keys, folding.name_key),
    (folding_many.sort_keys, folding.sort_key),
    (folding_many.phone_keys, phone.phone_key),
    (folding_many.digits_all, phone.digits),
    (folding_many.email_keys, phone.email_key),
]


@given(TEXTS)
def test_many_texts_have_the_keys_of_each(texts: list[str]) -> None:
    for many, one in PAIRS:
        assert many(texts) == [one(text) for text in texts]


@pytest.mark.parametrize(("many", "one"), PAIRS[:3])
def test_every_letter_of_the_first_plane_is_treated_alike(many: Many, one: Callable[[str], str]) -> None:
    texts = [f"a{chr(code)}b" for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    assert many(texts) == [one(text) for text in texts]
