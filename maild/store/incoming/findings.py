"""What the desk looks up about an arrived mail: duplicates, tokens, conversations, returned mails."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, literal, select

from maild.process.decision import SentMail
from maild.process.thread import KnownToken
from maild.process.ticket import Event, Role
from maild.store.incoming.copies import is_heard
from maild.store.tables import events, mails, outbox, participants, threads, tickets


def _duplicate(*same: ColumnElement[bool]) -> Select[int]:
    return (
        select(mails.c.id)
        .where(*same, mails.c.id != bindparam("mail_id"))
        .where(mails.c.outcome.is_not(None), is_heard())
        .order_by(mails.c.id)
        .limit(1)
    )


# Statements are built once: to build one costs SQLAlchemy more than to execute it.
_SAME_FINGERPRINT = mails.c.fingerprint == bindparam("same_fingerprint")
_SAME_MAIL = _duplicate(mails.c.message_id == bindparam("same_id"), _SAME_FINGERPRINT)
_SAME_WORDS = _duplicate(mails.c.message_id.is_(None), _SAME_FINGERPRINT)
_SAME_BYTES = _duplicate(mails.c.message_id.is_(None), mails.c.digest == bindparam("same_digest"))
_TOKENS = select(outbox.c.token, outbox.c.ticket_id, outbox.c.recipient).where(
    outbox.c.token.in_(bindparam("tokens", expanding=True))
)
_CONVERSATIONS = select(threads.c.message_id, threads.c.ticket_id, threads.c.kind).where(
    threads.c.message_id.in_(bindparam("message_ids", expanding=True))
)
_AWAITED = select(threads.c.ticket_id).where(threads.c.message_id == bindparam("awaited"), threads.c.kind == "ghost")
_PARTICIPANTS = select(participants.c.ticket_id, participants.c.address, participants.c.role).where(
    participants.c.ticket_id.in_(bindparam("numbers", expanding=True))
)
_TICKET_OF = select(tickets.c.id).where(tickets.c.client.in_(bindparam("spellings", expanding=True))).limit(1)
_WRITTEN_TO = (
    select(outbox.c.message_id)
    .where(outbox.c.ticket_id == bindparam("number"), outbox.c.recipient == bindparam("to"))
    .where(outbox.c.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(outbox.c.id)
)
_WRITTEN_BY = (
    select(mails.c.message_id)
    .where(mails.c.ticket_id == bindparam("number"), func.lower(mails.c.author) == bindparam("by"))
    .where(mails.c.message_id.is_not(None))
    .order_by(mails.c.id)
)
_NEWEST_SUBJECT = (
    select(mails.c.subject)
    .where(mails.c.ticket_id == bindparam("number"), func.lower(mails.c.author) == bindparam("by"))
    .where(mails.c.outcome == "follow_up")
    .order_by(mails.c.id.desc())
    .limit(1)
)


def find_duplicate(
    connection: Connection,
    *,
    mail_id: int,
    message_id: str | None,
    fingerprint: str,
    digest: str,
    has_date: bool,
    is_automatic: bool,
) -> int | None:
    """An earlier arrival of the same mail: same Message-ID and same fingerprint (FIELD.md, section 2).

    Without a Message-ID the fingerprint decides alone, if the mail has a date. Two mails without either may be the same
    words at another time: only the same bytes, trace fields included, are the same mail (a renumbered mailbox).
    """
    values = {"mail_id": mail_id, "same_digest": digest, "is_automatic": is_automatic}
    if message_id is None and not has_date:
        return connection.scalar(_SAME_BYTES, values)
    values["same_fingerprint"] = fingerprint
    if message_id is None:
        return connection.scalar(_SAME_WORDS, values)
    return connection.scalar(_SAME_MAIL, {**values, "same_id": message_id})


def find_tokens(connection: Connection, tokens: Iterable[str]) -> Mapping[str, KnownToken]:
    """Those of the tokens that we gave out."""
    wanted = sorted(set(tokens))
    if not wanted:
        return {}
    rows = connection.execute(_TOKENS, {"tokens": wanted})
    return {row.token: KnownToken(ticket=row.ticket_id, recipient=row.recipient) for row in rows}


def find_conversations(
    connection: Connection, message_ids: Sequence[str]
) -> tuple[Mapping[str, set[int]], Mapping[str, set[int]]]:
    """Message-ID to the tickets to whose conversation it belongs, and to those that only refer to it (ghosts)."""
    known: dict[str, set[int]] = {}
    ghosts: dict[str, set[int]] = {}
    if message_ids:
        for row in connection.execute(_CONVERSATIONS, {"message_ids": list(message_ids)}):
            (ghosts if row.kind == "ghost" else known).setdefault(row.message_id, set()).add(row.ticket_id)
    return known, ghosts


def find_awaited(connection: Connection, message_id: str | None) -> set[int]:
    """Tickets that know this Message-ID only because their mails refer to it (a ghost parent)."""
    if message_id is None:
        return set()
    return set(connection.scalars(_AWAITED, {"awaited": message_id}))


def find_participants(
    connection: Connection, numbers: Iterable[int], roles: Collection[Role]
) -> Mapping[int, set[str]]:
    """Ticket to the keys of the addresses that take part in it in one of these roles; every ticket that exists is there."""
    wanted = sorted(set(numbers))
    found: dict[int, set[str]] = {}
    if wanted:
        for row in connection.execute(_PARTICIPANTS, {"numbers": wanted}):
            found.setdefault(row.ticket_id, set()).update({row.address} if row.role in roles else ())
    return found


def participants_of(connection: Connection, number: int, roles: Collection[Role]) -> set[str]:
    """Keys of the addresses that take part in one ticket in one of these roles."""
    return find_participants(connection, [number], roles).get(number, set())


def has_ticket(connection: Connection, address: str) -> bool:
    """Whether a ticket has this client, in this spelling or in lower case."""
    return connection.execute(_TICKET_OF, {"spellings": [address, address.casefold()]}).first() is not None


def find_sent(connection: Connection, message_id: str | None) -> SentMail | None:
    """The mail of ours with this Message-ID."""
    if message_id is None:
        return None
    return _sent(connection, outbox.c.message_id == message_id)


def find_sent_by_id(connection: Connection, outbox_id: int) -> SentMail | None:
    """The mail of ours in this row of the outbox."""
    return _sent(connection, outbox.c.id == outbox_id)


def _sent(connection: Connection, condition: ColumnElement[bool]) -> SentMail | None:
    columns = (outbox.c.id, outbox.c.ticket_id, outbox.c.kind, outbox.c.recipient, outbox.c.state)
    row = connection.execute(select(*columns).where(condition)).first()
    if row is None:
        return None
    return SentMail(
        id=row.id,
        ticket=row.ticket_id,
        kind=row.kind,
        recipient=row.recipient,
        has_bounced=row.state == "bounced",
    )


def thread_to(connection: Connection, number: int, recipient: str, *, kinds: Sequence[str]) -> list[str]:
    """Message-IDs of what this recipient got of these kinds about the ticket, oldest first: the first one and the last three."""
    ids = list(connection.scalars(_WRITTEN_TO, {"number": number, "to": recipient, "kinds": list(kinds)}))
    return ids[:1] + ids[1:][-3:]


def thread_of(connection: Connection, number: int, author: str) -> list[str]:
    """Message-IDs of what this author wrote about the ticket, oldest first: the first one and the last three."""
    ids = list(connection.scalars(_WRITTEN_BY, {"number": number, "by": author.casefold()}))
    return ids[:1] + ids[1:][-3:]


def newest_subject(connection: Connection, number: int, author: str) -> str:
    """The subject under which this author has written about the ticket last; empty where that was its first mail."""
    return connection.scalar(_NEWEST_SUBJECT, {"number": number, "by": author.casefold()}) or ""


def was_answered(connection: Connection, number: int, author: str, *, question: str, label: str) -> bool:
    """Whether a verdict says so of the last mail that this author wrote to the ticket."""
    theirs = select(mails.c.verdicts).where(
        mails.c.ticket_id == number, func.lower(mails.c.author) == author.casefold()
    )
    said = connection.scalar(theirs.order_by(mails.c.id.desc()).limit(1)) or ()
    return any((verdict["question"], verdict["label"]) == (question, label) for verdict in said)


def last_answer(connection: Connection, client: str, author: str) -> str | None:
    """What this author's last relayed mail to the client said, whatever the ticket."""
    to_client = mails.join(tickets, tickets.c.id == mails.c.ticket_id)
    relayed = (
        select(mails.c.new_text).select_from(to_client).where(mails.c.author == author, tickets.c.client == client)
    )
    newest = relayed.where(mails.c.outcome.in_(("relay", "command"))).order_by(mails.c.id.desc()).limit(1)
    return connection.scalar(newest)


def subject_of(connection: Connection, mail_id: int) -> str | None:
    """The subject of a mail that was taken in."""
    return connection.scalar(select(mails.c.subject).where(mails.c.id == mail_id))


def words_of(connection: Connection, mail_id: int) -> str | None:
    """The new text of a mail that was taken in."""
    return connection.scalar(select(mails.c.new_text).where(mails.c.id == mail_id))


def count_answers(connection: Connection, number: int, *, since: datetime) -> int:
    """How many answers were relayed about the ticket lately."""
    lately = select(func.count()).where(outbox.c.ticket_id == number, outbox.c.kind.in_(("answer", "verification")))
    return connection.scalar(lately.where(outbox.c.created_at > since)) or 0


def is_released(connection: Connection, mail_id: int) -> bool:
    """Whether the person in whose name the mail came has let it through."""
    return connection.scalar(select(mails.c.released_at).where(mails.c.id == mail_id)) is not None


def is_held(connection: Connection, mail_id: int) -> bool:
    """Whether the mail waits for a person."""
    return connection.scalar(select(mails.c.outcome).where(mails.c.id == mail_id)) == "held"


def was_staff(connection: Connection, number: int, key: str) -> bool:
    """Whether this address takes part in the ticket as one of the house, or of another team."""
    inside = (participants.c.address == key, participants.c.role != Role.CLIENT.value)
    return (
        connection.execute(select(participants.c.role).where(participants.c.ticket_id == number, *inside)).first()
        is not None
    )


def has_answered_automatically(connection: Connection, number: int, addresses: Sequence[str]) -> bool:
    """Whether an automatic reply of one of these addresses came to the ticket before."""
    keys = [address.casefold() for address in addresses]
    theirs = (events.c.ticket_id == number, events.c.event == Event.AUTOMATIC_REPLY_CAME.value)
    query = select(literal(1)).where(*theirs, func.lower(events.c.actor).in_(keys))
    return connection.scalar(query.limit(1)) is not None
