"""A phrase of a table: the short notation that a person can edit, made into a pattern."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from sys import intern
from types import MappingProxyType

from maild.classify.folding import spellings

_KEY = 3
"""Letters of a word that ends in `*` by which its phrase is looked up."""

_AHEAD = 120
"""Characters of a number and four words: so far before its letters a phrase begins."""

_BEHIND = 60
"""Characters behind its letters: the rest of a word, and what else the phrase has."""

_WORD = re.compile(r"\w+")
_IN_WORD = re.compile(r"\w")
_WORD_BEGINS = r"(?<!\w)"
_SIGN = re.compile(r"(~ |[*#@^]|\([^)]*\))")
_LIST = re.compile(r"<([a-z ]+)>")
_GROUP = re.compile(r"\(([^)]*)\)")
_WHOLE = re.compile(r"(?<![\w*#@])\w+(?![\w*#@])")
_BEGUN = re.compile(rf"(?<![\w*#@])\w{{{_KEY}}}(?=\w*\*)")

NUMBERS = {
    **dict.fromkeys(("two", "zwei", "deux", "dos", "both", "beide"), 2),
    **dict.fromkeys(("three", "drei", "trois", "tres"), 3),
    **dict.fromkeys(("four", "vier", "quatre", "cuatro"), 4),
    **dict.fromkeys(("five", "funf", "fuenf", "cinq", "cinco"), 5),
    **dict.fromkeys(("six", "sechs", "seis"), 6),
    **dict.fromkeys(("seven", "sieben", "sept", "siete"), 7),
    **dict.fromkeys(("eight", "acht", "huit", "ocho"), 8),
    **dict.fromkeys(("nine", "neun", "neuf", "nueve"), 9),
    **dict.fromkeys(("ten", "zehn", "dix", "diez"), 10),
    **dict.fromkeys(("a dozen", "zwolf", "zwoelf", "douze", "doce"), 12),
    **dict.fromkeys(("twenty", "zwanzig", "vingt", "veinte"), 20),
    **dict.fromkeys(("thirty", "dreissig", "trente", "treinta"), 30),
    **dict.fromkeys(("forty", "vierzig", "quarante", "cuarenta"), 40),
    **dict.fromkeys(("fifty", "funfzig", "fuenfzig", "cinquante", "cincuenta"), 50),
    **dict.fromkeys(("dozens", "dutzende", "des dizaines", "decenas"), 24),
    **dict.fromkeys(("a hundred", "hundert", "cent", "cien"), 100),
    **dict.fromkeys(("hundreds", "hunderte", "des centaines", "cientos"), 200),
    **dict.fromkeys(("thousands", "tausende", "des milliers", "miles"), 2_000),
}
"""Folded number words of the four languages; those that stand for about so many say about so many."""

_NUMBER = rf"(?:\d{{1,3}}(?:[.,' ]\d{{3}})+|\d{{1,7}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
_IS_NUMBER = re.compile(rf"(?<!\w){_NUMBER}(?!\w)")
_CLOCK = (
    r"(?:\d{1,2}[:h]\d{2}(?: ?(?:am|pm|uhr|h))?|(?:[01]?\d|2[0-4])\.[0-5]\d ?(?:am|pm|uhr|h)|(?:0\d|1\d|[1-9]|2[0-4])\.[0-5]\d"
    r"(?!\.| ?(?:[€$£%]|(?:chf|eur|euros?|gbp|usd|percent|prozent|gb|mb|kg)\b))|"
    r"\d{1,2} ?(?:am|pm|uhr|h|heures|o'clock)|noon|midday|midnight|mitternacht|minuit|medianoche)"
)
"""What ends in a point is a date, as German has them (10.12.), unless the day's hour is named behind it; 0.03 and 3.50 EUR are amounts."""

_PREFIXES = r"\A(?:(?:re|fwd?|aw|wg|tr|rv|antw): ?|[\[(*!] ?)*"
_SIGNS = {
    "*": r"\w*",
    "~": r"(?:(?:[\w'-]+|[\w:.$-]{0,60}\\\S{1,200}) ){0,4}?",  # a path is a word
    "#": _NUMBER,
    "@": _CLOCK,
    "^": _PREFIXES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words that are looked for in folded text."""

    words: str
    """In the notation of `read_phrases`, folded."""

    key: str
    """Its longest word, or the beginning of one and a `*`, by which it is looked up."""

    core: str
    """Its longest run of letters as they are; only where a text has that, a pattern is tried."""

    needs: tuple[str, ...]
    """What else `keys` has of every text that it stands in: its other words, so that few texts are searched for it."""

    lists: tuple[frozenset[str], ...] = ()
    """Of each of its lists what `keys` has of a text that it stands in: at least one."""

    def has_lists(self, present: frozenset[str]) -> bool:
        """Whether a text with these keys may have a word of each of its lists."""
        return not any(of_list.isdisjoint(present) for of_list in self.lists)

    def places(self, folded: str) -> Iterator[re.Match[str]]:
        """Everywhere the phrase stands."""
        if folded.find(self.core) < 0:
            return iter(())
        pattern = _pattern(self.words)
        found = _near(pattern, folded, self.core) if self.words.startswith("#") else pattern.finditer(folded)
        return (match for match in found if not _IN_WORD.match(folded, match.start() - 1) or match.start() == 0)


def _near(pattern: re.Pattern[str], folded: str, core: str) -> Iterator[re.Match[str]]:
    """Everywhere near the core: what begins with a number has no letters by which `re` could skip what cannot be a beginning."""
    end = 0
    place = folded.find(core)
    while place >= 0:
        begin, end = max(end, place - _AHEAD), place + len(core) + _BEHIND
        while 0 <= (place := folded.find(core, place + 1)) <= end + _AHEAD:
            end = place + len(core) + _BEHIND
        yield from pattern.finditer(folded, begin, end)


def read_phrases(words: str, lists: Mapping[str, str] = MappingProxyType({})) -> tuple[Phrase, ...]:
    """All spellings of one phrase. Raises KeyError where it names a list that is not there; `lists`: as of `any_of`.

    In `words`, `*` is the rest of a word, `~ ` up to four words in between, `#` a number, `@` a time of day, `^` the
    beginning of the subject behind its Re:, `<name>` any one of the words of that list. What begins with a list is a phrase
    for each word of it: a pattern that begins with letters is found soonest.
    """
    first = _LIST.match(words)
    begun = [f"{word}{words[first.end() :]}" for word in lists[first[1]][1:-1].split("|")] if first else [words]
    spelt = dict.fromkeys(spelling for one in begun for spelling in spellings(one))
    return tuple(_phrase(_LIST.sub(lambda named: lists[named[1]], spelling)) for spelling in spelt)


def any_of(words: Sequence[str]) -> str:
    """All spellings of the words of a list, between parentheses, the longest first."""
    spelt = {spelling for word in words for spelling in spellings(word)}
    return f"({'|'.join(sorted(spelt, key=lambda word: (-len(word), word)))})"


def _phrase(spelling: str) -> Phrase:
    if not _SIGN.search(spelling):  # most of them: nothing but words
        whole = _WORD.findall(spelling)
        key = intern(max(whole, key=len, default=""))
        return Phrase(words=spelling, key=key, core=spelling, needs=_others(whole, key))
    core = max(_SIGN.split(spelling)[::2], key=len)
    lists = tuple(map(_keys_of, _GROUP.findall(spelling)))
    letters = _GROUP.sub("#", spelling)
    key = intern(_key(letters))
    return Phrase(words=spelling, key=key, core=core, needs=_others(_needs(letters), key), lists=lists)


def keys(folded: str) -> frozenset[str]:
    """The keys of all phrases that the text may have."""
    words = set(_WORD.findall(folded))
    return frozenset({"", *words, *(f"{word[:_KEY]}*" for word in words)})


def numbers(folded: str) -> list[int]:
    """The numbers in a piece of text, words and digits."""
    found = (match.group() for match in _IS_NUMBER.finditer(folded))
    return [NUMBERS[word] if word in NUMBERS else int(re.sub(r"\D", "", word)) for word in found]


@lru_cache(maxsize=100)
def _keys_of(of_list: str) -> frozenset[str]:
    return frozenset(map(_key, of_list.split("|")))


def _key(spelling: str) -> str:
    whole = [word for word in _WORD.findall(spelling) if f"{word}*" not in spelling]
    begun = [f"{word[:_KEY]}*" for word in _WORD.findall(spelling) if len(word) >= _KEY]
    return max(whole, key=len, default=next(iter(begun), ""))


def _needs(spelling: str) -> Iterator[str]:
    yield from _WHOLE.findall(spelling)
    yield from (f"{begun}*" for begun in _BEGUN.findall(spelling))


def _others(words: Iterable[str], key: str) -> tuple[str, ...]:
    """Thousands of phrases are made of the same words, each of which is kept once, and of no sets, which are large."""
    return tuple(intern(word) for word in dict.fromkeys(words) if word != key)


@lru_cache(maxsize=20_000)
def _pattern(spelling: str) -> re.Pattern[str]:
    """Compiled when it is first needed: most phrases never are.

    It begins with its letters and not with a look back, since only so `re` skips what cannot be a beginning. What begins
    with a sign has no letters to look for: there a look back spares most places.
    """
    first, *parts = _SIGN.split(spelling)
    begins = "" if first or parts[0] == "^" else _WORD_BEGINS
    return re.compile(rf"{begins}{''.join(map(_sign, (first, *parts)))}(?!\w)")


def _sign(part: str) -> str:
    """The pattern of a sign, of a list or of letters."""
    if part.startswith("("):
        words = (re.escape(word).replace(r"\*", _SIGNS["*"]) for word in part[1:-1].split("|"))
        return f"(?:{'|'.join(words)})"
    return _SIGNS.get(part.strip()) or re.escape(part)
