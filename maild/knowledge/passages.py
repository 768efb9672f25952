"""Passages: which lines of a text are somebody else's words, so that they can be taken out of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from maild.mail.naming import pattern_of

ERASED = "[erased]"

RUN = 4
"""Words in a row, the same in both: what two people write by themselves seldom agrees for so long."""

_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"[\w@.+:/-]*\d[\w@.+:/-]*")
LEAST_TOKEN = 5
"""Characters of a serial number, a telephone number or a code that tells whose it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """What is known of one person's words."""

    address: str
    names: frozenset[str]
    runs: frozenset[tuple[str, ...]] = field(repr=False)
    tokens: frozenset[str] = field(repr=False)

    def erase(self, text: str) -> str:
        """Take out every line with their words, and their name and address anywhere."""
        return "\n".join(self._line(line) for line in text.split("\n"))

    def _line(self, line: str) -> str:
        runs, tokens = _read(line)
        if not runs.isdisjoint(self.runs) or not tokens.isdisjoint(self.tokens):
            return ERASED
        line = pattern_of(self.address).sub(ERASED, line) if self.address else line
        for name in sorted(self.names, key=len, reverse=True):
            line = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", ERASED, line, flags=re.IGNORECASE)
        return line


def passages_of(address: str, names: Iterable[str], texts: Iterable[str]) -> Passages:
    """Read what the person wrote. `names`: as mails show them."""
    runs: set[tuple[str, ...]] = set()
    tokens: set[str] = set()
    for line in (line for text in texts for line in text.split("\n")):
        found = _read(line)
        runs |= found[0]
        tokens |= found[1]
    told = frozenset(name for name in names if len(name) > RUN - 1)
    return Passages(address=address, names=told, runs=frozenset(runs), tokens=frozenset(tokens))


def _read(line: str) -> tuple[set[tuple[str, ...]], set[str]]:
    words = _WORD.findall(line.casefold())
    last = max(len(words) - RUN, 0) + 1
    runs = {tuple(words[start : start + RUN]) for start in range(last)}
    tokens = {token.strip(".:/-+") for token in _TOKEN.findall(line.casefold())}
    # A line of one common word is nobody's.
    return {run for run in runs if len(run) > 1}, {token for token in tokens if len(token) >= LEAST_TOKEN}
