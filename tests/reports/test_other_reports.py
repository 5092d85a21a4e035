from __future__ import annotations

from dataclasses import replace

import pytest

from funneldesk.domain.facts import ActivityFact, FunnelFacts, InvoiceFact, Ledger
from funneldesk.domain.goals import Plan, Standard
from funneldesk.domain.results import Report, ReportRequest
from funneldesk.errors import UserError
from funneldesk.reports.catalog import CATALOG, compute, deals_behind
from tests.reports.golden import at, golden


def asked(name: str, **more: object) -> Report:
    return compute(golden(), replace(ReportRequest(name), **more))  # type: ignore[arg-type]


def column(report: Report, key: str) -> list[object]:
    return [row[key] for row in report.rows]


def test_the_finished_funnel_of_january_and_february() -> None:
    report = asked("finished-funnel", start=at("2025-01-01"), end=at("2025-03-01"))
    assert column(report, "entered") == [9, 9, 7, 6]
    assert column(report, "passed") == [9, 7, 6, 4]
    assert column(report, "lost") == [0, 2, 1, 2]
    assert column(report, "passed_amount") == [665000, 565000, 485000, 215000]
    assert column(report, "lost_amount") == [0, 100000, 80000, 270000]
    assert column(report, "conversion") == pytest.approx([1, 7 / 9, 6 / 7, 4 / 6])
    assert [report.totals[key] for key in ("finished", "won", "lost", "lost_at_creation")] == [10, 4, 6, 1]


def test_losses_by_stage_are_where_the_deal_stood_not_where_it_had_been() -> None:
    report = asked("lost", by=("stage",))
    assert [(row["label"], row["lost"]) for row in report.rows] == [
        (None, 1),
        ("S1", 0),
        ("S2", 2),
        ("S3", 1),
        ("S4", 2),
    ]
    assert column(report, "loss_rate") == pytest.approx([0.1, 0, 2 / 9, 1 / 7, 2 / 6])
    assert sum(column(report, "lost_share")) == pytest.approx(1)  # type: ignore[arg-type]
    assert report.totals["lost"] == 6
    assert report.totals["lost_amount"] == 460000
    assert report.totals["no_comment"] == 6
    assert report.totals["lost_later_reopened"] == 1


def test_losses_by_reason_stand_by_their_number() -> None:
    report = asked("lost", by=("reason",))
    assert report.rows[0]["label"] == "Price"
    assert (report.rows[0]["lost"], report.rows[0]["lost_amount"]) == (2, 200000)
    assert report.rows[0]["loss_rate"] == pytest.approx(0.2)
    assert report.totals["no_reason"] == 0


def test_losses_by_manager_are_a_part_of_that_managers_closed_deals() -> None:
    report = asked("lost", by=("manager",))
    assert {row["label"]: (row["lost"], row["base"]) for row in report.rows} == {
        "Anna": (4, 5),
        "Boris": (2, 5),
    }


def test_two_groupings_cross() -> None:
    report = asked("lost", by=("stage", "reason"))
    cells = {(row["label"], row["label_2"]): row["lost"] for row in report.rows}
    assert cells[("S4", "Price")] == 1
    assert cells[("S3", "Price")] == 1
    assert cells[(None, "Duplicate")] == 1
    assert sum(cells.values()) == 6


def test_three_groupings_cross_and_add_up_to_two() -> None:
    report = asked("lost", by=("stage", "reason", "manager"))
    cells = {(row["label"], row["label_2"], row["label_3"]): row for row in report.rows}
    assert len(cells) == len(report.rows)
    pairs: dict[tuple[str | None, str | None], int] = {}
    for (stage, reason, _manager), row in cells.items():
        pairs[stage, reason] = pairs.get((stage, reason), 0) + row["lost"]
        assert 0 < row["lost"] <= row["base"]
    two = asked("lost", by=("stage", "reason"))
    assert pairs == {(row["label"], row["label_2"]): row["lost"] for row in two.rows}
    with pytest.raises(UserError, match=r"report\.by"):
        asked("lost", by=("stage", "reason", "manager", "source"))


def test_own_history_probability_is_raw_in_key_stage() -> None:
    report = asked("key-stage")
    assert column(report, "resolved") == [9, 9, 8, 6]
    assert column(report, "won") == [4, 4, 4, 4]
    assert column(report, "probability") == pytest.approx([0.444444, 0.444444, 0.5, 0.666667], abs=1e-6)
    assert report.totals["turning_point"] == "S3"
    # Ten deals are far too few to name a key stage.
    assert report.totals["key_stage"] is None


def test_kaplan_meier_medians_of_the_worked_example() -> None:
    report = asked("stage-times")
    assert column(report, "p50") == pytest.approx([2, 8, 5, 6])
    assert column(report, "p75") == pytest.approx([2, 13, 10, 14])
    assert column(report, "censored") == [1, 2, 1, 0]
    assert set(report.extra["curves"]) == {"S1", "S2", "S3", "S4"}


def test_managers_add_up_to_the_team() -> None:
    report = asked("managers")
    assert [row["manager"] for row in report.rows] == ["Boris", "Anna"]
    for key in ("deals", "open", "won", "lost", "won_amount", "expected_amount"):
        assert sum(column(report, key)) == pytest.approx(report.totals[key])  # type: ignore[arg-type]
    anna = report.rows[1]
    assert (anna["deals"], anna["open"], anna["won"], anna["lost"]) == (7, 2, 1, 4)
    assert anna["cycle_median_days"] == pytest.approx(23)
    assert anna["flag"] == "few"


def test_the_matrix_adds_up_to_the_team() -> None:
    report = asked("manager-matrix")
    for stage in ("S1", "S2", "S3", "S4"):
        rows = [row for row in report.rows if row["stage"] == stage]
        team = rows[-1]
        assert team["scope"] == "team"
        for key in ("count", "amount", "expected_amount", "advanced", "resolved"):
            assert sum(row[key] or 0 for row in rows[:-1]) == pytest.approx(team[key] or 0)
    teams = [row for row in report.rows if row["scope"] == "team"]
    assert [row["step_conversion"] for row in teams] == pytest.approx([1, 0.9, 0.75, 2 / 3])
    assert [row["probability"] for row in teams] == pytest.approx([0.2, 0.4, 0.6, 0.8])


def test_a_cell_of_the_matrix_without_any_amount_says_nothing_and_the_team_is_the_sum_of_the_others() -> None:
    told = golden()
    anna = next(key for key, name in told.managers.items() if name == "Anna")
    bare = tuple(deal._replace(amount=None) if deal.owner == anna else deal for deal in told.deals)
    report = compute(replace(told, deals=bare), ReportRequest("manager-matrix"))
    for stage in ("S1", "S2", "S3", "S4"):
        *own, team = [row for row in report.rows if row["stage"] == stage]
        mine = next(row for row in own if row["manager"] == "Anna")
        for key in ("amount", "expected_amount"):
            assert mine[key] == (None if mine["count"] else 0)
            assert sum(row[key] or 0 for row in own) == pytest.approx(team[key] or 0)
    assert any(row["amount"] is None for row in report.rows)
    assert any(row["amount"] for row in report.rows if row["scope"] == "team")


def test_the_turned_matrix_has_the_same_rows_manager_by_manager() -> None:
    plain, turned = asked("manager-matrix"), asked("manager-matrix", turned=True)
    assert [column.key for column in turned.columns[:2]] == ["manager", "stage"]
    people = list(dict.fromkeys((row["scope"], row["manager"]) for row in plain.rows))
    expected = [
        row for scope, name in people for row in plain.rows if (row["scope"], row["manager"]) == (scope, name)
    ]
    assert list(turned.rows) == expected != list(plain.rows)
    place = next(n for n, row in enumerate(turned.rows) if row["count"])
    request = ReportRequest("manager-matrix", turned=True)
    assert len(deals_behind(golden(), request, place, "count")) == turned.rows[place]["count"]


def test_the_cycle_of_won_and_lost_deals() -> None:
    report = asked("cycle")
    # Won: G01 23 days, G02 27, G06 48, G09 0
    won = report.rows[0]
    assert (won["outcome"], won["n"]) == ("won", 4)
    assert won["mean"] == pytest.approx((23 + 27 + 48 + 0) / 4)
    assert won["p50"] == pytest.approx(25)
    assert report.rows[1]["n"] == 6


def furnished() -> FunnelFacts:
    """The example with a client and a call on every deal, an invoice and a plan."""
    facts = golden()
    calls = [ActivityFact(d.id, "call", d.created_at or 0, d.owner, d.id, None, 1, None) for d in facts.deals]
    deals = tuple(deal._replace(company_id=1) for deal in facts.deals)
    owed = InvoiceFact(1, "Delta", 1, 1, "2025-02-01", 5000, credit=False)
    plan = Plan(month="2025-03", manager_id=1, measure="deals", value=3)
    agreed = (Standard(id=1, kind="contact", limit_=7), Standard(id=2, kind="answer", limit_=4))
    known = Ledger(invoices=(owed,), plans=(plan,), standards=agreed)
    return replace(facts, deals=deals, activities=tuple(calls), companies={1: "Delta"}, ledger=known)


@pytest.mark.parametrize("name", list(CATALOG))
def test_every_report_answers_with_its_fixed_keys(name: str) -> None:
    fixed = {
        "stage-funnel": "stage rank count amount weighted_amount share entered advanced lost waiting "
        "step_conversion step_low step_high / created open won lost won_by_rule won_amount lost_amount "
        "overall_conversion win_rate win_rate_low win_rate_high",
        "finished-funnel": "stage entered passed lost conversion passed_amount lost_amount "
        "/ finished won lost lost_at_creation",
        "managers": "manager deals open won lost win_rate win_rate_low win_rate_high q flag won_amount "
        "expected_amount cycle_median_days / deals open won lost win_rate win_rate_low win_rate_high q "
        "flag won_amount expected_amount cycle_median_days",
        "manager-matrix": "stage manager count amount expected_amount probability step_conversion q flag /",
        "stage-times": "stage visits censored p25 p50 p75 p90 completed_median completed_mean /",
        "cycle": "outcome n mean p25 p50 p75 p90 /",
        "lost": "label lost lost_share lost_amount lost_amount_share loss_rate "
        "/ lost lost_amount no_reason no_comment",
        "key-stage": "stage resolved won probability jump gain bootstrap_share / key_stage turning_point",
        "active-funnel": "stage open amount expected_amount oldest_days hanging "
        "/ open amount expected_amount",
        "velocity": "open win_rate won_average cycle_mean_days velocity_per_day won_per_day /",
        "sources": "source leads qualified won rate low high q flag revenue cost roi /",
        "leaks": "slice step advanced resolved rate low high reference q shrunk flag cost "
        "/ pooled_rate tested",
        "audit": "kind finding by slice step count advanced resolved rate low high reference q shrunk flag "
        "cost worth amount share usual month_deals days cause cause_by cause_label cause_count "
        "/ deals leaks boosts tested unsure cost key_stage turning_point",
        "dynamics": "period created won lost won_amount win_rate /",
        "strategy": "manager volume depth strategy wins_per_month revenue_per_month profit_per_activity /",
        "cross-table": "label label_2 deals open won lost win_rate win_rate_low win_rate_high amount "
        "won_amount won_average / deals open won lost win_rate win_rate_low win_rate_high amount won_amount "
        "won_average",
        "lost-words": "reason comment lost lost_amount / lost lost_amount no_reason no_comment",
        "lost-history": "client prior_won prior_won_amount interaction_days won_median_days lost_median_days "
        "/ with_prior_win clients median_difference_days faster slower p",
        "activities": "manager kind stage done per_entry median_success /",
        "reaction": "manager leads answered median_hours p90_hours unanswered /",
        "week": "manager section what words count amount / done created moved won won_amount lost promised",
        "standards": "standard limit label manager checked kept kept_share broken_now /",
        "leads-deals": "period lead_won direct_won lead_amount direct_amount lead_share lead_rate "
        "direct_rate / lead_won direct_won lead_amount direct_amount lead_share lead_rate direct_rate p",
        "wins-when": "label closed won win_rate win_rate_low win_rate_high q flag won_amount "
        "/ closed won win_rate win_rate_low win_rate_high",
        "reverse-plan": "stage probability need need_80 need_90 / target_wins",
        "plan-fact": "manager month measure plan fact share chance /",
        "receivables": "label not_due d1_30 d31_60 d61_90 d90_plus total max_days_past_due "
        "/ not_due d1_30 d31_60 d61_90 d90_plus total max_days_past_due",
        "forecast": "stage open amount probability expected_count expected_amount / won_count won_amount "
        "count_p10 count_p50 count_p90 amount_p10 amount_p50 amount_p90 plan plan_chance backtest",
    }[name]
    rows, totals = (part.split() for part in fixed.split("/"))
    report = compute(furnished(), ReportRequest(name))
    assert report.rows
    for row in report.rows:
        assert set(rows) <= set(row)
        assert {each.key for each in report.columns} <= set(row)
    assert set(rows) <= {each.key for each in report.columns}
    assert set(totals) <= set(report.totals)
    assert {each.key for each in report.total_columns} <= set(report.totals)
