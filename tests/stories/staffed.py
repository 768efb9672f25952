"""A desk with people of its own, and what its stories look at."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import sent_to
from tests.stories.looking import rows
from tests.stories.running import RunningDesk
from tests.support.relays import text_of

ANA, BEN = "ana@acme.example", "ben@acme.example"
PEOPLE = """
[[person]]
name = "Ana Ruiz"
addresses = ["ana@acme.example"]
role = "tsm"

[[person]]
name = "Ben Bauer"
addresses = ["ben@acme.example"]
role = "tsm"
capacity = 1
"""
"""Ana gets nearly all of the tickets."""

LOGIN = {"X_Acme_Login": "yes"}
"""Of people whom the desk's own mail server knows."""

TRUST = '\n[trust]\nmethod = "header"\nvalue = "X-Acme-Login: yes"\n'
"""What makes the desk believe it."""

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday."""


@contextmanager
def staffed(
    folder: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    """A desk whose mail server vouches for its people; clients who all write the same are no incident."""
    with RunningDesk(
        folder,
        address=imap_user,
        dovecot=dovecot,
        smtp_port=smtp_server.port,
        database_url=database_url,
        mailbox=TRUST,
    ) as desk:
        team, process = desk.folder / "team.toml", desk.folder / "process.toml"
        team.write_text(team.read_text() + PEOPLE)
        process.write_text(process.read_text().replace("propose = true", "propose = false"))
        desk.clock = lambda: MORNING
        yield desk


def it_is(desk: RunningDesk, now: datetime) -> None:
    """Move the desk's clock."""
    desk.clock = lambda: now


def by_client(database_url: str, columns: str = "status") -> dict[str, tuple[object, ...]]:
    """Client to these columns of their ticket."""
    found = rows(database_url, f"SELECT client, {columns} FROM tickets ORDER BY id")  # noqa: S608 - our own columns
    return {str(client): tuple(rest) for client, *rest in found}


def last_to(server: SmtpServer, address: str, words: str = "") -> EmailMessage:
    """The newest mail to an address that has these words in its subject or text."""
    mails = reversed(sent_to(server, address))
    return next(mail for mail in mails if words in " ".join(f"{mail['Subject']} {text_of(mail)}".split()))


def everything_for(server: SmtpServer, address: str) -> str:
    """Subjects and texts of all mails to an address, on one line."""
    return " ".join(" ".join(f"{mail['Subject']} {text_of(mail)}" for mail in sent_to(server, address)).split())
