from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from funneldesk.domain.change import Change
from funneldesk.domain.files import CAP_KEY
from funneldesk.errors import UserError
from funneldesk.services import cards, clients, files
from funneldesk.store.database import Database

BothWays = Callable[[Callable[[], Change]], Change]


def test_a_file_is_kept_saved_removed_and_brought_back(
    db: Database, tmp_path: Path, both_ways: BothWays
) -> None:
    source = tmp_path / "offer.pdf"
    source.write_bytes(b"%PDF offer" * 100)
    both_ways(lambda: files.attach(db, "company", 1, [source]))
    source.unlink()
    file = files.files_of(db, "company", 1)[0]
    assert (file.name, file.size) == ("offer.pdf", 1000)
    assert files.save_as(db, file, tmp_path / "copy.pdf").read_bytes() == b"%PDF offer" * 100
    shown = cards.client(db, "company", 1, 5)
    assert shown is not None
    assert shown[1][0].values["edits"] == (("file", None, "offer.pdf"),)
    both_ways(lambda: files.remove(db, file.id))
    both_ways(lambda: files.link(db, "company", 1, "https://a.example/price"))
    both_ways(lambda: clients.delete(db, [("company", 1)]))


def test_what_is_too_large_missing_or_a_folder_is_told(db: Database, tmp_path: Path) -> None:
    db.set_setting(CAP_KEY, 1)
    large = tmp_path / "large.bin"
    large.write_bytes(b"x" * 1_000_001)
    small = tmp_path / "small.txt"
    small.write_text("x")
    for paths, code in (([small, large], "file.too_large"), ([tmp_path], "file.folder"),
                        ([tmp_path / "none"], "file.unreadable")):  # fmt: skip
        with pytest.raises(UserError, match=code.replace(".", r"\.")):
            files.attach(db, "deal", 1, paths)
    assert files.files_of(db, "deal", 1) == []
    with pytest.raises(UserError, match=r"file\.link"):
        files.link(db, "deal", 1, "  ")
