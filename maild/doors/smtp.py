"""The server that takes our mail: the only file that knows aiosmtplib."""

import asyncio
import contextlib
import ssl
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import aiosmtplib

from maild.doors import smtp_answers as answers
from maild.doors import smtp_wire as wire
from maild.doors.credential import Credentials
from maild.doors.smtp_log_in import log_in
from maild.doors.tls import tls_context
from maild.errors import Bounced, Deferred, Refused, Unavailable, Uncertain

ANSWER_TIMEOUTS = 10
"""How many times longer than a command the answer to content may take: 10 minutes for the usual 60 s (RFC 5321, 4.5.3.2.6).
Whoever waits less makes mails of unknown fate."""

SLOWEST_BYTES_A_SECOND = 32_768


class SmtpDoor:
    """One connection to the server, kept open over many mails; for one asyncio loop, one mail at a time."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        security: str,
        username: str | None = None,
        credentials: Credentials | None = None,
        ca_file: Path | None = None,
        timeout: timedelta = timedelta(seconds=60),
    ) -> None:
        """Connect to nothing yet. `security`: `tls`, `starttls` or, on loopback, `none`; `timeout`: for one command.

        Raises ConfigurationError for security `none` beyond loopback and for a `ca_file` that cannot be read.
        """
        self.name = f"{host}:{port}"
        self.timeout = timeout
        self._host, self._port, self._security = host, port, security
        self._username, self._credentials = username, credentials
        self._context = tls_context("[smtp]", security, host, ca_file)
        self._client: aiosmtplib.SMTP | None = None
        self._is_used = self._has_envelope = False

    @property
    def is_open(self) -> bool:
        """Whether the connection stands, as far as one can tell from here."""
        return self._client is not None and self._client.is_connected

    def longest_submission(self, size: int) -> timedelta:
        """Bound the time that `submit_content` takes for so many bytes."""
        return self.timeout + self._longest_answer(size)

    async def open(self) -> None:
        """Connect, verify and log in, unless that is done. Raises Unavailable."""
        if self.is_open:
            return
        client = self._new_client()
        try:
            await client.connect()
            if self._username and self._credentials:
                await log_in(client, self._username, self._credentials)
            await client.noop()
            self._client, self._is_used, self._has_envelope = client, False, False
        except Exception as error:
            raise Unavailable(self._explain(error)) from error
        finally:
            # whoever was cancelled leaves no connection behind either
            if self._client is not client:
                _hang_up(client)

    async def open_envelope(self, *, envelope_from: str, recipient: str, size: int) -> None:
        """Have MAIL FROM and RCPT TO accepted; nothing is handed over yet.

        `envelope_from` may be empty (null path), `size` is in bytes. Raises Bounced or Deferred for this recipient, and
        Unavailable when the server is gone or refuses our own address.
        """
        recipient = wire.checked_address(recipient)
        is_reused = self.is_open and self._is_used
        try:
            await self._begin(envelope_from, recipient, size)
        except _Lost:
            # The server may have closed an idle connection long ago: that is no fault of this mail.
            if not is_reused:
                raise
            await self._begin(envelope_from, recipient, size)
        try:
            await self._name_recipient(recipient)
        except Exception as error:
            raise self._refusal(error) from error

    async def submit_content(self, content: bytes) -> str:
        """Hand over a prepared message (CRLF line ends) for the open envelope, and give the server's answer.

        Raises Deferred or Bounced when the server said so, and Uncertain when it said nothing that can be understood.
        """
        try:
            await self._ask_to_hand_over()
        except Exception as error:
            raise self._refusal(error) from error
        code, message = await self._hand_over(content)
        if answers.is_yes(code):
            return answers.line(code, message)
        if answers.is_no(code):
            raise self._refusal(aiosmtplib.SMTPDataError(code, message))
        self.drop()
        raise Uncertain(f"{self.name} answered the content with what is no answer: {answers.line(code, message)}")

    async def leave_envelope(self) -> None:
        """Forget the open envelope; nothing was handed over."""
        try:
            await self._connected().rset()
            self._has_envelope = False
        except Exception:
            self.drop()

    async def check(self) -> str:
        """Connect, verify, log in and ask for a sign of life; say so in one line. Raises Unavailable."""
        await self.open()
        log_in = f"logged in as {self._username}" if self._username else "without log-in"
        return f"{self.name} ({self._security}), {log_in}"

    async def close(self) -> None:
        """Say good-bye if that is quick, and hang up."""
        if self._client is not None and self._client.is_connected:
            with contextlib.suppress(Exception):
                # not by `quit`: that one begins a good-bye of TLS, for which a loop that ends has no time
                await self._client.execute_command(b"QUIT", timeout=1)
        self.drop()

    def drop(self) -> None:
        """Hang up without a word."""
        if self._client is not None:
            _hang_up(self._client)
        self._client, self._has_envelope = None, False

    async def _begin(self, envelope_from: str, recipient: str, size: int) -> None:
        if self._has_envelope:
            await self.leave_envelope()
        await self.open()
        client = self._connected()
        self._is_used = self._has_envelope = True
        options = wire.mail_options(envelope_from + recipient, frozenset(client.esmtp_extensions), size)
        try:
            await self._name_sender(_checked_sender(envelope_from), options)
        except Exception as error:
            raise self._refusal(error) from error

    async def _name_sender(self, sender: str, options: Sequence[str]) -> None:
        path = wire.path("FROM", sender)
        answer = await self._connected().execute_command(b"MAIL", path, *map(str.encode, options))
        if not answers.is_yes(answer.code):
            raise aiosmtplib.SMTPSenderRefused(answer.code, answer.message, sender)

    async def _name_recipient(self, recipient: str) -> None:
        answer = await self._connected().execute_command(b"RCPT", wire.path("TO", recipient))
        if not answers.is_yes(answer.code):
            raise aiosmtplib.SMTPRecipientRefused(answer.code, answer.message, recipient)

    async def _ask_to_hand_over(self) -> None:
        answer = await self._connected().execute_command(b"DATA")
        if answer.code != aiosmtplib.SMTPStatus.start_input:
            raise aiosmtplib.SMTPDataError(answer.code, answer.message)

    async def _hand_over(self, content: bytes) -> aiosmtplib.SMTPResponse:
        protocol = self._connected().protocol
        if protocol is None or not protocol.is_connected:
            raise self._refusal(ConnectionError("hung up after DATA"))
        try:
            protocol.write(wire.dotted(content))
            answer = await protocol.read_response(timeout=self._longest_answer(len(content)).total_seconds())
        except Exception as error:
            self.drop()
            raise Uncertain(f"{self.name} took the content and gave no answer: {_words(error)}") from error
        self._has_envelope = False
        return answer

    def _refusal(self, error: Exception) -> Refused:
        """Translate whatever went wrong before the content, or the server's clear no."""
        if isinstance(error, Refused):
            return error
        if not isinstance(error, aiosmtplib.SMTPResponseException) or error.code == answers.HANGS_UP:
            self.drop()
            return _Lost(f"{self.name} broke off before the mail was handed over: {_words(error)}")
        if isinstance(error, aiosmtplib.SMTPSenderRefused):
            refusal = answers.judge_sender(error.code, error.message, error.sender)
        else:
            refusal = answers.judge(error.code, error.message)
        if isinstance(refusal, Unavailable) or not answers.is_no(error.code):
            self.drop()
        return refusal

    def _connected(self) -> aiosmtplib.SMTP:
        if self._client is None:
            raise _Lost(f"{self.name} is not connected")
        return self._client

    def _longest_answer(self, size: int) -> timedelta:
        return self.timeout * ANSWER_TIMEOUTS + timedelta(seconds=size / SLOWEST_BYTES_A_SECOND)

    def _new_client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            local_hostname=wire.our_name(),
            timeout=self.timeout.total_seconds(),
            use_tls=self._security == "tls",
            start_tls=self._security == "starttls",
            tls_context=self._context,
        )

    def _explain(self, error: Exception) -> str:
        if isinstance(error, aiosmtplib.SMTPAuthenticationError):
            return (
                f"{self.name} refuses the log-in of {self._username}: {_words(error)}; see [smtp] username and password"
            )
        if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
            return f"{self.name} cannot be trusted or speaks no TLS: {_words(error)}; see [smtp] host, port, security, ca_file"
        return f"{self.name} cannot be used: {_words(error)}; see [smtp] host, port and security"


class _Lost(Deferred):
    """The connection is gone, and nothing was handed over."""


def _hang_up(client: aiosmtplib.SMTP) -> None:
    """Free the connection at once, also one with TLS: what was not sent yet shall not go out later."""
    if isinstance(client.transport, asyncio.WriteTransport):
        client.transport.abort()
    client.close()


def _checked_sender(envelope_from: str) -> str:
    try:
        return wire.checked_address(envelope_from) if envelope_from else ""
    except Bounced as error:
        raise Unavailable(f"our own address {error}; see [desk] address") from error


def _words(error: BaseException) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return answers.line(error.code, error.message)
    return str(error).strip() or type(error).__name__
