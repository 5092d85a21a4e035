"""Money of another currency in deals that came as columns."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np

from funneldesk.domain.deal_table import DealPlace, DealTable
from funneldesk.domain.move_table import NONE
from funneldesk.domain.rates import Rates
from funneldesk.reports.deal_columns import standing_now


def test_a_table_asked_twice_converts_its_money_once() -> None:
    """The columns are kept with it: what has been converted must not be taken for what is kept."""
    foreign = DealPlace(0, 1, 1, 1, True, True, True, False, False, False)
    told = {"id": [1, 2], "place": [7, 7], "amount": [100, NONE], "closed": [NONE, NONE]}
    columns = {name: np.array(values) for name, values in told.items()}
    money = Rates("EUR", ZoneInfo("UTC"), {})
    table = DealTable(columns, places={7: foreign}, currencies={1: "USD", 2: "USD"}, money=money)
    for _time in range(2):
        found = standing_now(table, 0)
        assert found.amount.tolist() == [NONE, NONE]
        assert found.no_rate.tolist() == [True, False]
