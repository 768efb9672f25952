"""The demo stays up: how to log in, and every further mail told as it comes."""

import signal
import threading
from pathlib import Path
from types import FrameType

from rich.console import Console

from maild.daemon.parts import Parts
from maild.daemon.running import run
from maild.demo import account, story
from maild.demo.desk import ADDRESS, LEAD, TEAMS, TSM, team_address
from maild.demo.reading import Reader
from maild.demo.sandbox import Sandbox

LOOK_SECONDS = 0.5


def keep_up(console: Console, parts: Parts, sandbox: Sandbox, reader: Reader, folder: Path) -> None:
    """Run the daemon until Ctrl-C or SIGTERM."""
    show_log_ins(console, sandbox, folder)

    def stop(_number: int, _frame: FrameType | None) -> None:
        parts.stop.set()

    former = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    teller = threading.Thread(target=tell_new, args=(console, parts, reader), daemon=True)
    try:
        teller.start()
        run(parts)
        teller.join(5)
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
    console.print("The sandbox is gone, and all mail in it.")


def show_log_ins(console: Console, sandbox: Sandbox, folder: Path) -> None:
    """Tell how to point a mail client at the sandbox."""
    account.show_heading(console, "It stays up: play each part with your own mail client (Ctrl-C ends it)")
    servers = (("incoming, IMAP", sandbox.imap_port), ("outgoing, SMTP", sandbox.smtp_port))
    lines = [f"  {name}   server {sandbox.host}, port {port}, no encryption, plain password" for name, port in servers]
    lines += [f"  every password   {sandbox.password}", ""]
    lines += [f"  {address:<28} {who}" for address, who in log_ins()]
    lines += [
        "",
        f"  Write to {ADDRESS}, or answer a mail of it. Whatever is sent, to",
        "  anybody, lands in their mailbox here; nothing leaves this machine. Each mail to",
        "  the desk is shown below as it comes. To look closer, in another terminal:",
        f"    maild --config {folder} tickets",
    ]
    console.print("\n".join(lines), markup=False, soft_wrap=True)


def log_ins() -> list[tuple[str, str]]:
    """Who can be played: the log-in name, which is the address, and who it is."""
    return [
        (story.CLIENT, "a client, who reported an outage"),
        (LEAD, "Lena Vogt, the lead: told of new tickets"),
        (TSM, "Ana Ruiz, a technical support manager"),
        (ADDRESS, "the desk itself: maild reads this mailbox"),
        *((team_address(name), f"the team {name}") for name in TEAMS),
        ("you@anywhere.example", "an account is made with an address's first mail"),
    ]


def tell_new(console: Console, parts: Parts, reader: Reader) -> None:
    """Tell each further mail once the daemon has decided about it."""
    while not parts.stop.wait(LOOK_SECONDS):
        for told in reader.read_new():
            account.show_mail(console, reader.count, told)
