"""What happens in the demo: the mails that arrive, and what a client answers."""

import smtplib
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from pathlib import Path

from maild.demo.desk import ADDRESS, ALIAS, TSM
from maild.demo.sandbox import Sandbox

MAILS = Path(__file__).parent / "mails"
CLIENT = "maria.sand@nordwind.example"
GONE = "j.novak@contractors.example"
"""Writes once, and cannot be reached: our acknowledgement comes back."""

ANSWER = """\
Thank you for the quick answer.

Two things that may help: the error also appears on a phone that is not in our
VPN, and since 09:00 our site in Bremen has the same problem.

Maria Sand
"""

TSM_ANSWER = """\
/category access
/eta tomorrow 12:00
Hello Maria,

the log-in server has run out of connections. We are adding some now; please
try again in ten minutes, in Hamburg and in Bremen.

Ana
"""
"""Two commands, and the words that go to the client."""

SOLVED = """\
/resolve
Hello Maria,

the log-in server had run out of connections, because an old backup job never
closed its own. We have stopped the job and doubled the number of connections.

Ana
"""

WORKS = "It works again, in Bremen too. Thank you very much!\n"

LEARNT = """\
Problem: nobody can log in at a site
Root cause: an old backup job never closed its connections to the log-in server
Fix: stopped the job, doubled the number of connections
How found: the server's list of open connections
Prevention: an alarm at 80 % of the connections
"""

NAMES = {CLIENT: "Maria Sand", TSM: "Ana Ruiz"}


def deliver_mails(sandbox: Sandbox) -> int:
    """Put all mails of the demo into the desk's mailbox, the first one twice; how many."""
    sources = [read_mail(path) for path in sorted(MAILS.glob("*.eml"))]
    again = f"Delivered-To: {ALIAS}\r\nReceived: by mx.sandbox.example for <{ALIAS}>\r\n".encode() + sources[0]
    for source in (*sources, again):
        sandbox.deliver(ADDRESS, source)
    return len(sources) + 1


def read_mail(path: Path) -> bytes:
    """Read a mail from its file, with the line ends that it has on its way."""
    return path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def find_mail_to(sandbox: Sandbox, address: str, tag: str = "", *, newest: bool = False) -> EmailMessage | None:
    """Find the first mail, or the newest, that was submitted for an address, with `tag` in its subject."""
    mails = reversed(sandbox.submitted) if newest else sandbox.submitted
    for mail in mails:
        if mail.recipient.casefold() == address:
            message = message_from_bytes(mail.content, _class=EmailMessage, policy=policy.default)
            if tag in str(message["Subject"]):
                return message
    return None


def answer(sandbox: Sandbox, author: str, words: str, tag: str = "", *, newest: bool = False) -> None:
    """Let somebody answer the first mail that they got about a ticket, or the newest, as their mail client would."""
    received = find_mail_to(sandbox, author, tag, newest=newest)
    if received is None:
        return
    with smtplib.SMTP(sandbox.host, sandbox.smtp_port, timeout=20) as server:
        server.login(author, sandbox.password)
        server.send_message(reply_to(received, author, words))


def reply_to(received: EmailMessage, author: str, words: str) -> EmailMessage:
    """Write an answer with the quoted mail below it."""
    mail = EmailMessage()
    mail["From"] = f"{NAMES[author]} <{author}>"
    mail["To"] = parseaddr(str(received["Reply-To"] or received["From"]))[1]
    mail["Subject"] = f"Re: {received['Subject']}"
    mail["Date"] = formatdate(localtime=True)
    mail["Message-ID"] = make_msgid(domain=author.rpartition("@")[2])
    mail["In-Reply-To"] = str(received["Message-ID"])
    mail["References"] = f"{received['References'] or ''} {received['Message-ID']}".strip()
    mail.set_content(f"{words}\nOn Monday, Acme Support wrote:\n{quoted(received)}")
    return mail


def quoted(received: EmailMessage) -> str:
    """Quote the plain text of a mail."""
    part = received.get_body(("plain",))
    text = str(part.get_content()) if part else ""
    return "".join(f"> {line}\n" for line in text.splitlines())
