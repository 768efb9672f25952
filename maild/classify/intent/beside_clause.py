"""A clause of a reply beside the words that close, and whether all of it is understood."""

import re
from dataclasses import dataclass, replace

from maild.classify.intent.harmless import Harmless
from maild.classify.intent.harmless_words import (
    Words,
    has_ceased,
    is_back,
    is_understood,
    may_go_before,
    may_go_behind,
    was_before,
)
from maild.classify.intent.intents import Intents
from maild.classify.intent.masking import CLOSING, EDGE, KNOWN, MASKS, THANKS
from maild.classify.signature.proper import are_proper

_TOKEN = re.compile(r"[^\s,;|()\"\u201c\u201d\u201e\u00ab\u00bb\u2026\u00bf\u00a1]+")
_LETTER = re.compile(r"\w")
_GERMAN_THANKS = re.compile(r"(?<!\w)danke?(?!\w)")
"""Behind it a capital letter says nothing: every noun has one."""

_SMILEY = re.compile(r"[:;=x]-?[)d3p]|<3")
_LONGEST_NAME = 3
_LONGEST_ARTICLE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A piece of the text: as written, folded, and masked."""

    original: str
    folded: str
    masked: str
    harmless: Harmless
    is_of_ticket: bool
    """It says that the ticket may be closed."""

    is_asked: bool
    """It asks for something, with or without a question mark."""

    def is_understood(self, intents: Intents) -> bool:
        """Whether it closes and says little beside that, or is harmless."""
        harmless, objections = intents.harmless, intents.objections
        first = next((place for place, letter in enumerate(self.masked) if letter in CLOSING), -1)
        last = max(self.masked.rfind(letter) for letter in CLOSING)
        whole = self.words(0, len(self.masked))
        if harmless.limits.search(self.masked):
            return False
        if whole.things if self.is_of_ticket else self.is_asked:
            return False
        if first < 0:
            return is_understood(whole, harmless, objections) or self._is_courtesy(whole)
        if has_ceased(whole, harmless, objections) or is_back(whole, objections):
            return True
        front, tail = self.words(0, last), self.words(last, len(self.masked))
        return may_go_before(front, harmless, objections) and may_go_behind(tail, harmless, objections)

    def closes(self) -> bool:
        """Whether words of it close."""
        return any(letter in self.masked for letter in CLOSING)

    def is_address(self) -> bool:
        """Whether it is nothing but the name of whom they write to: "Ana,"."""
        said = self.words(0, len(self.masked))
        written = [word.strip(EDGE) for word in self.original.split()]
        return len(said.strangers) == len(written) <= _LONGEST_NAME - 1 and are_proper(written)

    def names_things(self) -> bool:
        """Whether it is nothing but what works as well: "I can print, and scan"."""
        words = [word.strip(EDGE) for word in self.masked.split()]
        return all(word in self.harmless.things | self.harmless.determiners for word in words)

    def told_now(self) -> "Clause":
        """The clause without its "but today", behind one that tells how it was."""
        since = self.harmless.since.match(self.masked)
        end = since.end() if since else 0
        return replace(self, masked=KNOWN * end + self.masked[end:])

    def was_before(self, intents: Intents) -> bool:
        """Whether it tells how it was."""
        return was_before(self.words(0, len(self.masked)), intents.harmless, intents.objections)

    def words(self, start: int, stop: int) -> Words:
        """Its words from place to place."""
        strangers, known = [], set[str]()
        for token in _TOKEN.finditer(self.masked, start, stop):
            word = token.group().strip(EDGE)
            known.add(word)
            if not self._is_known(word, token.group()) and not self._is_named(token):
                strangers.append(self.original[token.start() : token.end()].strip(EDGE))
        return Words(
            folded=MASKS.sub("", self.masked[start:stop]).strip(),
            whole=self.folded[start:stop],
            written=self.original[start:stop],
            strangers=tuple(strangers),
            things=self.harmless.things & known - self.harmless.known,
            deeds=self.harmless.deeds & known - self.harmless.small - self.harmless.cheer,
            is_kind=THANKS in self.masked or not self.harmless.cheer.isdisjoint(known),
        )

    def _is_named(self, token: re.Match[str]) -> bool:
        """Whether it is the name of somebody of the house: "your colleague Peter"."""
        before = self.folded[: token.start()].split()
        is_behind = bool(before) and before[-1].strip(EDGE) in self.harmless.people
        return is_behind and are_proper([self.original[token.start() : token.end()].strip(EDGE)])

    def _is_known(self, word: str, written: str) -> bool:
        bare = MASKS.sub("", word)  # of "l'incident" the article may be left
        if (bare != word and len(bare) <= _LONGEST_ARTICLE) or not _LETTER.search(bare):
            return True
        return word in self.harmless.known or word in self.harmless.things or _SMILEY.fullmatch(written) is not None

    def _is_courtesy(self, said: Words) -> bool:
        """A greeting or thanks, and a name at the end; or thanks for something that is understood."""
        words = self.masked.split()
        names = [word for word in words if word.strip(EDGE) and not self._is_known(word.strip(EDGE), word)]
        if not said.strangers:
            return bool(THANKS in self.masked and self.harmless.purposes.search(self.masked) and not said.things)
        is_at_end = words[-len(names) :] == names and are_proper(said.strangers) and not said.things
        is_greeting = self.harmless.greetings.search(self.masked) is not None
        is_to = THANKS in self.masked and len(names) == 1 and not _GERMAN_THANKS.search(self.folded)
        is_any = is_greeting or is_to
        return is_any and is_at_end and len(names) <= _LONGEST_NAME and not self.harmless.purposes.search(self.masked)
