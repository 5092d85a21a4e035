"""What the linter's codes are called: a sentence for each finding, a name for each proposal."""

from __future__ import annotations

from collections.abc import Sequence

from funneldesk.domain.linter import Finding
from funneldesk.text import N_, _, format_number

_FINDINGS = {
    "process": N_("This names work under way. What is done once it is finished?"),
    "waiting": N_(
        "This names a wait. Take the last result as the name, set a time limit, and agree when the deal"
        " is closed as lost."
    ),
    "not_a_stage": N_(
        "This is no step of the way. Mark the stage as on hold and give the deals a date to return to,"
        " or close them as lost with a reason."
    ),
    "no_result": N_("What is done here? What happened to the client? A good name tells a finished result."),
    "no_goal": N_("No goal yet: what is to be reached here?"),
    "no_criterion": N_("No criterion yet: when may a deal stand here?"),
    "few_stages": N_("Five to seven stages suit most funnels. This one has {count}, and Won."),
    "many_stages": N_("Five to seven stages suit most funnels. This one has {count}, and Won."),
    "no_reasons": N_("There are no loss reasons yet. Add some in Settings, so that losses can be compared."),
}
# Names to propose; the codes are those of `domain.linter.PROPOSALS`.
_NAMES = {
    "contact_made": N_("Contact made"),
    "needs_identified": N_("Needs identified"),
    "client_assessed": N_("Client assessed"),
    "prospect_found": N_("Prospect identified"),
    "meeting_scheduled": N_("Meeting scheduled"),
    "meeting_held": N_("Meeting held"),
    "meeting_prepared": N_("Meeting prepared"),
    "presentation_held": N_("Presentation held"),
    "offer_sent": N_("Offer sent"),
    "decision_received": N_("Decision received"),
    "terms_agreed": N_("Terms agreed"),
    "contract_sent": N_("Contract sent"),
    "contract_signed": N_("Contract signed"),
    "invoice_issued": N_("Invoice issued"),
    "payment_received": N_("Payment received"),
    "goods_shipped": N_("Goods shipped"),
    "work_done": N_("Work done"),
    "deal_completed": N_("Deal completed"),
    "order_sent": N_("Order sent to production"),
    "feedback_received": N_("Feedback received"),
}
NAME_CODES = frozenset({"process", "waiting", "not_a_stage", "no_result"})


def finding_text(finding: Finding) -> str:
    """A hint as a sentence."""
    return _(_FINDINGS[finding.code]).format(count=format_number(finding.count))


def proposed_names(proposals: Sequence[str]) -> list[str]:
    """The names that are proposed, in the language spoken; putting off and losing are no names."""
    return [_(_NAMES[key]) for key in proposals if key in _NAMES]
