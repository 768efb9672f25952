"""The sandbox's mailboxes: an IMAP server in memory, with an account for everybody who gets mail."""

import asyncio
from argparse import Namespace
from datetime import UTC, datetime
from uuid import uuid4

from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import Config, Identity, Login
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

HOST = "127.0.0.1"


class Plain(Config):
    """pymap's configuration without its look-up of the machine's name, which may hang where there is no DNS."""

    @property
    def greeting(self) -> bytes:
        """What the server says first."""
        return b"the sandbox of maild"


class Mailboxes:
    """Accounts in memory, each with an INBOX; the log-in name is the address, one password fits all."""

    def __init__(self, *, password: str) -> None:
        self._config = Plain(
            Namespace(passlib_cfg=None, proxy_protocol=None),
            host=HOST,
            port=0,
            tls_enabled=False,
            hash_context=Cleartext(),
            demo_data=False,
            demo_user="",
            demo_password=password,
        )
        self._login = Login(self._config)
        self.arrived: list[tuple[str, bytes]] = []

    async def serve(self) -> asyncio.Server:
        """Start the IMAP server on a free port of loopback."""
        self._config.apply_context()
        imap = IMAPServer(self._login, self._config)

        # Not by pymap's own way, through ProxyProtocolReader: it keeps no reference to its tasks, and from Python 3.13
        # on nobody else does, so that a connection that waits may be collected as garbage.
        async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await imap(reader, writer, SocketInfoLocal(writer, unique_id=uuid4().bytes))

        return await asyncio.start_server(converse, HOST, 0)

    def open(self, address: str) -> str:
        """Make sure that the address has an account; its log-in name."""
        name = address.casefold()
        self._login.users_dict.setdefault(name, UserMetadata(self._config, name, password=self._config.demo_password))
        return name

    async def append(self, address: str, source: bytes) -> None:
        """Put a mail into the INBOX of the address; who idles there is told at once."""
        name = self.open(address)
        self.arrived.append((name, source))
        owner = Identity(name, self._login, None, frozenset())
        async with owner.new_session() as session:
            await session.append_messages("INBOX", [AppendMessage(source, datetime.now(UTC))])
