"""What records of each kind are called."""

from __future__ import annotations

from funneldesk.text import N_, _

RECORDS = {
    "company": N_("companies"), "person": N_("people"), "contact_point": N_("phones, e-mails and sites"),
    "lead": N_("leads"), "deal": N_("deals"), "stage_move": N_("stage moves"),
    "activity": N_("activities"), "manager": N_("managers"), "source": N_("sources"),
    "product": N_("products"), "loss_reason": N_("loss reasons"), "funnel": N_("funnels"),
    "stage": N_("stages"), "custom_field": N_("own fields"), "custom_value": N_("values of own fields"),
    "invoice": N_("invoices"), "payment": N_("payments"), "currency_rate": N_("currency rates"),
    "repeat": N_("planned repeats"), "saved_view": N_("saved views"), "deal_check": N_("ticks of checklists"),
    "rule": N_("rules"), "rule_run": N_("lines of the log of rules"),
    "not_double": N_("pairs that are no doubles"),
    "deal_item": N_("lines of deals"), "file": N_("files"), "lead_question": N_("questions of leads"),
    "lead_answer": N_("answers of leads"), "plan": N_("plans"), "source_cost": N_("costs of sources"),
    "mark": N_("marked changes"), "standard": N_("standards of contact"), "import_run": N_("runs of imports"),
    "waiting": N_("waiting rows"),
}  # fmt: skip


def record_words(kind: str) -> str:
    """What records of a kind are called, as the word of a table."""
    return _(RECORDS[kind]) if kind in RECORDS else kind
