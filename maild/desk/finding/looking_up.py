"""Find: what the store knows about an arrived mail, before the desk decides."""

from collections.abc import Sequence
from dataclasses import replace

from maild.classify.verdict import Verdict, calls_automatic
from maild.desk.finding.arrival import Arrival
from maild.desk.finding.coming import Way, find_way, is_new, staff_at
from maild.desk.finding.copying import find_copy, find_renamed
from maild.desk.finding.hearing import Heard, Spoken, hear
from maild.desk.finding.letting_through import with_readers
from maild.desk.finding.looking_back import look_back
from maild.desk.finding.recognising import is_our_own
from maild.desk.finding.redirecting import redirect
from maild.desk.finding.speaking import find_speaker
from maild.desk.transaction import Transaction
from maild.mail.message import Address, Mail
from maild.process.decision import Findings, SentMail
from maild.process.signature import covers, read_signatures
from maild.process.ticket import Ticket, Trust
from maild.store.desk.tickets import read_ticket
from maild.store.incoming import findings as store


def find(transaction: Transaction, arrival: Arrival) -> Findings:
    """Look up everything that the decision depends on."""
    mail, way = arrival.mail, find_way(transaction, arrival)
    author, person = way.author.address, way.person
    duplicate_of, held_copy = _find_duplicate(transaction, arrival, way)
    thread, ticket = redirect(transaction, way.thread, _read(transaction, way), person, mail)
    ticket, is_shared = find_speaker(transaction, person, ticket, way.clues)
    spoken = _spoken(arrival, way, ticket, is_shared=is_shared)
    findings = Findings(
        mail=mail,
        author=author,
        verdicts={verdict.question: verdict for verdict in arrival.verdicts},
        trust=way.trust,
        trust_because=way.trust_because,
        thread=thread,
        ticket=ticket,
        duplicate_of=None if held_copy else duplicate_of,
        held_copy=held_copy,
        is_our_own=is_our_own(transaction, mail, author, is_sent=arrival.is_sent),
        is_sent=arrival.is_sent,
        unproven_writer=way.author.unproven,
        bounced=_find_bounced(transaction, mail),
        staff=staff_at(transaction.rules, author),
        is_known_client=_is_known_client(transaction, arrival.verdicts, author),
        person=person,
        is_released=way.is_released,
        was_staff=way.was_staff,
        tap=way.tap,
        answer=way.answer,
        closing=None if person else look_back(transaction, ticket, thread, mail, is_tap=way.answer is not None),
    )
    findings = _with_heard(findings, hear(transaction, spoken))
    return findings if arrival.is_let_through else with_readers(transaction, arrival.placed_at, spoken, findings)


def _with_heard(findings: Findings, heard: Heard) -> Findings:
    return replace(
        findings,
        words=heard.words,
        orders=heard.orders,
        leaks=heard.leaks,
        is_in_copy=heard.is_in_copy,
        loop=heard.loop,
    )


def _read(transaction: Transaction, way: Way) -> Ticket | None:
    """The ticket of the mail: of its tap, of the thread that it joins, or that it is about though its author does not join."""
    is_about = way.thread is not None and (way.thread.joins or way.was_staff or way.answer)
    number = way.tap.ticket if way.tap else way.thread.ticket if way.thread and is_about else None
    return read_ticket(transaction.connection, number) if number is not None else None


def _spoken(arrival: Arrival, way: Way, ticket: Ticket | None, *, is_shared: bool) -> Spoken:
    return Spoken(
        mail_id=arrival.mail_id,
        mail=arrival.mail,
        enclosed=arrival.enclosed.without_text,
        clues=way.clues,
        person=way.person,
        ticket=ticket,
        tap=way.tap,
        is_shared=is_shared,
    )


def _is_known_client(transaction: Transaction, verdicts: Sequence[Verdict], author: Address | None) -> bool:
    """Whether the author of what reads like bulk or spam has a ticket; of other mails nobody needs to know."""
    is_unwanted = any(one.question == "kind" and one.label in {"bulk", "spam"} for one in verdicts)
    if author is None or not is_unwanted or len(verdicts) == 1:
        return False
    return store.has_ticket(transaction.connection, author.address)


def _find_duplicate(transaction: Transaction, arrival: Arrival, way: Way) -> tuple[int | None, int | None]:
    """An earlier arrival of the same mail; and the same if it is held for want of what this one proves."""
    mail, is_automatic = arrival.mail, calls_automatic(arrival.verdicts)
    renamed = _find_renamed(transaction, arrival, way)
    if renamed is not None or is_new(transaction, mail):
        return renamed, None
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
        found = find_copy(transaction.connection, arrival.mail_id, mail, way.author.address, is_automatic=is_automatic)
    is_held = found is not None and arrival.is_sent and store.is_held(transaction.connection, found)
    return found, found if is_held else None


def _find_renamed(transaction: Transaction, arrival: Arrival, way: Way) -> int | None:
    """An earlier arrival that says the very same, where the signature that proves it holds by any other Message-ID, too."""
    mail, author = arrival.mail, way.author.address
    if way.trust is not Trust.PROVEN or author is None:
        return None
    signatures = read_signatures(mail.headers, author.domain)
    if not signatures or covers(signatures, mail.headers, "message-id"):
        return None
    is_automatic = calls_automatic(arrival.verdicts)
    return find_renamed(transaction.connection, arrival.mail_id, mail, author, is_automatic=is_automatic)


def _find_bounced(transaction: Transaction, mail: Mail) -> SentMail | None:
    """The mail of ours that a delivery report returns: named in the report, or in its own references."""
    if mail.bounce is None:
        return None
    ids = (mail.bounce.original_message_id, *mail.in_reply_to, *reversed(mail.references[-10:]))
    return next((sent for name in ids if (sent := store.find_sent(transaction.connection, name))), None)
