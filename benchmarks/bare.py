"""The floor: fetch, parse, classify, commit and submit with stock libraries in two processes, and no desk at all.

Each process has its share of the mailbox, one IMAP and one SMTP connection, and a table of its own; commits are shared
by groups of 50 mails with full durability. `python -m benchmarks.bare` is started by `benchmarks.intake`: it says
`ready` when both processes have connected, and begins.
"""

import argparse
import asyncio
import contextlib
import email
import sqlite3
from email.message import EmailMessage
from email.policy import default
from multiprocessing import Barrier, Process
from threading import BrokenBarrierError
from typing import TYPE_CHECKING

import aiosmtplib
import imapclient
import psycopg

from maild import shipped
from maild.classify.ask import ask, count
from maild.classify.models import load

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier as BarrierType

GROUP = 50
SHARES = 2
READY_SECONDS = 60.0


class Database:
    """One table of mails, on either database."""

    def __init__(self, url: str, share: int) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self.table = f"bare_{share}"
        if self.is_sqlite:
            self.connection = sqlite3.connect(url.removeprefix("sqlite:///") + f".{share}", isolation_level=None)
            self.connection.execute("PRAGMA journal_mode=WAL")
            self.connection.execute("PRAGMA synchronous=FULL")
        else:
            self.connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)  # type: ignore[assignment]
        content = "BLOB" if self.is_sqlite else "BYTEA"
        self.connection.execute(f"CREATE TABLE {self.table} (message_id TEXT, label TEXT, content {content})")

    def store(self, rows: list[tuple[str, str, bytes]]) -> None:
        """Commit a group."""
        mark = "?" if self.is_sqlite else "%s"
        self.connection.execute("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
        self.connection.cursor().executemany(
            f"INSERT INTO {self.table} VALUES ({mark}, {mark}, {mark})",  # noqa: S608 - our own table
            rows,
        )
        self.connection.execute("COMMIT")


async def work(share: int, ready: "BarrierType", arguments: argparse.Namespace) -> None:
    """Take in every other group of the mailbox."""
    models = load(shipped.folder("models"))
    client = imapclient.IMAPClient("127.0.0.1", arguments.imap_port, ssl=False)
    client.login(arguments.user, arguments.password)
    client.select_folder("INBOX", readonly=True)
    uids = client.search("ALL")
    database = Database(arguments.database, share)
    smtp = aiosmtplib.SMTP(hostname="127.0.0.1", port=arguments.smtp_port, start_tls=False)
    await smtp.connect()
    ready.wait()
    for start in range(share * GROUP, len(uids), SHARES * GROUP):
        fetched = client.fetch(uids[start : start + GROUP], ["BODY.PEEK[]"])
        rows, replies = [], []
        for answer in fetched.values():
            source = answer[b"BODY[]"]
            mail = email.message_from_bytes(source, policy=default)
            body = mail.get_body(("plain", "html"))
            text = body.get_content() if body else ""
            verdict = ask(count(f"{mail['Subject']} {text}", "en"), models.technical)
            rows.append((str(mail["Message-ID"]), verdict.label or "", source))
            replies.append(_reply(mail, arguments.user))
        database.store(rows)
        for reply in replies:
            await smtp.send_message(reply)
    await smtp.quit()


def _reply(mail: EmailMessage, desk: str) -> EmailMessage:
    reply = EmailMessage()
    reply["From"], reply["To"] = desk, mail["From"]
    reply["Subject"], reply["In-Reply-To"] = f"Re: {mail['Subject']}", mail["Message-ID"]
    reply.set_content("Thank you for your message. It has reached us.\n")
    reply.add_alternative("<p>Thank you for your message. It has reached us.</p>", subtype="html")
    return reply


def main() -> int:
    """Run two shares side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--imap-port", type=int)
    parser.add_argument("--smtp-port", type=int)
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--database")
    arguments = parser.parse_args()
    ready = Barrier(SHARES + 1, timeout=READY_SECONDS)
    shares = [Process(target=_work, args=(share, ready, arguments)) for share in range(SHARES)]
    for process in shares:
        process.start()
    with contextlib.suppress(BrokenBarrierError):
        ready.wait()
        print("ready", flush=True)
    for process in shares:
        process.join()
    return max(abs(process.exitcode or 0) for process in shares)


def _work(share: int, ready: "BarrierType", arguments: argparse.Namespace) -> None:
    try:
        asyncio.run(work(share, ready, arguments))
    except BaseException:
        ready.abort()
        raise


if __name__ == "__main__":
    raise SystemExit(main())
