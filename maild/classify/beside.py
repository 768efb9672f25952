"""What a reply says beside the words that close: the first clause of it that is not understood to be harmless.

Lists of what is bad never end. So a ticket is closed by a reply alone only where all the rest of it is understood.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from maild.classify.harmless import Harmless, Words, has_ceased, is_back, is_understood, is_what_works, was_before
from maild.classify.intents import Intents
from maild.classify.pieces import Piece, line_starts, pieces_of
from maild.classify.proper import are_proper
from maild.classify.sign import FoundSign

_TOKEN = re.compile(r"[^\s,;|()\"“”„«»…¿¡]+")
_QUESTION = re.compile(r"\?(?=[ |!?)\"]|\Z)")
_STOP = re.compile(r"[.!?]")
_LETTER = re.compile(r"\w")
_MASKS = re.compile("[\x01-\x04]+")
_SAD = re.compile(r":-?\(")
_FOR = re.compile(r"(?<!\w)(?:for|fur|fuer|pour|por)(?!\w)")
_GERMAN_THANKS = re.compile(r"(?<!\w)danke?(?!\w)")
"""Behind it a capital letter says nothing: every noun has one."""

_SMILEY = re.compile(r"[:;=x]-?[)d3p]|<3")
_EDGE = ".!?:*_'-"

_CLOSES, _KNOWN, _ENDS, _THANKS = "\x01", "\x02", "\x03", "\x04"
"""What stands in place of the letters of words that close, and of others that a sign or a phrase has understood."""

_CLOSING = _CLOSES + _ENDS
_ENDED = 4
"""Points of what says that something ended."""

_MOST_TOLD = 100
"""Characters of what was not understood, for a person."""

_LONGEST_NAME = 3
_LONGEST_ARTICLE = 2

_JOINS = frozenset([" and ", " und ", " et ", " y ", " e "])
_GOES_ON = (",", ";", " ", ":")


def find_beside(text: str, original: str, folded: str, found: Sequence[FoundSign], intents: Intents) -> str | None:
    """The first words that keep a person from closing unread; None: all is understood. `original`: the text on one line."""
    if asked := _asked(original, found):
        return asked
    if sad := _SAD.search(original):
        return sad.group()
    if promised := next((one for one in found if one.says == "promise"), None):
        return original[promised.place].strip()
    masked = _masked(folded, found, intents)
    pieces = list(pieces_of(masked, line_starts(text)))
    clauses = [
        _Clause(
            original=original[each.place],
            folded=folded[each.place],
            masked=masked[each.place],
            harmless=intents.harmless,
            is_of_ticket=any(_is_in(one, each.place) for one in found if one.sign.is_of_ticket),
        )
        for each in pieces
    ]
    before: _Clause | None = None
    if len(clauses) > 1 and pieces[1].before == "|" and clauses[0].is_address():
        del pieces[0], clauses[0]
    for piece, said, after in zip_longest(pieces, clauses, clauses[1:]):
        is_past = after is not None and _goes_on(piece, after) and said.was_before(intents)
        clause = said.told_now() if before and before.was_before(intents) else said
        goes_on = before is not None and piece.before in _JOINS and before.closes() and clause.names_things()
        if not (is_past or goes_on or clause.is_understood(intents)):
            return said.original.strip()[:_MOST_TOLD]
        before = said
    return None


def _goes_on(piece: Piece, after: "_Clause") -> bool:
    """Whether what follows tells how it is now, instead of how it was."""
    is_now = piece.behind[:1] in _GOES_ON or after.harmless.since.match(after.folded) is not None
    return is_now and _ENDS in after.masked


def _is_in(one: FoundSign, place: slice) -> bool:
    return bool(one.says == "resolved" and one.place.start < place.stop and place.start < one.place.stop)


def _asked(original: str, found: Sequence[FoundSign]) -> str | None:
    """The end of a question that is not whether we close the ticket."""
    for mark in _QUESTION.finditer(original):
        asks = [one.place.stop for one in found if one.says == "resolved" and not one.sign.is_statement]
        if not any(stop <= mark.start() and not _STOP.search(original[stop : mark.start()]) for stop in asks):
            return original[max(0, mark.start() - _MOST_TOLD) : mark.end()].rpartition(". ")[2].strip(" |")
    return None


def _masked(folded: str, found: Sequence[FoundSign], intents: Intents) -> str:
    letters, harmless = list(folded), intents.harmless
    for pattern in (harmless.phrases, intents.objections.answering):
        for start, stop in (match.span() for match in pattern.finditer(folded)):
            letters[start:stop] = _KNOWN * (stop - start)
    for one in found:
        if one.says == "thanks":
            letters[one.place] = _THANKS * (one.place.stop - one.place.start)
    for one in found:
        if one.says == "resolved" and not harmless.causes.match(folded[one.place]):
            again = harmless.anew.match(folded, one.place.stop + 1)
            if again and folded[one.place.stop] == " ":
                letters[again.start() : again.end()] = _KNOWN * (again.end() - again.start())
            letters[one.place] = _closed(
                "".join(letters[one.place]), harmless, _ENDS if one.points >= _ENDED else _CLOSES
            )
    return "".join(letters)


def _closed(phrase: str, harmless: Harmless, mark: str) -> str:
    """The phrase, with its own words masked; what stands between them stays to be read."""
    known = harmless.closing
    return re.sub(
        r"\S+",
        lambda word: (
            mark * len(word.group()) if _MASKS.match(word.group()) or _bare(word.group()) in known else word.group()
        ),
        phrase,
    )


def _bare(word: str) -> str:
    return word.strip(_EDGE + ",;")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clause:
    original: str
    folded: str
    masked: str
    harmless: Harmless
    is_of_ticket: bool
    """It says that the ticket may be closed."""

    def is_understood(self, intents: Intents) -> bool:
        """Whether it closes and says little beside that, or is harmless."""
        harmless, objections = intents.harmless, intents.objections
        first = next((place for place, letter in enumerate(self.masked) if letter in _CLOSING), -1)
        last = max(self.masked.rfind(letter) for letter in _CLOSING)
        whole = self.words(0, len(self.masked))
        if harmless.limits.search(self.masked) or (self.is_of_ticket and whole.things):
            return False
        if first < 0:
            return is_understood(whole, harmless, objections) or self._is_courtesy(whole)
        if has_ceased(whole, harmless, objections) or is_back(whole, objections):
            return True
        front, tail = self.words(0, last), self.words(last, len(self.masked))
        return all(self._is_what_works(part) or is_understood(part, harmless, objections) for part in (front, tail))

    def _is_what_works(self, said: Words) -> bool:
        return is_what_works(said, self.harmless) and (_THANKS in self.masked or not _FOR.search(said.folded))

    def closes(self) -> bool:
        """Whether words of it close."""
        return any(letter in self.masked for letter in _CLOSING)

    def is_address(self) -> bool:
        """Whether it is nothing but the name of whom they write to: "Ana,"."""
        said = self.words(0, len(self.masked))
        written = [word.strip(_EDGE) for word in self.original.split()]
        return len(said.strangers) == len(written) <= _LONGEST_NAME - 1 and are_proper(written)

    def names_things(self) -> bool:
        """Whether it is nothing but what works as well: "I can print, and scan"."""
        words = [word.strip(_EDGE) for word in self.masked.split()]
        return all(word in self.harmless.things | self.harmless.determiners for word in words)

    def told_now(self) -> "_Clause":
        """The clause without its "but today", behind one that tells how it was."""
        since = self.harmless.since.match(self.masked)
        end = since.end() if since else 0
        return replace(self, masked=_KNOWN * end + self.masked[end:])

    def was_before(self, intents: Intents) -> bool:
        """Whether it tells how it was."""
        return was_before(self.words(0, len(self.masked)), intents.harmless, intents.objections)

    def words(self, start: int, stop: int) -> Words:
        """Its words from place to place."""
        strangers, things = [], set[str]()
        for token in _TOKEN.finditer(self.masked, start, stop):
            word = token.group().strip(_EDGE)
            if not word or self._is_known(word, token.group()):
                continue
            if self._is_named(token):
                continue
            if word in self.harmless.things:
                things.add(word)
            if word not in self.harmless.things:
                strangers.append(self.original[token.start() : token.end()].strip(_EDGE))
        folded = _MASKS.sub("", self.masked[start:stop]).strip()
        return Words(
            folded=folded,
            whole=self.folded[start:stop],
            written=self.original[start:stop],
            strangers=tuple(strangers),
            things=frozenset(things),
        )

    def _is_named(self, token: re.Match[str]) -> bool:
        """Whether it is the name of somebody of the house: "your colleague Peter"."""
        before = self.folded[: token.start()].split()
        is_behind = bool(before) and before[-1].strip(_EDGE) in self.harmless.people
        return is_behind and are_proper([self.original[token.start() : token.end()].strip(_EDGE)])

    def _is_known(self, word: str, written: str) -> bool:
        bare = _MASKS.sub("", word)  # of "l'incident" the article may be left
        if (bare != word and len(bare) <= _LONGEST_ARTICLE) or not _LETTER.search(word):
            return True
        return word in self.harmless.words or _SMILEY.fullmatch(written) is not None

    def _is_courtesy(self, said: Words) -> bool:
        """A greeting or thanks, and a name at the end; or thanks for something that is understood."""
        words = self.masked.split()
        names = [word for word in words if word.strip(_EDGE) and not self._is_known(word.strip(_EDGE), word)]
        if not said.strangers:
            return bool(_THANKS in self.masked and _FOR.search(self.masked) and not said.things)
        is_at_end = words[-len(names) :] == names and are_proper(said.strangers) and not said.things
        is_greeting = self.harmless.greetings.search(self.masked) is not None
        is_to = _THANKS in self.masked and len(names) == 1 and not _GERMAN_THANKS.search(self.folded)
        is_any = is_greeting or is_to
        return is_any and is_at_end and len(names) <= _LONGEST_NAME and not _FOR.search(self.masked)
