"""Hear: what people wrote and decided below a ticket's issue since we looked last, into the ticket; once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from maild.desk.mirrored import Speaker, decline, note, obey, remark, write_mirrored
from maild.desk.telling.quiet import is_from_before, quietly
from maild.desk.transaction import Transaction
from maild.mirror.parts import MirroredDesk
from maild.mirror.telling import BEGINNING, read
from maild.process.mirroring.judging import Decided, Look, find_forgotten, judge
from maild.process.mirroring.ordering import Steps, order, refuse_clients
from maild.process.mirroring.projecting import Projection
from maild.process.people.team import Person
from maild.process.plan import Request
from maild.process.ticket import Ticket
from maild.process.tracker import Comment, Entry, Field, Fields, Issue, User
from maild.store.backing_up.restorations import find_quiet
from maild.store.mirror import issues, reading
from maild.store.mirror import mirroring as store
from maild.store.mirror.issues import MirroredIssue
from maild.store.mirror.mirroring import Heard

OVERLAP = timedelta(minutes=2)
"""What a tracker shows late is seen all the same: what is known is not heard again."""

WORDS_LIMIT = 20_000
NAME_LIMIT = 100


def look(desk: MirroredDesk, claimed: MirroredIssue, projection: Projection) -> bool:
    """Read the issue, and let happen here what people did there; False: it is gone, or another team's."""
    with desk.store.read() as connection:
        known = issues.find_issue(connection, claimed.ticket) or claimed
    since = known.looked_at - OVERLAP if known.looked_at else None
    issue = desk.tracker.read(claimed.issue, since=since)
    lost = issue.lost if issue else "deleted or archived"
    if issue is None or lost:
        desk.transact(lambda transaction: _lose(transaction, desk, claimed, lost))
        return False
    desk.transact(lambda transaction: _Hearing(transaction, desk, claimed, projection, issue).hear())
    return True


def _lose(transaction: Transaction, desk: MirroredDesk, claimed: MirroredIssue, lost: str) -> None:
    """The ticket goes on here, and is not mirrored any more."""
    connection = transaction.connection
    known = issues.find_issue(connection, claimed.ticket)
    if known is None or known.gone_at is not None:
        return
    issues.note_issue(connection, claimed.ticket, gone_at=transaction.now)
    store.drop_to_tell(connection, [claimed.ticket], now=transaction.now)
    because = f"{known.key} was {lost} in {desk.tracker.name}: the ticket goes on here, and is not mirrored any more"
    write_mirrored(transaction, claimed.ticket, because)


class _Hearing:
    """One look at one issue, inside one transaction of the desk."""

    def __init__(
        self, transaction: Transaction, desk: MirroredDesk, claimed: MirroredIssue, projection: Projection, issue: Issue
    ) -> None:
        self.transaction, self.desk, self.projection, self.issue = transaction, desk, projection, issue
        self.connection, self.ticket = transaction.connection, claimed.ticket
        self.known = issues.find_issue(self.connection, self.ticket) or claimed

    def hear(self) -> None:
        """Comments first, then decisions, each against the ticket as the ones before it left it."""
        for comment in self.issue.comments:
            with self._quietly(comment.edited_at):
                self._hear_comment(comment)
        told, theirs = self.known.told, self.projection.restrict(self.issue.fields)
        look = self._look(theirs)
        for field in find_forgotten(look):
            told = told.put(field, theirs.value(field))
        for decided in judge(look):
            with self._quietly(decided.at):
                told = self._hear_decided(decided, told)
        _, ours = read(self.connection, self.ticket, self.projection)
        for field in Field:
            if theirs.value(field) == ours.value(field):
                told = told.put(field, ours.value(field))
        self._remember_entries()
        moments = [entry.at for entry in self.issue.entries] + [c.edited_at for c in self.issue.comments]
        looked_at = max([self.issue.updated_at, *moments])
        issues.note_issue(
            self.connection,
            self.ticket,
            told=told,
            seen=theirs,
            updated_at=self.issue.updated_at,
            looked_at=looked_at,
            key=self.issue.key,
            url=self.issue.url,
        )

    @contextmanager
    def _quietly(self, at: datetime) -> Iterator[None]:
        """What was heard there before a backup was restored may have been told to the house already."""
        is_old = is_from_before(self.connection, [at])
        with quietly(self.connection, mails=None, is_old=is_old, now=self.transaction.now):
            yield

    def _look(self, theirs: Fields) -> Look:
        _, ours = read(self.connection, self.ticket, self.projection)
        known = store.known_heard(self.connection, [entry.id for entry in self.issue.entries])
        quiet = find_quiet(self.connection)
        viewer = next((e.by for e in self.issue.entries if e.by and e.by.id == self.projection.viewer), None)
        return Look(
            ours=ours,
            told=self.known.told,
            seen=self.known.seen,
            theirs=theirs,
            issue=self.issue,
            decided_at=reading.decided_at(self.connection, self.ticket),
            known=frozenset(known),
            viewer=self.projection.viewer,
            is_viewer_human=self._speaker(viewer).person is not None,
            forgotten_until=quiet.until if quiet else None,
            is_whole=self.known.looked_at == BEGINNING,
        )

    def _hear_comment(self, comment: Comment) -> None:
        words, by = comment.text[:WORDS_LIMIT].strip(), self._speaker(comment.by)
        # After a restored backup there are comments of ours that nothing here knows of.
        is_by_us = comment.by is not None and comment.by.id == self.projection.viewer and by.person is None
        if is_by_us or store.is_own(self.connection, [comment.id]):
            return
        before = store.known_heard(self.connection, [comment.id]).get(comment.id)
        if not words or before == words:
            return
        heard = self._keep(comment, words, "noted")
        note(self.transaction, self.ticket, words, by, heard=heard, is_edited=before is not None)

    def _hear_decided(self, decided: Decided, told: Fields) -> Fields:
        """What was told last, as it must count from now on: only what still differs from it will be told again."""
        by = self._speaker(decided.by)
        if decided.overruled_at:
            why = f"it was decided otherwise here later, at {decided.overruled_at:%Y-%m-%d %H:%M:%S} UTC"
            self._decline(decided, why, by)
            return told.put(decided.field, decided.value)
        if by.person is None:
            self._hear_stranger(decided, by)
            return told
        ticket, _ = read(self.connection, self.ticket, self.projection)
        steps = self._steps(decided, ticket, by.person)
        if isinstance(steps, str):
            self._decline(decided, steps, by)
            return told
        heard = self._keep(decided, self._what(decided), "applied" if steps else "agreed")
        if not steps:
            return told
        obey(self.transaction, ticket, steps, by.person, heard=heard)
        return told.put(decided.field, self._to_be_told(decided))

    def _hear_stranger(self, decided: Decided, by: Speaker) -> None:
        """Nobody of the desk decides there; what no person did is a remark."""
        if decided.by is not None:
            self._decline(decided, f"{by.name} is nobody of team.toml", by)
            return
        what = self._what(decided)
        remark(self.transaction, self.ticket, what, by, heard=self._keep(decided, what, "declined"))

    def _decline(self, decided: Decided, why: str, by: Speaker) -> None:
        what = self._what(decided)
        decline(self.transaction, self.ticket, what, why, by, heard=self._keep(decided, what, "declined"))

    def _steps(self, decided: Decided, ticket: Ticket, person: Person) -> Steps:
        """What the desk does for it, or why it does nothing of the kind."""
        rules = self.transaction.rules
        request = Request(
            ticket=ticket,
            author=person,
            rules=rules,
            words=f"in {self.desk.tracker.name}: {self._what(decided)}",
            others={},
            now=self.transaction.now,
        )
        return refuse_clients(order(decided.field, decided.value, request, self.projection), rules.policy.told)

    def _to_be_told(self, decided: Decided) -> Any:
        """What counts as told: where our own change covers theirs, it has to be told that theirs counts."""
        _, ours = read(self.connection, self.ticket, self.projection)
        there = self.issue.fields.value(decided.field) if decided.field is not Field.LABELS else decided.value
        return ours.value(decided.field) if there == decided.value else there

    def _remember_entries(self) -> None:
        """What both sides agree on is not asked again, whatever happens to the field later."""
        known = store.known_heard(self.connection, [entry.id for entry in self.issue.entries])
        for entry in self.issue.entries:
            if entry.id not in known and not self._is_ours(entry):
                self._keep(entry, f"{entry.field.value}: {entry.value}", "agreed")

    def _is_ours(self, entry: Entry) -> bool:
        return entry.by is not None and entry.by.id == self.projection.viewer

    def _keep(self, what: Decided | Entry | Comment, said: str, outcome: str) -> int:
        heard = Heard(
            ticket=self.ticket,
            foreign_id=what.id,
            kind="comment" if isinstance(what, Comment) else what.field.value,
            author=(what.by.name if what.by else "")[:NAME_LIMIT],
            address=what.by.address if what.by else None,
            said=said,
            said_at=what.at,
            outcome=outcome,
        )
        number = store.add_heard(self.connection, heard, now=self.transaction.now)
        return number or store.heard_id(self.connection, what.id) or 0

    def _speaker(self, user: User | None) -> Speaker:
        person = self.desk.rules.team.person_at(user.address) if user and user.address else None
        name = " ".join(user.name.split())[:NAME_LIMIT] if user else "an automation"
        if person is None and name.casefold() in {each.name.casefold() for each in self.desk.rules.team.people}:
            name = f"another {name}"
        return Speaker(name=name, person=person, tracker=self.desk.tracker.name)

    def _what(self, decided: Decided) -> str:
        value = decided.value
        shown = ", ".join(value) if decided.field is Field.LABELS else value
        if decided.field is Field.ASSIGNEE and value:
            person = self.desk.rules.team.person_at(value)
            shown = person.name if person else value
        return f"{decided.field.value} {PRIORITIES.get(value, value) if decided.field is Field.PRIORITY else shown or 'none'}"


PRIORITIES = {0: "none", 1: "urgent", 2: "high", 3: "medium", 4: "low"}
