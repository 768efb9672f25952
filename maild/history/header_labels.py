"""Labels that another system wrote into a header field of its mails."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from maild.mail.message import Mail
from maild.process.questions import Questions, read_label

_BETWEEN = re.compile(r"[,;]")


@dataclass(frozen=True, kw_only=True)
class HeaderLabels:
    """Which fields hold labels of which question."""

    headers: Mapping[str, str]
    """Name of a field, lower case, to its question."""

    questions: Questions
    renamed: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """As in LabelFile."""

    unknown: Counter[str] = field(default_factory=Counter)
    """What stood there and is no label; a field may hold much that is none."""

    def find(self, mail: Mail) -> dict[str, str]:
        """Question to the first label that its fields name."""
        found: dict[str, str] = {}
        for question, written in self._written(mail.headers):
            renamed = self.renamed.get((question, written.casefold()), written)
            meant = read_label(self.questions, question, renamed) if renamed else None
            if meant is not None:
                found.setdefault(question, meant)
            elif renamed:
                self.unknown[f"{question}: {written[:100]}"] += 1
        return found

    def _written(self, headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for name, value in headers:
            if question := self.headers.get(name):
                yield from ((question, word.strip().strip('"')) for word in _BETWEEN.split(value) if word.strip())
