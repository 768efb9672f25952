"""Ask: whose ticket is it that a person of the desk writes about? They never become the client unasked."""

import logging
from collections.abc import Iterator

from maild.desk.finding.arrival import Arrival
from maild.desk.finding.placing import NEW
from maild.desk.telling.house_row import write_to_house
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.process.decision import Findings
from maild.process.house import DROP, FOLLOW, OWN
from maild.process.rules import Rules
from maild.process.thread import find_clues
from maild.process.token import make_token, read_numbers
from maild.replies.reply import Offer
from maild.replies.whose import KIND, Question, compose_question
from maild.store.desk.actions import Action, add_actions
from maild.store.desk.tickets import find_tickets, tickets_of

MOST_TICKETS = 3
NUMBERS = 20
"""Numbers of tickets in a mail that are looked up."""

log = logging.getLogger(__name__)


def _is_too_much(transaction: Transaction, address: str) -> bool:
    """Whether forgers have brought this person enough questions for an hour; what was held stays so, and is listed."""
    if transaction.count_in(f"confirm {address.casefold()}", most=transaction.rules.policy.limits.confirmations):
        return False
    log.warning("question withheld", extra={"recipient": address})
    return True


def ask_whose(transaction: Transaction, arrival: Arrival, findings: Findings) -> None:
    """Write to the person at their configured address, with a tap for each answer; the mail is held until then."""
    if findings.person is None or _is_too_much(transaction, findings.person.addresses[0]):
        return
    recipient = Address(address=findings.person.addresses[0], name=findings.person.name)
    offers = [
        _offer(transaction, arrival, recipient, word, orders)
        for word, orders in _answers(transaction, arrival, findings)
    ]
    question = Question(
        message_id=f"<whose.{arrival.mail_id}@{transaction.rules.desk.domain}>",
        recipient=recipient,
        mail=arrival.mail,
        offers=tuple(offers),
        now=transaction.now,
    )
    written = compose_question(question, transaction.voice)
    write_to_house(
        transaction, written, KIND, to=recipient.address, message_id=question.message_id, mail_id=arrival.mail_id
    )


def _answers(transaction: Transaction, arrival: Arrival, findings: Findings) -> Iterator[tuple[str, str]]:
    """Word of the offer, and what its tap orders."""
    rules, forwarded = transaction.rules, arrival.mail.forwarded
    named = _named(transaction, arrival, findings)
    if forwarded is not None and _is_outside(rules, forwarded.author.address):
        yield "new", f"{NEW}{forwarded.author.address}"
        theirs = tickets_of(transaction.connection, forwarded.author.address, limit=MOST_TICKETS)
        for number in list(dict.fromkeys([*named, *theirs]))[:MOST_TICKETS]:
            yield "follow", f"{FOLLOW}{number}"
    for number in named[:MOST_TICKETS]:
        yield "own", f"{OWN}{number}"
    yield "nothing", DROP


def _named(transaction: Transaction, arrival: Arrival, findings: Findings) -> list[int]:
    """The tickets of which the mail speaks: it answers a mail of theirs, whoever got that, or names them."""
    desk, mail = transaction.rules.desk, arrival.mail
    about = [findings.thread.ticket] if findings.thread else []
    spoken_of = (*find_clues(mail, desk).spoken_of, *read_numbers(mail.new_text, desk.prefix))
    found = find_tickets(transaction.connection, [*about, *spoken_of[:NUMBERS]])
    return [number for number in dict.fromkeys([*about, *spoken_of]) if number in found]


def _is_outside(rules: Rules, address: str) -> bool:
    return not rules.desk.gets(address) and rules.team.at(address) is None


def _offer(transaction: Transaction, arrival: Arrival, recipient: Address, word: str, orders: str) -> Offer:
    cause = f"mail {arrival.mail_id} whose {orders}"
    token = make_token(transaction.key_id, transaction.key, ticket=0, recipient=recipient.address, cause=cause)
    action = Action(token=token, ticket=None, person=recipient.key, orders=orders, mail=arrival.mail_id)
    add_actions(transaction.together, [action], now=transaction.now)
    detail = orders.partition(" ")[2]
    return Offer(
        word=word, detail=transaction.rules.desk.show(int(detail)) if word in {"follow", "own"} else detail, token=token
    )
