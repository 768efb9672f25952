"""The floor: fetch, parse, classify, commit, submit in two processes, and no desk at all.

`stock` (`bare_stock`) uses the libraries that maild uses, each as its documentation shows; `light` (`bare_light`) the
least code that gets a mail through. Each process takes every other group of 50 mails of one mailbox over one IMAP and one
SMTP connection; a group shares a commit with full durability, and every mail gets one reply. `benchmarks.intake` starts
`python -m benchmarks.bare`: it says `ready` when both processes have connected, and begins.
"""

import argparse
import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from multiprocessing import Barrier, Process
from threading import BrokenBarrierError
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

import aiosmtplib
import imapclient

from benchmarks.bare_light import Light
from benchmarks.bare_stock import Stock

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier as BarrierType

GROUP = 50
SHARES = 2
READY_SECONDS = 60.0


Submission = Callable[[aiosmtplib.SMTP], Awaitable[object]]


class Pipeline(Protocol):
    """Everything between the two servers."""

    def take_in(self, sources: Sequence[bytes]) -> list[Submission]:
        """Parse, classify and commit a group; give one reply for each mail, ready to be submitted."""


KINDS: Mapping[str, Callable[[str, int, str], Pipeline]] = MappingProxyType({"stock": Stock, "light": Light})
"""Name to (database URL, number of the process, our own address) to pipeline."""


async def work(share: int, ready: "BarrierType", arguments: argparse.Namespace) -> None:
    """Take in every other group of the mailbox."""
    pipeline = KINDS[arguments.kind](arguments.database, share, arguments.user)
    client = imapclient.IMAPClient("127.0.0.1", arguments.imap_port, ssl=False)
    client.login(arguments.user, arguments.password)
    client.select_folder("INBOX", readonly=True)
    uids = client.search("ALL")
    smtp = aiosmtplib.SMTP(hostname="127.0.0.1", port=arguments.smtp_port, start_tls=False)
    await smtp.connect()
    ready.wait()
    for start in range(share * GROUP, len(uids), SHARES * GROUP):
        fetched = client.fetch(uids[start : start + GROUP], ["BODY.PEEK[]"])
        for submit in pipeline.take_in([answer[b"BODY[]"] for answer in fetched.values()]):
            await submit(smtp)
    await smtp.quit()


def main() -> int:
    """Run two shares side by side."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", choices=sorted(KINDS), default="stock")
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
