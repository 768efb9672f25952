"""The line from an archive to the desk: read, parse, classify, remember; killed at any point, it goes on where it was."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from maild.desk.finding.forgetting import a_copy
from maild.desk.past_arrival import Origin, PastArrival
from maild.desk.remembering import remember, say
from maild.errors import Refused, Unreadable
from maild.history.header_labels import HeaderLabels
from maild.history.past_mail import Archive, PastMail, Tell
from maild.mail.message import Limits
from maild.mail.pool import ParsingPool
from maild.store.engine import Connection, Store
from maild.store.erasing.tombstones import find_forgotten
from maild.store.incoming.past import find_named, find_stored

log = logging.getLogger(__name__)

GROUP = 50
"""Mails that share a commit; a kill costs the work of two groups, and nothing that was committed."""

GROUP_OCTETS = 16_000_000
"""Unless one mail alone is larger."""

MOST_TOLD = 20


@dataclass(kw_only=True)
class Account:
    """What became of an archive; counts grow as groups are committed."""

    outcomes: Counter[str] = field(default_factory=Counter)
    there: int = 0
    """Mails that the store had already: of an earlier run, or from a mailbox."""

    left_out: int = 0
    reasons: list[str] = field(default_factory=list)
    """Why the first of those were left out."""

    unknown: Counter[str] = field(default_factory=Counter)
    """What header fields held that is no label."""

    @property
    def through(self) -> int:
        """How many mails have been dealt with."""
        return self.outcomes.total() + self.there + self.left_out

    def leave_out(self, place: str, because: str) -> None:
        """Note a mail that could not be read."""
        self.left_out += 1
        if len(self.reasons) < MOST_TOLD:
            self.reasons.append(f"{place}: {because}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    arrivals: Mapping[str, PastArrival]
    """Digest to mail."""

    there: int
    left_out: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """Moves archives in."""

    store: Store
    known: Store
    """Where it is looked up whether a mail is there already: the same store, unless this is a trial."""

    pool: ParsingPool
    """Classifies, too."""

    limits: Limits
    origin: Origin
    header_labels: HeaderLabels
    undated_at: datetime
    """The date of a mail whose archive tells none."""

    def bring_in(self, archive: Archive, tell: Tell, is_stopped: Callable[[], bool] = lambda: False) -> Account:
        """Move all of it in; the next group is read while the desk remembers this one."""
        account = Account(unknown=self.header_labels.unknown)
        groups = self._groups(archive)
        with ThreadPoolExecutor(1, "reading") as reader:
            following = reader.submit(next, groups, None)
            while (group := following.result()) is not None:
                following = reader.submit(next, groups, None)
                self._keep(group, account)
                tell("moving in", account.through, archive.count)
                if is_stopped():
                    break
        return account

    def _groups(self, archive: Archive) -> Iterator[_Group]:
        batch: list[tuple[PastMail, bytes]] = []
        left_out: list[tuple[str, str]] = []
        for past in archive.mails():
            if past.size > self.limits.source_bytes:
                words = f"{past.size:,} octets; at most {self.limits.source_bytes:,} are read ([limits] source_bytes)"
                left_out.append((past.place, words))
            else:
                try:
                    batch.append((past, past.read()))
                except OSError as error:
                    left_out.append((past.place, f"it cannot be read: {error.strerror or error}"))
            if len(batch) >= GROUP or sum(len(source) for _, source in batch) > GROUP_OCTETS:
                yield self._parse(batch, left_out)
                batch, left_out = [], []
        yield self._parse(batch, left_out)

    def _parse(self, batch: Sequence[tuple[PastMail, bytes]], left_out: Sequence[tuple[str, str]]) -> _Group:
        """What the store has is not parsed again, unless there may be new labels in it."""
        named = {sha256(source).hexdigest(): (past, source) for past, source in batch}
        with self.known.read() as connection:
            stored = _stored(connection, {digest: past.message_id for digest, (past, _) in named.items()})
        wanted = {
            digest: (past, source)
            for digest, (past, source) in named.items()
            if digest not in stored or past.labels or self.header_labels.headers
        }
        read = self.pool.parse_further([source for _, source in wanted.values()])
        arrivals: dict[str, PastArrival] = {}
        refused = list(left_out)
        for (digest, (past, source)), parsed in zip(wanted.items(), read, strict=True):
            if isinstance(parsed, Unreadable):
                refused.append((past.place, str(parsed)))
                continue
            mail, classified = parsed
            arrivals[digest] = PastArrival(
                mail=mail,
                source=source,
                verdicts=classified.verdicts,
                at=past.at or mail.written_at or self.undated_at,
                labels={**self.header_labels.find(mail), **past.labels},
                part=past.part,
                told=past.told,
                known_as=past.message_id,
            )
        return _Group(arrivals=arrivals, there=len(batch) - len(wanted), left_out=refused)

    def _keep(self, group: _Group, account: Account) -> None:
        outcomes, failed = self._remember_all(group)
        account.outcomes.update(outcome for outcome in outcomes if outcome is not None)
        account.there += group.there + outcomes.count(None)
        for place, because in (*group.left_out, *failed):
            log.info("mail left out", extra={"place": place, "because": because})
            account.leave_out(place, because)

    def _remember_all(self, group: _Group) -> tuple[list[str | None], list[tuple[str, str]]]:
        """Remember the group in one transaction; if that fails, each mail alone, so that a bad one fails alone."""
        try:
            return self._remember_together(group.arrivals), []
        except Refused:
            raise
        except Exception as error:
            log.info("group failed, each mail alone now", extra={"because": repr(error)})
        outcomes: list[str | None] = []
        failed: list[tuple[str, str]] = []
        for digest, arrival in group.arrivals.items():
            try:
                outcomes += self._remember_together({digest: arrival})
            except Refused:
                raise
            except Exception as error:
                log.exception("mail left out", extra={"digest": digest})
                failed.append((f"mail {arrival.mail.message_id or digest}", f"maild failed on it ({error!r}); a bug"))
        return outcomes, failed

    def _remember_together(self, arrivals: Mapping[str, PastArrival]) -> list[str | None]:
        return self.store.transact(lambda connection: self._remember(connection, arrivals), serial=True)

    def _remember(self, connection: Connection, arrivals: Mapping[str, PastArrival]) -> list[str | None]:
        """Give what became of each; None for what is there already, which may have new labels."""
        stored = _stored(connection, {digest: arrival.known_as for digest, arrival in arrivals.items()})
        desk = self.origin.rules.desk
        copies = [a_copy(arrival.mail, desk, at=arrival.at) for arrival in arrivals.values()]
        places = find_forgotten(connection, copies)
        forgotten = {digest for place, digest in enumerate(arrivals) if place in places}
        outcomes: list[str | None] = []
        for digest, arrival in arrivals.items():
            if digest in stored:
                say(connection, stored[digest], arrival, self.origin)
                outcomes.append(None)
            elif digest in forgotten:
                outcomes.append("forgotten")
            else:
                outcomes.append(remember(connection, arrival, self.origin).value)
        return outcomes


def _stored(connection: Connection, named: Mapping[str, str | None]) -> Mapping[str, int]:
    """Digest to the mail that is there already; `named`: digest to the Message-ID by which its archive knows it."""
    stored = dict(find_stored(connection, named.keys()))
    by_id = find_named(connection, {known for digest, known in named.items() if known and digest not in stored})
    return {digest: by_id[known] for digest, known in named.items() if known and known in by_id} | stored
