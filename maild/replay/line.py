"""The line of a replay: past mail lives through both sides, and what would differ is told."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from maild.errors import Unreadable
from maild.intake.reading import Read
from maild.mail.message import Mail
from maild.mail.pool import ParsingPool
from maild.process.desk import Desk
from maild.replay.clues import Answers, find_pointers
from maild.replay.comparing import About, Comparison, compare
from maild.replay.decided import read_decided
from maild.replay.past import Past, Played
from maild.replay.side import Parsed, Side
from maild.store.engine import Store
from maild.store.replaying import find_answered

GROUP = 50
Tell = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """One side, and how it reads."""

    side: Side
    pool: ParsingPool


@dataclass(kw_only=True)
class Replay:
    """Plays the past on both sides."""

    desk: Desk
    known: Store | None
    """The desk's own store, which knows what was answered; None: the past is an archive."""

    now: Entrant
    then: Entrant
    until: datetime
    """Time passes on both sides up to then, after the last mail."""

    ignored: Sequence[str] = ()

    def play(self, past: Past, tell: Tell, is_stopped: Callable[[], bool] = lambda: False) -> Comparison:
        """Play all of it. Both sides see the same mails in the same order, each at the time when it came."""
        mails: dict[int, About] = {}
        not_played = count = 0
        with ThreadPoolExecutor(2, "replay") as readers:
            for group in _groups(past.mails()):
                if is_stopped():
                    break
                for played, mine, theirs in zip(group, *self._read(readers, group), strict=True):
                    count += 1
                    if self._play(count, played, mine, theirs):
                        mails[count] = About(place=played.place, at=played.at, subject=_subject(mine))
                    else:
                        not_played += 1
                    tell("playing", count, past.count)
        for entrant in (self.now, self.then):
            entrant.side.wait_until(max(self.until, entrant.side.now))
        decided = read_decided(self.now.side), read_decided(self.then.side)
        return compare(mails, *decided, not_played=not_played, ignored=self.ignored)

    def _read(self, readers: ThreadPoolExecutor, group: Sequence[Played]) -> tuple[list[Parsed], list[Parsed]]:
        """Both sides read at once; where they read alike, it is done once."""
        sources = [played.source for played in group]
        mine = readers.submit(_parse, self.now.pool, sources)
        if self.then.pool is self.now.pool:
            return mine.result(), mine.result()
        theirs = readers.submit(_parse, self.then.pool, sources)
        return mine.result(), theirs.result()

    def _play(self, number: int, played: Played, mine: Parsed, theirs: Parsed) -> bool:
        """False: neither side could."""
        answers = self._answers(mine) if self.known and not isinstance(mine, Unreadable) else _nothing(self.desk)
        if answers is None:
            return False
        played_now = self.now.side.play(number, played, mine, answers)
        played_then = self.then.side.play(number, played, theirs, answers)
        return played_now or played_then

    def _answers(self, parsed: tuple[Mail, Read]) -> Answers | None:
        """What the mail answers of all that the desk had written; None: it is a tap on what only the desk offered."""
        pointers = find_pointers(parsed[0], self.desk)
        if pointers.is_tap or self.known is None:
            return None
        with self.known.read() as connection:
            by_id, by_token = find_answered(connection, pointers.message_ids, pointers.tokens)
        meant = {known: answered for known, answered in by_id.items() if known in pointers.message_ids}
        further = (answered for token, answered in by_token.items() if token in pointers.tokens)
        return Answers(desk=self.desk, by_id={**meant, **{f"token of {each}": each for each in further}})


def _nothing(desk: Desk) -> Answers:
    return Answers(desk=desk, by_id={})


def _parse(pool: ParsingPool, sources: Sequence[bytes]) -> list[Parsed]:
    return list(pool.parse_further(sources))


def _subject(parsed: Parsed) -> str:
    return "" if isinstance(parsed, Unreadable) else parsed[0].subject


def _groups(mails: Iterator[Played]) -> Iterator[list[Played]]:
    while group := list(islice(mails, GROUP)):
        yield group
