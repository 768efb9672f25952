"""The desk's transaction, and what it works with."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from maild.desk.absences import find_absent
from maild.knowledge.gate import Precision
from maild.knowledge.lasting import Interval
from maild.knowledge.similar import Solved
from maild.process.incident import Incident, Standing
from maild.process.rules import Rules
from maild.process.ticket import Event
from maild.replies.voice import Voice
from maild.store import keys
from maild.store.database.together import Together
from maild.store.desk import tickets
from maild.store.desk.incidents import standing_incidents
from maild.store.desk.loads import given_lately, open_tickets, solved_tickets
from maild.store.desk.tickets import Cause, Numbers
from maild.store.engine import Connection
from maild.store.incoming.names import Names
from maild.store.incoming.still_open import StillOpen
from maild.store.knowledge.articles import has_any
from maild.store.knowledge.suggestions import score_of_first
from maild.store.outgoing.tallies import Tallies


@dataclass(frozen=True, kw_only=True)
class Transaction:
    """One write transaction of the desk; serial with all others (DESIGN.md, decision 2)."""

    connection: Connection
    together: Together
    """For what is only written: gathered, and written before anybody asks the connection anything."""

    tallies: Tallies
    numbers: Numbers
    names: Names
    still_open: StillOpen
    rules: Rules
    voice: Voice
    key_id: int
    key: bytes
    now: datetime

    @cached_property
    def solved(self) -> dict[str, list[Solved]]:
        """Category to its tickets that were closed before this transaction, as they are asked for."""
        return {}

    @cached_property
    def intervals(self) -> dict[tuple[str, int], Interval | None]:
        """Category and priority to how long such tickets took, as it is asked for."""
        return {}

    @cached_property
    def has_articles(self) -> bool:
        """Whether the knowledge base has any."""
        return has_any(self.connection)

    @cached_property
    def precision(self) -> Precision:
        """How often the likeliest article has been the right one."""
        score = score_of_first(self.connection)
        return Precision(right=score.confirmed, n=score.n)

    @cached_property
    def open_tickets(self) -> Counter[str]:
        """Name of each assignee to the tickets that they have; what this transaction assigns is added to it."""
        return open_tickets(self.connection)

    @cached_property
    def given_lately(self) -> Counter[str]:
        """Name of each assignee to what they were given of the last tickets; what this transaction assigns is added to it."""
        return given_lately(self.connection)

    @cached_property
    def absent(self) -> frozenset[str]:
        """Names of who is away by their own note; asked once."""
        return find_absent(self.connection, self.rules, self.now)

    @cached_property
    def declared_incidents(self) -> list[Incident]:
        """Incidents that similar new tickets join; asked once, and written only by what people order."""
        if not self.rules.policy.incidents.join:
            return []
        return standing_incidents(self.connection, [Standing.DECLARED])

    @cached_property
    def heard(self) -> set[tuple[str, str]]:
        """Causes by which a whole incident is answered, each with who of the house has been told of it: once, and not for each ticket."""
        return set()

    @cached_property
    def _experience(self) -> dict[str | None, Mapping[str, int]]:
        return {}

    def solved_by(self, category: str | None) -> Mapping[str, int]:
        """Name of each assignee to the tickets of the category that they have solved lately; asked once."""
        if category not in self._experience:
            self._experience[category] = solved_tickets(self.connection, category)
        return self._experience[category]

    def count_in(self, name: str, *, most: int) -> bool:
        """Count one more under the name; False: `most` have been within an hour, and it is not counted."""
        if self.rules.policy.limits.is_reached(most, self.tallies.look_up([name])[name], self.now):
            return False
        self.tallies.count_up([name])
        return True

    def add_event(
        self,
        number: int,
        event: Event,
        *,
        because: str,
        cause: Cause,
        actor: str = "maild",
        before: Mapping[str, object] | None = None,
    ) -> None:
        """Append an event to a ticket's history; `before`: the fields that a command changed, as they were."""
        tickets.add_event(
            self.together, number, event, actor=actor, because=because, cause=cause, at=self.now, before=before
        )


@contextmanager
def begin(connection: Connection, *, rules: Rules, voice: Voice, now: datetime) -> Iterator[Transaction]:
    """Give what the desk needs in this transaction; in the end everything is written."""
    key_id, key = keys.signing_key(connection, now=now)
    together = Together(connection)
    tallies, numbers, names = Tallies(connection, now), Numbers(connection), Names(connection)
    try:
        yield Transaction(
            connection=connection,
            together=together,
            tallies=tallies,
            numbers=numbers,
            names=names,
            still_open=StillOpen(connection, names),
            rules=rules,
            voice=voice,
            key_id=key_id,
            key=key,
            now=now,
        )
        tallies.write()
        numbers.write()
        together.write()
    finally:
        together.close()
