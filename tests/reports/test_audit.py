"""The audit: what is named, what it costs, where it comes from, and what it leaves unsaid."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import FunnelFacts, Ledger, MoveFact, StageInfo
from funneldesk.domain.goals import Mark
from funneldesk.domain.results import Report, ReportRequest
from funneldesk.report_words import finding_text, findings, with_sentences
from funneldesk.reports.catalog import compute, deals_behind
from funneldesk.reports.stage_kinds import stage_kind
from funneldesk.text import format_money_short
from tests.reports.golden import at, deal_fact, golden

MORNING = at("2025-01-06T09:00:00Z")
NAMES = ("New request", "Offer sent", "Contract signed", "Payment awaited")

Chance = Callable[[int, int, int], float]  # (number, owner, source) -> to pass the offer


def team(chance: Chance, seed: int = 1, count: int = 400) -> FunnelFacts:
    """Four hundred deals of five managers from two sources; all come to the offer, most are won after it."""
    draw = random.Random(seed)
    deals, moves = [], []
    for number in range(1, count + 1):
        owner, source = number % 5 + 1, draw.choice((1, 2))
        start = MORNING + (number % 200) * DAY
        own = [MoveFact(number, 1, start, None, 0, "open", 1, owner, owner, None)]
        own.append(MoveFact(number, 2, start + DAY, "open", 1, "open", 2, owner, owner, None))
        if draw.random() < chance(number, owner, source):
            own.append(MoveFact(number, 3, start + 2 * DAY, "open", 2, "open", 3, owner, owner, None))
            own.append(MoveFact(number, 4, start + 3 * DAY, "open", 3, "won", 0, owner, owner, None))
        else:
            own.append(MoveFact(number, 3, start + 2 * DAY, "open", 2, "lost", 0, owner, owner, None))
        fact = deal_fact(number, start, owner, 100_000, own, 4)
        deals.append(fact._replace(source_id=source, loss_reason_id=1 if fact.status == "lost" else None))
        moves += own
    return replace(
        golden(), deals=tuple(deals), moves=tuple(moves), as_of=MORNING + 300 * DAY,
        stages=tuple(StageInfo(k, name, k / 5) for k, name in enumerate(NAMES, start=1)),
        managers={number: f"M{number}" for number in range(1, 6)}, sources={1: "Web", 2: "Fair"},
        reasons={1: "Too expensive"},
    )  # fmt: skip


def audit(facts: FunnelFacts) -> Report:
    return compute(facts, ReportRequest("audit"))


def rows(report: Report, **wanted: Any) -> list[dict[str, Any]]:
    return [dict(r) for r in report.rows if all(r[key] == value for key, value in wanted.items())]


def test_a_leak_is_named_priced_and_told_with_what_to_do() -> None:
    facts = team(lambda _n, owner, _s: 0.25 if owner == 1 else 0.6)
    report = audit(facts)
    first = dict(report.rows[0])
    assert (first["kind"], first["finding"], first["slice"], first["step"]) == (
        "leak", "leak_offer", "M1", "Offer sent",
    )  # fmt: skip
    assert first["count"] == first["resolved"] - first["advanced"]
    missing = first["resolved"] * (first["reference"] - first["shrunk"])
    assert first["cost"] == pytest.approx(missing * facts.stages[2].probability * 100_000)
    assert (first["cause"], first["cause_label"]) == ("reason", "Too expensive")
    assert len(deals_behind(facts, ReportRequest("audit"), 0, "count")) == first["count"]
    told = findings(report)[0]
    assert (told.sign, told.opens, told.row) == ("▼", first["count"], 0)
    assert told.text.startswith("M1: from “Offer sent”")
    assert "Too expensive" in told.text
    assert told.text.endswith("template of the offer.")
    assert finding_text(told).endswith(f"({first['count']} deals)")
    assert report.totals["cost"] >= first["cost"]


def test_what_scripts_read_is_written_as_ever_whatever_a_language_does_with_percents() -> None:
    report = audit(team(lambda _n, owner, _s: 0.25 if owner == 1 else 0.6))
    read = with_sentences(report, scripted=True).rows[0]["sentence"]
    shown = with_sentences(report).rows[0]["sentence"]
    assert "\u00a0% go on" in read
    assert "\u00a0%" not in shown
    assert read.replace("\u00a0%", "%") == shown == findings(report)[0].text


def test_where_nobody_differs_nothing_is_named_most_of_the_time() -> None:
    named = 0
    for seed in range(20):
        report = audit(team(lambda *_each: 0.5, seed))
        named += bool(report.totals["leaks"] + report.totals["boosts"])
        quiet = not rows(report, kind="leak") and not rows(report, kind="boost")
        assert quiet == (report.totals["leaks"] + report.totals["boosts"] == 0)
        assert not quiet or rows(report, finding="nothing") or rows(report, kind="volume")
    assert named <= 4


def test_a_managers_leak_that_comes_from_the_source_says_so() -> None:
    # the source decides, and one manager gets almost only the bad one
    facts = team(lambda _n, _owner, source: 0.75 if source == 1 else 0.2, count=1000)
    deals = []
    for deal in facts.deals:
        if deal.owner == 1 and deal.source_id == 1 and deal.id % 50 != 0:
            continue  # most of the good ones are gone
        deals.append(deal)
    kept = {deal.id for deal in deals}
    facts = replace(
        facts, deals=tuple(deals), moves=tuple(move for move in facts.moves if move.deal_id in kept)
    )
    report = audit(facts)
    own = rows(report, by="manager", slice="M1", step="Offer sent")
    assert [(row["flag"], row["cause"], row["cause_by"]) for row in own] == [("leak", "mix", "source")]
    assert report.rows[0]["by"] == "source"  # what explains it stands above what is explained
    assert any("Within each source the difference is gone" in each.text for each in findings(report))


def test_a_leak_that_lies_in_one_source_names_it() -> None:
    facts = team(lambda _n, owner, source: 0.1 if (owner, source) == (1, 2) else 0.65, count=600)
    (own,) = rows(audit(facts), by="manager", slice="M1", step="Offer sent")
    assert (own["flag"], own["cause"], own["cause_by"], own["cause_label"]) == (
        "leak", "part", "source", "Fair",
    )  # fmt: skip


def test_a_marked_change_is_judged_by_the_days_before_and_after_it() -> None:
    facts = team(lambda number, _o, _s: 0.75 if number % 200 < 100 else 0.3)
    mark = Mark(day="2025-04-16", title="New price list")
    report = audit(replace(facts, ledger=Ledger(marks=(mark,))))
    (own,) = rows(report, by="mark", step="Offer sent")
    assert (own["slice"], own["flag"]) == ("New price list", "leak")
    assert own["reference"] > 0.6 > own["rate"]
    later = rows(report, by="month", kind="leak")
    assert later
    # only what came soon after the change is laid to it
    assert {row["cause_label"] for row in later if row["slice"] in ("2025-04", "2025-05")} <= {
        "New price list"
    }
    elsewhere = Mark(day="2025-04-16", title="Other funnel", funnel_id=99)
    assert not rows(audit(replace(facts, ledger=Ledger(marks=(elsewhere,)))), by="mark")


def test_a_boost_is_worth_what_a_leak_of_its_size_would_cost() -> None:
    (own,) = rows(audit(team(lambda _n, owner, _s: 0.9 if owner == 2 else 0.5)), kind="boost", by="manager")
    assert (own["slice"], own["cost"]) == ("M2", None)
    gained = own["resolved"] * (own["shrunk"] - own["reference"])
    assert own["worth"] == pytest.approx(gained * 0.6 * 100_000)


def test_an_estimate_is_told_in_round_numbers() -> None:
    report = audit(team(lambda _n, owner, _s: 0.9 if owner == 2 else 0.5))
    (own,) = rows(report, kind="boost", by="manager")
    about = format_money_short(round(own["worth"]), report.currency)
    assert "K" in about, "not to the last unit"
    assert any(f"It brings about {about}." in each.text for each in findings(report))


def test_what_hangs_before_the_money_is_told_with_its_days() -> None:
    facts = team(lambda *_each: 0.5)
    late = [
        MoveFact(900, 1, MORNING + 100 * DAY, None, 0, "open", 4, 1, 1, None),
    ]
    done = []
    for number in range(901, 931):
        done.append(MoveFact(number, 1, MORNING + 50 * DAY, None, 0, "open", 4, 1, 1, None))
        done.append(MoveFact(number, 2, MORNING + 55 * DAY, "open", 4, "won", 0, 1, 1, None))
    deals = [deal_fact(900, MORNING + 100 * DAY, 1, 70_000, late, 4)]
    deals += [
        deal_fact(n, MORNING + 50 * DAY, 1, 70_000, [m for m in done if m.deal_id == n], 4)
        for n in range(901, 931)
    ]
    facts = replace(facts, deals=(*facts.deals, *deals), moves=(*facts.moves, *late, *done))
    report = audit(facts)
    (own,) = rows(report, kind="hanging")
    assert (own["finding"], own["count"], own["amount"], own["days"]) == ("hanging_payment", 1, 70_000, 200)
    (told,) = [each for each in findings(report) if "Ask for the money now." in each.text]
    assert told.opens == 1 and told.text.startswith("1 deal hangs")
    assert finding_text(told) == told.text, "the number is said once"


def test_an_empty_week_after_steady_ones_asks_for_clients() -> None:
    deals, moves = [], []
    for week in range(1, 9):
        for place in range(12):
            number = week * 100 + place
            start = MORNING - (7 * week + 1 + place % 6) * DAY
            own = [MoveFact(number, 1, start, None, 0, "open", 1, 1, 1, None)]
            deals.append(deal_fact(number, start, 1, None, own, 4))
            moves += own
    facts = replace(team(lambda *_e: 0.5), deals=tuple(deals), moves=tuple(moves), as_of=MORNING)
    (last,) = rows(audit(facts), kind="volume")
    assert (last["finding"], last["count"], last["flag"]) == ("week_few_top", 0, "leak")
    assert last["usual"] == 12
    assert "look for clients" in findings(audit(facts))[-1].text


def test_a_young_base_says_that_nothing_can_be_compared() -> None:
    few = replace(golden(), deals=golden().deals[:8])
    assert [row["finding"] for row in audit(few).rows if row["kind"] == "nothing"] == ["too_few"]
    (told,) = [each for each in findings(audit(few)) if each.text.startswith("Nobody can be compared")]
    assert finding_text(told) == told.text  # no deals stand behind it
    assert audit(replace(golden(), deals=(), moves=())).rows == ()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Offer sent", "offer"), ("КП отправлено", "offer"), ("Oferta wysłana", "offer"),
        ("Договор подписан", "contract"), ("Umowa podpisana", "contract"),
        ("Meeting prepared", "presentation"), ("Spotkanie umówione", "presentation"),
        ("Ожидание оплаты", "payment"), ("Zapłata otrzymana", "payment"),
        ("First contact", "contact"), ("Новая заявка", "contact"), ("Something else", "first"),
    ],
)  # fmt: skip
def test_a_stage_is_known_by_its_name(name: str, kind: str) -> None:
    assert stage_kind([name, "x", "y"], 1) == kind


def test_a_stage_of_another_name_is_known_by_its_place() -> None:
    assert [stage_kind(["a", "b", "c"], rank) for rank in (1, 2, 3)] == ["first", "middle", "last"]
