"""An incident, many tickets with one cause: what it is, and what one answer to all of its clients must not hold. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from maild.process.guarding.leaks import Leak
from maild.process.people.team import Team
from maild.process.ticket import Status

LEAST_NAME = 3
"""Characters of a name that is looked for where somebody is greeted."""

_GREETING = re.compile(
    r"(?:hello|hi|hey|dear|good (?:morning|afternoon|evening)|hallo|guten (?:tag|morgen|abend)|moin|servus|liebe[rs]?"
    r"|sehr geehrte[rs]?|bonjour|bonsoir|madame|monsieur|messieurs|cher|chère|chers|chères|hola|buen(?:os|as)|estimad[oa]s?"
    r"|querid[oa]s?)\b",
    re.IGNORECASE,
)
_LONGEST_GREETING = 80


class Standing(StrEnum):
    """What has become of an incident."""

    PROPOSED = "proposed"
    """maild thinks that it is one; the lead has not said so yet."""

    DISMISSED = "dismissed"
    """The lead says that it is none; its like is not proposed again."""

    DECLARED = "declared"
    RESOLVED = "resolved"
    """Its cause is gone, a TSM says: nobody joins any more, and each client is asked to verify."""

    UNDONE = "undone"
    """It was declared by mistake: each ticket goes on by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Many tickets with one cause."""

    id: int
    head: int
    """The ticket by whose number it is called."""

    standing: Standing
    owner: str | None
    """Name of the assignee of its head, who may have left the house; `answers` says who answers for all of it."""

    members: tuple[int, ...]
    """Numbers of the tickets that are in it now, the head among them; lowest first."""

    terms: Mapping[str, float] = field(default_factory=dict)
    """What its tickets have in common: term to weight, a vector of length one; empty while nobody has looked."""

    rarity: Mapping[str, float] = field(default_factory=dict)
    """How rare those and the desk's usual terms are."""

    @property
    def is_answerable(self) -> bool:
        """Whether one answer goes to all of its clients."""
        return self.standing in {Standing.DECLARED, Standing.RESOLVED}

    def answers(self, team: Team) -> str | None:
        """Name of whoever gets its tickets: its owner, or a lead once that one has left; None while it is nobody's."""
        if self.owner is None or any(person.name == self.owner for person in team.people):
            return self.owner
        return team.leads[0].name


REACHED = frozenset(Status) - {Status.CLOSED, Status.HANDED_OFF}
"""Statuses of members whose client gets what is answered to all: whose ticket is over, or elsewhere, is left in peace."""


def greets(words: str) -> bool:
    """Whether a text begins with a greeting of its own."""
    first = words.strip().partition("\n")[0].strip()
    return len(first) <= _LONGEST_GREETING and bool(_GREETING.match(first))


def find_names(words: str, names: Iterable[str]) -> Iterator[Leak]:
    """Clients who are named in words that go to all of them: by their whole name, or where somebody is greeted."""
    folded = " ".join(words.casefold().split())
    first = words.strip().partition("\n")[0].casefold()
    greeted = set(re.findall(r"\w+", first)) if greets(words) else set()
    for name in dict.fromkeys(names):
        parts = [part for part in re.findall(r"\w+", name.casefold()) if len(part) >= LEAST_NAME]
        is_whole = len(parts) > 1 and re.search(rf"\b{re.escape(' '.join(name.casefold().split()))}\b", folded)
        if is_whole or greeted.intersection(parts):
            yield Leak(found=name, because="the name of one client, in words that go to all clients of the incident")
