"""Who is next: in the order of arrival while few wait, and in turns, which the heads of the mails decide, while many do."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from maild.mail.head import Head, read_head
from maild.process.rank import Rank
from maild.process.rules import Rules
from maild.process.waiting.turns import Line, Place, all_authors, all_tokens
from maild.store.database.attempting import attempt
from maild.store.engine import Connection
from maild.store.incoming import turns, waiting
from maild.store.incoming.turns import Unplaced
from maild.store.incoming.waiting import Waiting

log = logging.getLogger(__name__)

GROUP = 50
"""Mails that share a commit (FIELD.md, section 10)."""

GROUPS_IN_ORDER = 2
"""While no more than so many groups wait, everybody is served soon enough, and nobody asks who they are."""

PLACED_AT_ONCE = 1_000
"""By one claim, so that others who write do not wait for long: a mail costs 0.2 ms."""

CLAIMS_A_LOOK_BACK = 20
"""Who has no place is looked for behind the last who got one, and so often behind all: others had locked or held some of them."""


@dataclass(kw_only=True)
class Turns:
    """Claims the next group. For one thread."""

    rules: Rules
    group: int = GROUP
    line: Line = field(init=False)
    _had_some: bool = field(init=False, default=False)
    """Whether anybody waited lately; how many they were says nothing of how many wait: large ones come alone."""

    _placed: int = field(init=False, default=0)
    """The last row that got a place."""

    _claims: int = field(init=False, default=0)
    """In turn, since it was not so."""

    def __post_init__(self) -> None:
        """Begin with nobody in the line."""
        self.line = Line(rules=self.rules)

    @property
    def many(self) -> int:
        """With more mails than that, turns are taken."""
        return self.group * GROUPS_IN_ORDER

    @property
    def trusted_field(self) -> str:
        """The name of the field by which the desk's own server vouches, where it is one of its own."""
        trust = self.rules.trust
        return trust.value.partition(":")[0].strip() if trust.method == "header" else ""

    def claim(self, connection: Connection, *, holder: str, lease: timedelta) -> list[Waiting]:
        """Take the next mails; they are the holder's until the lease ends."""
        if self._had_some and turns.are_many(connection, self.many):
            in_turn = attempt(connection, lambda: self._claim_in_turn(connection, holder=holder, lease=lease))
            if in_turn:
                return in_turn
        else:
            self._begin_anew()
        claimed = waiting.claim_mails(connection, holder=holder, lease=lease, limit=self.group)
        self._had_some = bool(claimed)
        return claimed

    def places(self, connection: Connection, heads: Sequence[Head]) -> list[Place]:
        """Give each of them its turn, in this order."""
        authors, tokens = all_authors(heads, self.rules), all_tokens(heads, self.rules)
        acquainted = turns.find_acquainted(connection, authors, tokens)
        return [self.line.place(head, acquainted) for head in heads]

    def _begin_anew(self) -> None:
        self.line.forget()
        self._placed = self._claims = 0

    def _claim_in_turn(self, connection: Connection, *, holder: str, lease: timedelta) -> list[Waiting]:
        is_look_back = self._claims % CLAIMS_A_LOOK_BACK == 0
        self._claims += 1
        # the transaction in which it was placed may have been undone
        after = 0 if is_look_back or not turns.has_place(connection, self._placed) else self._placed
        if unplaced := turns.read_unplaced(connection, PLACED_AT_ONCE, after=after):
            self._place(connection, unplaced)
        return turns.claim_in_turn(connection, holder=holder, lease=lease, limit=self.group)

    def _place(self, connection: Connection, unplaced: Sequence[Unplaced]) -> None:
        places = self.places(connection, [read_head(mail.start) for mail in unplaced])
        own = Place(rank=Rank.EXPECTED, turn=0)
        written = {mail.id: own if mail.is_sent else place for mail, place in zip(unplaced, places, strict=True)}
        turns.write_places(connection, written)
        self._placed = max(self._placed, *written)
        log.info("mails wait for their turn", extra={"count": len(written)})
