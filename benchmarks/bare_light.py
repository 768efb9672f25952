"""The light floor: the quickest that we know how to be. It says how much of the stock floor is the libraries.

The standard library's old parser (compat32, a third of the cost of mail-parser) and the first text part alone, maild's own
scorer for one question, the database's bare driver, a reply of plain text as prepared bytes.
"""

import email
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from email.message import Message
from email.utils import parseaddr
from typing import Any

import psycopg
from aiosmtplib import SMTP

from maild import shipped
from maild.classify.ask import ask, count
from maild.classify.models import load

REPLY = """\
From: {desk}
To: {to}
Subject: Re: {subject}
In-Reply-To: {id}

Thank you for your message. It has reached us.
"""


class Light:
    """One process of the light pipeline, with a table of its own."""

    def __init__(self, url: str, share: int, desk: str) -> None:
        """Connect, and load the models."""
        self._desk = desk
        self._models = load(shipped.folder("models"))
        self._is_sqlite = url.startswith("sqlite")
        self._table = f"bare_{share}"
        self._connection: Any = self._connect(url, share)
        content = "BLOB" if self._is_sqlite else "BYTEA"
        self._connection.execute(f"CREATE TABLE {self._table} (message_id TEXT, label TEXT, content {content})")

    def take_in(self, sources: Sequence[bytes]) -> list[Callable[[SMTP], Awaitable[object]]]:
        """Parse, classify and commit a group; give the replies."""
        mails = [email.message_from_bytes(source) for source in sources]
        labels = [ask(count(f"{mail['Subject']} {_text(mail)}", "en"), self._models.technical).label for mail in mails]
        self._store(
            [(mail["Message-ID"], label, source) for mail, label, source in zip(mails, labels, sources, strict=True)]
        )
        return [self._reply(mail) for mail in mails]

    def _reply(self, mail: Message) -> Callable[[SMTP], Awaitable[object]]:
        address = parseaddr(mail["From"])[1]
        content = REPLY.format(desk=self._desk, to=address, subject=mail["Subject"], id=mail["Message-ID"])
        wire = content.replace("\n", "\r\n").encode()
        return lambda smtp: smtp.sendmail(self._desk, [address], wire)

    def _connect(self, url: str, share: int) -> Any:
        if not self._is_sqlite:
            return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        connection = sqlite3.connect(url.removeprefix("sqlite:///") + f".{share}", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    def _store(self, rows: list[tuple[str, str | None, bytes]]) -> None:
        mark = "?" if self._is_sqlite else "%s"
        self._connection.execute("BEGIN IMMEDIATE" if self._is_sqlite else "BEGIN")
        self._connection.cursor().executemany(
            f"INSERT INTO {self._table} VALUES ({mark}, {mark}, {mark})",  # noqa: S608 - our own table
            rows,
        )
        self._connection.execute("COMMIT")


def _text(mail: Message) -> str:
    part = next((part for part in mail.walk() if part.get_content_type() == "text/plain"), None)
    content = part.get_payload(decode=True) if part else None
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
