"""What is made while the collector is paused is not walked over as soon as it is on again."""

from __future__ import annotations

import gc

import pytest

from funneldesk.importing.pause import collector_paused


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_as_it_was_and_takes_what_was_made_for_old(on: bool) -> None:
    was_on = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        with collector_paused():
            assert not gc.isenabled()
            made = [[place] for place in range(5_000)]
        assert gc.isenabled() is on
        if on and not gc.get_freeze_count():
            young = {id(found) for found in gc.get_objects(generation=0)}
            assert not young & {id(found) for found in made}
    finally:
        (gc.enable if was_on else gc.disable)()
