"""The log is kept, stays small, and holds nothing that a person wrote."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from funneldesk import logs
from funneldesk.services import bases, clients, diagnostics


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    logs.let_go()


def test_what_goes_wrong_is_written_down(tmp_path: Path) -> None:
    path = logs.keep_log(tmp_path / "log")
    assert path is not None
    try:
        raise KeyError("place")
    except KeyError:
        logging.getLogger("funneldesk.somewhere").exception("a job failed")
    text = path.read_text(encoding="utf-8")
    assert "a job failed" in text and "KeyError" in text


def test_the_words_of_an_error_are_left_out(tmp_path: Path) -> None:
    path = logs.keep_log(tmp_path / "log")
    assert path is not None
    try:
        try:
            raise OSError(28, "No space left", "ann brown/base")
        except OSError as error:
            raise ValueError("Ann Brown") from error
    except ValueError as error:
        logging.getLogger("funneldesk.somewhere").error("a job failed", exc_info=error)
    text = path.read_text(encoding="utf-8")
    assert "Ann" not in text and "ann" not in text
    assert "builtins.ValueError\n" in text and "builtins.OSError (28)" in text
    assert "tests/test_logs.py:" in text


def test_asked_twice_it_writes_once(tmp_path: Path) -> None:
    path = logs.keep_log(tmp_path)
    assert logs.keep_log(tmp_path) == path
    logging.getLogger("funneldesk").warning("once")
    assert path is not None and path.read_text(encoding="utf-8").count("once") == 1


def test_the_log_stays_within_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MOST", 2_000)
    logs.keep_log(tmp_path)
    for number in range(500):
        logging.getLogger("funneldesk").info("line %s", number)
    written = [p for p in tmp_path.iterdir() if p.name.startswith(logs.FILE)]
    assert len(written) == logs.OLDER + 1
    assert all(p.stat().st_size <= 2_000 for p in written)


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert logs.keep_log(tmp_path / "file" / "log") is None


def test_diagnostics_count_and_tell_no_names(tmp_path: Path) -> None:
    with bases.new_base(tmp_path / "secret name.funneldesk", template="general") as db:
        clients.create_company(db, name="Acme Ltd")
        found = diagnostics.diagnose(db)
    assert found.records["company"] == 1
    assert found.base_bytes > 100_000 and found.journal_entries >= 2
    assert "Acme" not in repr(found) and "secret" not in repr(found)
