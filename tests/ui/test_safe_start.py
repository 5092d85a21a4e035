from __future__ import annotations

from pathlib import Path

import pytest

from funneldesk import app, paths
from funneldesk.settings import Settings, load_settings
from funneldesk.ui import application, program


def test_a_safe_start_takes_up_nothing_and_overwrites_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = load_settings(paths.settings_file())
    kept.theme, kept.geometry, kept.last_base = "dark", "broken", str(tmp_path / "there.funneldesk")
    (tmp_path / "there.funneldesk").write_bytes(b"x")
    kept.save()
    seen: list[tuple[Path | None, Settings]] = []

    def run(base: Path | None, _lang: object, _file: object, settings: Settings, _painted: object) -> int:
        seen.append((base, settings))
        settings.save()
        return 0

    monkeypatch.setattr(program, "run", run)
    monkeypatch.setattr(application, "kept_bytecode", lambda _path: __import__("contextlib").nullcontext())
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert app.main(["--safe"]) == 0
    assert app.main([]) == 0
    (safe_base, safe), (usual_base, usual) = seen
    assert (safe_base, safe.theme, safe.geometry) == (None, "system", "")
    assert (usual_base, usual.theme) == (tmp_path / "there.funneldesk", "dark")
    assert load_settings(paths.settings_file()).theme == "dark"


def test_a_base_named_from_where_one_stands_is_known_from_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[Path | None, Path | None]] = []

    def run(base: Path | None, _lang: object, file: Path | None, _painted: object, *, safe: bool) -> int:
        seen.append((base, file))
        return 0

    monkeypatch.setattr(application, "run_window", run)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.chdir(tmp_path)
    for words in (["sales.funneldesk"], ["--db", "sales.funneldesk"], ["list.xlsx"]):
        app.main(words)
    base, file = tmp_path / "sales.funneldesk", tmp_path / "list.xlsx"
    assert seen == [(base, None), (base, None), (None, file)]
