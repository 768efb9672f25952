"""Find: what the store knows about an arrived mail, before the desk decides."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from maild.classify.verdict import Verdict
from maild.desk.ordering import find_orders
from maild.desk.overhearing import find_circle
from maild.desk.tapping import find_tap, speaker_at
from maild.desk.transaction import Transaction
from maild.desk.wording import within_limits, words_in
from maild.mail.enclosing import Enclosed
from maild.mail.message import Address, Mail
from maild.process.author import find_author
from maild.process.decision import Findings, SentMail
from maild.process.gathering.sheet import Found
from maild.process.rules import Rules
from maild.process.team import Person
from maild.process.thread import Clues, Known, Thread, find_clues, judge
from maild.process.ticket import Role, Ticket, Trust
from maild.process.trust import vouched
from maild.store import findings as store
from maild.store.actions import find_action
from maild.store.tickets import read_ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A mail that has been parsed and classified, on its way to the desk."""

    mail_id: int
    """Row of the arrival."""

    arrived_at: datetime
    mail: Mail
    verdicts: tuple[Verdict, ...]
    found: tuple[Found, ...]
    """What the mail tells about the issue."""

    source: bytes
    enclosed: Enclosed = field(default_factory=Enclosed)
    """Its files, as far as they may go along with another mail."""

    shadows: tuple[Verdict, ...] = ()
    """Verdicts of versions in the shadow, to be compared and never acted on."""


def find(transaction: Transaction, arrival: Arrival) -> Findings:
    """Look up everything that the decision depends on."""
    mail, rules = arrival.mail, transaction.rules
    author = find_author(mail, rules.desk)
    clues = find_clues(mail, rules.desk)
    thread = _find_thread(transaction, clues, mail, author.address)
    proof = None
    if author.address and not author.is_rewritten:
        proof = vouched(mail, author.address.domain, rules.trust)
    trust, because = _trust(proof, thread, is_rewritten=author.is_rewritten)
    person = speaker_at(rules.team, author.address)
    action = find_action(transaction.connection, clues.actions) if clues.actions else None
    is_released = (person or action or thread) is not None and store.is_released(
        transaction.connection, arrival.mail_id
    )
    tap = find_tap(action, author.address, rules.team, is_released=is_released)
    if tap and tap.is_by_owner:
        person = speaker_at(rules.team, Address(address=tap.person))
    was_staff = _was_staff(transaction, clues, thread, author.address)
    number = tap.ticket if tap else thread.ticket if thread and (thread.joins or was_staff) else None
    ticket = read_ticket(transaction.connection, number) if number is not None else None
    circle = find_circle(transaction, person, ticket, clues, mail)
    words = words_in(transaction, ticket if person else None, mail)
    orders = find_orders(transaction, ticket, words, person=person, tap=tap, circle=circle)
    return Findings(
        mail=mail,
        author=author.address,
        verdicts={verdict.question: verdict for verdict in arrival.verdicts},
        trust=trust,
        trust_because=because,
        thread=thread,
        ticket=ticket,
        duplicate_of=_find_duplicate(transaction, arrival),
        is_our_own=_is_our_own(transaction, mail, author.address),
        bounced=_find_bounced(transaction, mail),
        staff=_staff(rules, author.address),
        is_known_client=_is_known_client(transaction, arrival.verdicts, author.address),
        person=person,
        orders=within_limits(orders, arrival.enclosed),
        is_internal=circle.is_internal,
        loop=_find_loop(transaction, person, ticket, mail) if person and ticket and not tap else None,
        is_released=is_released,
        was_staff=was_staff,
        tap=tap,
    )


def _is_known_client(transaction: Transaction, verdicts: Sequence[Verdict], author: Address | None) -> bool:
    """Whether the author of what reads like bulk or spam has a ticket; of other mails nobody needs to know."""
    is_unwanted = any(one.question == "kind" and one.label in {"bulk", "spam"} for one in verdicts)
    if author is None or not is_unwanted or len(verdicts) == 1:
        return False
    return store.has_ticket(transaction.connection, author.address)


def _was_staff(transaction: Transaction, clues: Clues, thread: Thread | None, author: Address | None) -> bool:
    """Whether the author, a stranger now, once was told about the ticket as one of the house."""
    if author is None or thread is None or thread.joins or _staff(transaction.rules, author):
        return False
    if not clues.tokens and not clues.message_ids:
        return False
    return store.was_staff(transaction.connection, thread.ticket, author.key)


def _find_loop(transaction: Transaction, person: Person, ticket: Ticket, mail: Mail) -> str | None:
    """Signs of a machine that answers in a person's place and does not say so."""
    addresses = [address.casefold() for address in person.addresses]
    said = [store.last_answer(transaction.connection, ticket.client, address) for address in addresses]
    if mail.new_text.strip() and mail.new_text in said:
        return "it says the very same as your last mail to this client, as a machine would"
    limit, hour = transaction.rules.policy.limits.per_ticket, timedelta(hours=1)
    if store.count_answers(transaction.connection, ticket.number, since=transaction.now - hour) >= limit:
        return f"{limit} answers have gone to the client within an hour"
    return None


def _is_new(transaction: Transaction, mail: Mail) -> bool:
    """Whether the mail has a Message-ID that nobody has heard of."""
    return mail.message_id is not None and transaction.names.is_new(mail.message_id)


def _find_duplicate(transaction: Transaction, arrival: Arrival) -> int | None:
    mail = arrival.mail
    if _is_new(transaction, mail):
        return None
    return store.find_duplicate(
        transaction.connection,
        mail_id=arrival.mail_id,
        message_id=mail.message_id,
        fingerprint=mail.fingerprint,
        digest=mail.digest,
        has_date=mail.written_at is not None,
    )


def _find_thread(transaction: Transaction, clues: Clues, mail: Mail, author: Address | None) -> Thread | None:
    connection = transaction.connection
    tokens = store.find_tokens(connection, (clue.token for clue in clues.tokens))
    conversations, ghosts = store.find_conversations(connection, clues.message_ids)
    awaited = set() if _is_new(transaction, mail) else store.find_awaited(connection, mail.message_id)
    ours = {token.ticket for token in tokens.values()}
    tickets = ours.union(clues.spoken_of, awaited, *conversations.values(), *ghosts.values())
    key = author.key if author else ""
    person = transaction.rules.team.person_at(key)
    # Only who is of the desk now is heard as such: a former TSM has valid tokens, and takes part in old tickets.
    roles = tuple(Role) if _staff(transaction.rules, author) else (Role.CLIENT,)
    known = Known(
        tokens=tokens,
        message_ids=conversations,
        ghosts=ghosts,
        awaited=awaited,
        participants=store.find_participants(connection, tickets, roles),
    )
    same_person = frozenset(address.casefold() for address in person.addresses) if person else frozenset()
    return judge(clues, known, key, same_person)


def _trust(proof: str | None, thread: Thread | None, *, is_rewritten: bool) -> tuple[Trust, str]:
    if proof:
        return Trust.PROVEN, proof
    if thread and thread.trust is Trust.TOKEN and not is_rewritten:
        return Trust.TOKEN, thread.because
    return Trust.CLAIMED, "nothing vouches for its author"


def _is_our_own(transaction: Transaction, mail: Mail, author: Address | None) -> bool:
    """A copy of what we wrote, as mailboxes of sent mail and own lists bring back."""
    if author is None or not transaction.rules.desk.owns(author.address):
        return False
    return store.find_sent(transaction.connection, mail.message_id) is not None


def _find_bounced(transaction: Transaction, mail: Mail) -> SentMail | None:
    """The mail of ours that a delivery report returns: named in the report, or in its own references."""
    if mail.bounce is None:
        return None
    ids = (mail.bounce.original_message_id, *mail.in_reply_to, *reversed(mail.references[-10:]))
    return next((sent for name in ids if (sent := store.find_sent(transaction.connection, name))), None)


def _staff(rules: Rules, author: Address | None) -> str | None:
    if author is None:
        return None
    found = rules.team.person_at(author.address) or rules.team.other_at(author.address)
    return found.name if found else None
