"""An SMTP server that takes everything and costs next to nothing, for benchmarks and for stories with many mails.

`python -m tests.servers.sink --record FILE` prints its port and appends a line of JSON for each accepted mail.
"""

import argparse
import asyncio
import contextlib
import signal
from pathlib import Path
from typing import TextIO

from tests.servers.accepted import accept, as_line

END = b"\r\n.\r\n"
GREETING = b"250-sink.test\r\n250-PIPELINING\r\n250-SIZE 100000000\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
ANSWERS = {b"EHLO": GREETING, b"HELO": b"250 sink.test\r\n", b"QUIT": b"221 bye\r\n", b"DATA": b"354 go on\r\n"}


class Sink(asyncio.Protocol):
    """One connection."""

    def __init__(self, record: TextIO | None) -> None:
        self._record = record
        self._buffer = bytearray()
        self._is_content = False
        self._envelope_from, self._recipients = "", [""]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink.test ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        # The end mark may have begun in the last five bytes that were there before.
        start = max(0, len(self._buffer) - len(END))
        self._buffer += data
        while self._content(start) if self._is_content else self._command():
            start = 0

    def _command(self) -> bool:
        line, separator, rest = self._buffer.partition(b"\r\n")
        if not separator:
            return False
        self._buffer = rest
        verb = bytes(line[:4]).upper()
        if verb == b"MAIL":
            self._envelope_from, self._recipients = _path(line), []
        if verb == b"RCPT":
            self._recipients.append(_path(line))
        self._is_content = verb == b"DATA"
        self._transport.write(ANSWERS.get(verb, b"250 ok\r\n"))
        if verb == b"QUIT":
            self._transport.close()
        return True

    def _content(self, start: int) -> bool:
        end = self._buffer.find(END, start)
        if end < 0:
            return False
        content = bytes(self._buffer[: end + 2]).replace(b"\r\n..", b"\r\n.")
        del self._buffer[: end + len(END)]
        self._is_content = False
        if self._record is not None:
            self._record.write(as_line(accept(self._envelope_from, self._recipients, content)))
            self._record.flush()
        self._transport.write(b"250 2.0.0 accepted\r\n")
        return True


def _path(line: bytearray) -> str:
    return line.partition(b"<")[2].partition(b">")[0].decode(errors="replace")


async def serve(port: int, record: TextIO | None) -> None:
    """Listen on loopback until SIGTERM."""
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)
    server = await loop.create_server(lambda: Sink(record), "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - the port is what the caller waits for
    await stopping.wait()
    server.close()


def main() -> None:
    """Run as a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--record", type=Path)
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        record = stack.enter_context(arguments.record.open("a")) if arguments.record else None
        asyncio.run(serve(arguments.port, record))


if __name__ == "__main__":
    main()
