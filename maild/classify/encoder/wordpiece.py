"""Text to the numbers of its pieces of words, as BERT's encoders read it (Devlin et al. 2018, arXiv 1810.04805)."""

import gzip
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

MOST_PIECES = 128
"""So many the encoder was trained with, first and last included; what a mail is about stands at its beginning."""

_LONGEST = 100
"""Characters of a word; longer ones are no words."""

_FIRST, _LAST, _UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_CONTINUED = "##"

_IDEOGRAPHS = re.compile(r"([\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f])")
"""Each is a word of its own."""


def pieces_of(text: str) -> list[int]:
    """Numbers of the pieces, with those of the beginning and the end around them."""
    numbers = vocabulary()
    found = [numbers[_FIRST]]
    for word in _words(text):
        found += _cut(word, numbers)
        if len(found) >= MOST_PIECES - 1:
            break
    return [*found[: MOST_PIECES - 1], numbers[_LAST]]


@cache
def vocabulary() -> Mapping[str, int]:
    """Every piece and its number."""
    packed = files("maild.classify.encoder").joinpath("vocabulary.txt.gz").read_bytes()
    return {piece: number for number, piece in enumerate(gzip.decompress(packed).decode("utf-8").splitlines())}


def _words(text: str) -> Iterator[str]:
    """Lower case without accents; each mark of punctuation is a word."""
    clean = "".join(" " if each.isspace() else each for each in text if each.isspace() or not _is_control(each))
    spaced = _IDEOGRAPHS.sub(r" \1 ", clean)
    for word in unicodedata.normalize("NFD", spaced.lower()).split():
        held = ""
        for each in word:
            if unicodedata.category(each) == "Mn":
                continue
            if not _is_punctuation(each):
                held += each
                continue
            if held:
                yield held
            yield each
            held = ""
        if held:
            yield held


def _cut(word: str, numbers: Mapping[str, int]) -> list[int]:
    """The longest piece that is known, then the longest of what is left, to the end; or unknown as a whole."""
    if len(word) > _LONGEST:
        return [numbers[_UNKNOWN]]
    found: list[int] = []
    start = 0
    while start < len(word):
        before = _CONTINUED if start else ""
        ends = range(len(word), start, -1)
        end = next((end for end in ends if before + word[start:end] in numbers), None)
        if end is None:
            return [numbers[_UNKNOWN]]
        found.append(numbers[before + word[start:end]])
        start = end
    return found


def _is_control(each: str) -> bool:
    return each == "\ufffd" or unicodedata.category(each).startswith("C")


def _is_punctuation(each: str) -> bool:
    """Unicode's, and every other mark of ASCII."""
    return unicodedata.category(each).startswith("P") or (each.isascii() and each.isprintable() and not each.isalnum())
