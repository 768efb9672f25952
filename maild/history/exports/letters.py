"""The mails that a ticket of another system may have been, in one thread; the same ticket gives the same octets."""

import re
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256

from maild.history.exports.book import NOWHERE
from maild.history.exports.past_ticket import Comment, Party, PastTicket
from maild.history.line_ends import as_mail
from maild.history.table_mails import encodable, mailbox, one_line
from maild.process.past import Part

_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,200}@[!-;=?-~]{1,200}>")


def write_letters(ticket: PastTicket, *, system: str, desk: str) -> Iterator[tuple[Part, str, Comment, bytes]]:
    """Give part, Message-ID, comment and source of each; `desk` is the address to which clients write."""
    comments = _opened_in_public(ticket)
    first = _message_id(ticket, comments[0], system)
    for place, comment in enumerate(comments):
        mail = EmailMessage()
        message_id = mail["Message-ID"] = _message_id(ticket, comment, system)
        mail["Date"] = format_datetime(comment.at)
        mail["From"] = mailbox(comment.author.name, comment.author.address)
        mail["To"] = _recipient(comment, ticket.client, desk)
        subject = one_line(ticket.subject)
        mail["Subject"] = f"Re: {subject}" if place else subject
        if place:
            mail["In-Reply-To"] = mail["References"] = first
        _set_words(mail, comment)
        yield _part(comment, is_first=place == 0), message_id, comment, as_mail(mail.as_bytes())


def count_letters(ticket: PastTicket) -> int:
    """How many they are."""
    return len(_opened_in_public(ticket))


def _opened_in_public(ticket: PastTicket) -> Sequence[Comment]:
    """A ticket begins with what its client saw; where that was nothing, with its subject alone."""
    public = [comment for comment in ticket.comments if comment.is_public]
    if not public:
        at = min(comment.at for comment in ticket.comments)
        public = [Comment(known="subject", author=ticket.client, at=at, text=ticket.subject, is_public=True)]
    return [public[0], *(comment for comment in ticket.comments if comment is not public[0])]


def _part(comment: Comment, *, is_first: bool) -> Part:
    """What the desk wrote first is an answer that nobody had asked for."""
    if not comment.is_public:
        return Part.NOTE
    if comment.author.is_desk:
        return Part.ANSWER
    return Part.QUESTION if is_first else Part.FOLLOW_UP


def _recipient(comment: Comment, client: Party, desk: str) -> str:
    """A note was for the house, whoever wrote it."""
    return mailbox(client.name, client.address) if comment.author.is_desk and comment.is_public else desk


def _set_words(mail: EmailMessage, comment: Comment) -> None:
    words = comment.text or comment.html
    lines = "\n".join([*encodable(words).splitlines(), ""])
    mail.set_content(lines, subtype="plain" if comment.text else "html", cte="base64")


def _message_id(ticket: PastTicket, comment: Comment, system: str) -> str:
    if comment.message_id and _MESSAGE_ID.fullmatch(comment.message_id):
        return comment.message_id
    known = sha256(f"{system} {ticket.known} {comment.known}".encode("utf-8", "replace")).hexdigest()[:32]
    return f"<{known}@{NOWHERE}>"
