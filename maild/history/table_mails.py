"""The mails that a row of a table may have been: the client's, and the desk's answer where the table has one."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256

from maild.history.line_ends import as_mail

MOST_OF_A_SUBJECT = 500
MOST_OF_A_NAME = 100
_NO_NAME = re.compile(r"[^\w .'-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """One row; the same row gives the same octets, so that it is known again."""

    desk: str
    """Address to which the client wrote."""

    client: str
    client_name: str
    known: str
    """What the table knows the ticket by; empty: nothing."""

    subject: str
    text: str
    at: datetime | None

    def question(self) -> bytes:
        """Write what the client wrote."""
        mail = self._begin("question", self.at)
        mail["From"], mail["To"] = mailbox(self.client_name, self.client), self.desk
        mail["Subject"] = self._subject()
        return _finish(mail, self.text)

    def answer(self, text: str, at: datetime | None, *, by: str) -> bytes:
        """Write what the desk answered; `by`: the person's name, or nothing."""
        mail = self._begin("answer", at)
        mail["From"], mail["To"] = mailbox(by, self.desk), self.client
        mail["Subject"] = f"Re: {self._subject()}"
        mail["In-Reply-To"] = mail["References"] = self._message_id("question")
        return _finish(mail, text)

    def _begin(self, role: str, at: datetime | None) -> EmailMessage:
        mail = EmailMessage()
        mail["Message-ID"] = self._message_id(role)
        if at is not None:
            mail["Date"] = format_datetime(at)
        return mail

    def _message_id(self, role: str) -> str:
        known = self.known or f"{self.subject}\n{self.text}"
        return f"<{_digest(f'{self.client} {known}')}.{role}@imported.invalid>"

    def _subject(self) -> str:
        return one_line(self.subject)


def one_line(subject: str) -> str:
    """A subject that cannot become a header field."""
    return encodable(" ".join(subject.split())[:MOST_OF_A_SUBJECT])


def mailbox(name: str, address: str) -> str:
    """An address with a display name that cannot become anything else."""
    words = encodable(" ".join(_NO_NAME.sub(" ", name).split())[:MOST_OF_A_NAME])
    return f'"{words}" <{address}>' if words else address


def _finish(mail: EmailMessage, text: str) -> bytes:
    mail.set_content("\n".join([*encodable(text).splitlines(), ""]), cte="base64")
    return as_mail(mail.as_bytes())


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def encodable(text: str) -> str:
    """The text without halves of characters."""
    return text.encode("utf-8", "replace").decode()
