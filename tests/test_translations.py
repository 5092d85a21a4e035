from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def i18n() -> ModuleType:
    spec = importlib.util.spec_from_file_location("funneldesk_i18n", ROOT / "installer" / "i18n.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SOURCE = """
from funneldesk.text import _, ngettext, N_
def f(n):
    _("Open {name}…").format(name=n)
    ngettext("{count} row", "{count} rows", n).format(count=n)
KINDS = [N_("Call")]
"""

RUSSIAN = r"""
msgid ""
msgstr ""
"Language: ru\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
"n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"

msgid "Open {name}…"
msgstr "Открыть {name}…"

msgid "{count} row"
msgid_plural "{count} rows"
msgstr[0] "{count} строка"
msgstr[1] "{count} строки"
msgstr[2] "{count} строк"

msgid "Call"
msgstr "Звонок"
"""


@pytest.fixture
def small(i18n: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of three strings with a complete Russian catalogue."""
    monkeypatch.setattr(i18n, "LANGUAGES", ("ru",))
    (tmp_path / "funneldesk").mkdir()
    (tmp_path / "funneldesk" / "window.py").write_text(SOURCE, encoding="utf-8")
    path = i18n.catalogue_path("ru", tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text(RUSSIAN, encoding="utf-8")
    return tmp_path


def test_every_word_of_the_program_is_translated(i18n: ModuleType) -> None:
    assert i18n.problems(ROOT) == []


def test_no_number_is_broken_between_its_thousands(i18n: ModuleType) -> None:
    for language in i18n.LANGUAGES:
        told = i18n.catalogue_path(language).read_text(encoding="utf-8")
        assert not re.findall(r"\d (?:\"\n\")?\d{3}\b", told), language


def test_the_sign_of_percents_stands_as_each_language_wants_it(i18n: ModuleType) -> None:
    apart = re.compile(r"[\d}]\s%(?!\w)")
    for message in i18n.extract(ROOT):
        assert not apart.search(str(message.id).replace("\\xa0", " ")), message.id
    for language in i18n.LANGUAGES:
        for message in i18n.load(language):
            told = " / ".join(i18n._texts(message.string))
            wrong = re.compile(r"[\d}][^\S\u00a0]?%(?!\w)") if language == "ru" else apart
            assert not wrong.search(told), told


def test_the_words_are_found_at_all(i18n: ModuleType) -> None:
    assert len(i18n.extract(ROOT)) > 100


def test_plural_forms_are_those_of_the_language(i18n: ModuleType) -> None:
    for language in i18n.LANGUAGES:
        assert i18n.load(language, ROOT).num_plurals == 3


def test_a_complete_catalogue_has_no_problems(i18n: ModuleType, small: Path) -> None:
    assert i18n.problems(small) == []


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        ('"Звонок"', '""', "untranslated"),
        ('msgid "Call"\nmsgstr "Звонок"', "", "not in the catalogue"),
        ("Открыть {name}", "Открыть {nome}", "placeholders differ"),
        ('"{count} строк"', '"строк"', "placeholders differ"),
        ('msgstr[2] "{count} строк"\n', "", "plural forms missing"),
        ("Открыть {name}…", "Открыть {name}", "must end with"),
        ('"Звонок"', '" Звонок"', "space at an end"),
        ('msgid "Call"', '#, fuzzy\nmsgid "Call"', "fuzzy"),
    ],
)
def test_each_fault_of_a_catalogue_is_listed(
    i18n: ModuleType, small: Path, was: str, becomes: str, problem: str
) -> None:
    assert was in RUSSIAN
    i18n.catalogue_path("ru", small).write_text(RUSSIAN.replace(was, becomes), encoding="utf-8")
    found = i18n.problems(small)
    assert found, "the fault was not seen"
    assert any(problem in line for line in found)


def test_update_keeps_translations_adds_new_strings_empty_and_drops_gone_ones(
    i18n: ModuleType, small: Path
) -> None:
    source = small / "funneldesk" / "window.py"
    source.write_text(SOURCE.replace('N_("Call")', 'N_("Letter")'), encoding="utf-8")
    i18n.update(small)
    catalogue = i18n.load("ru", small)
    assert catalogue.get("{count} row").string == ("{count} строка", "{count} строки", "{count} строк")
    assert catalogue.get("Letter").string == ""
    assert catalogue.get("Call") is None


def test_update_twice_writes_the_same_bytes(i18n: ModuleType, small: Path) -> None:
    path = i18n.catalogue_path("ru", small)
    i18n.update(small)
    first = path.read_bytes()
    i18n.update(small)
    assert path.read_bytes() == first


def test_compiled_words_come_out_in_their_plural_form(i18n: ModuleType, small: Path) -> None:
    import gettext

    i18n.compile_catalogues(small)
    words = gettext.translation("funneldesk", small / "resources" / "i18n", languages=["ru"])
    assert [words.ngettext("{count} row", "{count} rows", n) for n in (1, 3, 11, 21)] == [
        "{count} строка",
        "{count} строки",
        "{count} строк",
        "{count} строка",
    ]


def test_a_catalogue_that_is_gone_is_all_untranslated(i18n: ModuleType, small: Path) -> None:
    shutil.rmtree(small / "resources")
    assert len(i18n.problems(small)) == 3
