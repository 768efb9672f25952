"""Ordinary support mails in any number: seeded, each from a client of its own, some with HTML."""

import random
from collections.abc import Iterator
from email.message import EmailMessage

OPENINGS = ("Hello support team,", "Hi,", "Good morning,", "Dear all,", "Hello,")
PROBLEMS = (
    "since this morning I cannot log in to the VPN, it says error 809 after about a minute",
    "the printer on the second floor prints only blank pages although the toner is new",
    "please give our new colleague access to the project folder and to the ticket system",
    "my laptop shows a blue screen each time I connect it to the docking station",
    "Outlook keeps asking for my password and does not accept the one I changed yesterday",
    "the database server is very slow, queries that took a second take a minute now",
    "how can I export the monthly report as a spreadsheet instead of a PDF file",
    "the web shop answers with an internal server error when a customer wants to pay",
    "could you send us the invoice for October once more, with our new postal address on it",
    "our monitor in the meeting room stays black, we tried another cable already",
)
DETAILS = (
    "I have restarted the machine twice, but that did not change anything.",
    "Three colleagues in the same office see the same thing.",
    "It worked fine until the update on Friday.",
    "We need this for a presentation tomorrow at ten.",
    "The device is about two years old and has the standard installation.",
    "Please tell me if you need any further information.",
    "I have attached nothing, but can make a screenshot if that helps.",
    "It is not urgent, but it would be nice to have it this week.",
)
SUBJECTS = ("VPN", "Printer", "Access", "Laptop", "Outlook", "Database", "Report", "Web shop", "Invoice", "Monitor")


def sample_mails(number: int, *, seed: int = 1) -> Iterator[bytes]:
    """`number` mails of 1 to 4 kB, all different."""
    chance = random.Random(seed)
    for place in range(number):
        yield _mail(place, chance)


def _mail(place: int, chance: random.Random) -> bytes:
    topic = chance.randrange(len(PROBLEMS))
    sentences = [PROBLEMS[topic] + ".", *chance.sample(DETAILS, chance.randint(2, 6))]
    text = "\n\n".join([chance.choice(OPENINGS), *sentences, f"Kind regards\nClient {place}"]) + "\n"
    domain = f"company{place}.example"
    message = EmailMessage()
    message["From"] = f"Client {place} <client{place}@{domain}>"
    message["To"] = "Support <support@desk.example>"
    message["Subject"] = f"{SUBJECTS[topic]}: request {place}"
    message["Date"] = f"Mon, 23 Nov 2026 {place // 3600 % 24:02}:{place // 60 % 60:02}:{place % 60:02} +0000"
    message["Message-ID"] = f"<{place}.{chance.randrange(10**9)}@{domain}>"
    message["Received"] = (
        f"from mx.{domain} by mail.desk.example with ESMTPS id {place}; Mon, 23 Nov 2026 10:00:00 +0000"
    )
    message.set_content(text)
    if chance.random() < 0.4:
        paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
        message.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
    return message.as_bytes()
