"""The sandbox's SMTP server: what is submitted to it appears in the mailboxes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from email import message_from_bytes
from email.utils import parseaddr

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from maild.demo.report import delivery_report

HOST = "127.0.0.1"
SIZE = 50_000_000
AUTHSERV_ID = "mx.sandbox.example"
"""By this name the server says what it found out about the author (RFC 8601)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """One mail that the SMTP server accepted, for one of its recipients."""

    return_path: str
    recipient: str
    content: bytes


class Postman:
    """aiosmtpd's hooks: accept everything and deliver it; report what cannot be delivered, as a relay on the way does."""

    def __init__(self, append: Callable[[str, bytes], Awaitable[None]], *, unreachable: Collection[str]) -> None:
        self._append = append
        self._unreachable = frozenset(map(str.casefold, unreachable))
        self.submitted: list[Submitted] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's signature
        """Deliver an accepted mail to each of its recipients."""
        for recipient in envelope.rcpt_tos:
            mail = Submitted(
                return_path=envelope.mail_from or "", recipient=recipient, content=envelope.original_content or b""
            )
            self.submitted.append(mail)
            await self._deliver(mail, log_in=session.auth_data)
        return "250 2.0.0 delivered"

    async def _deliver(self, mail: Submitted, *, log_in: str | None) -> None:
        if mail.recipient.casefold() not in self._unreachable:
            await self._append(self._account(mail.recipient), trace(mail, log_in=log_in) + mail.content)
        elif mail.return_path:
            report = Submitted(
                return_path="", recipient=mail.return_path, content=delivery_report(mail.recipient, mail.content)
            )
            await self._append(self._account(report.recipient), trace(report, log_in=None) + report.content)

    def _account(self, recipient: str) -> str:
        """Whose mailbox it is: sub-addresses (`support+x@`) belong to the address without them (RFC 5233)."""
        local, _, domain = recipient.rpartition("@")
        account, _, _ = local.partition("+")
        return f"{account}@{domain}"


def trace(mail: Submitted, *, log_in: str | None) -> bytes:
    """Write the fields that final delivery adds on top (RFC 5321 4.4, RFC 8601; Delivered-To as Postfix writes it).

    The server vouches for the author where the log-in name is the address in From, as a firm's own server does.
    """
    author = parseaddr(str(message_from_bytes(mail.content)["From"] or ""))[1].casefold()
    verdict = "dmarc=pass" if log_in and log_in == author else "dmarc=none"
    return (
        f"Return-Path: <{mail.return_path}>\r\nDelivered-To: {mail.recipient}\r\n"
        f"Authentication-Results: {AUTHSERV_ID}; {verdict} header.from={author.rpartition('@')[2]}\r\n"
    ).encode()


def authenticate(password: str) -> Callable[..., AuthResult]:
    """Accept every log-in name with the one password of the sandbox."""

    def check(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, told: object) -> AuthResult:
        if not isinstance(told, LoginPassword) or told.password != password.encode():
            return AuthResult(success=False, handled=False)
        return AuthResult(success=True, auth_data=told.login.decode("utf-8", "replace").casefold())

    return check


async def serve(postman: Postman, *, password: str) -> asyncio.Server:
    """Start the SMTP server on a free port of loopback. Anybody may submit; who logs in must know the password."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd warns about its own use of a deprecated attribute
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: SMTP(
            postman,
            hostname="localhost",
            ident="the sandbox of maild",
            data_size_limit=SIZE,
            enable_SMTPUTF8=True,
            authenticator=authenticate(password),
            auth_require_tls=False,
            loop=loop,
        ),
        HOST,
        0,
    )
