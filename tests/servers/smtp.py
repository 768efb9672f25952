"""A real SMTP server on loopback that does what a test tells it to."""
# ruff: noqa: N802 - aiosmtpd finds its hooks by these names

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.servers.accepted import Accepted, accept, as_line
from tests.servers.certificate import Certificate
from tests.servers.ports import listen
from tests.servers.script import ACCEPT_AND_DROP, ANYBODY, DROP, Script, Step

__all__ = ["ACCEPT_AND_DROP", "ANYBODY", "DROP", "SmtpServer", "Step"]


class SmtpServer:
    """Listens in a thread of its own; stopped and started again it keeps its port."""

    def __init__(
        self,
        *,
        record: Path | None = None,
        certificate: Certificate | None = None,
        security: str = "none",
        login: tuple[str, str] | None = None,
        size_limit: int = 33_554_432,
        is_international: bool = True,
    ) -> None:
        self.host, self.port = "127.0.0.1", 0
        self.accepted: list[Accepted] = []
        self.sessions = 0
        self.commands: list[str] = []
        self._record, self._security, self._login = record, security, login
        self._tls = _tls_context(certificate) if certificate else None
        self._size_limit, self._is_international = size_limit, is_international
        self.script = Script()
        self._open: set[_Session] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen; on the first time on a free port, afterwards on the same."""
        listening = socket.create_server((self.host, self.port)) if self.port else listen()
        self.port = listening.getsockname()[1]
        self._loop, self._stopping = asyncio.new_event_loop(), asyncio.Event()
        self._thread = threading.Thread(target=self._serve, args=(listening,), name="smtp server")
        self._thread.start()

    def stop(self) -> None:
        """Die: stop listening and hang up on everybody."""
        if self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(timeout=60)
        self._thread = None

    def hang_up(self) -> None:
        """Drop every open connection, and go on listening."""
        self._loop.call_soon_threadsafe(self._abort_all)

    def keep(self, accepted: Accepted) -> None:
        """Remember an accepted mail, on disk too where a record is kept."""
        with self._lock:
            self.accepted.append(accepted)
            if self._record is not None:
                with self._record.open("a") as file:
                    file.write(as_line(accepted))

    def _serve(self, listening: socket.socket) -> None:
        # The started socket listens already: who connects before the loop runs waits in its queue.
        try:
            self._loop.run_until_complete(self._run(listening))
        finally:
            self._loop.close()

    async def _run(self, listening: socket.socket) -> None:
        tls = self._tls if self._security == "tls" else None
        server = await self._loop.create_server(self._new_session, sock=listening, ssl=tls)
        await self._stopping.wait()
        server.close()
        self._abort_all()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _abort_all(self) -> None:
        for session in list(self._open):
            session.abort()

    def _new_session(self) -> "_Session":
        self.sessions += 1
        session = _Session(
            self,
            loop=self._loop,
            hostname="mail.test",
            data_size_limit=self._size_limit,
            enable_SMTPUTF8=self._is_international,
            tls_context=self._tls if self._security == "starttls" else None,
            require_starttls=self._security == "starttls",
            auth_require_tls=self._login is None,  # else it offers what nobody can use
            authenticator=_authenticator(self._login),
        )
        # Not by argument: aiosmtpd warns about passwords without TLS, which here never leave loopback.
        session._auth_required = self._login is not None
        self._open.add(session)
        session.when_lost = self._open.discard
        return session


class _Session(SMTP):
    """One connection: aiosmtpd, asked for the script at each stage."""

    when_lost: Callable[["_Session"], None]

    def __init__(self, server: SmtpServer, **options: Any) -> None:
        super().__init__(_Handler(server), **options)
        self._server = server

    def abort(self) -> None:
        """Hang up without a word."""
        transport = self.transport
        if isinstance(transport, asyncio.WriteTransport):
            with suppress(
                AttributeError
            ):  # Python 3.11.2 (Debian 12): a TLS transport that was closed twice has no protocol
                transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.when_lost(self)

    async def smtp_DATA(self, arg: str) -> None:
        """Answer DATA by the script before anything of the content was asked for."""
        assert self.envelope is not None
        recipients = self.envelope.rcpt_tos
        status = await play(self, self._server.script.next_step("data", *recipients))
        if status is not None:
            await self.push(status)
            return
        if self._server.script.next_step("inside", *recipients):
            await self.push("354 go on")
            await self._reader.readuntil(b"\r\n")
            await hang_up(self)
        await super().smtp_DATA(arg)


class _Handler:
    """The hooks of aiosmtpd."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    async def handle_MAIL(self, session: _Session, _: Any, envelope: Any, address: str, options: list[str]) -> str:
        self._server.commands.append(" ".join(["MAIL", address, *options]))
        status = await play(session, self._server.script.next_step("mail", address))
        if status is None:
            envelope.mail_from = address or "<>"
        return status or "250 2.1.0 sender ok"

    async def handle_RCPT(self, session: _Session, _: Any, envelope: Any, address: str, __: list[str]) -> str:
        self._server.commands.append(f"RCPT {address}")
        status = await play(session, self._server.script.next_step("rcpt", address))
        if status is None:
            envelope.rcpt_tos.append(address)
        return status or "250 2.1.5 recipient ok"

    async def handle_RSET(self, _: _Session, __: Any, ___: Any) -> str:
        self._server.commands.append("RSET")
        return "250 2.0.0 forgotten"

    async def handle_DATA(self, session: _Session, _: Any, envelope: Any) -> str:
        step = self._server.script.next_step("content", *envelope.rcpt_tos)
        is_accepted = step is None or step.answer is None or step.answer == ACCEPT_AND_DROP
        if is_accepted:
            self._server.keep(accept(envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return await play(session, step) or "250 2.0.0 accepted"


async def play(session: _Session, step: Step | None) -> str | None:
    """Think, then give the step's answer; None says yes."""
    if step is None:
        return None
    while not step.until():  # noqa: ASYNC110 - another thread's event
        await asyncio.sleep(0.01)
    await asyncio.sleep(step.seconds)
    if step.answer in (DROP, ACCEPT_AND_DROP):
        await hang_up(session)
    return step.answer


async def hang_up(session: _Session) -> None:
    """Drop the connection; the session is cancelled while it waits here."""
    session.abort()
    await asyncio.Event().wait()


def _tls_context(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    return context


def _authenticator(login: tuple[str, str] | None) -> Callable[..., AuthResult]:
    def authenticate(_: Any, __: Any, ___: Any, ____: Any, given: LoginPassword) -> AuthResult:
        expected = LoginPassword(*(word.encode() for word in login or ("", "")))
        # handled=False: aiosmtpd writes the 535 itself.
        return AuthResult(success=given == expected, handled=False)

    return authenticate


@pytest.fixture
def smtp_server(tmp_path: Path) -> Iterator[SmtpServer]:
    """One without TLS or log-in that says yes to everything."""
    with SmtpServer(record=tmp_path / "accepted.jsonl") as server:
        yield server
