"""A report as text on the command line reads as in the window: totals with ranges, nothing of nothing."""

from __future__ import annotations

import re

from tests.cli.kit import Run


def parts(run: Run, *words: str) -> list[list[str]]:
    status, out, _err = run("report", *words)
    assert status == 0
    return [part.splitlines() for part in out.rstrip("\n").split("\n\n")]


def test_a_rate_of_the_totals_has_its_range_beside_it(run: Run) -> None:
    run("demo", "--deals", "120")
    totals = next(part for part in parts(run, "stage-funnel") if part[0].startswith("Created: "))
    rate = next(line for line in totals if line.startswith("Win rate: "))
    assert re.fullmatch(r"Win rate: [\d.]+%\s\([\d.]+–[\d.]+%\)", rate), rate
    assert not [line for line in totals if line.startswith(("from:", "to:")) or line.endswith("–")]


def test_totals_of_the_columns_are_the_last_row_of_the_table(run: Run) -> None:
    run("demo", "--deals", "120")
    table = next(part for part in parts(run, "managers") if part[0].startswith("Manager "))
    assert table[-1].startswith("Team ")
    assert len(table[-1].split()) > 8
    assert "Verdict:" not in run("report", "managers")[1]


def test_what_the_report_answers_is_said(run: Run) -> None:
    run("demo", "--deals", "300")
    said = run("report", "key-stage")[1]
    assert "Key stage: " in said or "Too few decided deals to name a key stage." in said


def test_where_there_is_nothing_one_sentence_says_so(run: Run) -> None:
    run("new", "--template", "simple")
    _head, *rest = parts(run, "receivables")
    assert rest == [["There is nothing to list in this period and with these filters."]]
