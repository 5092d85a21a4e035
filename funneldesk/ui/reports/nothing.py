"""What the tab says when there is nothing to count: icon, title, sentence, button."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from funneldesk.domain.results import Report
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


def no_standards() -> Words:
    """Nothing is agreed yet."""
    sentence = _("Say how often a client must hear from you and how soon a lead is answered.")
    return "timer", _("No standards yet"), sentence, _("Set standards")


def no_invoices() -> Words:
    """Neither invoice nor payment was written down."""
    sentence = _("Bring invoices and payments in from a spreadsheet, or add them on the card of a client.")
    return "chart-column", _("No invoices yet"), sentence, _("Import a spreadsheet")


def no_deals() -> Words:
    """An empty base, or none of the deals that the report counts."""
    sentence = _("Reports count deals. Bring them in from a spreadsheet, or add one on the board.")
    return "chart-column", _("No deals to count yet"), sentence, _("Import a spreadsheet")


def on_paper(report: Report) -> str:
    """The sentence where the table of a print would stand."""
    unknown = UNENTERED.get(report.name) or UNIMPORTED.get(report.name)
    if unknown is None or report.filters:
        return _("There is nothing to list in this period and with these filters.")
    _icon, title, sentence, _button = unknown()
    return sentence if report.name == "plan-fact" else f"{title}."


# reports that are empty because nothing was entered
UNENTERED: Mapping[str, Callable[[], Words]] = {"plan-fact": no_plans, "standards": no_standards}
# ... and because nothing was brought in; the others wait for deals
UNIMPORTED: Mapping[str, Callable[[], Words]] = {"receivables": no_invoices}
