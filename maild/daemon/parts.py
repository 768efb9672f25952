"""The parts of a running maild, built once from its settings."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from maild import shipped
from maild.classify.promise import Promise
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
from maild.daemon.opening import open_clamd, open_smtp, open_store, rules_of, voice_of
from maild.daemon.pulse import STILL_SECONDS, Pulses
from maild.daemon.reads import Reads
from maild.daemon.tokens import TokenWatch
from maild.daemon.weekly import WeeklyWatch
from maild.deadlines import Deadlines
from maild.desk.delivering import note_delivery
from maild.history.retention import Retaining
from maild.intake.classifying import Classifying
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
    rules, voice, holder = rules_of(settings), voice_of(settings), holder_name()
    reading = Reading(classifying=classifying_of(settings), relay_bytes=settings.limits.relay_bytes)
    with (
        open_store(settings, environ) as store,
        _parsing_pool(settings, reading) as pool,
        _watch_models(settings, store, reads := Reads(pool, reading), rules=rules, voice=voice, clock=clock) as models,
    ):
        upgrade(store)
        if not stop.is_set():
            models.look()
        alarm = Alarm(store=store, rules=rules, voice=voice, clock=clock)
        pool.await_ready()  # a broken installation is a reason not to start
        pulses, outbox = Pulses(stop=stop), _outbox(settings, environ, alarm=alarm, holder=holder)
        watching = _watching(settings, store, pulses, outbox, clock)
        yield Parts(
            store=store,
            mailboxes=_mailboxes(settings, alarm, pulses, environ=environ, holder=holder),
            intake=_intake(settings, pool, alarm=alarm, holder=holder),
            deadlines=Deadlines(store=store, rules=rules, voice=voice, clock=clock),
            outbox=outbox,
            models=models,
            incidents=IncidentWatch(store=store, rules=rules, voice=voice, clock=clock, tell=reads.remember),
            weekly=_weekly(settings, environ, alarm),
            tokens=TokenWatch(sections=oauth_sections(settings), alarm=alarm.of_token),
            retaining=Retaining(store=store, retention=settings.retention, clock=clock, is_stopped=stop.is_set),
            comparing=_comparing(settings, watching, environ),
            watching=watching,
            mirror=None if stop.is_set() else open_mirror(settings, store, environ, clock, holder=holder),
            stop=stop,
        )


def _comparing(settings: Settings, watching: Watching, environ: Mapping[str, str]) -> Comparing:
    return Comparing(
        store=watching.store,
        mailboxes=settings.mailboxes,
        environ=environ,
        clock=watching.clock,
        differences=watching.differences,
        every_seconds=settings.operation.reconcile_seconds if settings.operation.metrics_port else None,
    )


def _watching(
    settings: Settings, store: Store, pulses: Pulses, outbox: Outbox, clock: Callable[[], datetime]
) -> Watching:
    longest = max(box.poll_seconds for box in settings.mailboxes)
    patience = timedelta(seconds=longest + STILL_SECONDS)
    places = [(box.account, box.name) for box in settings.mailboxes]
    return Watching(
        store=store,
        pulses=pulses,
        clock=clock,
        patience=patience,
        mailboxes=places,
        trouble=lambda: outbox.trouble,
        has_mirror=settings.linear is not None,
    )


@contextmanager
def _parsing_pool(settings: Settings, reading: Reading) -> Iterator[ParsingPool]:
    with ParsingPool(settings.limits, settings.desk.languages, workers=settings.parsers, then=reading) as pool:
        reading.classifying.models()  # while the processes load theirs; broken ones are a reason not to start
        yield pool


def _intake(settings: Settings, pool: ParsingPool, *, alarm: Alarm, holder: str) -> Intake:
    clamd = open_clamd(settings)
    return Intake(
        store=alarm.store,
        pool=pool,
        rules=alarm.rules,
        voice=alarm.voice,
        holder=holder,
        clock=alarm.clock,
        scan=Scanning(clamd=clamd, clock=alarm.clock) if clamd else None,
    )


def _outbox(settings: Settings, environ: Mapping[str, str], *, alarm: Alarm, holder: str) -> Outbox:
    clamd = open_clamd(settings)
    return Outbox(
        alarm.store,
        partial(open_smtp, settings.smtp, environ, alarm.clock),
        holder=holder,
        note=partial(note_delivery, rules=alarm.rules, voice=alarm.voice),
        clock=alarm.clock,
        connections=settings.smtp.connections,
        look_over=partial(look_over, clamd) if clamd else None,
    )


def _weekly(settings: Settings, environ: Mapping[str, str], alarm: Alarm) -> WeeklyWatch:
    return WeeklyWatch(
        store=alarm.store,
        rules=alarm.rules,
        voice=alarm.voice,
        clock=alarm.clock,
        analyse=partial(tell_apart, settings.folder, environ),
    )


def _watch_models(
    settings: Settings, store: Store, reads: Reads, *, rules: Rules, voice: Voice, clock: Callable[[], datetime]
) -> AbstractContextManager[ModelWatch]:
    error_budget = settings.classify.error_budget
    budget = BudgetWatch(store=store, rules=rules, voice=voice, error_budget=error_budget, clock=clock)
    return watch_models(store, classifying_of(settings), use=reads.use, budget=budget, clock=clock)


def classifying_of(settings: Settings) -> Classifying:
    """The shipped models, as cautious as the settings ask for."""
    return Classifying(
        folder=shipped.folder("models"),
        error_budget=settings.classify.error_budget,
        categories=frozenset(settings.categories),
        own_lists=tuple(settings.desk.own_lists),
        own_domains=settings.desk.domains,
        teams=frozenset(other.name for other in settings.team.others),
        promises=tuple(
            Promise(domain=domain, points=points)
            for domain, points in sorted(settings.priorities.urgency_points.items())
        ),
    )


def _mailboxes(
    settings: Settings, alarm: Alarm, pulses: Pulses, *, environ: Mapping[str, str], holder: str
) -> tuple[MailboxWatch, ...]:
    return tuple(
        MailboxWatch(
            mailbox,
            alarm.store,
            credentials=mailbox_credentials(mailbox, environ, alarm.clock),
            holder=holder,
            limits=settings.limits,
            clock=alarm.clock,
            stop=pulses.of(f"mailbox {number}", allowance=mailbox.poll_seconds + STILL_SECONDS),
            alarm=alarm,
            # what the desk itself has sent waits for nobody
            turns=None if mailbox.is_sent else Turns(rules=alarm.rules),
        )
        for number, mailbox in enumerate(settings.mailboxes)
    )
