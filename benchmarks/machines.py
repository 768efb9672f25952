"""Three machines on one PostgreSQL: how soon the others have taken over what one of them cannot do any more.

Each machine has a network of its own. The one that watches the mailbox is ended, cut off from the database, from IMAP and
from SMTP, and its clock stopped for a minute, each time while mail arrives.

Takes some ten minutes, and root or sudo. Run: python -m benchmarks.machines
"""

import argparse
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from maild.store.engine import Store
from tests.servers.dovecot import Dovecot
from tests.servers.postgresql import PostgresqlServer
from tests.servers.smtp import SmtpServer
from tests.stories.machines import Told, live_through, machines_of


def main() -> int:
    """Tell the story; the exit status is 1 if something was lost, or happened twice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--threads", type=int, default=10, help="clients before and during each trouble, three mails each"
    )
    parser.add_argument("--patience", default="60s", help="[mailbox] lease and [smtp] timeout")
    parser.add_argument("--least", type=float, default=60.0, help="seconds that a trouble lasts at least")
    arguments = parser.parse_args()
    told = tell(arguments)
    print_table(told)
    return 0 if is_whole(told) else 1


def tell(arguments: argparse.Namespace) -> Told:
    """Start the servers, live through it, and end them."""
    dovecot, postgresql = Dovecot(), PostgresqlServer(is_durable=True)
    try:
        dovecot.start()
        postgresql.run("CREATE DATABASE desk")
        url = postgresql.url("desk")
        store = Store(url)
        store.upgrade()
        store.close()
        with tempfile.TemporaryDirectory() as name:
            record = Path(name) / "accepted.jsonl"
            with SmtpServer(record=record, certificate=dovecot.certificate, security="tls") as smtp, machines_of(
                Path(name), dovecot=dovecot, postgresql=postgresql, database_url=url,
                address="support@desk.example", smtp=smtp, patience=arguments.patience,
            ) as machines:  # fmt: skip
                return live_through(machines, record, threads=arguments.threads, least_seconds=arguments.least)
    finally:
        postgresql.remove()
        dovecot.remove()


def is_whole(told: Told) -> bool:
    """Nothing lost, nothing twice."""
    account = told.account
    return (
        account.stored == account.mails == account.in_processed
        and account.tickets == sum(account.acknowledged.values()) == told.threads
        and not (account.accepted_twice or account.sent_not_accepted or account.accepted_not_sent)
        and len(told.overdue) == told.due
        and set(told.overdue.values()) == {1}
    )


def print_table(told: Told) -> None:
    """One row for each trouble, and the sum below."""
    table = Table("of the machine that watches the mailbox", "s until the others had answered all mail")
    for trouble, seconds in told.taken_over.items():
        table.add_row(trouble, f"{seconds:.1f}")
    console = Console()
    console.print(table)
    account = told.account
    console.print(
        f"{account.mails} mails, {account.stored} stored once, {account.tickets} tickets; acknowledgements "
        f"{dict(account.acknowledged)}; accepted twice {len(account.accepted_twice)}; {told.due} deadlines, "
        f"{sum(told.overdue.values())} acted on; {account.seconds:.0f} s in all",
        highlight=False,
    )


if __name__ == "__main__":
    raise SystemExit(main())
