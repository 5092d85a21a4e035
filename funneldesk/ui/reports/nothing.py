"""What the tab says when there is nothing to count: icon, title, sentence, button."""

from __future__ import annotations

from funneldesk.text import _

Words = tuple[str, str, str, str]


def nothing_fits() -> Words:
    """Deals are there, the choice leaves none."""
    sentence = _("There are deals, but none in this period and with these filters.")
    return "filter-x", _("Nothing to count"), sentence, _("Clear filters")


def no_plans() -> Words:
    """Neither plan nor fact in the running month."""
    sentence = _("No plan is set for this month, and nothing was won in it.")
    return "target", _("No plans yet"), sentence, _("Set plans")


def no_deals() -> Words:
    """An empty base."""
    sentence = _("Reports count deals. Bring yours in from a spreadsheet, or add the first on the board.")
    return "chart-column", _("No deals yet"), sentence, _("Import a spreadsheet")
