"""A line to relay by: real mails go in, and what a client or a TSM would get comes out. All texts are made for tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.encoders import encode_base64
from email.message import EmailMessage
from email.policy import default

from sqlalchemy import select

from maild.intake.line import Intake
from maild.store import tables
from maild.store.database.packing import unpack
from tests.stories.letters import a_letter
from tests.support.intakes import lay_down, look

CLIENT, TSM = "bea@client.example", "lena@acme.example"
DESK = "support@acme.example"


@dataclass(frozen=True, kw_only=True)
class Relaying:
    """A desk behind its line."""

    intake: Intake

    def take_in(self, *sources: bytes) -> list[str]:
        """Let mails come in; what became of each."""
        rows = lay_down(self.intake.store, *sources)
        self.intake.take_in_all()
        found = {row[0]: str(row[1]) for row in look(self.intake.store, "SELECT id, outcome FROM mails")}
        return [found[row] for row in rows]

    def sent(self, kind: str, recipient: str | None = None) -> list[EmailMessage]:
        """What was written, oldest first."""
        columns = (tables.outbox.c.content, tables.outbox.c.kind, tables.outbox.c.recipient)
        with self.intake.store.read() as connection:
            rows = connection.execute(select(*columns).order_by(tables.outbox.c.id)).all()
        mails = [row for row in rows if row.kind == kind and recipient in {None, row.recipient}]
        return [message_from_bytes(unpack(row.content), policy=default) for row in mails]

    def answer(self, text: str, to: EmailMessage | None = None, /, **fields: str) -> list[str]:
        """The TSM answers the assignment, in plain text."""
        return self.take_in(an_answer(to or self.sent("assignment")[0], body=text, **fields))


def an_answer(to: EmailMessage, **fields: str) -> bytes:
    """What the TSM's mail client writes when they answer."""
    usual = {
        "From": f"Lena Lead <{TSM}>",
        "To": str(to["Reply-To"] or to["From"]),
        "Subject": f"Re: {to['Subject']}",
        "In_Reply_To": str(to["Message-ID"]),
    }
    return a_letter(**{**usual, **fields})


def text_of(mail: EmailMessage) -> str:
    """The plain text."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    """The HTML."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def with_files(source: bytes, files: Sequence[tuple[str, str, bytes]], *, html: str = "", **ids: str) -> bytes:
    """The mail with attachments (name, media type, content); `ids` makes the file with this Content-ID an inline one."""
    head, _, body = source.partition(b"\r\n\r\n")
    whole = EmailMessage(policy=default)
    whole.set_content(body.decode())
    if html:
        whole.add_alternative(html, subtype="html")
    whole.make_mixed()
    for name, media_type, content in files:
        part = EmailMessage(policy=default)
        part["Content-Type"] = media_type
        part.set_payload(content)
        if not media_type.startswith("message/"):
            encode_base64(part)
        part.add_header("Content-Disposition", "inline" if name in ids.values() else "attachment", filename=name)
        cid = next((cid for cid, shown in ids.items() if shown == name), None)
        if cid:
            part["Content-ID"] = f"<{cid}>"
        whole.attach(part)
    return head + b"\r\n" + whole.as_bytes(policy=default.clone(linesep="\r\n"))
