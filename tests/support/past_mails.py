"""Mails of the past, written for tests: threads of clients with the answers of a desk, as an old system kept them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

BEGIN = datetime(2024, 2, 5, 8, 0, tzinfo=UTC)
DESK = "support@acme.example"
QUESTIONS = (
    "The VPN does not connect since this morning. Error 809.",
    "My laptop shows a blue screen when I dock it.",
    "Outlook asks for my password again and again.",
    "Please give me access to the folder of the sales team.",
    "The printer on the second floor prints only half of each page.",
)
ANSWERS = ("We have restarted the gateway.", "Please install the new dock firmware.", "Your password was reset.")
THREAD = 4
"""Mails of a thread: question, answer, follow-up, thanks."""


def a_past_mail(author: str, recipient: str, subject: str, text: str, at: datetime, **fields: str) -> bytes:
    """Write one mail; `fields` with `_` for `-`."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = author, recipient, subject
    mail["Date"] = format_datetime(at)
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def a_past_thread(number: int) -> list[bytes]:
    """One client's thread, oldest first."""
    client = f"Client {number} <client{number}@c{number}.example>"
    subject = f"{QUESTIONS[number % len(QUESTIONS)].split('.')[0]} ({number})"
    ids = [f"<{number}.{place}@past.example>" for place in range(THREAD)]
    texts = (
        QUESTIONS[number % len(QUESTIONS)],
        ANSWERS[number % len(ANSWERS)],
        "It is still the same.",
        "Works, thanks!",
    )
    sources = []
    for place, text in enumerate(texts):
        is_answer = place == 1
        fields = {"Message_ID": ids[place]}
        if place:
            fields |= {"In_Reply_To": ids[place - 1], "References": " ".join(ids[:place])}
        people = (DESK, client) if is_answer else (client, DESK)
        at = BEGIN + timedelta(hours=7 * number + place)
        sources.append(a_past_mail(*people, f"Re: {subject}" if place else subject, f"{text}\n", at, **fields))
    return sources


def past_threads(count: int) -> list[bytes]:
    """So many threads, one after the other."""
    return [source for number in range(count) for source in a_past_thread(number)]


def as_mbox(sources: Iterable[bytes]) -> bytes:
    """Write an mbox, quoting what must be quoted (mboxrd)."""
    parts = []
    for source in sources:
        quoted = b"\n".join(
            b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in source.split(b"\n")
        )
        parts.append(b"From old@system.example Mon Feb  5 08:00:00 2024\n" + quoted.rstrip(b"\n") + b"\n\n")
    return b"".join(parts)


def write_mbox(path: Path, sources: Iterable[bytes]) -> Path:
    path.write_bytes(as_mbox(sources))
    return path


def write_maildir(path: Path, sources: Sequence[bytes]) -> Path:
    for name in ("cur", "new", "tmp"):
        (path / name).mkdir(parents=True)
    for number, source in enumerate(sources):
        (path / ("cur" if number % 2 else "new") / f"{number}.host").write_bytes(source)
    (path / "tmp" / "half.host").write_bytes(b"From: half@way")
    return path
