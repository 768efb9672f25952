"""Hear: what a person of the house wants done by a mail, and signs that they did not mean it, or did not write it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from maild.desk.finding.guarding import guard, has_looked
from maild.desk.finding.ordering import find_orders
from maild.desk.finding.overhearing import Circle, find_circle
from maild.desk.finding.wording import left_behind, within_limits, within_reach, without_loss, words_in, words_of_house
from maild.desk.transaction import Transaction
from maild.mail.enclosing import Enclosed
from maild.mail.message import Mail
from maild.mail.quoting import quotes_anything
from maild.process.commands.reading import read_commands
from maild.process.guarding.away import reads_like_absence
from maild.process.guarding.leaks import Leak
from maild.process.guarding.programs import of_a_program
from maild.process.people.team import Person
from maild.process.plan import Plan, Refusal
from maild.process.tap import Tap
from maild.process.thread import Clues
from maild.process.ticket import Ticket
from maild.store.incoming import findings as store

SHORT = 2
"""So few words anybody says again: "Thanks!". A machine that does so meets the limit of answers a ticket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the mail says, as far as a person of the house says it."""

    words: str
    """In which the orders were read: those that are relayed, and the commands above them."""

    orders: Plan | Refusal | None
    leaks: tuple[Leak, ...]
    is_in_copy: bool
    loop: str | None
    """Why a machine may have written it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A mail, who speaks in it, and of which ticket."""

    mail_id: int
    mail: Mail
    enclosed: Enclosed
    clues: Clues
    person: Person | None
    ticket: Ticket | None
    tap: Tap | None
    is_shared: bool = False
    """It answers the thread of the ticket's incident."""


def hear(transaction: Transaction, spoken: Spoken) -> Heard:
    """What is wanted, and what speaks against doing it at once."""
    person, ticket, tap = spoken.person, spoken.ticket, spoken.tap
    circle = find_circle(transaction, person, ticket, spoken.clues, spoken.mail)
    circle = replace(circle, is_shared=spoken.is_shared and not circle.is_internal)
    # What answers a form stands between its lines, which are quoted; who reads it takes it apart.
    is_filled_in = circle.is_form and not read_commands(spoken.mail.new_text).commands
    words = spoken.mail.text if is_filled_in else _words(transaction, spoken, circle)
    orders = find_orders(transaction, ticket, words, person=person, tap=tap, circle=circle)
    orders = without_loss(transaction, ticket, person, spoken.mail, orders)
    if tap is None and not circle.is_form:
        orders = within_reach(orders, words, spoken.mail, spoken.enclosed)
    return Heard(
        words=words,
        orders=within_limits(orders, spoken.enclosed),
        leaks=_second_thoughts(transaction, spoken, orders),
        is_in_copy=circle.is_in_copy,
        loop=_find_loop(transaction, spoken, orders, circle),
    )


def _words(transaction: Transaction, spoken: Spoken, circle: Circle) -> str:
    if circle.is_internal and spoken.ticket is not None and spoken.person is not None:
        return words_of_house(transaction, spoken.ticket, spoken.person, spoken.mail)
    # A tap from another address is somebody's of the house, too, once its owner has let it through.
    is_of_house = spoken.person is not None or spoken.tap is not None
    return words_in(transaction, spoken.ticket if is_of_house else None, spoken.mail)


def _second_thoughts(transaction: Transaction, spoken: Spoken, orders: Plan | Refusal | None) -> tuple[Leak, ...]:
    """What should perhaps not go to the client, and what should perhaps go, and would not."""
    ticket, person = spoken.ticket, spoken.person
    if ticket is None or not isinstance(orders, Plan) or not orders.public_words:
        return ()
    if has_looked(transaction, ticket, orders, spoken.mail_id):
        return ()
    leaks = guard(transaction, ticket, orders, spoken.enclosed)
    if person is None or spoken.tap is not None:
        return leaks
    return (*leaks, *left_behind(transaction, ticket, person, spoken.mail))


def _has_words(orders: Plan | Refusal | None, mail: Mail) -> bool:
    """Whether a machine could have written it: commands alone are a person's, `/undo` twice, too."""
    if isinstance(orders, Plan):
        return bool(orders.words)
    written = read_commands(mail.new_text)
    return bool(written.words) or not written.commands


def _find_loop(transaction: Transaction, spoken: Spoken, orders: Plan | Refusal | None, circle: Circle) -> str | None:
    """Signs of a machine that answers in a person's place and does not say so."""
    person, ticket, mail = spoken.person, spoken.ticket, spoken.mail
    if person is None or ticket is None or spoken.tap is not None or not _has_words(orders, mail):
        return None
    if circle.is_in_copy:  # maild sends nothing
        return None
    return _find_machine(transaction, person, ticket, mail, circle)


def _find_machine(transaction: Transaction, person: Person, ticket: Ticket, mail: Mail, circle: Circle) -> str | None:
    called = mail.author.name if mail.author else ""
    if program := of_a_program(mail.new_text, person.name, called):
        return program
    if not circle.is_internal and not quotes_anything(mail.text) and (note := reads_like_absence(mail.new_text)):
        return note  # people quote what they answer, and a mail server hardly ever does
    if circle.refused is not None and mail.new_text == store.words_of(transaction.connection, circle.refused):
        return "it says the very same as your message that was refused, as a machine would"
    said = [store.last_answer(transaction.connection, ticket.client, key) for key in person.keys]
    if len(mail.new_text.split()) > SHORT and mail.new_text in said:
        return "it says the very same as your last mail to this client, as a machine would"
    limit, hour = transaction.rules.policy.limits.per_ticket, timedelta(hours=1)
    if store.count_answers(transaction.connection, ticket.number, since=transaction.now - hour) >= limit:
        return f"{limit} answers have gone to the client within an hour"
    return None
