"""Order: what a person's mail or tap wants done to a ticket, before anybody decides whether it may happen."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from maild.desk.finding.overhearing import Circle
from maild.desk.finding.retracing import find_last
from maild.desk.transaction import Transaction
from maild.process.commands.one_word import read_word
from maild.process.commands.planning import make_plan, named_tickets
from maild.process.commands.reading import Written, read_commands
from maild.process.people.team import Person
from maild.process.plan import Plan, Refusal, Request
from maild.process.tap import Tap
from maild.process.ticket import Role, Ticket
from maild.store.desk.closures import found_in
from maild.store.desk.incidents import incidents_of
from maild.store.desk.relations import client_mails, goes_on_in
from maild.store.desk.tickets import find_tickets
from maild.store.incoming.findings import find_participants
from maild.store.knowledge.articles import known_articles

_READ_OUTSIDE = (
    "the client's side has got this message from you directly, and reads its commands; send them to the desk alone"
)
_ABOUT_INCIDENTS = frozenset({"incident", "merge"})
_SPLITTING = frozenset({"split", "other"})
ABOUT = frozenset({"same", "related"})
"""Commands that name an article."""


def find_orders(
    transaction: Transaction,
    ticket: Ticket | None,
    text: str,
    *,
    person: Person | None,
    tap: Tap | None,
    circle: Circle,
) -> Plan | Refusal | None:
    """The plan of the commands, of the one word, or of the words for the client; None: nobody of the house orders."""
    if person is None or ticket is None or (tap is not None and not tap.is_by_owner):
        return None
    if tap is not None:
        # What a mail client puts below a tap, a signature or an advertisement, is for nobody.
        text = tap.orders + (text if tap.takes_words else "")
    written = _read(transaction, ticket, text, person, circle)
    if isinstance(written, Refusal):
        return written
    if tap is not None:
        written = replace(written, stray=None)  # the blank line below a tap's orders is maild's own
    elif written.commands and circle.copied and not circle.is_internal:
        return Refusal(lines=tuple((each.line, _READ_OUTSIDE) for each in written.commands))
    if circle.is_in_copy or (person.role is Role.TEAM and not written.commands):
        return None
    return _plan(transaction, person, ticket, written, circle)


def _read(transaction: Transaction, ticket: Ticket, text: str, person: Person, circle: Circle) -> Written | Refusal:
    """One word that says all; else commands. Engineering may well answer with a word that is the name of a category."""
    if circle.is_internal or circle.is_in_copy:
        return read_commands(text)
    return read_word(text, ticket=ticket, author=person, rules=transaction.rules) or read_commands(text)


def _plan(transaction: Transaction, person: Person, ticket: Ticket, written: Written, circle: Circle) -> Plan | Refusal:
    others = _others(transaction, named_tickets(written, transaction.rules.desk.prefix))
    names = {command.name for command in written.commands}
    came = client_mails(transaction.connection, ticket) if names & _SPLITTING else []
    request = Request(
        ticket=ticket,
        author=person,
        rules=transaction.rules,
        words=written.words,
        others=others,
        heard=find_participants(
            transaction.connection,
            [each.number for each in (*others.values(), *([ticket] if "cc" in names else []))],
            (Role.CLIENT,),
        ),
        client_mails=len(came),
        found_in=found_in(transaction.connection, ticket.number, came[-1].id) if came else None,
        last=find_last(transaction, ticket.number) if "undo" in names else None,
        now=transaction.now,
        is_internal=circle.is_internal,
        is_form=circle.is_form,
        articles=known_articles(
            transaction.connection, [each.argument for each in written.commands if each.name in ABOUT]
        ),
        copied=circle.copied,
        incidents=incidents_of(transaction.connection, [ticket.number, *(each.number for each in others.values())])
        if circle.is_shared or names & _ABOUT_INCIDENTS
        else {},
        is_shared=circle.is_shared,
        is_for_desk=circle.is_for_desk,
    )
    return make_plan(written, request)


def _others(transaction: Transaction, named: Sequence[int]) -> Mapping[int, Ticket]:
    """The tickets that the commands name, or those in which they go on."""
    found = find_tickets(transaction.connection, named)
    return {number: goes_on_in(transaction.connection, ticket) for number, ticket in found.items()}
