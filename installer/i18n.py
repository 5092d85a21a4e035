"""The catalogues of words: extract from the source, update, compile, check. Needs Babel only.

python installer/i18n.py extract | update | compile | check
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("ru", "pl")
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
PLACEHOLDER = re.compile(r"\{(\w*)[^{}]*\}")
NOISE = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Report-Msgid-Bugs-To|Last-Translator|'
    r"Language-Team): .*\n",
    re.MULTILINE,
)
# In these languages the first plural form stands for exactly one, where the number may be left out.
ONE_IS_ONE = frozenset({"pl"})


def catalogue_path(language: str, root: Path = ROOT) -> Path:
    """Where the .po file of a language lies; its .mo file is beside it."""
    return root / "resources" / "i18n" / language / "LC_MESSAGES" / "funneldesk.po"


def extract(root: Path = ROOT) -> Catalog:
    """Every marked string of the source, in the order of files."""
    template = Catalog(project="FunnelDesk", charset="utf-8", header_comment="# FunnelDesk's words.")
    found = extract_from_dir(
        str(root / "funneldesk"),
        method_map=[("**.py", "python")],
        keywords=KEYWORDS,  # type: ignore[arg-type,unused-ignore]
        comment_tags=("translators:",),
        strip_comment_tags=True,
    )
    for name, _line, text, comments, context in sorted(found, key=lambda row: (row[0], row[1])):
        place = "funneldesk/" + name.replace("\\", "/")
        flags = ["python-brace-format"] if "{" in str(text) else []
        template.add(text, None, [(place, 0)], flags=flags, auto_comments=comments, context=context)
    return template


def load(language: str, root: Path = ROOT) -> Catalog:
    """The catalogue of a language; an empty one with the right plural forms when there is no file yet."""
    path = catalogue_path(language, root)
    if not path.exists():
        return Catalog(locale=language, project="FunnelDesk", charset="utf-8")
    return read_po(io.BytesIO(path.read_bytes()), locale=language)


def save(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue so that the same words always give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, include_lineno=False, sort_output=False, ignore_obsolete=True)
    text = buffer.getvalue().decode("utf-8")
    # Dates, the tool's version and empty fields change or say nothing.
    text = NOISE.sub("", text).replace("FunnelDesk VERSION", "FunnelDesk")
    path.write_text(text, encoding="utf-8", newline="\n")


def update(root: Path = ROOT) -> None:
    """Bring the catalogues in line with the source: new strings empty, gone ones dropped, nothing guessed."""
    template = extract(root)
    for language in LANGUAGES:
        old = load(language, root)
        fresh = Catalog(
            locale=language,
            project="FunnelDesk",
            charset="utf-8",
            header_comment=f"# FunnelDesk's words: {language}.",
            creation_date=datetime(2026, 1, 1, tzinfo=UTC),
            fuzzy=False,
        )
        for message in template:
            if not message.id:
                continue
            known = old.get(_key(message), message.context)
            fresh.add(
                message.id,
                known.string if known is not None and _same_shape(known, message) else None,
                message.locations,
                flags=(set(message.flags) | ({"fuzzy"} if known is not None and known.fuzzy else set())),
                auto_comments=message.auto_comments,
                user_comments=known.user_comments if known is not None else (),
                context=message.context,
            )
        save(fresh, catalogue_path(language, root))


def compile_catalogues(root: Path = ROOT) -> list[Path]:
    """Make each .mo file from its .po file, replacing it at once; those up to date are left alone."""
    made = []
    for language in LANGUAGES:
        source = catalogue_path(language, root)
        target = source.with_suffix(".mo")
        if not source.exists():
            continue
        if target.exists() and target.stat().st_mtime > source.stat().st_mtime:
            continue
        buffer = io.BytesIO()
        write_mo(buffer, load(language, root))
        scratch = target.with_suffix(".mo.part")
        scratch.write_bytes(buffer.getvalue())
        scratch.replace(target)
        made.append(target)
    return made


def problems(root: Path = ROOT) -> list[str]:
    """What is wrong with the catalogues, one line each; empty when all languages are complete."""
    template = extract(root)
    found = []
    for language in LANGUAGES:
        catalogue = load(language, root)
        for message in template:
            if not message.id:
                continue
            known = catalogue.get(_key(message), message.context)
            if known is None:
                found.append(f"{language}: not in the catalogue: {_key(message)!r}")
                continue
            found += [
                f"{language}: {problem}: {_key(message)!r}" for problem in _faults(message, known, catalogue)
            ]
    return found


def _faults(message: Message, known: Message, catalogue: Catalog) -> Iterator[str]:
    if known.fuzzy:
        yield "fuzzy"
    if not _same_shape(known, message):
        yield "singular and plural do not agree with the source"
        return
    ids, forms = _texts(message.id), _texts(known.string)
    if not any(forms):
        yield "untranslated"
        return
    if not all(forms) or (len(ids) > 1 and len(forms) < catalogue.num_plurals):
        yield "plural forms missing"
        return
    wanted = set().union(*(_placeholders(text) for text in ids))
    for index, form in enumerate(forms):
        have = _placeholders(form)
        may_lack = {"count", "n"} if len(forms) > 1 and index == 0 and _is_one(catalogue) else set()
        if have - wanted or (wanted - have) - may_lack:
            yield f"placeholders differ ({', '.join(sorted(have ^ wanted))})"
    if any(form.strip() != form for form in forms) and ids[0].strip() == ids[0]:
        yield "space at an end"
    if ids[0].endswith(("…", ":")) and not all(form.endswith(ids[0][-1]) for form in forms):
        yield f"must end with {ids[0][-1]}"


def _is_one(catalogue: Catalog) -> bool:
    """Whether the first plural form of the catalogue's language stands for exactly one thing."""
    return catalogue.locale is not None and catalogue.locale.language in ONE_IS_ONE


def _texts(value: object) -> list[str]:
    """One text or all forms of one, as a list; what is missing is empty."""
    return [str(text or "") for text in (value if isinstance(value, (list, tuple)) else [value])]


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text.replace("{{", "").replace("}}", "")))


def _key(message: Message) -> str:
    return _texts(message.id)[0]


def _same_shape(one: Message, other: Message) -> bool:
    return isinstance(one.id, (list, tuple)) == isinstance(other.id, (list, tuple)) and (
        not isinstance(one.id, (list, tuple)) or tuple(one.id) == tuple(other.id)
    )


def main(words: list[str]) -> int:
    """Do what one word says; 0 done, 1 something is wrong with the words, 2 wrong usage."""
    match words:
        case ["extract"]:
            target = ROOT / "build" / "funneldesk.pot"
            save(extract(), target)
            print(f"{target}: {len(extract())} strings")
        case ["update"]:
            update()
            print(f"{len(problems())} strings wait for a translator")
        case ["compile"]:
            for path in compile_catalogues():
                print(f"compiled {path.relative_to(ROOT)}")
        case ["check"]:
            found = problems()
            print("\n".join(found) if found else f"all {len(extract())} strings are translated")
            return 1 if found else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
