"""The words of the sample mails: openings, problems, details, signatures and legal footers, all written for them."""

import random

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
SUBJECTS = ("VPN", "Printer", "Access", "Laptop", "Outlook", "Database", "Report", "Web shop", "Invoice", "Monitor")
DETAILS = (
    "I have restarted the machine twice, but that did not change anything.",
    "Three colleagues in the same office see the same thing.",
    "It worked fine until the update on Friday.",
    "We need this for a presentation tomorrow at ten.",
    "The device is about two years old and has the standard installation.",
    "Please tell me if you need any further information.",
    "I can make a screenshot if that helps.",
    "It is not urgent, but it would be nice to have it this week.",
)
STREETS = ("Mill Lane", "Station Road", "Harbour Street", "Market Square")
LEGAL_FOOTER = (
    "This message and its attachments are meant for the addressee alone and may hold confidential information. If you"
    " have received it by mistake, please tell the author and delete it. Any use by others is not permitted. Opinions in"
    " this message are those of its author and not necessarily those of the company."
)
FOOTERS = (
    "",
    LEGAL_FOOTER,
    "Please consider the environment before printing this e-mail.",
)


def paragraphs(place: int, topic: int, chance: random.Random) -> list[str]:
    """What client number `place` writes, signature and footer included."""
    sentences = [f"{PROBLEMS[topic]}.", *chance.sample(DETAILS, chance.randint(2, 6))]
    street = f"{chance.randint(1, 99)} {chance.choice(STREETS)}"
    signature = (
        f"Kind regards\nClient {place}\nOperations\nCompany {place} Ltd\n{street}\nTel. +44 20 7946 0{place % 1000:03}"
    )
    return [chance.choice(OPENINGS), *sentences, signature, *filter(None, [chance.choice(FOOTERS)])]


def earlier_mail(place: int, chance: random.Random) -> str:
    """A mail of a colleague that the client quotes."""
    lines = [chance.choice(OPENINGS), "", *chance.sample(DETAILS, 4), "", "Regards", "Colleague"]
    quoted = "\n".join(f"> {line}".rstrip() for line in lines)
    return f"On Fri, 20 Nov 2026 at 16:12, Colleague {place} <colleague@company{place}.example> wrote:\n\n{quoted}"
