"""Mails of a story: what people and machines write to a desk, and what they got from it."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from itertools import count

from tests.servers.smtp import SmtpServer
from tests.support.making import NOON

CLIENT = "bea@client.example"
LEAD = "lead@example.org"
"""Of the shipped configuration."""

VAGUE = {"Subject": "Something is odd", "body": "It is not as it was before. Could you have a look, please?\n"}
"""What no model is sure of: a person decides, and the client is asked for nothing."""

_numbers = count(1)


def a_letter(**fields: str) -> bytes:
    """A client's mail; `In_Reply_To="..."` is a field, `body` the text, and an empty value leaves a field out."""
    written = {
        "From": f"Bea Kunde <{CLIENT}>",
        "To": "support@acme.example",
        "Subject": "VPN connection drops every few minutes",
        "Message_ID": f"<letter-{next(_numbers)}@client.example>",
        "Date": format_datetime(NOON),
    }
    body = fields.pop("body", "Our VPN client cannot connect to the server since this morning: error 809.\n")
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in {**written, **fields}.items() if value]
    return "\r\n".join([*lines, "", body.replace("\n", "\r\n")]).encode()


def an_answer(to: EmailMessage, **fields: str) -> bytes:
    """What a mail client writes when somebody answers this mail."""
    usual = {
        "To": str(to["Reply-To"] or to["From"]),
        "Subject": f"Re: {to['Subject']}",
        "In_Reply_To": str(to["Message-ID"]),
        "References": f"{to['References'] or ''} {to['Message-ID']}".strip().replace("\n", " "),
    }
    return a_letter(**{**usual, **fields})


def sent_to(server: SmtpServer, address: str) -> list[EmailMessage]:
    """What the desk has submitted for an address, oldest first."""
    return [message_from_bytes(mail.content, policy=default) for mail in server.accepted if address in mail.recipients]
