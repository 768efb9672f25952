"""Check by a mail to ourselves: out by SMTP to a sub-address of the desk, in again by IMAP."""

import asyncio
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from maild.cli.checking.finding import Finding, Trial, attempt
from maild.cli.checking.mailboxes import log_in, newest
from maild.cli.checking.submission import knock
from maild.cli.opening import open_store
from maild.daemon.holder import holder_name
from maild.doors.imap import ImapConnection
from maild.doors.smtp import SmtpDoor
from maild.errors import MaildError, Refused, Uncertain
from maild.process.desk import Desk
from maild.store.engine import Store
from maild.store.outgoing.outbox import NewOutbox
from maild.store.outgoing.probing import add_sending, has_arrived
from maild.store.outgoing.settling import settlement

CURE = (
    'if your server does not deliver mail to sub-addresses, write [desk] subaddress = "";'
    " otherwise look for the probe in the server's log and among its spam"
)
PATIENCE_SECONDS = 60.0
SHORT_PATIENCE_SECONDS = 20.0
"""For a mail that need not come back."""

PAUSE_SECONDS = 1.0
PROBE_BYTES = 50_000
"""Larger mails cannot be it, whatever servers have written on top."""


def check_probe(trial: Trial) -> Iterator[Finding]:
    """Send one mail to the desk, and wait for it; the desk knows it as its own, and it never becomes a ticket."""
    desk = trial.settings.desk
    yield attempt("probe", lambda: send_and_await(trial, desk, PATIENCE_SECONDS), cure=CURE)
    if not desk.subaddress:
        yield try_subaddress(trial, replace(desk, subaddress="+"))


def try_subaddress(trial: Trial, desk: Desk) -> Finding:
    """Say whether sub-addresses, which are off, could be on; never a failure."""
    part = "probe of a sub-address"
    try:
        message = send_and_await(trial, desk, SHORT_PATIENCE_SECONDS)
    except MaildError as error:
        return Finding(part=part, ok=True, message=f"leave [desk] subaddress off: {error}", cure="")
    return Finding(
        part=part, ok=True, message=message, cure='[desk] subaddress = "+" marks answers better than subjects do'
    )


def send_and_await(trial: Trial, desk: Desk, patience_seconds: float) -> str:
    """Raises Refused where it could not be submitted, or did not come back in time."""
    probe = make_probe(desk, secrets.token_hex(8), datetime.now(UTC))
    with open_store(trial.settings, trial.environ) as store, ExitStack() as open_now:
        if store.needs_upgrade():
            raise Refused("nothing was sent: the database has no tables yet (maild db upgrade makes them)")
        watched = [
            (open_now.enter_context(closing(log_in(mailbox, trial))), mailbox.name)
            for mailbox in trial.settings.mailboxes
        ]
        submit(store, trial, probe)
        return await_return(store, watched, probe, patience_seconds)


def await_return(
    store: Store, watched: Sequence[tuple[ImapConnection, str]], probe: NewOutbox, patience_seconds: float
) -> str:
    """Look for it again and again. Raises Refused when the time is over."""
    started = time.monotonic()
    while (seconds := time.monotonic() - started) < patience_seconds:
        if has_come(store, probe.message_id) or any(lies_in(*each, probe.message_id) for each in watched):
            return f"a mail to {probe.recipient} came back after {seconds:.0f} s"
        time.sleep(PAUSE_SECONDS)
    raise Refused(f"a mail to {probe.recipient} was accepted, and did not come back within {patience_seconds:.0f} s")


def make_probe(desk: Desk, token: str, now: datetime) -> NewOutbox:
    """Write the mail; where there are no sub-addresses it goes to the plain address."""
    local, _, domain = desk.address.rpartition("@")
    recipient = f"{local}{desk.subaddress}check.{token}@{domain}" if desk.subaddress else desk.address
    message_id = f"<check.{token}@{desk.domain}>"
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((desk.name, desk.address))
    message["To"] = recipient
    message["Subject"] = "A probe of maild check"
    message["Date"], message["Message-ID"] = format_datetime(now), message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("maild wrote this mail to itself, to see whether it arrives. There is nothing to do.\n")
    return NewOutbox(
        ticket_id=None,
        mail_id=None,
        kind="probe",
        audience="internal",
        recipient=recipient,
        envelope_from=desk.address,
        message_id=message_id,
        token=None,
        once=None,
        subject=message["Subject"],
        new_text="",
        content=message.as_bytes(),
        created_at=now,
        due_at=now,
    )


def submit(store: Store, trial: Trial, probe: NewOutbox) -> None:
    """Write it down first, so that the desk knows it whenever it arrives. Raises Refused."""
    holder = holder_name()
    lease = timedelta(minutes=15)
    outbox_id = store.transact(lambda c: add_sending(c, probe, holder=holder, lease=lease))
    try:
        state, answer = "sent", asyncio.run(knock(trial, lambda door: hand_over(door, probe)))
    except MaildError as error:
        state, answer = "uncertain" if isinstance(error, Uncertain) else "bounced", str(error)
    now = datetime.now(UTC)
    store.transact(settlement(outbox_id, state=state, answer=answer, now=now, holder=holder))
    if state != "sent":
        raise Refused(f"a mail to {probe.recipient} could not be submitted: {answer}")


async def hand_over(door: SmtpDoor, probe: NewOutbox) -> str:
    """Submit it; the server's answer. Raises Refused."""
    await door.open()
    await door.open_envelope(envelope_from=probe.envelope_from, recipient=probe.recipient, size=len(probe.content))
    return await door.submit_content(probe.content)


def has_come(store: Store, message_id: str) -> bool:
    """Whether a running maild was quicker, and has taken it in."""
    with store.read() as connection:
        return has_arrived(connection, message_id)


def lies_in(server: ImapConnection, name: str, message_id: str) -> bool:
    """Whether it lies in a mailbox; it is left there, and taken in as the desk's own."""
    return any(message_id.encode() in source for source in newest(server, name, most_bytes=PROBE_BYTES))
