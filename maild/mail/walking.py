"""The library's walk through a text, octet by octet, which goes over a word that it has met before in one step."""

from collections import Counter
from itertools import chain
from typing import Any

from py3langid.langid import LanguageIdentifier

REMEMBERED = 20_000
"""Steps over words; some 5 MB. The words of mail recur, so that few texts bring many new ones."""

LONGEST = 24
"""Octets of a word that is remembered: longer ones are codes, and do not recur."""


class WalkingIdentifier(LanguageIdentifier):  # type: ignore[misc]  # the library has no types
    """Gives the library's very answers: the same features in the same order."""

    __slots__ = ("_steps",)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """As the library's."""
        super().__init__(*arguments, **options)
        self._steps: dict[tuple[int, bytes], tuple[int, tuple[int, ...]]] = {}

    def _raw_score(self, text: bytes) -> Any:
        """As the library's, of text in which single spaces part the words."""
        visits = self.count_features(text)
        return self._sparse_score(visits, self.nb_ptc) if visits else super()._raw_score(text)

    def count_features(self, text: bytes) -> dict[int, int]:
        """How often the walk meets each feature, in the order in which it first meets them."""
        steps, state = self._steps, 0
        met: list[tuple[int, ...]] = []
        *words, last = text.split(b" ")
        for word in (*(each + b" " for each in words), last):
            step = steps.get((state, word)) or self._step(state, word)
            state, features = step
            met.append(features)
        return Counter(chain.from_iterable(met))

    def _step(self, state: int, word: bytes) -> tuple[int, tuple[int, ...]]:
        """Walk over one word from a state: the state behind it, and the features on the way."""
        begun_in, features = state, []
        moves, rows, outputs = self.tk_nextmove, self._rowbase, self.tk_output
        for letter in word:
            state = moves[rows[state] + letter]
            feature = outputs[state]
            if feature >= 0:
                features.append(feature)
        step = (state, tuple(features))
        if len(word) <= LONGEST:
            if len(self._steps) >= REMEMBERED:
                self._steps.clear()
            self._steps[begun_in, word] = step
        return step
