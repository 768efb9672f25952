"""How a mail comes: from whom, by which conversation or tap, and what vouches for that."""

from dataclasses import dataclass

from maild.desk.finding.arrival import Arrival
from maild.desk.finding.looking_back import read_answer
from maild.desk.finding.tapping import find_tap, find_yes, speaker_at
from maild.desk.transaction import Transaction
from maild.mail.message import Address, Mail
from maild.process.people.author import Author, find_author
from maild.process.people.team import Person
from maild.process.rules import Rules
from maild.process.tap import Tap, TappedAnswer
from maild.process.thread import Clues, Known, Thread, find_clues, given_thread, judge
from maild.process.ticket import Role, Trust
from maild.process.trust import vouched
from maild.store.desk.actions import find_action
from maild.store.incoming import findings as store


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """By which a mail has come."""

    author: Author
    clues: Clues
    thread: Thread | None
    trust: Trust
    trust_because: str
    tap: Tap | None
    answer: TappedAnswer | None
    person: Person | None
    """Of the desk, who speaks: by their own address, or by a tap that was mailed to them."""

    is_released: bool
    was_staff: bool


def find_way(transaction: Transaction, arrival: Arrival) -> Way:
    """Look up what the mail names, and judge it."""
    mail, rules = arrival.mail, transaction.rules
    author, clues = find_author(mail, rules.desk, rules.trust), find_clues(mail, rules.desk)
    thread = given_thread(arrival.belongs_to) or _find_thread(transaction, clues, arrival, author.address)
    action = find_action(transaction.connection, clues.taps) or find_yes(transaction, author, clues, mail)
    answer, action, thread = read_answer(transaction, action, author.address, thread)
    trust, because = _trust(mail, author, thread, rules)
    is_released = _is_released(transaction, arrival, author.address, known=action or thread)
    tap = find_tap(action, author.address, rules.team, is_released=is_released and arrival.placed_at is None)
    return Way(
        author=author,
        clues=clues,
        thread=thread,
        trust=trust,
        trust_because=because,
        tap=tap,
        answer=answer,
        person=speaker_at(rules.team, Address(address=tap.person) if tap and tap.is_by_owner else author.address),
        is_released=is_released,
        was_staff=_was_staff(transaction, clues, thread, author.address),
    )


def _find_thread(transaction: Transaction, clues: Clues, arrival: Arrival, author: Address | None) -> Thread | None:
    connection, mail = transaction.connection, arrival.mail
    tokens = store.find_tokens(connection, (clue.token for clue in clues.tokens))
    conversations, ghosts = store.find_conversations(connection, clues.message_ids)
    awaited = set() if is_new(transaction, mail) else store.find_awaited(connection, mail.message_id)
    ours = {token.ticket for token in tokens.values()}
    tickets = ours.union(clues.spoken_of, awaited, *conversations.values(), *ghosts.values())
    key = author.key if author else ""
    person = transaction.rules.team.person_at(key)
    # Only who is of the desk now is heard as such: a former TSM has valid tokens, and takes part in old tickets.
    roles = tuple(Role) if staff_at(transaction.rules, author) else (Role.CLIENT,)
    known = Known(
        tokens=tokens,
        message_ids=conversations,
        ghosts=ghosts,
        awaited=awaited,
        participants=store.find_participants(connection, tickets, roles),
    )
    same_person = person.keys if person else frozenset()
    if arrival.is_sent:
        # An answer of the desk belongs to the ticket of whom it was written to.
        same_person = frozenset(address.key for address in (*mail.to, *mail.cc))
    return judge(clues, known, key, same_person)


def _trust(mail: Mail, author: Author, thread: Thread | None, rules: Rules) -> tuple[Trust, str]:
    is_rewritten = author.is_rewritten
    if author.address and not is_rewritten and (proof := vouched(mail, author.address.domain, rules.trust)):
        return Trust.PROVEN, proof
    if thread and thread.trust is Trust.TOKEN and not is_rewritten:
        return Trust.TOKEN, thread.because
    return Trust.CLAIMED, "nothing vouches for its author"


def _is_released(transaction: Transaction, arrival: Arrival, author: Address | None, *, known: object) -> bool:
    """Whether the person in whose name it came has let it through; asked only about what can have been held."""
    if (speaker_at(transaction.rules.team, author) or known) is None:
        return False
    return store.is_released(transaction.connection, arrival.mail_id)


def _was_staff(transaction: Transaction, clues: Clues, thread: Thread | None, author: Address | None) -> bool:
    """Whether the author, a stranger now, once was told about the ticket as one of the house."""
    if author is None or thread is None or thread.joins or staff_at(transaction.rules, author):
        return False
    if not clues.tokens and not clues.message_ids:
        return False
    return store.was_staff(transaction.connection, thread.ticket, author.key)


def is_new(transaction: Transaction, mail: Mail) -> bool:
    """Whether the mail has a Message-ID that nobody has heard of."""
    return mail.message_id is not None and transaction.names.is_new(mail.message_id)


def staff_at(rules: Rules, author: Address | None) -> str | None:
    """Name of the person or other team at the address."""
    if author is None:
        return None
    found = rules.team.at(author.address)
    return found.name if found else None
