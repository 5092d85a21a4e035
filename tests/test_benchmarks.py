"""What a benchmark is asked for."""

from __future__ import annotations

import sys

import pytest

from tests.benchmarks import bench_growth, bench_reports


def test_a_name_that_fits_no_report_is_refused_with_the_names_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before any base is made."""
    monkeypatch.setattr(bench_growth, "kept_base", lambda _deals: pytest.fail("a base was made"))
    monkeypatch.setattr(sys, "argv", ["bench_growth", "--only", "stage-funnel", "plan-fakt"])
    with pytest.raises(SystemExit) as ended:
        bench_growth.main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "'plan-fakt'" in said
    assert "stage-funnel strict, " in said


def test_a_whole_name_is_one_report_and_a_part_of_names_is_all_of_these() -> None:
    """`lost` alone is not `lost-words` too."""
    every = bench_reports.cases(0)
    names = [[case.name for case in bench_growth.chosen(every, [asked])] for asked in ("lost", "-words")]
    assert names == [["lost"], ["lost-words"]]
    assert bench_growth.chosen(every, []) == every
