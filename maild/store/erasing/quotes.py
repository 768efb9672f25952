"""Quotes: the number of a ticket and, near behind it, its subject and how it was solved, in a mail about other tickets."""

import re
from collections.abc import Mapping
from html import escape

from maild.knowledge.passages import ERASED

SURE, SHORTEST = 60, 3
"""Characters of a subject that every mail quotes, and of one that can be told from other words."""

FURTHER = 20
"""Words behind those that a mail may quote."""

NEAR = 200
"""Characters between the number and the subject."""

_ANSWERED = re.compile(r"(?:\w{1,4}\s?:\s*)+", re.IGNORECASE)
_SOLUTION = r"(?:\s*:?\s*(?:“[^”]{0,600}”|„[^“]{0,600}“|«[^»]{0,600}»))?"
"""Between the quotation marks of any language, and those of English, which stood in mails of every language before."""


class Quotes:
    """What mails to the house quote of some tickets."""

    def __init__(self, subjects: Mapping[int, str]) -> None:
        """`subjects`: by number; an empty one is quoted nowhere."""
        self._patterns = {number: way for number, text in subjects.items() if (way := _pattern(number, text))}
        numbers = "|".join(map(str, self._patterns)) or "(?!)"
        self._number = re.compile(rf"-({numbers})\b")

    def erase(self, text: str) -> str:
        """Leave the numbers, and take away what is said of them."""
        for number in {int(found) for found in self._number.findall(text)}:
            text = self._patterns[number].sub(rf"\g<1>{ERASED}", text)
        return text


def _pattern(number: int, subject: str) -> re.Pattern[str] | None:
    words = subject.split()
    if words and _ANSWERED.fullmatch(f"{words[0]} "):
        words = words[1:]
    if len(" ".join(words)) < SHORTEST:
        return None
    sure = [word for place, word in enumerate(words) if len(" ".join(words[: place + 1])) <= SURE] or words[:1]
    further = words[len(sure) :][:FURTHER]
    more = "".join(rf"(?:[\s>]+{_word(word)}" for word in further) + ")?" * len(further)
    said = r"[\s>]+".join(map(_word, sure)) + more
    return re.compile(rf"(-{number}\b.{{0,{NEAR}}}?){said}…?{_SOLUTION}", re.IGNORECASE | re.DOTALL)


def _word(word: str) -> str:
    ways = {word, escape(word, quote=False), escape(word)}
    return f"(?:{'|'.join(map(re.escape, sorted(ways)))})"
