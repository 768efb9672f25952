"""Compose and store what people are told about an event: the told table, turned into rows of the outbox."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from maild.desk.finding.reaching import client_side
from maild.desk.telling.addressing import addressees
from maild.desk.telling.continuing import find_thread
from maild.desk.telling.enclosing import files_for
from maild.desk.telling.foretelling import find_lasted
from maild.desk.telling.happening import Happening
from maild.desk.telling.helping import find_help
from maild.desk.telling.limiting import find_silence, find_withheld
from maild.desk.telling.naming_others import find_others
from maild.desk.telling.offering import make_offers
from maild.desk.telling.picturing import find_story
from maild.desk.telling.prefilling import find_form
from maild.desk.telling.recalling import Shown, find_shown
from maild.desk.telling.suggesting import find_articles, note_suggested
from maild.desk.telling.summing_up import GATHERED, is_gathered
from maild.desk.telling.telling_story import find_past
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.process.decision import SentMail
from maild.process.ticket import Event, Role, Trust
from maild.process.token import make_token, message_id
from maild.replies.compose import compose
from maild.replies.dossier import Dossier
from maild.replies.kinds import KINDS
from maild.replies.reply import Occasion, Reply
from maild.store.database.bells import ring
from maild.store.desk import tickets
from maild.store.desk.relations import client_offset
from maild.store.incoming.findings import newest_subject
from maild.store.outgoing import outbox

log = logging.getLogger(__name__)

ANSWERED = frozenset({Role.CLIENT, Role.AUTHOR})
"""Who is answered because they wrote: a machine that does not say it is one would go on and on without a limit."""

_ONCE = frozenset({"colleague_answered", "reassigned", "undone"})
"""Kinds that say of all tickets of an incident what they say of one."""


def tell(transaction: Transaction, happening: Happening) -> Happening:
    """Write to everybody who is told about the event: the client first, so that the others hear if that was withheld.

    Answers the happening with what has been withheld among its reasons.
    """
    told = [row for row in transaction.rules.policy.told.get(happening.event, ()) if row[1]]
    for role, kind in sorted(told, key=lambda row: row[0] not in ANSWERED):
        for recipient in _heard_by(transaction, happening, role, kind):
            if _is_in_vain(happening.failed, kind, recipient) or _has_heard(transaction, happening, kind, recipient):
                continue
            withheld = find_withheld(transaction, happening, recipient) if _is_answer(role, kind) else None
            if withheld is None:
                _write(transaction, happening, role, kind, recipient)
                continue
            _note_withheld(transaction, happening, kind, withheld)
            happening = replace(happening, because=(*happening.because, f"no {kind} was written: {withheld}"))
    return happening


def _heard_by(transaction: Transaction, happening: Happening, role: Role, kind: str) -> Iterable[Address]:
    """Own words to the client are for all of the client's side; what maild itself says is for the client."""
    if role is Role.CLIENT and KINDS[kind].is_relay:
        return client_side(transaction, happening.ticket)
    return addressees(role, kind, happening, transaction.rules)


def _is_answer(role: Role, kind: str) -> bool:
    """Whether maild writes it because somebody wrote; own words are never withheld, and what is gathered has its limit."""
    return role in ANSWERED and not KINDS[kind].is_relay and kind not in GATHERED


def _is_in_vain(failed: SentMail | None, kind: str, recipient: Address) -> bool:
    """Whether a notice about a failed mail would fail too, or bring the next notice of its kind, and so on for ever."""
    return failed is not None and (recipient.key == failed.recipient.casefold() or kind == failed.kind)


def _has_heard(transaction: Transaction, happening: Happening, kind: str, recipient: Address) -> bool:
    """Whether this mail to another ticket of the incident has told them already what was said to all of its clients."""
    if kind not in _ONCE or not happening.is_shared:
        return False
    heir = happening.ticket.assignee if happening.former else ""
    said = (f"{kind} {happening.cause_in_words} {heir}", recipient.key)
    is_known = said in transaction.heard
    transaction.heard.add(said)
    return is_known


def _note_withheld(transaction: Transaction, happening: Happening, kind: str, because: str) -> None:
    log.warning("%s withheld", kind, extra={"ticket": happening.ticket.number, "because": because})
    transaction.add_event(
        happening.ticket.number,
        Event.ACKNOWLEDGEMENT_WITHHELD,
        because=f"no {kind} was written: {because}",
        cause=happening.cause,
    )


def _write(transaction: Transaction, happening: Happening, role: Role, kind: str, recipient: Address) -> None:
    if is_gathered(transaction, happening, role, kind, recipient):
        return
    occasion = _occasion(transaction, happening, role, kind, recipient)
    reply = compose(occasion, transaction.voice)
    number = happening.ticket.number
    note_suggested(transaction, number, kind, occasion.articles)
    once = f"acknowledgement of {number}" if role is Role.CLIENT and happening.opens else None
    outbox.add_together(transaction.together, _row(transaction, reply, happening, once))
    tickets.add_to_conversation(transaction.together, number, {reply.message_id: "out"})
    if role is not Role.CLIENT:
        tickets.add_participants(transaction.together, number, {recipient.key: role})
    ring(transaction.connection, "outbox")


def _occasion(transaction: Transaction, happening: Happening, role: Role, kind: str, recipient: Address) -> Occasion:
    token, findings = _token(transaction, happening, kind, recipient), happening.findings
    in_reply_to, references = find_thread(transaction, happening, kind, role, recipient)
    happening, shown, dossier = _with_what_is_shown(transaction, happening, kind)
    return Occasion(
        kind=kind,
        role=role,
        recipient=recipient,
        ticket=happening.ticket,
        because=happening.because,
        mail=shown.mail,
        is_proven=findings is not None and findings.trust is Trust.PROVEN,
        originals=dossier.originals if dossier else shown.originals,
        kept_back=shown.too_large,
        in_reply_to=in_reply_to,
        references=references,
        message_id=message_id(happening.ticket.number, token, transaction.rules.desk.domain),
        token=token,
        now=transaction.now,
        words=happening.words,
        conversation=client_side(transaction, happening.ticket) if KINDS[kind].is_relay and role is Role.CLIENT else (),
        client_subject=_client_subject(transaction, happening, role),
        author_name=happening.said_by or (findings.addressee or "" if findings else ""),
        transcript=happening.transcript,
        readers=happening.readers,
        silent_until=_silent_until(transaction, happening, recipient),
        dossier=dossier,
        is_shared=happening.is_shared,
        is_closing=happening.is_closing,
        is_known=happening.opens and happening.incident is not None,
        incident=find_story(transaction, happening, kind),
        offset=_offset(transaction, happening, role),
        enclosed=files_for(happening, kind),
        offers=make_offers(transaction, happening, kind, recipient, likely=shown.likely),
        similar=find_help(transaction, happening, kind, shown.mail),
        articles=happening.articles,
        post_mortem=find_form(transaction, happening, kind),
        lasted=find_lasted(transaction, happening, kind),
        others=happening.others,
    )


def _with_what_is_shown(
    transaction: Transaction, happening: Happening, kind: str
) -> tuple[Happening, Shown, Dossier | None]:
    """What its taps speak of, articles and other tickets; the mail that it shows; and what was written before."""
    shown = find_shown(transaction, happening, kind)
    articles = happening.articles or find_articles(transaction, happening, kind, shown.mail)
    dossier = happening.dossier or find_past(transaction, happening, kind, shown)
    return replace(happening, articles=articles, others=find_others(transaction, happening, kind)), shown, dossier


def _token(transaction: Transaction, happening: Happening, kind: str, recipient: Address) -> str:
    is_question = KINDS[kind].is_about_held
    cause = happening.asked_at(transaction.now) if is_question else happening.cause_in_words
    return make_token(
        transaction.key_id,
        transaction.key,
        ticket=happening.ticket.number,
        recipient=recipient.address,
        cause=f"{cause} {kind}",
    )


def _offset(transaction: Transaction, happening: Happening, role: Role) -> timedelta | None:
    """Looked up only where an estimate is told."""
    if role is not Role.CLIENT or happening.ticket.eta_at is None:
        return None
    return client_offset(transaction.connection, happening.ticket)


def _silent_until(transaction: Transaction, happening: Happening, recipient: Address) -> datetime | None:
    """Counted only where commands were refused."""
    return find_silence(transaction, happening, recipient) if happening.event is Event.COMMAND_REFUSED else None


def _client_subject(transaction: Transaction, happening: Happening, role: Role) -> str:
    """Of the mail that is answered, if it is the client's; else of the last one that they wrote."""
    if role is not Role.CLIENT or happening.opens:
        return ""
    mail, client = happening.arrival.mail if happening.arrival else None, happening.ticket.client
    if mail and mail.author and mail.author.key == client.casefold():
        return mail.subject
    return newest_subject(transaction.connection, happening.ticket.number, client)


def _row(transaction: Transaction, reply: Reply, happening: Happening, once: str | None) -> outbox.NewOutbox:
    return outbox.NewOutbox(
        ticket_id=happening.ticket.number,
        mail_id=happening.cause.mail,
        kind=reply.kind,
        audience=reply.audience,
        recipient=reply.recipient,
        envelope_from=reply.envelope_from,
        message_id=reply.message_id,
        token=reply.token,
        once=once,
        subject=reply.subject,
        new_text=reply.text,
        content=reply.content,
        created_at=transaction.now,
        due_at=transaction.now,
    )
