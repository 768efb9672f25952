"""One spelling for what people write in several: lower case, no accents, letter for letter."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

_APOSTROPHES = "\N{RIGHT SINGLE QUOTATION MARK}\N{ACUTE ACCENT}`"
_PARAGRAPH = re.compile(r"\n[^\S\n]*(?=\n)")


class _Letters(dict[int, str]):
    """Letter to its plain form; filled as letters are met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        plain = "'" if letter in _APOSTROPHES else unicodedata.normalize("NFD", letter.lower())[:1]
        return self.setdefault(code, plain)


_LETTERS = _Letters()


def on_one_line(text: str) -> str:
    """The text with one space between words and ` | ` between paragraphs, letters composed (UAX 15)."""
    marked = _PARAGRAPH.sub(" | ", unicodedata.normalize("NFC", text).replace("\r\n", "\n"))
    return " ".join(marked.split())


def fold(text: str) -> str:
    """Lower case without accents. As long as `text`, so that places in one are places in the other."""
    return text.lower().replace("`", "'") if text.isascii() else text.translate(_LETTERS)


def spellings(words: str) -> tuple[str, ...]:
    """The folded words, and once more as keyboards without umlauts write them: `für` is `fur` and `fuer`."""
    if words.isascii():
        return (fold(words),)
    spelt_out = words.lower()
    for letter, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        spelt_out = spelt_out.replace(letter, pair)
    return tuple(dict.fromkeys((fold(words), fold(spelt_out))))


def alternatives(words: Mapping[str, Sequence[str]]) -> str:
    """The words of all languages as the alternatives of a pattern for folded text, longer ones first."""
    folded = {spelling for of_language in words.values() for word in of_language for spelling in spellings(word)}
    return "|".join(sorted(map(re.escape, folded), key=len, reverse=True))
