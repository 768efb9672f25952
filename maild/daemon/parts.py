"""The parts of a running maild, built once from its settings."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from maild.daemon.alarm import Alarm
from maild.daemon.apart import tell_apart
from maild.daemon.budget import BudgetWatch
from maild.daemon.comparing import Comparing
from maild.daemon.figures import Watching
from maild.daemon.holder import holder_name
from maild.daemon.incidents import IncidentWatch
from maild.daemon.log_in import mailbox_credentials, oauth_sections
from maild.daemon.mirror import open_mirror
from maild.daemon.models import ModelWatch, watch_models
from maild.daemon.opening import classifying_of, open_clamd, open_smtp, open_store, rules_of, voice_of
from maild.daemon.pulse import STILL_SECONDS, Pulses
from maild.daemon.reads import Reads
from maild.daemon.tokens import TokenWatch
from maild.daemon.weekly import WeeklyWatch
from maild.deadlines import Deadlines
from maild.desk.delivering import note_delivery
from maild.history.retention import Retaining
from maild.intake.line import Intake
from maild.intake.mailbox import MailboxWatch
from maild.intake.reading import Reading
from maild.intake.scanning import Scanning
from maild.intake.turns import Turns
from maild.mail.pool import ParsingPool
from maild.mirror.line import Mirror
from maild.outbox import Outbox
from maild.outbox.scanning import look_over
from maild.process.rules import Rules
from maild.replies.voice import Voice
from maild.settings.values import Settings
from maild.store.engine import Store


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Everything that works in a daemon."""

    store: Store
    mailboxes: tuple[MailboxWatch, ...]
    intake: Intake
    deadlines: Deadlines
    outbox: Outbox
    models: ModelWatch
    incidents: IncidentWatch
    weekly: WeeklyWatch
    tokens: TokenWatch
    retaining: Retaining
    comparing: Comparing
    watching: Watching
    mirror: Mirror | None
    """None: no ticket is mirrored."""

    stop: threading.Event
    """Set it, and everything ends soon."""


@dataclass(frozen=True, kw_only=True)
class _Given:
    """What the parts are made of."""

    settings: Settings
    environ: Mapping[str, str]
    clock: Callable[[], datetime]
    store: Store
    rules: Rules
    voice: Voice
    holder: str
    """Names this process in leases."""


@contextmanager
def open_parts(
    settings: Settings,
    environ: Mapping[str, str],
    clock: Callable[[], datetime],
    *,
    stop: threading.Event,
    upgrade: Callable[[Store], None] = Store.upgrade,
) -> Iterator[Parts]:
    """Build all parts, and take them down in the end. Nothing has begun to work when they are there."""
    rules, voice = rules_of(settings), voice_of(settings)
    reading = Reading(classifying=classifying_of(settings), relay_bytes=settings.limits.relay_bytes)
    with open_store(settings, environ) as store, _parsing_pool(settings, reading) as pool:
        given = _Given(
            settings=settings, environ=environ, clock=clock, store=store, rules=rules, voice=voice, holder=holder_name()
        )
        with _watch_models(given, reads := Reads(pool, reading)) as models:
            upgrade(store)
            if not stop.is_set():
                models.look()
            alarm = Alarm(store=store, rules=rules, voice=voice, clock=clock)
            pool.await_ready()  # a broken installation is a reason not to start
            pulses, outbox = Pulses(stop=stop), _outbox(given)
            watching = _watching(given, pulses, outbox)
            yield Parts(
                store=store,
                mailboxes=_mailboxes(given, alarm, pulses),
                intake=_intake(given, pool),
                deadlines=Deadlines(store=store, rules=rules, voice=voice, clock=clock),
                outbox=outbox,
                models=models,
                incidents=IncidentWatch(store=store, rules=rules, voice=voice, clock=clock, tell=reads.remember),
                weekly=_weekly(given),
                tokens=TokenWatch(sections=oauth_sections(settings), alarm=alarm.of_token),
                retaining=Retaining(store=store, retention=settings.retention, clock=clock, is_stopped=stop.is_set),
                comparing=_comparing(given, watching),
                watching=watching,
                mirror=None if stop.is_set() else open_mirror(settings, store, environ, clock, holder=given.holder),
                stop=stop,
            )


@contextmanager
def _parsing_pool(settings: Settings, reading: Reading) -> Iterator[ParsingPool]:
    with ParsingPool(settings.limits, settings.desk.languages, workers=settings.parsers, then=reading) as pool:
        reading.classifying.models()  # while the processes load theirs; broken ones are a reason not to start
        yield pool


def _watch_models(given: _Given, reads: Reads) -> AbstractContextManager[ModelWatch]:
    budget = BudgetWatch(
        store=given.store,
        rules=given.rules,
        voice=given.voice,
        error_budget=given.settings.classify.error_budget,
        clock=given.clock,
    )
    return watch_models(given.store, classifying_of(given.settings), use=reads.use, budget=budget, clock=given.clock)


def _mailboxes(given: _Given, alarm: Alarm, pulses: Pulses) -> tuple[MailboxWatch, ...]:
    return tuple(
        MailboxWatch(
            mailbox,
            given.store,
            credentials=mailbox_credentials(mailbox, given.environ, given.clock),
            holder=given.holder,
            limits=given.settings.limits,
            clock=given.clock,
            stop=pulses.of(f"mailbox {number}", allowance=mailbox.poll_seconds + STILL_SECONDS),
            alarm=alarm,
            # what the desk itself has sent waits for nobody
            turns=None if mailbox.is_sent else Turns(rules=given.rules),
        )
        for number, mailbox in enumerate(given.settings.mailboxes)
    )


def _intake(given: _Given, pool: ParsingPool) -> Intake:
    clamd = open_clamd(given.settings)
    return Intake(
        store=given.store,
        pool=pool,
        rules=given.rules,
        voice=given.voice,
        holder=given.holder,
        clock=given.clock,
        scan=Scanning(clamd=clamd, clock=given.clock) if clamd else None,
    )


def _outbox(given: _Given) -> Outbox:
    smtp, clamd = given.settings.smtp, open_clamd(given.settings)
    return Outbox(
        given.store,
        partial(open_smtp, smtp, given.environ, given.clock),
        holder=given.holder,
        note=partial(note_delivery, rules=given.rules, voice=given.voice),
        clock=given.clock,
        connections=smtp.connections,
        look_over=partial(look_over, clamd) if clamd else None,
    )


def _weekly(given: _Given) -> WeeklyWatch:
    return WeeklyWatch(
        store=given.store,
        rules=given.rules,
        voice=given.voice,
        clock=given.clock,
        analyse=partial(tell_apart, given.settings.folder, given.environ),
    )


def _watching(given: _Given, pulses: Pulses, outbox: Outbox) -> Watching:
    mailboxes = given.settings.mailboxes
    longest = max(box.poll_seconds for box in mailboxes)
    return Watching(
        store=given.store,
        pulses=pulses,
        clock=given.clock,
        patience=timedelta(seconds=longest + STILL_SECONDS),
        mailboxes=[(box.account, box.name) for box in mailboxes],
        trouble=lambda: outbox.trouble,
        has_mirror=given.settings.linear is not None,
    )


def _comparing(given: _Given, watching: Watching) -> Comparing:
    operation = given.settings.operation
    return Comparing(
        store=given.store,
        mailboxes=given.settings.mailboxes,
        environ=given.environ,
        clock=given.clock,
        differences=watching.differences,
        every_seconds=operation.reconcile_seconds if operation.metrics_port else None,
    )
