"""The story of three machines: each is cut off, stopped or ended while mail arrives, and the others take its work over."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.dovecot import Dovecot, until
from tests.servers.network import PORT, Machine, Network, address_of
from tests.servers.postgresql import PostgresqlServer
from tests.servers.smtp import SmtpServer
from tests.stories.crashing import MAILS_OF_A_THREAD, Account, count_all, is_settled, thread_of_mails
from tests.stories.looking import rows
from tests.stories.running import RunningDesk

MACHINES = 3
SECONDS = 300.0

BY_TLS = 'host = "{host}"\nport = {port}\nsecurity = "tls"\nca_file = "{authority}"'

LET_BE_OVERDUE = """\
WITH due AS (
    UPDATE deadlines SET due_at = clock_timestamp() FROM tickets
    WHERE kind = 'next_update' AND settled_at IS NULL AND tickets.id = ticket_id
    AND ticket_id NOT IN (SELECT ticket_id FROM events WHERE event = 'update_overdue')
    RETURNING ticket_id
)
UPDATE tickets SET next_update_due_at = clock_timestamp() FROM due WHERE tickets.id = due.ticket_id RETURNING tickets.id
"""

Trouble = Callable[["Machines"], Callable[[], object]]
"""Begins, and gives what ends it."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was there in the end."""

    account: Account
    threads: int
    due: int
    """Tickets whose time for an update was over."""

    overdue: Mapping[int, int]
    """Ticket to how often that was acted on."""

    taken_over: Mapping[str, float]
    """Trouble to the seconds until the others had taken in, and answered, the mail that was there."""


@dataclass(kw_only=True)
class Machines:
    """Three machines of one desk, and what they share."""

    desk: RunningDesk
    network: Network
    database_url: str
    folder: Path
    """Of their logs."""

    awaits_leases: bool
    """Whether a trouble is over only when what a machine without power had in hand is free by time; if not, the end awaits that."""

    on: list[Machine] = field(default_factory=list)
    off: list[Machine] = field(default_factory=list)
    """Those whose power was cut."""

    logs: list[Path] = field(default_factory=list)
    threads: int = 0
    due: int = 0

    @property
    def mails(self) -> int:
        """Delivered until now."""
        return self.threads * MAILS_OF_A_THREAD

    def switch_on(self, count: int = 1) -> None:
        """Start some more at once; they are not ready yet."""
        for _ in range(count):
            log = self.folder / f"machine{time.monotonic_ns()}.log"
            self.on.append(self.network.machine(self.desk.command("run"), environ=self.desk.environ(), log=log))
            self.logs.append(log)

    def cut_power(self, machine: Machine) -> None:
        """End one."""
        self.on.remove(machine)
        self.off.append(machine)
        machine.cut_power()

    def await_ready(self) -> None:
        """Wait until all that were started have become ready."""
        for log in self.logs:

            def has_begun(log: Path = log) -> bool:
                assert "ready" in log.read_text() or all(machine.is_on for machine in self.on), log.read_text()
                return "ready" in log.read_text()

            until(has_begun, f"no 'ready' in {log}", seconds=SECONDS)

    def watching(self) -> Machine:
        """The machine that watches the mailbox; whoever is there, until it is known."""
        holder = str(rows(self.database_url, "SELECT lease_holder FROM mailboxes")[0][0])
        return next((machine for machine in self.on if holder.startswith(f"{machine.name}:")), self.on[0])

    def deliver(self, threads: int) -> None:
        """Deliver the mails of some more clients."""
        for thread in range(self.threads, self.threads + threads):
            for source in thread_of_mails(thread):
                self.desk.dovecot.deliver(self.desk.address, source)
        self.threads += threads

    def let_updates_be_overdue(self) -> None:
        """Let the time of every ticket run out that is there, once in its life."""
        due = rows(self.database_url, LET_BE_OVERDUE)
        self.due += len(due)

    def overdue(self) -> dict[int, int]:
        """Ticket to how often its overdue update was acted on."""
        told = rows(self.database_url, "SELECT ticket_id FROM events WHERE event = 'update_overdue'")
        return Counter(int(ticket) for (ticket,) in told)

    def await_all(self, trouble: str) -> None:
        """Wait until everything that was delivered has been taken in and answered, and all that is due acted on."""
        gone = [] if self.awaits_leases else [f"{machine.name}:" for machine in self.off]
        until(
            lambda: is_settled(self.database_url, self.mails, gone=gone),
            f"mail waits during {trouble}",
            seconds=SECONDS,
        )
        until(lambda: len(self.overdue()) >= self.due, f"deadlines wait during {trouble}", seconds=SECONDS)

    def await_end(self) -> None:
        """Wait until nothing at all is left to be done."""
        until(lambda: is_settled(self.database_url, self.mails), "mail waits in the end", seconds=SECONDS)


def cut_off_from(server: str) -> Trouble:
    """Pull the cable from the machine that watches the mailbox to a server."""

    def begin(machines: Machines) -> Callable[[], object]:
        machine = machines.watching()
        machine.pull(server)
        return lambda: machine.plug(server)

    return begin


def paused(machines: Machines) -> Callable[[], object]:
    """Stop the clock of the machine that watches the mailbox."""
    machine = machines.watching()
    machine.pause()
    return machine.resume


def without_power(machines: Machines) -> Callable[[], object]:
    """End the machine that watches the mailbox; another one starts in its place, while the next trouble is there already."""
    machines.cut_power(machines.watching())
    return machines.switch_on


TROUBLES: Mapping[str, Trouble] = {
    "power cut": without_power,
    "database gone": cut_off_from("db"),
    "IMAP gone": cut_off_from("imap"),
    "SMTP gone": cut_off_from("smtp"),
    "paused": paused,
}


@contextmanager
def machines_of(folder: Path, *, dovecot: Dovecot, postgresql: PostgresqlServer, database_url: str,
                address: str, smtp: SmtpServer, patience: str, awaits_leases: bool = True) -> Iterator[Machines]:  # fmt: skip
    """Three machines, and cables to three servers. `patience`: how long each waits for a mailbox or for SMTP."""
    authority = dovecot.certificate.authority
    imap, submission = (BY_TLS.format(host=address_of(at), port=PORT, authority=authority) for at in (2, 3))
    desk = RunningDesk(
        folder,
        address=address,
        dovecot=dovecot,
        smtp_port=0,
        database_url=f"postgresql://maild@{address_of(1)}:{PORT}/{database_url.rpartition('/')[2]}",
        imap=imap,
        mailbox=f'lease = "{patience}"',
        smtp=f'{submission}\ntimeout = "{patience}"',
    )
    ports = {"db": postgresql.port, "imap": dovecot.tls_port, "smtp": smtp.port}
    with desk, Network(ports) as network:
        machines = Machines(
            desk=desk, network=network, database_url=database_url, folder=folder, awaits_leases=awaits_leases
        )
        machines.switch_on(MACHINES)
        machines.await_ready()
        yield machines


def live_through(machines: Machines, record: Path, *, threads: int, least_seconds: float) -> Told:
    """Let each trouble come while mail arrives, last `least_seconds` and until all is done, and go; then count.

    `threads`: clients who write before, and as many who write during each trouble.
    """
    started, taken_over = time.monotonic(), {}
    for name, begin in TROUBLES.items():
        machines.deliver(threads)
        machines.let_updates_be_overdue()
        end, began = begin(machines), time.monotonic()
        machines.deliver(threads)
        machines.await_all(name)
        taken_over[name] = time.monotonic() - began
        time.sleep(max(0.0, least_seconds - taken_over[name]))
        end()
    # whoever has been through most of it must be able to do the work alone
    machines.await_ready()
    for machine in machines.on[1:]:
        machines.cut_power(machine)
    machines.deliver(threads)
    machines.await_all("the work of the last one")
    machines.await_end()
    return _count(machines, record, taken_over, seconds=time.monotonic() - started)


def _count(machines: Machines, record: Path, taken_over: Mapping[str, float], *, seconds: float) -> Told:
    account = count_all(
        machines.desk, record, machines.database_url, mails=machines.mails, kills=len(TROUBLES), seconds=seconds
    )
    return Told(
        account=account, threads=machines.threads, overdue=machines.overdue(), due=machines.due, taken_over=taken_over
    )
