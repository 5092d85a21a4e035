"""What is made while the collector is paused is not walked over as soon as it is on again."""

from __future__ import annotations

import gc
import threading
from pathlib import Path

import pytest

from funneldesk.collector import collector_paused
from funneldesk.importing.deal_rows import DealRows
from funneldesk.importing.draft import Draft
from funneldesk.importing.fields import Kind
from funneldesk.importing.flow import ImportFlow
from funneldesk.importing.parties import Parties
from funneldesk.services import bases, imports
from tests.importing import makers


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


def test_it_stays_off_until_the_last_thread_needs_no_pause() -> None:
    was_on = gc.isenabled()
    gc.enable()
    try:
        leave, left = threading.Event(), threading.Event()

        def work() -> None:
            with collector_paused():
                leave.wait(10)
            left.set()

        other = threading.Thread(target=work)
        with collector_paused():
            other.start()
            leave.set()
            assert left.wait(10)
            assert not gc.isenabled()
        other.join()
        assert gc.isenabled()
    finally:
        (gc.enable if was_on else gc.disable)()


@pytest.mark.parametrize("kind", [Kind.DEALS, Kind.CLIENTS, Kind.PEOPLE])
def test_a_plan_leaves_no_cycles_behind(kind: Kind, tmp_path: Path) -> None:
    """The collector is paused while a plan is made and what was made is set aside: a cycle would stay."""
    heads = ["Company", "Contact", "Phone", "E-mail"]
    rows = [[f"Acme {n}", f"Ann Lee {n}", f"+44 20 7946 {n:04}", f"a{n}@b.example"] for n in range(20)]
    path = makers.csv(tmp_path / "a.csv", [heads, *rows, rows[3]])
    with bases.new_base(tmp_path / "b.funneldesk", template="general") as db:
        flow = ImportFlow()
        imports.prepare(db, flow)
        flow.open(path)
        flow.set_kind(kind)
        gc.collect()
        was_on = gc.isenabled()
        gc.disable()
        try:
            imports.dry_run(db, flow)
            left = [
                type(found) for found in gc.get_objects() if isinstance(found, Draft | Parties | DealRows)
            ]
        finally:
            (gc.enable if was_on else gc.disable)()
        flow.close()
    assert flow.plan is not None
    assert flow.plan.records["person"] == 20
    assert not left
