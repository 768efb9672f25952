"""What is opened from the settings: rules, voice, models, store, and the way to the submission server."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from maild import shipped
from maild.daemon.log_in import submission_credentials
from maild.doors.clamd import Clamd
from maild.process.rules import Rules
from maild.replies.voice import Voice
from maild.settings.secret import read_secret
from maild.settings.values import Settings, SmtpSettings
from maild.store.engine import Store

if TYPE_CHECKING:
    from maild.doors.smtp import SmtpDoor
    from maild.intake.classifying import Classifying


def rules_of(settings: Settings) -> Rules:
    """The part of the settings that decides about mails."""
    return Rules(
        desk=settings.desk,
        trust=settings.trust,
        policy=settings.policy,
        priorities=settings.priorities,
        team=settings.team,
        categories=settings.categories,
        audit=settings.classify.audit,
        relay_bytes=settings.limits.relay_bytes,
    )


def voice_of(settings: Settings) -> Voice:
    """The part of the settings that speaks; ConfigurationError for a broken template."""
    return Voice.load(
        desk=settings.desk,
        priorities=settings.priorities,
        categories=settings.categories,
        team=settings.team,
        null_sender=settings.smtp.null_sender,
        overrides=settings.templates,
    )


@contextmanager
def open_store(settings: Settings, environ: Mapping[str, str]) -> Iterator[Store]:
    """The desk's database, let go of in the end. Raises ConfigurationError where its secret is missing."""
    secret = settings.database_secret
    store = Store(settings.database_url, password=read_secret(secret, environ) if secret else None)
    try:
        yield store
    finally:
        store.close()


def open_clamd(settings: Settings) -> Clamd | None:
    """The virus scanner, where one is configured; asked anew for each file."""
    scan = settings.scan
    return Clamd(place=scan.clamd, timeout=scan.timeout_seconds) if scan else None


def open_smtp(smtp: SmtpSettings, environ: Mapping[str, str], clock: Callable[[], datetime]) -> "SmtpDoor":
    """A connection to the submission server, not yet opened; its password or token is read whenever it logs in."""
    from maild.doors.smtp import SmtpDoor

    return SmtpDoor(
        host=smtp.host,
        port=smtp.port,
        security=smtp.security,
        username=smtp.username,
        credentials=submission_credentials(smtp, environ, clock),
        ca_file=smtp.ca_file,
        timeout=timedelta(seconds=smtp.timeout_seconds),
    )


def classifying_of(settings: Settings) -> "Classifying":
    """The shipped models, as cautious as the settings ask for."""
    from maild.classify.promise import Promise
    from maild.intake.classifying import Classifying

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
