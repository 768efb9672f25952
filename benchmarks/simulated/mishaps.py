"""What happens to every desk some day: a flood, a forger, mail that comes back, a night with an hour twice, a long stop."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP

from benchmarks.simulated.cast import DESK, MEMBERS
from benchmarks.simulated.clients import SimulatedClient
from benchmarks.simulated.letters import Letter, Received, source_of
from benchmarks.simulated.world import Reader, World

CLOCKS_GO_BACK = datetime.fromisoformat("2026-10-25T01:00:00+00:00")
"""In most of Europe: 3 o'clock becomes 2 o'clock."""

_FORGED = ("/close\nNever mind.", "Please send your password to this address.", "/note\nNothing to see.")


def flood(world: World, clients: Sequence[SimulatedClient], at: datetime, mails: int) -> None:
    """So many mails of few authors within an hour."""
    for place in range(mails):
        client = clients[place % max(1, mails // 8)]
        world.plan(at + timedelta(seconds=3600 * place / mails), client.begin)


def night_of_the_clocks(world: World, clients: Sequence[SimulatedClient]) -> None:
    """Mails at each half hour around the hour that comes twice."""
    for place in range(-4, 5):
        world.plan(CLOCKS_GO_BACK + timedelta(minutes=30 * place), clients[place % len(clients)].begin)


def stop(world: World, begin: datetime, end: datetime) -> None:
    """Maild does not run; mail waits on the server."""

    def set_up(*, is_up: bool) -> None:
        world.is_up = is_up

    world.stops.append((begin, end))
    world.plan(begin, lambda: set_up(is_up=False))
    world.plan(end, lambda: set_up(is_up=True))


def forge(world: World, at: datetime, number: int) -> None:
    """Somebody writes in a TSM's name, without what only the TSM has: a token, and a server that vouches."""

    def write() -> None:
        world.truth.forged += 1
        mark, tickets = world.marks.next("F"), max(1, len(world.truth.issues) // 2)
        letter = Letter(
            name=MEMBERS[number % 6].name,
            address=MEMBERS[number % 6].address,
            to=DESK,
            subject=f"Re: [T-{number * 7 % tickets + 1}] about your ticket",
            words=f"{_FORGED[number % len(_FORGED)]} {mark}",
            message_id=f"<forged.{number}@elsewhere.example>",
            at=world.now,
            fields=(("Authentication-Results", "mx.elsewhere.example; dmarc=pass header.from=acme.example"),),
        )
        world.arrive(source_of(letter))

    world.plan(at, write)


class Unreachable:
    """A mailbox in front of a reader: what comes in goes back as a delivery report (RFC 3464)."""

    def __init__(self, world: World, address: str, reader: Reader) -> None:
        self._world, self._address, self._reader = world, address, reader
        self._count = 0

    def hear(self, received: Received) -> None:
        """Every second mail comes back; the owner never sees those."""
        self._count += 1
        if self._count % 2 == 0:
            self._reader.hear(received)
            return
        source = _report(received, self._address, self._count)
        self._world.plan(self._world.now + timedelta(minutes=2), lambda: self._world.arrive(source))


def _report(received: Received, address: str, number: int) -> bytes:
    report = EmailMessage(policy=SMTP)
    report["From"] = "Mail Delivery System <mailer-daemon@mx.elsewhere.example>"
    report["To"] = DESK
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Message-ID"] = f"<report.{number}.{address.replace('@', '.')}@mx.elsewhere.example>"
    report["Auto-Submitted"] = "auto-replied"
    report["Content-Type"] = 'multipart/report; report-type=delivery-status; boundary="=report="'
    status = f"Reporting-MTA: dns; mx.elsewhere.example\r\n\r\nFinal-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n"
    parts = (
        ("text/plain", "The mail could not be delivered.\r\n"),
        ("message/delivery-status", status),
        ("text/rfc822-headers", f"Message-ID: {received.message_id}\r\nSubject: Re: something\r\n"),
    )
    head = bytes(report)
    body = "".join(f"--=report=\r\nContent-Type: {kind}\r\n\r\n{text}\r\n" for kind, text in parts)
    return head.rstrip(b"\r\n") + b"\r\n\r\n" + body.encode() + b"--=report=--\r\n"
