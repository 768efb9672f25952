"""The mail that a person's word is about, and what the models had said about it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, select

from maild.errors import NotFound, Refused
from maild.store.tables import mails


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A mail and its verdicts."""

    mail: int
    ticket: int | None
    verdicts: Mapping[str, str | None]
    """Question to label; None: the model left it open."""


def find_judged(connection: Connection, *, ticket: int | None = None, mail: int | None = None) -> Judged:
    """Give the mail, or the first mail of the ticket: the one that its verdicts are about.

    Raises NotFound where there is none, Refused for a mail that has not been taken in.
    """
    of_it = mails.c.id == mail if mail is not None else mails.c.ticket_id == ticket
    query = select(mails.c.id, mails.c.ticket_id, mails.c.verdicts, mails.c.outcome).where(of_it)
    row = connection.execute(query.order_by(mails.c.id).limit(1)).mappings().first()
    if row is None:
        raise NotFound(
            f"There is no mail {mail}; `maild trace` tells what a mail's number is."
            if mail is not None
            else f"No mail has opened a ticket with the number {ticket}; `maild tickets` lists them."
        )
    if row["outcome"] is None:
        raise Refused(f"Mail {row['id']} has not been taken in yet; say it again once it is.")
    return _judged(row)


def find_judged_reply(connection: Connection, tickets: Collection[int]) -> Judged | None:
    """Give the last mail of the client's side of these tickets that was read for what it means; None where there is none."""
    theirs = (mails.c.ticket_id.in_(tickets), mails.c.outcome == "follow_up")
    query = select(mails.c.id, mails.c.ticket_id, mails.c.verdicts).where(*theirs).order_by(mails.c.id.desc())
    return next(
        (
            found
            for row in connection.execute(query.limit(9)).mappings()
            if "reply_intent" in (found := _judged(row)).verdicts
        ),
        None,
    )


def _judged(row: RowMapping) -> Judged:
    verdicts = {verdict["question"]: verdict["label"] for verdict in row["verdicts"] or ()}
    return Judged(mail=row["id"], ticket=row["ticket_id"], verdicts=verdicts)
