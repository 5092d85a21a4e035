from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from funneldesk.domain.booklet import Advice
from funneldesk.domain.facts import InvoiceFact, Ledger
from funneldesk.domain.results import Population, Report, ReportRequest, Rule
from funneldesk.report_words import (
    cell_text,
    column_label,
    excluded_sentences,
    figures,
    has_total_row,
    header_block,
    is_few,
    labels,
    note_sentences,
    population_sentence,
    report_answer,
    report_title,
    rule_hint,
    rule_sentence,
    rule_title,
    sentences,
    shown_columns,
    total_cells,
)
from funneldesk.report_words.advice import advice_text
from funneldesk.report_words.cells import certainty, chance_text
from funneldesk.report_words.files import file_words, write_xlsx
from funneldesk.reports.catalog import CATALOG, compute
from funneldesk.text import set_language
from tests.reports.golden import at, golden


def ask(name: str, **more: object) -> Report:
    return compute(golden(), ReportRequest(name, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", list(CATALOG))
def test_every_report_and_every_column_has_its_words(name: str) -> None:
    assert name in labels._TITLES
    assert report_answer(name).endswith("?")
    for population in CATALOG[name].populations:
        report = ask(name, population=population)
        for column in (*report.columns, *report.total_columns):
            assert column.key in labels._COLUMNS, column.key


@pytest.mark.parametrize("name", list(CATALOG))
def test_every_report_says_what_it_counts(name: str) -> None:
    for population in CATALOG[name].populations:
        for rule in CATALOG[name].rules or (None,):
            report = ask(name, population=population, rule=rule)
            assert population_sentence(report)
            assert rule_sentence(report)
            assert header_block(report)[0] == report_title(name)


def test_every_rule_has_a_name_and_a_sentence() -> None:
    for rule in Rule:
        assert rule_title(rule) != str(rule)
        assert rule_hint(rule).endswith(".")
    assert {str(each) for each in Population} == set(sentences._POPULATIONS)


def test_every_cause_of_leaving_out_has_a_sentence() -> None:
    for name, info in CATALOG.items():
        for population in info.populations:
            report = ask(name, population=population)
            told = replace(report, excluded=dict.fromkeys(report.excluded, 3))
            for cause, sentence in zip(told.excluded, excluded_sentences(told), strict=True):
                assert sentence.startswith("3 ")
                assert sentence.endswith("."), cause
                assert cause not in sentence
    assert excluded_sentences(replace(ask("lost"), excluded={"no_amount": 0})) == []


def test_missing_labels_are_named_by_what_is_missing() -> None:
    report = ask("lost")
    column = report.column("label")
    assert cell_text(report, column, None, report.rows[0]) == "At creation"
    by_reason = ask("lost", by=("reason",))
    assert cell_text(by_reason, by_reason.column("label"), None, {}) == "Not stated"
    team = ask("manager-matrix")
    assert cell_text(team, team.column("manager"), None, {"scope": "team"}) == "Team"
    assert cell_text(team, team.column("manager"), None, {"scope": "unassigned"}) == "Nobody"


def test_a_quantile_that_is_never_reached_is_more_than_the_longest() -> None:
    report = ask("stage-times")
    assert cell_text(report, report.column("p90"), None, {"longest": 47.6}) == "> 48"
    assert cell_text(report, report.column("p90"), None, {"longest": None}) == "–"


def test_numbers_are_written_in_the_language() -> None:
    report = ask("stage-funnel")
    assert cell_text(report, report.column("share"), 0.756) == "75.6%"
    assert cell_text(report, report.column("amount"), 123456789) == "1,234,567.89"
    set_language("ru")
    assert cell_text(report, report.column("share"), 0.756) == "75,6\u00a0%"
    assert cell_text(report, report.column("amount"), 123456700) == "1\u00a0234\u00a0567"


def test_where_some_sums_of_a_column_have_cents_all_show_them() -> None:
    asked = ReportRequest("receivables", by=("client",))
    sums = {"A": 27250, "B": 150000}
    invoices = tuple(InvoiceFact(1, name, 1, None, None, owed, False) for name, owed in sums.items())
    report = compute(replace(golden(), ledger=Ledger(invoices=invoices)), asked)
    columns = {shown.column.key: shown for shown in shown_columns(report)}
    assert [columns["total"].text(report, row) for row in report.rows] == ["1,500.00", "272.50"]
    assert [columns["d1_30"].text(report, row) for row in report.rows] == ["0", "0"]
    assert columns["total"].text(report, report.totals) == "1,772.50"


def test_what_is_owed_stands_above_and_the_rest_is_the_last_row() -> None:
    sums = {"2025-02-20": 100, "2024-02-20": 2000, "2027-01-01": 30000}
    invoices = tuple(InvoiceFact(1, "A", 1, None, day, owed, False) for day, owed in sums.items())
    facts = replace(golden(), as_of=at("2025-03-01"), ledger=Ledger(invoices=invoices))
    report = compute(facts, ReportRequest("receivables"))
    assert [(each.label, each.text) for each in figures(report)] == [("Total", "$321"), ("Overdue", "$21")]
    assert has_total_row(report)
    total = total_cells(report, shown_columns(report))
    assert total[:2] == ["Total", "300"] and total[-3:] == ["321", "3", "375"]


def test_numbers_that_are_no_counts_have_the_same_decimals_in_every_row() -> None:
    report = compute(golden(), ReportRequest("activities"))
    column = report.column("per_entry")
    assert [cell_text(report, column, value) for value in (0.0, 15.0, 1.625)] == ["0.0", "15.0", "1.6"]
    half = report.column("median_success")
    assert [cell_text(report, half, value) for value in (1.0, 1.5)] == ["1", "1.5"]


def test_no_deals_stand_behind_calls_and_meetings() -> None:
    report = compute(golden(), ReportRequest("plan-fact"))
    deals = report.column("deals")
    said = {m: cell_text(report, deals, 0, {"measure": m}) for m in ("money", "deals", "calls", "meetings")}
    assert said == {"money": "0", "deals": "0", "calls": "–", "meetings": "–"}


@pytest.mark.parametrize("language", ["en", "ru", "pl"])
def test_a_file_does_not_say_twice_that_it_counted(language: str) -> None:
    set_language(language)
    try:
        for name in CATALOG:
            words = file_words(compute(golden(), ReportRequest(name)), ZoneInfo("UTC"))
            assert not [what for what, value in words.notes if value.startswith(f"{what}:")], name
    finally:
        set_language("en")


def test_many_days_of_a_standard_have_no_tenths() -> None:
    report = compute(golden(), ReportRequest("standards"))
    kept = report.column("kept")
    said = [cell_text(report, kept, value, {"standard": "contact"}) for value in (2.5, 6552.7, 1.0)]
    assert said == ["2.5 days", "6,553 days", "1 day"]


def test_a_chance_is_said_as_so_many_in_a_hundred() -> None:
    report = ask("managers")
    assert cell_text(report, report.column("q"), 0.0000004) == "under 1 in 100"
    assert cell_text(report, report.column("q"), 0.0714) == "7 in 100"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.05, "5"), (0.048, "4.8"), (0.052, "5.2"), (0.0501, "5.01"), (0.04999, "4.999"), (0.047, "4.7"),
        (0.044, "4"), (0.1, "10"), (0.0996, "9.96"), (0.104, "10.4"), (0.106, "11"), (1.0, "100"),
    ],
)  # fmt: skip
def test_a_chance_near_a_limit_is_said_on_its_side_of_it(value: float, said: str) -> None:
    set_language("en")
    assert chance_text(value) == f"{said} in 100"


def test_ranges_stand_in_one_column() -> None:
    keys = [(shown.column.key, shown.range_of) for shown in shown_columns(ask("stage-funnel"))]
    assert ("step_low", "step_conversion") in keys
    assert "step_high" not in [key for key, _range in keys]
    assert "rank" not in [key for key, _range in keys]


def test_a_figure_carries_its_range_and_its_currency() -> None:
    found = {figure.key: figure for figure in figures(ask("stage-funnel"))}
    assert found["win_rate"].note == "16.8–68.7%"
    assert found["won_amount"].text == "$2,150"
    assert "win_rate_low" not in found


def test_a_young_cohort_and_few_closed_deals_are_warned_of() -> None:
    # 71.4 % of the fourteen deals are closed
    assert any("71.4" in note for note in note_sentences(ask("stage-funnel")))
    old = ask("stage-funnel", start=at("2025-01-01"), end=at("2025-01-08"))
    few = replace(old, totals={**old.totals, "won": 2, "lost": 3})
    assert any("Only 5 closed deals" in note for note in note_sentences(few))


def test_rates_of_fewer_than_ten_are_few() -> None:
    report = ask("finished-funnel")
    assert all(is_few(report, row, "conversion") == (row["entered"] < 10) for row in report.rows)
    assert not is_few(report, report.rows[0], "entered")


def test_the_period_is_written_with_its_last_day() -> None:
    zone = ZoneInfo("UTC")
    report = ask("stage-funnel", start=at("2025-01-01"), end=at("2025-02-01"), managers=(1,))
    text = "\n".join(header_block(report, zone))
    assert "Jan 1, 2025 – Jan 31, 2025" in text
    assert "Manager: Anna" in text
    assert "created in the period" in text


@pytest.mark.parametrize(
    ("q", "flag", "said"),
    [
        (None, "few", "not compared"),
        (0.755, "none", "may well be chance"),
        (0.10, "none", "not by chance, but small"),
        (0.004, "leak", "hardly by chance"),
        (0.02, "boost", "hardly by chance"),
    ],
)
def test_a_q_is_said_in_words(q: float | None, flag: str, said: str) -> None:
    assert certainty({"q": q, "flag": flag}) == said


@pytest.mark.parametrize("name", CATALOG)
def test_no_sentence_of_a_print_needs_a_statistician(name: str) -> None:
    sentences = " ".join([population_sentence(ask(name)), rule_sentence(ask(name))])
    assert not [each for each in ("q up to", "Wilson", "Kaplan", "futures") if each in sentences]


def test_ranges_of_contacts_have_a_dash() -> None:
    report = compute(golden(), ReportRequest("wins-when", by=("attempt",)))
    column = report.column("label")
    assert [cell_text(report, column, label) for label in ("6-10", "21+", "3")] == ["6–10", "21+", "3"]


def test_figures_that_a_way_of_counting_has_not_are_left_out() -> None:
    moved = compute(
        golden(),
        ReportRequest(
            "stage-funnel", start=at("2025-01-01"), end=at("2025-02-01"), population=Population.ACTIVITY
        ),
    )
    keys = [figure.key for figure in figures(moved)]
    assert "created" in keys and not {"overall_conversion", "maturity"} & {*keys}
    assert "overall_conversion" in [f.key for f in figures(compute(golden(), ReportRequest("stage-funnel")))]


def test_what_a_note_warns_of_is_no_figure_besides() -> None:
    report = ask("stage-funnel")
    for closed, figure in ((0.79, False), (0.8, True)):
        some = replace(report, totals={**report.totals, "maturity": closed})
        assert ("maturity" in {each.key for each in figures(some)}) is figure
        assert any("conversions will still change" in note for note in note_sentences(some)) is not figure


def test_a_spreadsheet_shows_cents_where_a_sum_has_any(tmp_path: Path) -> None:
    found = ask("managers")

    def formats(report: Report) -> set[str]:
        write_xlsx(report, tmp_path / "m.xlsx", ZoneInfo("UTC"))
        sheet = openpyxl.load_workbook(tmp_path / "m.xlsx").worksheets[0]
        lines = list(sheet.iter_rows())
        top = next(n for n, line in enumerate(lines) if line[0].value == "Manager")
        place = next(n for n, cell in enumerate(lines[top]) if str(cell.value).startswith("Won amount"))
        return {str(line[place].number_format) for line in lines[top + 1 :]}

    assert formats(found) == {"#,##0"}
    odd = tuple({**row, "won_amount": 1_234_56} for row in found.rows)
    assert formats(replace(found, rows=odd)) == {"#,##0.00"}
    expected = tuple({**row, "expected_amount": 1_234.5} for row in found.rows)
    assert formats(replace(found, rows=expected)) == {"#,##0"}


def test_the_totals_of_a_file_are_named_as_those_of_the_print() -> None:
    assert file_words(ask("managers"), ZoneInfo("UTC")).totals == "Team"
    assert file_words(ask("stage-funnel"), ZoneInfo("UTC")).totals == "Total"


@pytest.mark.parametrize(
    ("language", "promised", "lost"),
    [
        ("en", "promised", "Lost deals"),
        ("ru", "обещано", "Потерянные сделки"),
        ("pl", "obiecane", "Przegrane"),
    ],
)
def test_a_figure_is_called_after_what_is_counted(language: str, promised: str, lost: str) -> None:
    set_language(language)
    week = ask("week")
    assert column_label("promised").lower().startswith(promised)
    assert f"{promised}:" in population_sentence(week)
    assert column_label("with_prior_win").startswith(lost)  # deals, not their clients


def test_a_missed_plan_says_of_which_month() -> None:
    report = compute(golden(), ReportRequest("plan-fact"))
    row = {
        "measure": "deals", "month": "2025-01", "plan": 5, "fact": 2, "gap": 3, "chance": None,
    }  # fmt: skip
    book = SimpleNamespace(managers=report, plan=report)
    told = advice_text(Advice("plan_missed", row), book)  # type: ignore[arg-type]
    assert told == "Won deals: 2 of the 5 planned for January 2025. Missing: 3."
    for language, of in (("ru", "по плану на январь 2025. "), ("pl", "planu na styczeń 2025. ")):
        set_language(language)
        assert of in advice_text(Advice("plan_missed", row), book)  # type: ignore[arg-type]
