"""Split: the client's last mail becomes a ticket of its own, as if it had come alone.

It is acknowledged, once, under its own number (CONTRACT.md, Mail): else the client would not know that two things go
on, nor by which number. So a split is undone by merging, not by `/undo`.
"""

import re
from dataclasses import replace
from typing import Any

from maild.classify.verdict import Verdict
from maild.desk.advancing.counting_closings import take_back_wrong_closure
from maild.desk.advancing.opening import open_ticket
from maild.desk.finding.arrival import Arrival
from maild.desk.transaction import Transaction
from maild.mail.message import EMPTY_MAIL, Address, Attachment, Mail
from maild.process.decision import Decision, Findings
from maild.process.gathering.sheet import gather
from maild.process.post_mortem.prefilling import telling_lines
from maild.process.ticket import Event, Outcome, Ticket, Trust
from maild.replies.plain import one_line
from maild.replies.subject import base_subject, is_of_tap
from maild.store.desk import relations, tickets
from maild.store.desk.relations import StoredMail
from maild.store.desk.tickets import Cause

SUBJECT_LIMIT = 80
"""Characters of a sentence that stands as a subject."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s")


def split_off(transaction: Transaction, ticket: Ticket, cause: Cause) -> Ticket:
    """Open the new ticket, link both, and move the mail; a closing that it said was wrong was none."""
    stored = relations.client_mails(transaction.connection, ticket)[-1]
    mail = _mail(stored)
    take_back_wrong_closure(
        transaction,
        ticket.number,
        "the client wrote about something else",
        since=stored.id,
        cause=cause,
    )
    because = f"split off from {transaction.rules.desk.show(ticket.number)}"
    decision = Decision(outcome=Outcome.TICKET, because=because, event=Event.SPLIT_OFF, technical=True)
    called = replace(mail, subject=_subject(mail, ticket, transaction.rules.desk.prefix))
    opened = open_ticket(transaction, _arrival(transaction, stored, mail), _findings(stored, called), decision)
    relations.move_mail(transaction.connection, stored.id, to=opened.number)
    tickets.add_link(transaction.connection, opened.number, ticket.number, kind="split", because=because)
    return opened


def _subject(mail: Mail, ticket: Ticket, prefix: str) -> str:
    """The mail's own; where it is that of the old ticket, the first sentence of its words."""
    own, old = base_subject(mail.subject, prefix), base_subject(ticket.subject, prefix)
    if own and own.casefold() != old.casefold() and not is_of_tap(own, prefix):
        return own
    line = next(iter(telling_lines(mail.new_text)), "")
    return one_line(_SENTENCE_END.split(line, maxsplit=1)[0], SUBJECT_LIMIT) or own


def _arrival(transaction: Transaction, stored: StoredMail, mail: Mail) -> Arrival:
    return Arrival(
        mail_id=stored.id,
        arrived_at=transaction.now,
        mail=mail,
        verdicts=_verdicts(stored),
        found=gather(mail, mail_id=stored.id),
        source=b"",
    )


def _findings(stored: StoredMail, mail: Mail) -> Findings:
    """What was found out when it came; that it is technical, the TSM who works on it has said."""
    verdicts = {verdict.question: verdict for verdict in _verdicts(stored)}
    technical = verdicts.get("technical")
    if technical is not None:
        verdicts["technical"] = replace(technical, label="yes", because="a TSM split it off")
    return Findings(
        mail=mail,
        author=mail.author,
        verdicts=verdicts,
        trust=Trust(stored.trust),
        trust_because="as when it came",
        thread=None,
        ticket=None,
        duplicate_of=None,
        is_our_own=False,
        bounced=None,
        staff=None,
    )


def _verdicts(stored: StoredMail) -> tuple[Verdict, ...]:
    known = Verdict.__slots__
    return tuple(Verdict(**{key: each[key] for key in known if key in each}) for each in stored.verdicts)


def _mail(stored: StoredMail) -> Mail:
    """The mail as far as the store remembers it without parsing its source again."""
    facts = stored.facts
    return replace(
        EMPTY_MAIL,
        digest=stored.digest,
        fingerprint=stored.fingerprint,
        message_id=stored.message_id,
        author=Address(address=stored.author, name=str(facts.get("author_name") or "")),
        to=_addresses(facts, "to"),
        cc=_addresses(facts, "cc"),
        subject=stored.subject,
        written_at=stored.written_at,
        new_text=stored.new_text,
        text=stored.new_text,
        attachments=tuple(_attachment(each) for each in facts.get("attachments", ())),
        language=stored.language,
    )


def _addresses(facts: Any, field: str) -> tuple[Address, ...]:
    return tuple(Address(address=address) for address in facts.get(field, ()))


def _attachment(fields: Any) -> Attachment:
    return Attachment(**{name: fields[name] for name in Attachment.__slots__ if name in fields})
