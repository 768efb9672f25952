"""What somebody wrote or decided in the tracker happens to its ticket: as an internal note, or as their command would."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from maild.desk.advancing.assigning import announce, with_owners
from maild.desk.advancing.closing import follow_closing, hearing_of_it, note_reopening
from maild.desk.advancing.escalating import ABOUT_HELP, with_thread
from maild.desk.advancing.following import follow_steps, label_of
from maild.desk.telling.happening import Happening
from maild.desk.telling.writing import tell
from maild.desk.transaction import Transaction
from maild.process.people.hand_off import taken_from
from maild.process.people.team import Person
from maild.process.plan import Plan, Step
from maild.process.ticket import Event, Ticket
from maild.replies.reasons.saying import say
from maild.store.desk import tickets
from maild.store.desk.tickets import Cause
from maild.store.models.judged import find_judged
from maild.store.models.labels import add_labels

EXCERPT = 200
"""Characters of a comment that stand in the history; all of it goes to whoever is responsible."""

OWN = frozenset({"urgency", "impact"})
"""Questions that nobody answered there: a priority was chosen, and the desk found a pair that makes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Whoever wrote or decided it."""

    name: str
    person: Person | None
    """Of the desk; None: nobody of team.toml."""

    tracker: str

    @property
    def actor(self) -> str:
        """For the history."""
        return self.person.addresses[0] if self.person else self.shown

    @property
    def shown(self) -> str:
        """For people: what somebody calls themselves there proves nothing."""
        return f"{self.person.name if self.person else self.name} ({self.tracker})"


def note(transaction: Transaction, number: int, words: str, by: Speaker, *, heard: int, is_edited: bool) -> None:
    """A comment is an internal note; whoever is responsible gets its words, unless they are theirs."""
    excerpt = " ".join(words.split())
    excerpt = excerpt if len(excerpt) <= EXCERPT else f"{excerpt[:EXCERPT]} ..."
    because = f"{by.shown} {'changed a comment' if is_edited else 'wrote'}: {excerpt}"
    _tell_house(transaction, number, Event.TRACKER_NOTED, because=because, words=words, by=by, heard=heard)


def remark(transaction: Transaction, number: int, what: str, by: Speaker, *, heard: int) -> None:
    """A machine did something there: only the history says so, because two machines could go on for ever."""
    because, cause = f"{by.shown}: {what}, which changes nothing here", Cause(heard=heard)
    transaction.add_event(number, Event.TRACKER_NOTED, actor=by.actor, because=because, cause=cause)


def decline(transaction: Transaction, number: int, what: str, why: str, by: Speaker, *, heard: int) -> None:
    """Nothing happens; the history, whoever is responsible and the issue itself say why."""
    because, language = f"{what}: {why}", transaction.rules.desk.languages[0]
    words = f"{what}: {say(why, language)}."
    _tell_house(transaction, number, Event.TRACKER_DECLINED, because=because, words=words, by=by, heard=heard)


def write_mirrored(transaction: Transaction, number: int, because: str) -> None:
    """The history says which issue the ticket has, or that it is gone."""
    transaction.add_event(number, Event.MIRRORED, because=because, cause=Cause())


def obey(transaction: Transaction, before: Ticket, steps: Sequence[Step], by: Person, *, heard: int) -> Ticket:
    """The steps happen as if they had been ordered by mail, except that nobody outside the house is written to."""
    cause, plan = Cause(heard=heard), Plan(steps=tuple(steps), words="", is_internal=True)
    followed = follow_steps(transaction, before, plan, by, cause, is_renewed=False)
    ticket = followed.ticket
    happening = Happening(
        event=steps[-1].event, ticket=ticket, because=(steps[-1].because,), cause=cause, said_by=by.name
    )
    for step, (one, two) in zip(steps, pairwise(followed.stages), strict=True):
        transaction.add_event(before.number, step.event, actor=by.addresses[0], because=step.because, cause=cause)
        _learn(transaction, before.number, step.labels, by)
        gone = taken_from(one, two, said_by=by.name)
        happening = replace(happening, event=step.event, because=(step.because,), taken_from=gone)
        knowing = {by.name, *hearing_of_it(transaction, ticket, step.event, cause)}
        happening = with_owners(happening, one, two, knowing)
        tell(transaction, with_thread(transaction, happening, step) if step.event in ABOUT_HELP else happening)
        follow_closing(transaction, happening)
    note_reopening(transaction, before, ticket)
    announce(transaction, followed.assigned, happening)
    return ticket


def _tell_house(
    transaction: Transaction, number: int, event: Event, *, because: str, words: str, by: Speaker, heard: int
) -> None:
    ticket, cause = tickets.read_ticket(transaction.connection, number, for_update=True), Cause(heard=heard)
    transaction.add_event(number, event, actor=by.actor, because=because, cause=cause)
    if by.person is None or by.person.name != ticket.assignee or event is Event.TRACKER_DECLINED:
        happening = Happening(event=event, ticket=ticket, because=(), cause=cause, words=words, said_by=by.shown)
        tell(transaction, happening)


def _learn(transaction: Transaction, number: int, said: Mapping[str, str], by: Person) -> None:
    """A category that a person chose is a label, wherever they chose it."""
    chosen = {question: value for question, value in said.items() if question not in OWN}
    if not chosen:
        return
    judged = find_judged(transaction.connection, ticket=number)
    now, cause = transaction.now, Cause()  # no mail: it was said in the tracker
    labels = [label_of(judged, question, value, by=by, at=now, cause=cause) for question, value in chosen.items()]
    add_labels(transaction.connection, labels)
