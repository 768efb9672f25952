"""The sandbox: an IMAP and an SMTP server on loopback, in a thread of their own."""

import asyncio
import threading
from collections.abc import Collection
from types import TracebackType
from typing import Self

from maild.demo.imap import Mailboxes
from maild.demo.smtp import Postman, Submitted, serve
from maild.errors import Refused

START_SECONDS = 20.0


class Sandbox:
    """A mail server for everybody in the demo; nothing that is submitted to it ever leaves the machine.

    Accounts are opened as mail arrives for them; the log-in name is the address. Used as a context manager.
    """

    host = "127.0.0.1"
    imap_port: int
    smtp_port: int

    def __init__(self, *, password: str, unreachable: Collection[str] = ()) -> None:
        self.password = password
        self._mailboxes = Mailboxes(password=password)
        self._postman = Postman(self._mailboxes.append, unreachable=unreachable)
        self._trouble: OSError | None = None
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    def __enter__(self) -> Self:
        """Start both servers; raises Refused where loopback does not let them."""
        self._thread.start()
        self._ready.wait(START_SECONDS)
        if self._trouble or not self._ready.is_set():
            raise Refused(f"the sandbox's mail servers did not start on 127.0.0.1: {self._trouble or 'no answer'}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End both servers; all mail in them is gone."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(START_SECONDS)

    def open(self, *addresses: str) -> None:
        """Open accounts for people who have no mail yet."""
        for address in addresses:
            self._mailboxes.open(address)

    def deliver(self, address: str, source: bytes) -> None:
        """Put a mail into somebody's INBOX, as it came from the world."""
        asyncio.run_coroutine_threadsafe(self._mailboxes.append(address, source), self._loop).result()

    def arrived(self, address: str) -> tuple[bytes, ...]:
        """Every mail that ever arrived in somebody's INBOX, oldest first."""
        return tuple(source for name, source in self._mailboxes.arrived if name == address.casefold())

    @property
    def submitted(self) -> tuple[Submitted, ...]:
        """All that was submitted so far, in order, one for each recipient."""
        return tuple(self._postman.submitted)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        try:
            imap = await self._mailboxes.serve()
            smtp = await serve(self._postman, password=self.password)
        except OSError as error:
            self._trouble = error
            self._ready.set()
            return
        self.imap_port = imap.sockets[0].getsockname()[1]
        self.smtp_port = smtp.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        imap.close()
        smtp.close()
