"""Long columns are worked at in pieces, so that the window may answer between them: that must not show."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneldesk.importing import living, party_columns

KEYS = st.lists(st.sampled_from("abcdefghijklmnopq"), max_size=40)


@given(KEYS, st.sets(st.sampled_from("abcxyz")), st.integers(1, 50))
def test_keys_of_several_rows_or_of_the_base_are_found(
    keys: list[str], known: set[str], together: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(party_columns, "_TOGETHER", together)
        found = party_columns.repeated(iter(keys), dict.fromkeys(known, 1))
    assert found == {key for key, count in Counter(keys).items() if count > 1 or key in known}


@given(st.text(max_size=5) | st.lists(st.integers(0, 2**32) | st.text(max_size=3)), st.integers(1, 9))
def test_a_column_is_one_json_value(column: str | list[int | str], together: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(living, "_TOGETHER", together)
        assert json.loads(living._json_of(column)) == column
