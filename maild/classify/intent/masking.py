"""What of a reply is understood at a glance: its letters are masked, so that the rest alone is read."""

import re
from collections.abc import Sequence

from maild.classify.intent.harmless import Harmless
from maild.classify.intent.intents import Intents
from maild.classify.intent.sign import FoundSign
from maild.classify.intent.weighing import ENDED

CLOSES, KNOWN, ENDS, THANKS = "\x01", "\x02", "\x03", "\x04"
"""What stands in place of the letters of words that close, and of others that a sign or a phrase has understood."""

CLOSING = CLOSES + ENDS
MASKS = re.compile("[\x01-\x04]+")
EDGE = ".!?:*_'-"
"""What may stand around a word."""


def mask(folded: str, found: Sequence[FoundSign], intents: Intents) -> str:
    """The folded text with a mark for each letter that a sign or a phrase has understood."""
    letters, harmless = list(folded), intents.harmless
    for pattern in (harmless.phrases, intents.objections.answering):
        for match in pattern.finditer(folded):
            _put(KNOWN, letters, slice(*match.span()))
    for one in found:
        if one.says == "thanks":
            _put(THANKS, letters, one.place)
    for one in found:
        if one.says == "resolved" and not harmless.causes.match(folded[one.place]):
            again = harmless.anew.match(folded, one.place.stop + 1)
            if again and folded[one.place.stop] == " ":
                _put(KNOWN, letters, slice(*again.span()))
            mark = ENDS if one.points >= ENDED else CLOSES
            letters[one.place] = _closed("".join(letters[one.place]), harmless, mark)
    return "".join(letters)


def _put(mark: str, letters: list[str], place: slice) -> None:
    letters[place] = mark * (place.stop - place.start)


def _closed(phrase: str, harmless: Harmless, mark: str) -> str:
    """The phrase, with its own words masked; what stands between them stays to be read."""
    known = harmless.closing
    return re.sub(
        r"\S+",
        lambda word: (
            mark * len(word.group()) if MASKS.match(word.group()) or _bare(word.group()) in known else word.group()
        ),
        phrase,
    )


def _bare(word: str) -> str:
    return word.strip(EDGE + ",;")
