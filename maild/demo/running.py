"""The demo from beginning to end: sandbox, mails, the real daemon over them, and the account of it."""

import logging
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.text import Text

from maild.daemon.parts import Parts, open_parts
from maild.daemon.running import run_once, system_clock
from maild.demo import account, story
from maild.demo.desk import ADDRESS, LEAD, TSM, write_configuration
from maild.demo.keeping import keep_up
from maild.demo.reading import Reader
from maild.demo.sandbox import Sandbox
from maild.settings.reading import read_settings
from maild.store.view.trace import Story

PASSWORD = "demo"  # noqa: S105 - of a server that lives in memory, on loopback, for a minute


def run_demo(console: Console, *, keep: bool) -> None:
    """Run everything in a sandbox; with `keep`, stay until SIGINT or SIGTERM.

    Raises Refused where the sandbox cannot start.
    """
    logging.getLogger("maild").setLevel(logging.ERROR)  # the account tells in words what the log tells in lines
    with tempfile.TemporaryDirectory(prefix="maild-demo-") as place, open_sandbox() as sandbox:
        folder = Path(place) / "desk"
        write_configuration(folder, sandbox)
        introduce(console, sandbox, folder)
        settings = read_settings(folder, {})
        with open_parts(settings, {}, system_clock, stop=threading.Event()) as parts:
            reader = Reader(parts.store, settings.desk)
            tell(console, parts, sandbox, reader)
            if keep:
                keep_up(console, parts, sandbox, reader, folder)


@contextmanager
def open_sandbox() -> Iterator[Sandbox]:
    """Start the mail server, with accounts for those who may have no mail yet."""
    with Sandbox(password=PASSWORD, unreachable=[story.GONE]) as sandbox:
        sandbox.open(ADDRESS, LEAD, TSM, story.CLIENT)
        yield sandbox


def introduce(console: Console, sandbox: Sandbox, folder: Path) -> None:
    """Say what was started."""
    console.print("maild demo: a mail server, mails and a support desk, all on this machine.", style="bold")
    console.print(
        f"  mail server   IMAP on {sandbox.host}:{sandbox.imap_port}, SMTP on {sandbox.host}:{sandbox.smtp_port}"
    )
    console.print(f"  the desk      {ADDRESS}, with the shipped models and configuration")
    console.print(f"  its files     {folder}, gone at the end")
    console.print("Starting the daemon ...")


def tell(console: Console, parts: Parts, sandbox: Sandbox, reader: Reader) -> None:
    """Play the story: mails arrive, client and TSM answer until it is solved, and the daemon works each time; then one ticket."""
    account.show_heading(
        console, f"{story.deliver_mails(sandbox)} mails arrive; the daemon takes them in, decides and answers"
    )
    told = work(console, parts, reader, before=0)
    account.show_heading(console, "The first client answers; an acknowledgement of ours comes back undeliverable")
    story.answer(sandbox, story.CLIENT, story.ANSWER)
    told += work(console, parts, reader, before=len(told))
    account.show_heading(console, "The TSM answers in her mail client: two commands, and a text for the client")
    story.answer(sandbox, TSM, story.TSM_ANSWER, tag="[T-1]")
    told += work(console, parts, reader, before=len(told))
    account.show_heading(console, "She says that it is solved; the client is asked, and says yes in her words")
    story.answer(sandbox, TSM, story.SOLVED, tag="[T-1]")
    told += work(console, parts, reader, before=len(told))
    story.answer(sandbox, story.CLIENT, story.WORKS, tag="[T-1]", newest=True)
    told += work(console, parts, reader, before=len(told))
    account.show_heading(console, "She says what was learnt: an article for the next such ticket")
    story.answer(sandbox, TSM, story.LEARNT, tag="[T-1]", newest=True)
    told += work(console, parts, reader, before=len(told))
    show_first_ticket(console, reader, sandbox)
    show_sums(console, sandbox, told)


def work(console: Console, parts: Parts, reader: Reader, *, before: int) -> list[Story]:
    """Let the daemon do all that there is to do, and tell each mail that it took in."""
    run_once(parts)
    told = reader.read_new()
    for number, each in enumerate(told, before + 1):
        account.show_mail(console, number, each)
    return told


def show_first_ticket(console: Console, reader: Reader, sandbox: Sandbox) -> None:
    """Look at the ticket of the first mail, and at what its client sees."""
    ticket = reader.read_ticket_of(story.CLIENT)
    if ticket is None:
        return
    account.show_heading(console, f"A look at one ticket: {ticket.line.number}")
    account.show_ticket(console, ticket)
    for title, newest in (("what the client got first", False), ("what the client got last", True)):
        received = story.find_mail_to(sandbox, story.CLIENT, "[T-1]", newest=newest)
        if received is not None:
            account.show_as_client(console, title, received)


def show_sums(console: Console, sandbox: Sandbox, stories: Sequence[Story]) -> None:
    """Count what came and what went, on the mail server's side too: nothing lost, nothing twice."""
    arrived, sent = sandbox.arrived(ADDRESS), sandbox.submitted
    lost, twice = len(arrived) - len(stories), len(sent) - len({(mail.recipient, mail.content) for mail in sent})
    account.show_heading(console, "In short")
    account.show_rows(
        console,
        [
            ("arrived", Text(f"{len(arrived)} mails, {lost or 'none'} lost: {account.counted(stories)}")),
            ("sent", Text(f"{len(sent)} mails, {twice or 'none'} twice")),
        ],
    )
