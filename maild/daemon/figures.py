"""What the loopback port tells: the figures of the store and of this process, each with one line of help."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from maild import __version__
from maild.daemon.log_in import tokens_at_hand
from maild.daemon.pulse import Pulses
from maild.doors.metrics import Figures, Health, Metric
from maild.errors import MaildError, Refused
from maild.store.engine import Store
from maild.store.view.mirror import NO_MIRROR, MirrorWatched
from maild.store.view.watched import Watched, watch

log = logging.getLogger(__name__)

FRESH = timedelta(seconds=5)
"""The store is asked at most this often, however often somebody looks."""

Samples = Sequence[tuple[Mapping[str, str], float]]


@dataclass(kw_only=True)
class Watching:
    """Everything that can be told about this process and its desk."""

    store: Store
    pulses: Pulses
    clock: Callable[[], datetime]
    patience: timedelta
    """A mailbox that was not polled for so long is a reason not to be ready."""

    mailboxes: Sequence[tuple[str, str]]
    """Account and name of each that the configuration has; older ones may be in the store."""

    trouble: Callable[[], str | None]
    """Why the outbox stands still."""

    has_mirror: bool = False
    """Whether tickets are mirrored: what an earlier mirror has left behind is no trouble."""

    differences: dict[str, int] = field(default_factory=dict)
    """Number of a mailbox to the mails by which server and store differed at the last comparison."""

    _seen: Watched | None = None
    _seen_at: datetime | None = None
    _failure: str | None = None
    """The bug or the damaged row that was told of; once, not every few seconds."""

    def figures(self) -> Figures:
        """For the port."""
        return Figures(metrics=self.metrics, alive=self.alive, ready=self.ready)

    def metrics(self) -> list[Metric]:
        """All of them. Raises Refused or Deferred where the store cannot be asked."""
        return list(_metrics(self._watched(), self, self.clock()))

    def alive(self) -> Health:
        """Every line of this process turns."""
        return Health(troubles=tuple(f"the line {line!r} stands still" for line in self.pulses.still()))

    def ready(self) -> Health:
        """The desk does its work: the store answers, mailboxes are polled, mail can be submitted, nobody is waited for."""
        try:
            seen = self._watched()
        except Refused:
            return Health(troubles=(*self.alive().troubles, "the database does not answer"))
        return Health(troubles=(*self.alive().troubles, *self._unready(seen)))

    def status(self) -> str:
        """One line for a service manager."""
        try:
            seen = self._watched()
        except Refused:
            return "the database does not answer"
        return f"{seen.waiting} mails wait, {seen.held} held, {seen.outbox['due']} due, {seen.outbox['uncertain']} uncertain"

    def _unready(self, seen: Watched) -> Iterator[str]:
        if seen.is_waiting:
            yield "a restored backup waits for `maild restore --resume`"
        if self.trouble() is not None:
            yield "the outbox stands still"
        for number, (_, seen_at) in enumerate(self.polled(seen)):
            if seen_at is None or self.clock() - seen_at > self.patience:
                yield f"mailbox {number} was not polled lately; maild check tells why"

    def polled(self, seen: Watched) -> list[tuple[bool, datetime | None]]:
        """Of each mailbox of the configuration, whether it is in trouble, and when it was polled without any."""
        return [seen.mailboxes.get(place, (False, None)) for place in self.mailboxes]

    def unmarked(self, seen: Watched) -> tuple[int, datetime | None]:
        """Number and oldest of what a mailbox of the configuration has to mark: of others nobody marks anything any more."""
        here = [seen.unmarked[place] for place in set(self.mailboxes) if place in seen.unmarked]
        return sum(count for count, _ in here), min((since for _, since in here if since), default=None)

    def _watched(self) -> Watched:
        now = self.clock()
        if self._seen is None or self._seen_at is None or not timedelta() <= now - self._seen_at < FRESH:
            try:
                with self.store.read() as connection:
                    self._seen, self._seen_at = watch(connection, now=now), now
            except MaildError:
                raise
            except Exception as error:  # a damaged row, perhaps: no reason to end a daemon whose lines turn
                if repr(error) != self._failure:
                    log.exception("the figures of the database cannot be read; told once")
                    self._failure = repr(error)
                raise Refused(f"The figures of the database cannot be read: {error!r}") from error
            self._failure = None
        return self._seen


def _metrics(seen: Watched, watching: Watching, now: datetime) -> Iterator[Metric]:
    yield _gauge("info", "The version of maild; always 1.", [({"version": __version__}, 1)])
    yield from _of_mails(seen, watching.unmarked(seen), now)
    yield from _of_desk(seen, now)
    yield from _of_mirror(seen.mirror if watching.has_mirror else NO_MIRROR, now)
    yield from _of_mailboxes(watching.polled(seen), now)
    yield from _of_process(watching, now)


def _gauge(name: str, text: str, samples: Samples) -> Metric:
    return Metric(name=f"maild_{name}", kind="gauge", help=text, samples=samples)


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _of_mails(seen: Watched, unmarked: tuple[int, datetime | None], now: datetime) -> Iterator[Metric]:
    yield Metric(
        name="maild_mails_stored_total",
        kind="counter",
        help="Mails that ever arrived, as the number of the newest row.",
        samples=[({}, seen.mails_stored)],
    )
    steps = {
        "waiting": (seen.waiting, seen.waiting_since),
        "unmarked": unmarked,
        "held": (seen.held, seen.held_since),
    }
    yield _gauge("mails", "Mails at each step: stored and not taken in, taken in and not moved or flagged, held for a person.",
                 [({"step": step}, count) for step, (count, _) in steps.items()])  # fmt: skip
    yield _gauge("mail_age_seconds", "How long the oldest mail has been at the step; 0 where none is.",
                 [({"step": step}, _age(since, now)) for step, (_, since) in steps.items()])  # fmt: skip
    yield _gauge("outbox_mails", "Mails of the outbox that have not left, or of which nobody knows, by state.",
                 [({"state": state}, count) for state, count in seen.outbox.items()])  # fmt: skip
    yield _gauge("outbox_age_seconds", "For how long the oldest mail could have been submitted.",
                 [({}, _age(seen.outbox_since, now))])  # fmt: skip


def _of_desk(seen: Watched, now: datetime) -> Iterator[Metric]:
    yield _gauge("deadlines_late", "Deadlines that have passed and were not acted on.", [({}, seen.late)])
    yield _gauge("deadline_lateness_seconds", "How late the oldest of them is.", [({}, _age(seen.late_since, now))])
    yield _gauge("tickets_open", "Tickets that are not closed.", [({}, seen.tickets)])
    yield _gauge(
        "tickets_overdue", "Tickets whose client should have heard from the desk by now.", [({}, seen.overdue)]
    )
    shares = {question: answered / asked for question, (answered, asked) in sorted(seen.coverage.items())}
    yield _gauge("model_coverage_ratio", "Share of the newest mails about which the models dared to decide.",
                 [({"question": question}, share) for question, share in shares.items()])  # fmt: skip
    yield _gauge("restored_waiting", "Whether a restored backup waits for a person.", [({}, float(seen.is_waiting))])


def _of_mirror(mirror: MirrorWatched, now: datetime) -> Iterator[Metric]:
    yield _gauge("mirror_tickets_waiting", "Tickets of which the tracker has yet to be told.", [({}, mirror.waiting)])
    yield _gauge("mirror_age_seconds", "How long the oldest of it has waited; 0 where nothing does.",
                 [({}, _age(mirror.waiting_since, now))])  # fmt: skip
    yield _gauge("mirror_refused", "Comments, links and tickets that the tracker refused: maild mirror tells why.",
                 [({}, mirror.refused)])  # fmt: skip


def _of_mailboxes(polled: Sequence[tuple[bool, datetime | None]], now: datetime) -> Iterator[Metric]:
    yield _gauge("mailbox_trouble", "Whether the mailbox, by its place in maild.toml, cannot be polled.",
                 [({"mailbox": str(n)}, float(bad)) for n, (bad, _) in enumerate(polled)])  # fmt: skip
    yield _gauge("mailbox_seen_age_seconds", "How long ago the mailbox was polled without trouble; 0 before the first time.",
                 [({"mailbox": str(n)}, _age(at, now)) for n, (_, at) in enumerate(polled)])  # fmt: skip


def _of_process(watching: Watching, now: datetime) -> Iterator[Metric]:
    still = set(watching.pulses.still())
    yield _gauge("line_turns", "Whether the line of this process turns.",
                [({"line": line}, float(line not in still)) for line in watching.pulses.lines()])  # fmt: skip
    yield _gauge("outbox_stands_still", "Whether nothing can be submitted at the moment.",
                [({}, float(watching.trouble() is not None))])  # fmt: skip
    yield _gauge("reconcile_difference", "Mails by which server and store differed at the last comparison.",
                [({"mailbox": number}, count) for number, count in sorted(watching.differences.items())])  # fmt: skip
    tokens = [(section, token) for section, token in sorted(tokens_at_hand().items())]
    yield _gauge("token_expires_in_seconds", "How long the OAuth token at hand holds; negative: no log-in has needed one since.",
                [({"section": name}, (token.expires_at - now).total_seconds()) for name, token in tokens if token.expires_at])  # fmt: skip
    yield _gauge("token_refused", "Whether the token server refused the last renewal: somebody must log in again.",
                [({"section": name}, float(token.refusal is not None)) for name, token in tokens])  # fmt: skip
