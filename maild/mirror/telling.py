"""Tell: a ticket's issue is made or brought up to date, and what was said is put below it. Every call may be repeated."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from maild.desk.mirrored import write_mirrored
from maild.desk.transaction import Transaction
from maild.errors import Bounced
from maild.mirror.parts import MirroredDesk
from maild.process.commands.reading import read_commands
from maild.process.mirroring.projecting import Projection, project
from maild.process.mirroring.telling import COMMENTS, CommentKind
from maild.process.ticket import Ticket
from maild.process.tracker import Field, Fields, Issue, NewComment, NewIssue, NewLink
from maild.store.desk.tickets import read_ticket
from maild.store.engine import Connection
from maild.store.mirror import issues, reading
from maild.store.mirror import mirroring as store
from maild.store.mirror.issues import MirroredIssue
from maild.store.mirror.mirroring import ToTell
from maild.store.mirror.reading import Told

log = logging.getLogger(__name__)

LONG_AGO = timedelta(minutes=10)
"""What is older is dated: clocks differ, and no tracker takes a date in the future."""

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""Before anything could happen to an issue: one that was there already, by an earlier attempt, is heard from there on."""

Keep = Callable[[], None]
"""Before each call: have the ticket for longer, or raise."""


def make(desk: MirroredDesk, claimed: MirroredIssue, projection: Projection, keep: Keep) -> bool:
    """The issue, under the id that was written down before; once it is there, the history says so.

    Whether it was there already, and people may have worked on it.
    """
    with desk.store.read() as connection:
        ticket, fields = read(connection, claimed.ticket, projection)
        first = reading.first_letter(connection, claimed.ticket)
    keep()
    new = NewIssue(
        id=claimed.issue,
        title=desk.teller.title(ticket),
        description=desk.teller.description(ticket, first.new_text if first else ""),
        fields=fields,
        at=_date(ticket.opened_at, desk.clock()),
    )
    made = desk.tracker.create(new)

    def write(transaction: Transaction) -> None:
        found = issues.find_issue(transaction.connection, claimed.ticket)
        if found is None or found.made_at is not None:
            return
        issues.note_issue(
            transaction.connection,
            claimed.ticket,
            key=made.key,
            url=made.url,
            made_at=transaction.now,
            looked_at=BEGINNING if made.was_there else made.updated_at,
            updated_at=made.updated_at,
            **_seen(made, fields, projection),
        )
        write_mirrored(transaction, claimed.ticket, f"{made.key} in {desk.tracker.name}: {made.url}")

    desk.transact(write)
    log.info("ticket mirrored", extra={"ticket": claimed.ticket, "issue": made.key})
    return made.was_there


def change(desk: MirroredDesk, claimed: MirroredIssue, projection: Projection, keep: Keep) -> None:
    """Set what is not as we told it last; all else is as people there want it."""
    with desk.store.read() as connection:
        _, fields = read(connection, claimed.ticket, projection)
        known = issues.find_issue(connection, claimed.ticket)
    told = known.told if known else claimed.told
    names = [field for field in Field if fields.value(field) != told.value(field)]
    if not names or known is None:
        return

    def put(some: Sequence[Field]) -> None:
        nonlocal told
        keep()
        # The tracker's time of it is not kept: somebody may have changed the issue just before, and it is looked at once more.
        changed = desk.tracker.change(claimed.issue, fields, some, minded=projection.minded)
        for name in some:
            told = told.put(name, fields.value(name))
        noted = _seen(changed, told, projection)
        desk.store.transact(lambda connection: issues.note_issue(connection, claimed.ticket, **noted))

    try:
        put(names)
    except Bounced:
        if len(names) == 1:
            raise
        _put_each(names, put)
    log.info("issue changed", extra={"ticket": claimed.ticket, "issue": known.key, "fields": [str(n) for n in names]})


def _put_each(names: Sequence[Field], put: Callable[[Sequence[Field]], None]) -> None:
    """A field that is refused for good keeps no other from being set. Raises Bounced for it in the end."""
    refusals: list[Bounced] = []
    for name in names:
        try:
            put([name])
        except Bounced as refusal:
            refusals.append(refusal)
    if refusals:
        raise refusals[0]


def say(desk: MirroredDesk, claimed: MirroredIssue, keep: Keep) -> None:
    """Put below the issue what is due, in the order in which it happened; each is settled by itself."""
    with desk.store.read() as connection:
        ticket, due = read_ticket(connection, claimed.ticket), store.list_to_tell(connection, claimed.ticket)
    for row in due:
        state, answer = "sent", None
        try:
            if not _say(desk, claimed, ticket, row, keep):
                state = "dropped"
        except Bounced as refusal:
            state, answer = "refused", str(refusal)
            log.warning("refused there", extra={"ticket": claimed.ticket, "row": row.id, "because": answer})
        _settle(desk, row, state, answer)


def read(connection: Connection, number: int, projection: Projection) -> tuple[Ticket, Fields]:
    """The ticket, and how its issue has to stand."""
    ticket = read_ticket(connection, number)
    is_void = ticket.merged_into is not None or reading.is_void(connection, number)
    return ticket, project(ticket, projection, is_void=is_void)


def _settle(desk: MirroredDesk, row: ToTell, state: str, answer: str | None) -> None:
    now = desk.clock()
    desk.store.transact(lambda connection: store.settle_told(connection, row.id, state=state, answer=answer, now=now))


def _say(desk: MirroredDesk, claimed: MirroredIssue, ticket: Ticket, row: ToTell, keep: Keep) -> bool:
    """False: there is nothing to say after all."""
    if row.event is None:
        keep()
        desk.tracker.link(_link(desk, claimed, ticket, row))
        return True
    with desk.store.read() as connection:
        told = reading.find_event(connection, row.event)
    words = _words(told) if told else ""
    if told is None or not words:
        return False
    keep()
    text = desk.teller.comment(COMMENTS[told.event], words, ticket, _author(desk, told))
    at = _date(told.at, desk.clock())
    desk.tracker.comment(NewComment(id=row.foreign_id, issue=claimed.issue, text=text, at=at))
    return True


def _words(told: Told) -> str:
    """What was said: commands at the top of a mail are no words, and a remark is its own reason."""
    kind = COMMENTS[told.event]
    if kind is CommentKind.REMARK:
        return told.because
    return told.new_text.strip() if kind is CommentKind.CLIENT else read_commands(told.new_text).words


def _author(desk: MirroredDesk, told: Told) -> str:
    person = desk.rules.team.person_at(told.actor) or desk.rules.team.person_at(told.author)
    return person.name if person else told.author_name or desk.rules.desk.name


def _link(desk: MirroredDesk, claimed: MirroredIssue, ticket: Ticket, row: ToTell) -> NewLink:
    shown, address = desk.rules.desk.show(ticket.number), desk.rules.desk.address
    url = desk.policy.link.format(ticket=shown, number=ticket.number, address=address)
    return NewLink(id=row.foreign_id, issue=claimed.issue, title=shown, url=url)


def _seen(issue: Issue, told: Fields, projection: Projection) -> dict[str, object]:
    return {"told": told, "seen": projection.restrict(issue.fields)}


def _date(at: datetime, now: datetime) -> datetime | None:
    return at if now - at > LONG_AGO else None
