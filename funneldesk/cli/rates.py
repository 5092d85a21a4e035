"""The word `rates`: currency rates listed, set and removed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from funneldesk.text import _


def run_rates(
    arguments: argparse.Namespace, path: Path, put: Callable[[str], None], say: Callable[[str], None]
) -> int:
    """List the rates, or set (`--set USD 2026-03-01 92.5`) or remove (`--remove USD 2026-03-01`) one."""
    from funneldesk.cli.commands import open_for_reading
    from funneldesk.services import bases, team
    from funneldesk.text import label_text

    for values, do in ((arguments.set_, team.set_rate), (arguments.remove, team.delete_rate)):
        if values:
            with bases.open_base(path) as db:
                say(label_text(do(db, *values).label))
            return 0
    with open_for_reading(path) as db:
        own, found = db.info().currency, team.rates(db)
    if arguments.json:
        lines = [{"currency": rate.currency, "day": rate.day, "rate": rate.rate} for rate in found]
        put(json.dumps({"currency": own, "rates": lines}, indent=2))
    elif found:
        put("\n".join(f"{rate.currency}  {rate.day}  {rate.rate}" for rate in found))
    else:
        say(_("There are no rates. Everything is counted in {currency}.").format(currency=own))
    return 0
