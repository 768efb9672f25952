"""Check of the mailboxes: a log-in to each, and what lies there."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial

from maild.cli.checking.finding import Curable, Finding, Trial, attempt
from maild.daemon.log_in import mailbox_credentials
from maild.daemon.running import system_clock
from maild.doors.imap import ImapConnection
from maild.errors import Deferred, MaildError, Refused
from maild.intake.account import open_account
from maild.settings.values import MailboxSettings

CURE = "[[mailbox]] host, port, security, username and password_file in maild.toml; some providers want an app password"
OAUTH_CURE = "[[mailbox]] host, port, security and username, and [mailbox.oauth] in maild.toml; docs/oauth.md says what must be permitted"
PATIENCE_SECONDS = 15.0
MOST_NAMES = 30
SAMPLE = 20
"""Mails that are looked at for advice."""

SAMPLE_BYTES = 500_000
SAMPLE_AGE = timedelta(days=90)


def check_mailboxes(trial: Trial) -> Iterator[Finding]:
    """Log in and open each mailbox; nothing in it is changed or marked."""
    for mailbox in trial.settings.mailboxes:
        part = f"imap {mailbox.username} {mailbox.name}"
        yield attempt(part, partial(look, mailbox, trial), cure=OAUTH_CURE if mailbox.oauth else CURE)
        if mailbox.since and mailbox.since > system_clock():
            message = f"nothing is taken in before {mailbox.since:%Y-%m-%d %H:%M} UTC ([[mailbox]] since), which is still to come"
            yield Finding(part=part, ok=True, message=message, cure="if that is a mistake, write another day there")


def look(mailbox: MailboxSettings, trial: Trial) -> str:
    """Say what is there. Raises Refused, Deferred or ConfigurationError."""
    with closing(log_in(mailbox, trial)) as connection:
        try:
            selected = connection.select(mailbox.name, reads_only=True)
        except Deferred:
            raise
        except Refused as refusal:
            raise Curable(f"the log-in works; {refusal}", cure=name_others(mailbox, connection)) from refusal
        return f"logged in to {mailbox.host}:{mailbox.port}; {mailbox.name} holds {selected.exists} mails"


def name_others(mailbox: MailboxSettings, connection: ImapConnection) -> str:
    """Say where the name stands, and which names the server knows."""
    there = connection.list_mailboxes()
    names = ", ".join(there[:MOST_NAMES]) + (", ..." if len(there) > MOST_NAMES else "")
    if mailbox.is_sent:
        return f"[[mailbox]] sent in maild.toml: there are {names}; a mail program makes it when it first sends, and without the key none is read"
    return f"[[mailbox]] name in maild.toml: there are {names}"


def log_in(mailbox: MailboxSettings, trial: Trial) -> ImapConnection:
    """Connect and log in as the daemon does, with less patience; the caller closes."""
    credentials = mailbox_credentials(mailbox, trial.environ, system_clock)
    return open_account(mailbox, credentials(), timeout_seconds=PATIENCE_SECONDS)


def sample(trial: Trial) -> list[bytes]:
    """Fetch the newest mails of the first mailbox, and of where its mails are moved; none where that is impossible."""
    mailbox = trial.settings.mailboxes[0]
    try:
        with closing(log_in(mailbox, trial)) as connection:
            places = [mailbox.name, mailbox.processed] if mailbox.after == "move" else [mailbox.name]
            return [source for place in places for source in newest(connection, place)][:SAMPLE]
    except MaildError:
        return []  # the mailbox has its own finding


def newest(connection: ImapConnection, place: str, *, most_bytes: int = SAMPLE_BYTES) -> Sequence[bytes]:
    """Fetch those of the newest mails of one mailbox that are not large."""
    try:
        selected = connection.select(place)
    except Refused:
        return []  # not made yet
    found = connection.search(after_uid=0, since=datetime.now(UTC) - SAMPLE_AGE, exists=selected.exists)
    small = [listed.uid for listed in connection.list_mails(found[-SAMPLE:]) if listed.size <= most_bytes]
    fetched = connection.fetch(small) if small else {}
    return [fetched[uid] for uid in sorted(fetched, reverse=True)]
