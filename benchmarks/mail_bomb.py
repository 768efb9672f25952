"""A mail bomb: many mails with forged authors at once, while honest clients write; who is acknowledged, who waits, who is told.

A real Dovecot mailbox is filled with forged mails: `domain` in one domain's name, `domains` each in another's from one
network, `botnet` each in another's from another network, `clients` in the names of clients whom the desk knows. Behind them lie
the mails of honest clients, known and unknown, vouched for by the mail server (with `--trust authserv`) and not; the daemon is
let at them with the limits that ship, and when it has taken some in, as many honest clients write again. It tells how many
acknowledgements left (bounded by [limits]), how long each honest client waited for theirs, and how many mails the lead got in
place of one for each.

Aim: everybody for whom anything speaks is acknowledged within a minute.
Takes minutes for 10,000. Run: python -m benchmarks.mail_bomb 10000 --kind domains --trust authserv --database sqlite
"""

import argparse
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, insert, text

from benchmarks.intake import Servers, a_database, at_rest, servers
from maild.process.ticket import Event
from maild.store.engine import Connection, Store
from maild.store.tables import events, tickets
from tests.stories.letters import LEAD, a_letter
from tests.stories.running import RunningDesk

VICTIM = "victim.example"
WORDS = "Buy now at https://evil.example. Our server is down and nobody can connect.\n"
GLANCE_SECONDS = 0.5
SERVER = "mx.desk.example"
TRUST = {"authserv": f'\n[trust]\nmethod = "authserv_id"\nvalue = "{SERVER}"\n', "none": ""}
KINDS = ("domain", "domains", "botnet", "clients")
FORGED_CLIENTS = 20
LATER = 0.1
"""The share of the bomb that is taken in when the second half of the honest clients writes."""


def a_forged(number: int, kind: str) -> bytes:
    """One mail of the bomb."""
    domain = VICTIM if kind == "domain" else f"v{number}.example"
    author = f"client{number % FORGED_CLIENTS}@forged.example" if kind == "clients" else f"someone{number}@{domain}"
    host = f"{11 + number // 65_536}.{number // 256 % 256}.{number % 256}.1" if kind == "botnet" else "198.51.100.7"
    return a_letter(From=author, Subject=f"Offer {number}", Received=a_hop(host), body=WORDS)


def a_hop(host: str) -> str:
    """How our server says where a mail came from."""
    return f"from x (x [{host}]) by {SERVER}; Mon, 23 Nov 2026 12:00:00 +0000"


def honest(when: str) -> dict[str, bytes]:
    """Clients with a problem, each by the name that tells what is known of them."""
    made = {}
    for number, name in enumerate(("known and vouched for", "known", "vouched for", "a stranger")):
        domain = f"{when}-{number}.example"
        result = {"Authentication_Results": f"{SERVER}; dmarc=pass header.from={domain}"} if "vouched" in name else {}
        made[f"{name}, {when}"] = a_letter(
            From=f"{'known' if 'known' in name else 'new'}@{domain}", Received=a_hop(f"192.0.2.{number}"), **result
        )
    return made


def make_known(url: str) -> None:
    """Tickets of clients to whom the desk has written."""
    clients = [f"client{number}@forged.example" for number in range(FORGED_CLIENTS)]
    clients += [f"known@{when}-{number}.example" for when in ("behind", "later") for number in range(4)]
    store = Store(url)
    store.upgrade()
    now = datetime.now(UTC)

    def work(connection: Connection) -> None:
        for client in clients:
            row = {"status": "closed", "client": client, "client_name": "", "language": "en", "subject": "An old one"}
            added = connection.execute(insert(tickets).values(**row, opened_at=now)).inserted_primary_key
            happened = {"at": now, "actor": LEAD, "event": Event.TSM_ANSWERED.value, "because": "an old answer"}
            connection.execute(insert(events).values(ticket_id=added[0] if added else 0, **happened))

    store.transact(work)
    store.close()


def explode(running: Servers, mails: int, url: str, folder: Path, *, kind: str, trust: str) -> str:
    """Let it go off, and tell."""
    user = f"bomb{time.monotonic_ns()}@desk.example"
    make_known(url)
    for source in (*(a_forged(number, kind) for number in range(mails)), *honest("behind").values()):
        running.dovecot.deliver(user, source)
    desk = RunningDesk(
        folder,
        address=user,
        dovecot=running.dovecot,
        smtp_port=running.sink_port,
        database_url=url,
        mailbox=TRUST[trust],
    )
    try:
        desk.start()
        while not (desk.log.exists() and "ready" in desk.log.read_text()):
            time.sleep(GLANCE_SECONDS)  # for as long as a machine with other work needs
        began = datetime.now(UTC)
        while look(url, "SELECT count(*) FROM mails WHERE outcome IS NOT NULL")[0][0] < LATER * mails:
            time.sleep(GLANCE_SECONDS)
        later = datetime.now(UTC)
        for source in honest("later").values():
            running.dovecot.deliver(user, source)
        everything = mails + 2 * len(honest("later"))
        while look(url, "SELECT count(*) FROM mails")[0][0] < everything or not at_rest(url):
            time.sleep(GLANCE_SECONDS)
        rest = (datetime.now(UTC) - began).total_seconds()
        return told(mails, {"behind": began, "later": later}, url, rest=rest)
    finally:
        desk.stop()


def look(url: str, query: str) -> list[tuple[Any, ...]]:
    """Ask the desk's database."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]
    finally:
        engine.dispose()


def told(mails: int, began: dict[str, datetime], url: str, *, rest: float) -> str:
    """The numbers, a line each."""
    written = look(url, "SELECT recipient, settled_at, kind FROM outbox")
    forged = [recipient for recipient, _, kind in written if recipient.startswith(("someone", "client")) and kind]
    lead = [kind for recipient, _, kind in written if recipient == LEAD]
    of_one = sum(recipient.endswith(f"@{VICTIM}") for recipient in forged)
    lines = [f"{mails:,} forged mails, at rest after {rest:.0f} s: {mails / rest:.0f} mails/s"]
    lines += [f"acknowledged: {len(forged):,} forged mails, {of_one:,} of one domain"]
    lines += [f"mails to the lead: {len(lead):,}, {lead.count('alarm')} of them alarms"]
    for when, moment in began.items():
        for number, name in enumerate(honest(when)):
            found = [seconds_since(moment, at) for to, at, _ in written if to.endswith(f"@{when}-{number}.example")]
            lines.append(
                f"honest client {name}: {f'{found[0]:.0f} s' if found else 'a ticket, and no acknowledgement'}"
            )
    return "\n".join(lines)


def seconds_since(began: datetime, at: datetime | str) -> float:
    """From then on; SQLite gives texts in UTC."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - began).total_seconds()


def main() -> None:
    """Explode on one database."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mails", nargs="?", type=int, default=1_000)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--kind", choices=KINDS, default="domains")
    parser.add_argument("--trust", choices=tuple(TRUST), default="authserv")
    arguments = parser.parse_args()
    with servers() as running, a_database(running, arguments.database) as url, tempfile.TemporaryDirectory() as folder:
        kind, trust = arguments.kind, arguments.trust
        print(f"{kind}, trust {trust}, {arguments.database}, load {os.getloadavg()[0]:.0f}", flush=True)
        print(explode(running, arguments.mails, url, Path(folder), kind=kind, trust=trust), flush=True)


if __name__ == "__main__":
    main()
