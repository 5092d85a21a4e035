"""What was said of losses: the same words together, every loss in one row."""

from __future__ import annotations

from dataclasses import replace

from funneldesk.domain.results import ReportRequest
from funneldesk.reports.catalog import compute, deals_behind
from tests.reports.golden import golden


def test_the_same_words_under_the_same_reason_are_one_row() -> None:
    facts = golden()
    lost = [deal for deal in facts.deals if deal.status == "lost"]
    assert len(lost) == 6
    reasons = [1, 1, 1, 1, 2, None]
    words = ["Found it cheaper", " found it  CHEAPER ", "No budget", None, "Found it cheaper", None]
    own = {deal.id: reason for deal, reason in zip(lost, reasons, strict=True)}
    told = replace(
        facts,
        deals=tuple(d._replace(loss_reason_id=own[d.id]) if d.id in own else d for d in facts.deals),
        comments={deal.id: said for deal, said in zip(lost, words, strict=True) if said},
        reasons={1: "Too expensive", 2: "Competitor"},
    )
    report = compute(told, ReportRequest("lost-words"))
    assert [(row["reason"], row["comment"], row["lost"]) for row in report.rows] == [
        ("Too expensive", "Found it cheaper", 2),
        ("Too expensive", "No budget", 1),
        ("Too expensive", None, 1),
        ("Competitor", "Found it cheaper", 1),
        (None, None, 1),
    ]
    assert (report.totals["no_reason"], report.totals["no_comment"]) == (1, 2)
    assert sum(row["lost"] for row in report.rows) == report.totals["lost"] == 6
    assert sum(row["lost_amount"] for row in report.rows) == report.totals["lost_amount"]
    assert deals_behind(told, ReportRequest("lost-words"), 0, "lost") == (lost[0].id, lost[1].id)
