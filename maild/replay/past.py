"""Past mail, oldest first: of the desk's own store, or of an archive."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from maild.history.past_mail import Archive
from maild.store.engine import Store
from maild.store.replaying import AT_ONCE, StoredArrival, list_past, read_sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One mail to be played again."""

    place: str
    """Where it is, for people: `mail 17` of the desk, a file's name."""

    at: datetime
    source: bytes
    was: StoredArrival | None
    """What became of it on the desk; None: it comes from an archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """All that is played."""

    words: str
    """What it is, for people."""

    count: int
    mails: Callable[[], Iterator[Played]]


def of_the_desk(store: Store, *, since: datetime, until: datetime) -> Past:
    """What arrived in the period; few bytes are in memory at once."""
    with store.read() as connection:
        listed = list_past(connection, since=since, until=until)

    def mails() -> Iterator[Played]:
        for start in range(0, len(listed), AT_ONCE):
            group = listed[start : start + AT_ONCE]
            with store.read() as connection:
                sources = read_sources(connection, {past.digest for past in group})
            for past in group:
                if past.digest in sources:
                    yield Played(place=f"mail {past.mail}", at=past.at, source=sources[past.digest], was=past)

    return Past(words=f"the desk's mail since {since:%Y-%m-%d %H:%M} UTC", count=len(listed), mails=mails)


def of_an_archive(archive: Archive, name: str, *, undated_at: datetime) -> Past:
    """What an archive holds; a mail without a date comes when the one before it came."""

    def mails() -> Iterator[Played]:
        last = None
        for past in archive.mails():
            last = past.at or last
            yield Played(place=past.place, at=last or undated_at, source=past.read(), was=None)

    return Past(words=f"{name} ({archive.kind})", count=archive.count, mails=mails)
