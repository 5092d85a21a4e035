from __future__ import annotations

from pathlib import Path

from funneldesk.settings import RECENT_FILES, Settings, load_settings


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    settings = Settings(path=path, language="pl", font_scale=150)
    settings.me["/a/b.funneldesk"] = 3
    settings.remember_base(Path("/a/Łódź.funneldesk"))
    settings.save()
    assert load_settings(path) == settings
    assert [p.name for p in path.parent.iterdir()] == ["settings.json"]


def test_a_broken_file_gives_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text("{ half", encoding="utf-8")
    assert load_settings(path) == Settings(path=path)


def test_values_of_the_wrong_kind_or_out_of_bounds_are_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"theme": 5, "font_scale": 900, "recent": ["x"], "new_thing": 1}', encoding="utf-8")
    settings = load_settings(path)
    assert (settings.theme, settings.font_scale, settings.recent) == ("system", 175, ["x"])


def test_recent_bases_are_few_and_the_last_comes_first() -> None:
    settings = Settings()
    for number in range(20):
        settings.remember_base(Path(f"/{number}.funneldesk"))
    settings.remember_base(Path("/15.funneldesk"))
    assert settings.recent[:2] == [str(Path("/15.funneldesk")), str(Path("/19.funneldesk"))]
    assert len(settings.recent) == RECENT_FILES
