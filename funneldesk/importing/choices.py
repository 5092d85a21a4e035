"""Columns of choices: what is a list of choices, and which option of a field a word means."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from funneldesk.domain.folding import fold
from funneldesk.importing.parsing import Bad

MOST = 200  # options that a field is given by an import
_FEW, _LONGEST = 15, 60  # different values of a column that is taken for choices, and their letters
_CELLS = 2_000  # different cells; a column with more is not taken for a list of several choices
_LETTER = re.compile(r"[^\W\d_]")
_HARD = re.compile(r"[;\n]")
_COMMA = re.compile(r",(?!\d)|(?<!\d),")  # 1,5 is a number

Kept = tuple[str, float | None]


def words_of(text: str, known: Mapping[str, str], *, commas: bool) -> list[str]:
    """The single choices in a cell: parted by semicolons, lines and perhaps commas.

    `known` are options by their folded names: one that holds such a mark itself stays whole.
    """
    if fold(text) in known:
        return [text.strip()]
    found: list[str] = []
    for part in _whole(_HARD.split(text), "; ", known):
        if commas and fold(part) not in known:
            found.extend(_whole(_COMMA.split(part), ", ", known))
        else:
            found.append(part)
    return list({fold(word): word for word in found if word}.values())


def _whole(parts: list[str], mark: str, known: Mapping[str, str]) -> list[str]:
    """The parts, those together that are one option with a mark in its name."""
    parts = [part.strip() for part in parts]
    if len(parts) < 2 or not any(mark.strip() in name for name in known):
        return parts
    found, at = [], 0
    while at < len(parts):
        ends = range(len(parts), at + 1, -1)
        end = next((end for end in ends if fold(mark.join(parts[at:end])) in known), at + 1)
        found.append(mark.join(parts[at:end]))
        at = end
    return found


def by_commas(texts: Iterable[str]) -> bool:
    """Whether commas part the choices of a column: only where no semicolon or line does."""
    return not any(_HARD.search(text) for text in texts)


def guess(counted: Mapping[str, int]) -> tuple[bool, list[str]] | None:
    """(several in a cell, the options) of a column that holds choices; None = it does not.

    A column of choices has few short values that come again and again; `counted` are its cells.
    """
    total = sum(counted.values())
    if total < 6 or len(counted) > _CELLS or not _wordy(counted):
        return None
    several = _several(counted, total)
    if several is not None:
        return True, several
    options = spellings(counted)
    if 2 <= len(options) <= _FEW and total >= 2 * len(options) and not any("\n" in o for o in options):
        return (False, options) if max(map(len, options)) <= _LONGEST else None
    return None


def _several(counted: Mapping[str, int], total: int) -> list[str] | None:
    commas = by_commas(counted)
    parted = {text: words_of(text, {}, commas=commas) for text in counted}
    many = sum(counted[text] for text, words in parted.items() if len(words) > 1)
    if many < 2 or many * 10 < total:
        return None
    alone = {fold(words[0]) for words in parted.values() if len(words) == 1}
    # "Berlin, Germany" is a place: of real lists of choices some stand alone, too.
    if commas and not any(fold(w) in alone for words in parted.values() if len(words) > 1 for w in words):
        return None
    uses: Counter[str] = Counter()
    for text, words in parted.items():
        for word in words:
            uses[word] += counted[text]
    options = spellings(uses)
    few = 2 <= len(options) <= _FEW and sum(uses.values()) >= 2 * len(options)
    return options if few and max(map(len, options)) <= _LONGEST else None


def _wordy(counted: Mapping[str, int]) -> bool:
    """Whether the values are words; codes and phones are none."""
    return sum(1 for text in counted if _LETTER.search(text)) * 2 >= len(counted)


def spellings(uses: Mapping[str, int]) -> list[str]:
    """One spelling of each word, the most frequent, in the order in which they first stand."""
    best: dict[str, str] = {}
    for word, count in uses.items():
        if word:
            now = best.setdefault(fold(word), word)
            if count > uses.get(now, 0):
                best[fold(word)] = word
    return list(best.values())


class Options:
    """The options of a field, and what the words of a column mean among them.

    `words` say what a person decided: folded word -> option, "" = nothing; a word that means itself
    becomes an option.  `unknown` says what any other word becomes: "create", "empty", else it is refused.
    """

    def __init__(
        self,
        options: Sequence[str],
        texts: Mapping[str, int],
        *,
        several: bool,
        words: Mapping[str, str],
        unknown: str,
        fresh: bool,
    ) -> None:
        self.known = {fold(option): option for option in options}
        self.several = several
        self._words, self._unknown = words, unknown
        own = {folded for folded, meaning in words.items() if fold(meaning) == folded}
        self._commas = not several or not fresh or by_commas(texts)
        counted: Counter[str] = Counter()
        for text, count in texts.items():
            for word in self.words_of(text):
                counted[word] += count
        # by one spelling of each word, how many rows hold it
        self.uses = dict.fromkeys(spellings(counted), 0)
        spelt = {fold(word): word for word in self.uses}
        for word, count in counted.items():
            self.uses[spelt[fold(word)]] += count
        self.made: dict[str, str] = {}  # folded -> the option that will be made
        for word in self.uses:
            folded = fold(word)
            meaning = words.get(folded, word)
            free = fresh or unknown == "create" or fold(meaning) in own
            if meaning and free and fold(meaning) not in self.known:
                self.made.setdefault(fold(meaning), meaning)

    def words_of(self, text: str) -> list[str]:
        """The choices that stand in a cell."""
        return words_of(text, self.known, commas=self._commas) if self.several else [text.strip()]

    def option(self, word: str) -> str | None:
        """The option that a word means; "" = nothing, None = unknown."""
        meaning = self._words.get(fold(word), word)
        if not meaning:
            return ""
        found = self.known.get(fold(meaning)) or self.made.get(fold(meaning))
        return found if found is not None or self._unknown != "empty" else ""

    def is_decided(self, word: str) -> bool:
        """Whether a person said what a word means."""
        return fold(word) in self._words

    def unknown_words(self) -> list[tuple[str, int]]:
        """Words that no option is meant by, and in how many rows they stand."""
        return [(word, count) for word, count in self.uses.items() if self.option(word) is None]

    def kept(self, text: str) -> Kept | Bad | None:
        """A cell as it is kept; None = as nothing."""
        found: dict[str, None] = {}
        for word in self.words_of(text):
            option = self.option(word)
            if option is None:
                return Bad("import.unknown_option", word)
            if option:
                found[option] = None
        if not found:
            return None
        return (json.dumps(list(found), ensure_ascii=False) if self.several else next(iter(found))), None

    def used(self, kept: Iterable[str]) -> list[str]:
        """Of the options to be made those that kept values hold."""
        read: Callable[[str], list[str]] = json.loads if self.several else lambda value: [value]
        values = {option for value in set(kept) for option in read(value)}
        return [option for option in self.made.values() if option in values]
