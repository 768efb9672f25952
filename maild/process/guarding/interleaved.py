"""Words among quoted ones that no mail client marks: known by it that nobody had said them before. Pure.

Outlook quotes a message as it is, below a head. Whoever answers between its lines leaves nothing that tells their words
from the quoted ones, but for this: what we sent, we know.
"""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from maild.classify.folding import fold
from maild.mail.attributions import label_kind
from maild.mail.quoting import CHARACTERS, is_quoted, passages

LEAST = 4
"""Words of a line that nobody had said, one beside the other: fewer can be what a mail client has put there."""

LEAST_ANNOUNCED = 1
"""The same where the author says that the answers stand inside."""

_LEAST_BETWEEN = 2
"""Words of a quote between the author's own: one alone is nobody's."""

_MOST_POINTING = 25
"""Words."""

_MOST_LINES = 40
_LINK = re.compile(r"<(?:mailto|https?|tel|cid):[^<>]{0,2000}>|\[(?:cid|image):?[^\[\]]{0,300}\]|https?://\S{1,2000}")
_WORD = re.compile(r"\w+")

_POINTING = re.compile(
    r"\b(?:(?:see|my|our) (?:my |our )?(?:answers?|comments?|replies|reply|responses?|notes?)\b|(?:see|please see|answers?|comments?) below\b"
    r"|in-?line\b|in (?:red|blue|green|colou?r)\b"
    r"|siehe (?:unten|meine|unsere)\b|s\. ?u\.|(?:antwort(?:en)?|kommentare?) (?:unten|im text|in rot|in blau|siehe)\b|in (?:rot|blau|grun|farbe)\b"
    r"|ci-dessous\b|(?:mes|nos) (?:reponses|commentaires)\b|en (?:rouge|bleu|vert|couleur)\b|dans le texte\b"
    r"|(?:mas abajo|ver abajo|vea abajo)\b|(?:mis|nuestras) respuestas\b|en (?:rojo|azul|verde|color)\b|en el texto\b)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    text: str
    words: int
    own: int
    """Those of its words of which no neighbour has ever stood beside them."""

    @property
    def is_told(self) -> bool:
        """Whether we, or the reader before us, had said nearly all of it."""
        return self.words > 1 and self.own * 3 <= self.words


def points_inside(words: str) -> bool:
    """Whether the words say, in few, that the answers stand inside the message that they answer."""
    return len(words.split()) <= _MOST_POINTING and _POINTING.search(fold(" ".join(words.split()))) is not None


def find_inside(text: str, told: Iterable[str], *, least: int = LEAST) -> list[str]:
    """The lines that the author seems to have written inside the mail that they quote below its head.

    `told` is what that mail may have said. Only what stands between lines of it counts: warnings above it and disclaimers
    below it are put there by mail servers.
    """
    return [each.text for _, each in _own(_read(text, told), least)]


def find_unsaid(text: str, told: Iterable[str]) -> list[str]:
    """The lines that read as quoted, and that nobody had said: a command behind a `>`, what somebody else is said to have written.

    A quote counts as a whole: between the author's own words however short it is, and below them from a few words on.
    """
    found, lines = passages(text), text[:CHARACTERS].split("\n")
    last_own = max((place for place, passage in enumerate(found) if not passage.is_quoted), default=-1)
    below = lines[sum(len(passage.lines) for passage in found) :]
    quotes = [
        ([line for line in passage.lines if is_quoted(line)], _LEAST_BETWEEN if place < last_own else LEAST)
        for place, passage in enumerate(found)
        if passage.is_quoted
    ]
    kept = [(_plain(quote), least) for quote, least in (*quotes, (below, LEAST))]
    said = _said([line for quote, _ in kept for line in quote], told)  # once: the whole ticket is gone through
    return [line for quote, least in kept for line in _unsaid(quote, said, least)][:_MOST_LINES]


def _unsaid(kept: list[str], said: AbstractSet[tuple[str, str]], least: int) -> list[str]:
    """The lines of a quote, where nearly nothing of it was said before."""
    judged = _judged(kept, said)
    own, words = sum(line.own for line in judged), sum(line.words for line in judged)
    return kept if own >= least and own * 3 > words * 2 else []


def read_inside(text: str, told: Iterable[str], *, least: int = LEAST) -> str:
    """The same to be read: below the line of the quoted mail that each of them answers, which is marked as quoted."""
    lines = _read(text, told)
    found: list[str] = []
    asked = -1
    for place, line in _own(lines, least):
        before = max((at for at in range(place) if lines[at].is_told), default=-1)
        if before > asked and line.own * 2 > line.words:
            found += ["", f"> {lines[before].text}"]
        asked = max(asked, before)
        found.append(line.text)
    return "\n".join(found).strip()


def _own(lines: Sequence[_Line], least: int) -> list[tuple[int, _Line]]:
    """Place and line of what is between the first and the last line that was told."""
    told = [place for place, line in enumerate(lines) if line.is_told]
    if not told:
        return []
    inside = ((place, line) for place, line in enumerate(lines) if told[0] <= place <= told[-1])
    return [(place, line) for place, line in inside if line.own >= least and not line.is_told][:_MOST_LINES]


def _read(text: str, told: Iterable[str]) -> list[_Line]:
    """The lines below the head of the quoted mail."""
    lines = text[:CHARACTERS].split("\n")
    below = lines[sum(len(passage.lines) for passage in passages(text)) :]
    kept = _plain(below)
    said = _said(kept, told)
    return _judged(kept, said) if said else []


def _plain(lines: Sequence[str]) -> list[str]:
    """What is written in them, without marks of quoting, links and labels of a head."""
    return [plain for line in lines if label_kind(line) is None and (plain := _LINK.sub(" ", line).strip(" \t>|"))]


def _said(lines: Sequence[str], told: Iterable[str]) -> set[tuple[str, str]]:
    """Of the pairs of words in the lines those that were said before."""
    wanted = set(_pairs(word for line in lines for word in _words(line)))
    if not wanted:
        return set()
    return {pair for pair in _pairs(word for each in told for word in _words(_LINK.sub(" ", each))) if pair in wanted}


def _judged(lines: Sequence[str], said: AbstractSet[tuple[str, str]]) -> list[_Line]:
    """A word is the author's own where it has not been said beside either of its neighbours."""
    words = [_words(line) for line in lines]
    seen = [False, *(pair in said for pair in _pairs([word for each in words for word in each])), False]
    judged, place = [], 0
    for line, each in zip(lines, words, strict=True):
        own = sum(not seen[at] and not seen[at + 1] for at in range(place, place + len(each)))
        judged.append(_Line(text=line, words=len(each), own=own))
        place += len(each)
    return judged


def _pairs(words: Iterable[str]) -> Iterable[tuple[str, str]]:
    return pairwise(words)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
