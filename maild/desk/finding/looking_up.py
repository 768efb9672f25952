"""Find: what the store knows about an arrived mail, before the desk decides."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from maild.classify.verdict import Verdict, calls_automatic
from maild.desk.finding.copying import find_copy
from maild.desk.finding.hearing import Heard, Spoken, hear
from maild.desk.finding.letting_through import with_readers
from maild.desk.finding.looking_back import look_back, read_answer
from maild.desk.finding.recognising import is_our_own
from maild.desk.finding.redirecting import redirect
from maild.desk.finding.speaking import find_speaker
from maild.desk.finding.tapping import find_tap, find_yes, speaker_at
from maild.desk.transaction import Transaction
from maild.mail.enclosing import Enclosed
from maild.mail.message import Address, Mail
from maild.process.decision import Findings, SentMail
from maild.process.gathering.sheet import Found
from maild.process.people.author import Author, find_author
from maild.process.people.team import Person
from maild.process.rules import Rules
from maild.process.tap import Tap
from maild.process.thread import Clues, Known, Thread, find_clues, given_thread, judge
from maild.process.ticket import Role, Ticket, Trust
from maild.process.trust import vouched
from maild.store.desk.actions import find_action
from maild.store.desk.tickets import read_ticket
from maild.store.incoming import findings as store


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
    belongs_to: int | None = None
    """The ticket that it follows up, because whoever wrote or forwarded it says so."""

    placed_at: datetime | None = None
    """When they said so of their own words: only what they are shown in that ticket since then lets them through."""

    is_let_through: bool = False
    """It is played again as its author let it through; whom they were asked about is not known there."""

    is_sent: bool = False
    """It comes from a mailbox where mail clients put what they send in the desk's name."""

    enclosed: Enclosed = field(default_factory=Enclosed)
    """Its files, as far as they may go along with another mail."""

    shadows: tuple[Verdict, ...] = ()
    """Verdicts of versions in the shadow, to be compared and never acted on."""


def find(transaction: Transaction, arrival: Arrival) -> Findings:
    """Look up everything that the decision depends on."""
    mail, rules = arrival.mail, transaction.rules
    author, clues = find_author(mail, rules.desk, rules.trust), find_clues(mail, rules.desk)
    thread = given_thread(arrival.belongs_to) or _find_thread(transaction, clues, arrival, author.address)
    action = find_action(transaction.connection, clues.taps) or find_yes(transaction, author, clues, mail)
    answer, action, thread = read_answer(transaction, action, author.address, thread)
    trust, because = _trust(mail, author, thread, rules)
    is_released = _is_released(transaction, arrival, author.address, known=action or thread)
    tap = find_tap(action, author.address, rules.team, is_released=is_released and arrival.placed_at is None)
    person = speaker_at(rules.team, Address(address=tap.person) if tap and tap.is_by_owner else author.address)
    was_staff = _was_staff(transaction, clues, thread, author.address)
    duplicate_of, held_copy = _find_duplicate(transaction, arrival, author.address)
    thread, ticket = redirect(transaction, thread, _read(transaction, tap, thread, was_staff or answer), person, mail)
    ticket, is_shared = find_speaker(transaction, person, ticket, clues)
    spoken = _spoken(arrival, clues, person, ticket, tap, is_shared=is_shared)
    findings = Findings(
        mail=mail,
        author=author.address,
        verdicts={verdict.question: verdict for verdict in arrival.verdicts},
        trust=trust,
        trust_because=because,
        thread=thread,
        ticket=ticket,
        duplicate_of=None if held_copy else duplicate_of,
        held_copy=held_copy,
        is_our_own=is_our_own(transaction, mail, author.address, is_sent=arrival.is_sent),
        is_sent=arrival.is_sent,
        unproven_writer=author.unproven,
        bounced=_find_bounced(transaction, mail),
        staff=_staff(rules, author.address),
        is_known_client=_is_known_client(transaction, arrival.verdicts, author.address),
        person=person,
        is_released=is_released,
        was_staff=was_staff,
        tap=tap,
        answer=answer,
        closing=None if person else look_back(transaction, ticket, thread, mail, is_tap=answer is not None),
    )
    return _with_readers(transaction, arrival, spoken, _with_heard(findings, hear(transaction, spoken)))


def _with_heard(findings: Findings, heard: Heard) -> Findings:
    return replace(
        findings,
        words=heard.words,
        orders=heard.orders,
        leaks=heard.leaks,
        is_internal=heard.is_internal,
        is_in_copy=heard.is_in_copy,
        loop=heard.loop,
    )


def _with_readers(transaction: Transaction, arrival: Arrival, spoken: Spoken, findings: Findings) -> Findings:
    return findings if arrival.is_let_through else with_readers(transaction, arrival.placed_at, spoken, findings)


def _read(transaction: Transaction, tap: Tap | None, thread: Thread | None, about: object) -> Ticket | None:
    """The ticket of the mail; `about`: why it is about that one also where its author does not join."""
    number = tap.ticket if tap else thread.ticket if thread and (thread.joins or about) else None
    return read_ticket(transaction.connection, number) if number is not None else None


def _spoken(
    arrival: Arrival,
    clues: Clues,
    person: Person | None,
    ticket: Ticket | None,
    tap: Tap | None,
    *,
    is_shared: bool,
) -> Spoken:
    return Spoken(
        mail_id=arrival.mail_id,
        mail=arrival.mail,
        enclosed=arrival.enclosed.without_text,
        clues=clues,
        person=person,
        ticket=ticket,
        tap=tap,
        is_shared=is_shared,
    )


def _is_released(transaction: Transaction, arrival: Arrival, author: Address | None, *, known: object) -> bool:
    """Whether the person in whose name it came has let it through; asked only about what can have been held."""
    if (speaker_at(transaction.rules.team, author) or known) is None:
        return False
    return store.is_released(transaction.connection, arrival.mail_id)


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


def _is_new(transaction: Transaction, mail: Mail) -> bool:
    """Whether the mail has a Message-ID that nobody has heard of."""
    return mail.message_id is not None and transaction.names.is_new(mail.message_id)


def _find_duplicate(
    transaction: Transaction, arrival: Arrival, author: Address | None
) -> tuple[int | None, int | None]:
    """An earlier arrival of the same mail; and the same if it is held for want of what this one proves."""
    mail, is_automatic = arrival.mail, calls_automatic(arrival.verdicts)
    if _is_new(transaction, mail):
        return None, None
    found = store.find_duplicate(
        transaction.connection,
        mail_id=arrival.mail_id,
        message_id=mail.message_id,
        fingerprint=mail.fingerprint,
        digest=mail.digest,
        has_date=mail.written_at is not None,
        is_automatic=is_automatic,
    )
    if found is None:
        found = find_copy(transaction.connection, arrival.mail_id, mail, author, is_automatic=is_automatic)
    is_held = found is not None and arrival.is_sent and store.is_held(transaction.connection, found)
    return found, found if is_held else None


def _find_thread(transaction: Transaction, clues: Clues, arrival: Arrival, author: Address | None) -> Thread | None:
    connection, mail = transaction.connection, arrival.mail
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
