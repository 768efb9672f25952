"""A desk on which tickets come to their end, and what its TSMs write to the forms."""

from dataclasses import replace
from datetime import datetime, timedelta
from email.message import Message

from maild.mail.message import Address
from maild.mail.quoting import new_text
from maild.process.decision import Decision
from maild.process.policy import PostMortem
from maild.store.engine import Store
from tests.desk.test_triage import NED, VOUCHED, a_desk_with, text_of
from tests.support.desks import Desk, follow_up
from tests.support.making import NOON, a_mail, a_policy

NED_AT = "ned@acme.example"
EAGER = replace(PostMortem(), skip_below=0)
LATER = NOON + timedelta(hours=2)


class Learning(Desk):
    """The desk, with shorter names for what its people do."""

    def __init__(self, store: Store, policy: PostMortem = EAGER, **differences: object) -> None:
        made = a_desk_with(store, NED, policy=a_policy(post_mortem=policy, **differences))
        super().__init__(store, made.rules)
        self.count = 0

    def says(
        self, text: str, to: Message | None = None, author: str = NED_AT, *, now: datetime = LATER, **fields: object
    ) -> Decision:
        """A person answers one of maild's mails, the last that they got if none is named."""
        self.count += 1
        mail = follow_up(
            to or self.last_to(author),
            author=Address(address=author, name="Somebody"),
            message_id=f"<said-{self.count}@acme.example>",
            fingerprint=f"{7000 + self.count:064}",
            new_text=new_text(text),
            text=text,
            authentication=VOUCHED,
            **fields,
        )
        return self.arrive(mail, now=now)

    def asks(self, subject: str, text: str, number: int = 1, **fields: object) -> Message:
        """A client writes; the assignment that it brings."""
        mail = a_mail(
            message_id=f"<question-{number}@client.example>",
            fingerprint=f"{number:064}",
            subject=subject,
            new_text=text,
            text=text,
            **fields,
        )
        self.arrive(mail)
        return self.newest("assignment", NED_AT)

    def solves(
        self, subject: str = "VPN is down", text: str = "VPN error 809 since the update.", number: int = 1
    ) -> Message:
        """A ticket from its first mail to its end; the form that it brings."""
        assignment = self.asks(subject, text, number)
        self.says("Hello Bea,\n\nplease renew the certificate.", assignment)
        self.says("/close\n\nShe says that it works.", assignment)
        return self.newest("post_mortem", NED_AT)

    def events(self) -> list[str]:
        return [row.event for row in self.rows("SELECT event FROM events ORDER BY id")]

    def reasons(self, event: str) -> list[str]:
        return [row.because for row in self.rows(f"SELECT because FROM events WHERE event = '{event}'")]  # noqa: S608 - our own names

    def articles(self) -> list[tuple[str, int, str]]:
        return [(row.name, row.version, row.body) for row in self.rows("SELECT * FROM articles ORDER BY id")]


def quoted(form: Message) -> str:
    """The form below what somebody writes above it, as mail clients quote it."""
    lines = "\n".join(f"> {line}".rstrip() for line in text_of(form).replace("\r\n", "\n").splitlines())
    return f"\n\nOn Mon, Nov 23, 2026 at 1:00 PM Acme Support <support@acme.example> wrote:\n\n{lines}"
