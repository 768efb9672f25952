"""Support mails in any number, as large and as involved as real ones: seeded, each from a client of its own.

Three of four have HTML beside the text, one of seven an attachment, one of five quotes an earlier mail; trace, DKIM and
ARC fields as large providers add them.
"""

import random
import statistics
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP

from benchmarks.sample_html import html_of
from benchmarks.sample_trace import trace
from benchmarks.sample_words import PROBLEMS, SUBJECTS, earlier_mail, paragraphs

WITH_HTML, WITH_QUOTE, WITH_SCREENSHOT, WITH_LOG = 0.75, 0.2, 0.1, 0.05
SCREENSHOT_OCTETS = (15_000, 60_000)
LOG_LINES = (40, 200)


def sample_mails(number: int, *, seed: int = 1) -> Iterator[bytes]:
    """`number` mails, all different."""
    chance = random.Random(seed)
    for place in range(number):
        yield _mail(place, chance)


def size_in_words(number: int = 1_000) -> str:
    """How large the first mails are, for the foot of a table."""
    sizes = sorted(map(len, sample_mails(number)))
    median, mean = statistics.median(sizes), statistics.fmean(sizes)
    tenth, last_tenth = sizes[number // 10], sizes[-number // 10]
    return f"median {median / 1000:.1f} kB, mean {mean / 1000:.1f}, eight of ten {tenth / 1000:.1f} to {last_tenth / 1000:.1f}"


def _mail(place: int, chance: random.Random) -> bytes:
    topic = chance.randrange(len(PROBLEMS))
    domain = f"company{place}.example"
    parts = paragraphs(place, topic, chance)
    if chance.random() < WITH_QUOTE:
        parts.append(earlier_mail(place, chance))
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Client {place} <client{place}@{domain}>"
    message["To"] = "Support <support@desk.example>"
    message["Subject"] = f"{SUBJECTS[topic]}: request {place}"
    message["Date"] = f"Mon, 23 Nov 2026 {place // 3600 % 24:02}:{place // 60 % 60:02}:{place % 60:02} +0000"
    message["Message-ID"] = f"<{place}.{chance.randrange(10**9)}@{domain}>"
    message.set_content("\n\n".join(parts) + "\n", cte=chance.choice(("7bit", "quoted-printable", "base64")))
    if chance.random() < WITH_HTML:
        message.add_alternative(html_of(parts, chance), subtype="html", cte="quoted-printable")
    _attach(message, chance)
    return trace(domain, place, chance).encode() + message.as_bytes()


def _attach(message: EmailMessage, chance: random.Random) -> None:
    kind = chance.random()
    if kind < WITH_SCREENSHOT:
        picture = b"\x89PNG\r\n\x1a\n" + chance.randbytes(chance.randint(*SCREENSHOT_OCTETS))
        message.add_attachment(picture, maintype="image", subtype="png", filename="screenshot.png")
    elif kind < WITH_SCREENSHOT + WITH_LOG:
        lines = [
            f"2026-11-23 09:{line // 60 % 60:02}:{line % 60:02} ERROR 809 retry {line}"
            for line in range(chance.randint(*LOG_LINES))
        ]
        message.add_attachment("\n".join(lines) + "\n", filename="client.log")
