"""A desk whose TSM has said that it is solved: what its client may write then, each with what the model would say of it."""

from email.message import Message
from urllib.parse import unquote

from maild.classify.verdict import Verdict
from maild.mail.message import Address, Mail
from maild.process.decision import Decision
from tests.support.desks import TECHNICAL, Desk, follow_up
from tests.support.making import ANA, NOON, a_mail, a_team, verdicts

CLIENT = "bea@client.example"
TSM = ANA.addresses[0]
TEAM = a_team(people=(*a_team().people, ANA))
PROOF = ("mx.acme.example; dmarc=pass header.from=acme.example; dmarc=pass header.from=client.example",)
"""Of mail from the house and from the client's side, and of no other."""


def said(intent: str | None, *, if_asked: str | None = None) -> tuple[Verdict, ...]:
    """Verdicts of a reply."""
    read = verdicts(reply_intent=intent)
    asked = verdicts(reply_intent_if_asked=if_asked) if if_asked else {}
    return (*TECHNICAL, *read.values(), *asked.values())


def resolve(desk: Desk, *, copied: str | None = None) -> Message:
    """A ticket is opened, and its TSM says what was done; answers the mail that the client got."""
    cc = (Address(address=copied),) if copied else ()
    desk.arrive(a_mail(cc=cc, authentication=PROOF))
    say_solved(desk)
    return desk.newest("verification", CLIENT)


def say_solved(desk: Desk, number: int = 1) -> None:
    """The TSM writes `/resolve`, and confirms it where that is asked."""
    told = desk.newest("assignment", TSM)
    words = f"/resolve\nThe gateway had lost its certificate.\nWe have renewed it ({number})."
    answer = follow_up(
        told,
        author=Address(address=TSM, name="Ana Ruiz"),
        message_id=f"<solved-{number}@acme.example>",
        fingerprint=f"{number:064}",
        new_text=words,
        text=words,
        authentication=PROOF,
    )
    desk.arrive(answer)


def reply(
    desk: Desk,
    text: str,
    intent: str | None,
    *,
    to: Message | None = None,
    if_asked: str | None = None,
    **fields: object,
) -> Decision:
    """The client writes; `now` among the fields is when."""
    now = fields.pop("now", NOON)
    mail = the_reply(to or desk.newest("verification", CLIENT), text, **fields)
    return desk.arrive(mail, said(intent, if_asked=if_asked), now=now)  # type: ignore[arg-type]


def the_reply(asked: Message, text: str, /, **fields: object) -> Mail:
    """What a mail client writes in answer."""
    name = f"{abs(hash((text, str(fields))))}"
    usual: dict[str, object] = {
        "message_id": f"<{name}@client.example>",
        "fingerprint": name.zfill(64),
        "new_text": text,
        "text": text,
    }
    usual["authentication"] = PROOF
    return follow_up(asked, **{**usual, "subject": f"Re: {asked['Subject']}", **fields})


def tap(mail: Message, word: str, *, author: str = CLIENT, text: str = "") -> Mail:
    """The mail that one tap opens; `word` ends its subject."""
    html = next(part for part in mail.walk() if part.get_content_type() == "text/html")
    body = bytes(html.get_payload(decode=True) or b"").decode()
    links = [part.partition('"')[0] for part in body.split('href="mailto:')[1:]]
    link = next(link for link in links if unquote(link).endswith(word))
    address, _, subject = link.partition("?subject=")
    name = f"{abs(hash((link, author, text)))}"
    return a_mail(
        author=Address(address=author),
        to=(Address(address=unquote(address)),),
        subject=unquote(subject),
        message_id=f"<tap-{name}@client.example>",
        fingerprint=name.zfill(64),
        new_text=text,
        text=text,
        authentication=PROOF,
    )


def status(desk: Desk, number: int = 1) -> str:
    """Of the ticket."""
    return {row.id: str(row.status) for row in desk.rows("SELECT id, status FROM tickets")}[number]


def events(desk: Desk, number: int = 1) -> list[str]:
    """All that happened to it, oldest first."""
    rows = desk.rows("SELECT ticket_id, event FROM events ORDER BY id")
    return [str(row.event) for row in rows if row.ticket_id == number]
