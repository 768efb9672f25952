"""A mail bomb: many mails with forged authors at once, while honest clients write; who is acknowledged, who waits, who is told.

`python -m benchmarks.mail_bomb 10000 --database sqlite` fills a real Dovecot mailbox with forged mails, half of them in one domain's name
and half each in another's, lets the daemon at them with the limits that ship, and has honest clients write: one before, one in
the middle, one when the bomb has gone off. It tells how many acknowledgements left (bounded by [limits]), how long each honest
client waited for theirs, and how many mails the lead got in place of one for each.
"""

import argparse
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from benchmarks.intake import Servers, a_database, at_rest, servers
from tests.stories.letters import LEAD, a_letter
from tests.stories.running import RunningDesk

VICTIM = "victim.example"
WORDS = "Buy now at https://evil.example. Our server is down and nobody can connect.\n"
GLANCE_SECONDS = 0.5
HONEST = {"before": 0.0, "in the middle": 0.5, "behind": 1.0}


def a_forged(number: int) -> bytes:
    """One mail of the bomb."""
    domain = VICTIM if number % 2 else f"v{number}.example"
    return a_letter(From=f"someone{number}@{domain}", Subject=f"Offer {number}", body=WORDS)


def an_honest(name: str) -> bytes:
    """A client with a problem."""
    return a_letter(From=f"{name.replace(' ', '-')}@honest-{name.replace(' ', '-')}.example")


def explode(running: Servers, mails: int, url: str, folder: Path) -> str:
    """Let it go off, and tell."""
    user = f"bomb{mails}@desk.example"
    places = {int(mails * share): name for name, share in HONEST.items()}
    for number in range(mails + 1):
        if number in places:
            running.dovecot.deliver(user, an_honest(places[number]))
        if number < mails:
            running.dovecot.deliver(user, a_forged(number))
    desk = RunningDesk(folder, address=user, dovecot=running.dovecot, smtp_port=running.sink_port, database_url=url)
    try:
        desk.start_ready()
        began = datetime.now(UTC)
        while not look(url, "SELECT 1 FROM mails") or not at_rest(url):
            time.sleep(GLANCE_SECONDS)
        return told(mails, began, url)
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


def told(mails: int, began: datetime, url: str) -> str:
    """The numbers, a line each."""
    written = look(url, "SELECT recipient, settled_at FROM outbox")
    forged = [recipient for recipient, _ in written if recipient.startswith("someone")]
    of_one = sum(recipient.endswith(VICTIM) for recipient in forged)
    ended = max(seconds_since(began, at) for _, at in written)
    lead = sum(recipient == LEAD for recipient, _ in written)
    lines = [f"{mails:,} forged mails, at rest after {ended:.0f} s: {mails / ended:.0f} mails/s"]
    lines += [
        f"acknowledged: {len(forged):,} forged authors, {of_one:,} of them of one domain; mails to the lead: {lead:,}"
    ]
    for name in HONEST:
        found = [
            seconds_since(began, at) for recipient, at in written if f"@honest-{name.replace(' ', '-')}." in recipient
        ]
        lines.append(f"honest client {name}: {f'{found[0]:.0f} s' if found else 'a ticket, and no acknowledgement'}")
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
    arguments = parser.parse_args()
    with servers() as running, a_database(running, arguments.database) as url, tempfile.TemporaryDirectory() as folder:
        print(explode(running, arguments.mails, url, Path(folder)))


if __name__ == "__main__":
    main()
