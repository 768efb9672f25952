"""Place: what somebody forwards is read as theirs, or, where a person of the desk has said whose it is, as its own author's."""

from dataclasses import replace

from maild.desk.finding.arrival import Arrival
from maild.desk.finding.tapping import speaker_at
from maild.desk.transaction import Transaction
from maild.mail.message import Address, Mail
from maild.process.gathering.sheet import gather
from maild.process.house import FOLLOW, OWN
from maild.store.desk.actions import find_choice
from maild.store.incoming.findings import is_released

NEW = "/new "
"""What a tap orders for the mail that is forwarded: a ticket of its own for this address."""


def placed(transaction: Transaction, arrival: Arrival) -> Arrival:
    """The arrival itself; or, where its forwarder has let it through so, the client's mail that it holds."""
    if speaker_at(transaction.rules.team, arrival.mail.author) is None:
        return arrival
    if not is_released(transaction.connection, arrival.mail_id):
        return arrival
    chosen = find_choice(transaction.connection, arrival.mail_id)
    choice = chosen.orders if chosen else ""
    if chosen and choice.startswith(OWN):
        # The tap was of a question that need not have shown all of it; `confirm` does, and only its tap lets it through.
        return replace(arrival, belongs_to=int(choice.removeprefix(OWN)), placed_at=chosen.at)
    if choice.startswith(NEW):
        return _as_written_by(arrival, choice.removeprefix(NEW))
    if choice.startswith(FOLLOW) and arrival.mail.forwarded is not None:
        number = int(choice.removeprefix(FOLLOW))
        return replace(_as_written_by(arrival, arrival.mail.forwarded.author.address), belongs_to=number)
    return arrival


def _as_written_by(arrival: Arrival, address: str) -> Arrival:
    mail = _inner(arrival.mail, address)
    return replace(arrival, mail=mail, found=gather(mail, mail_id=arrival.mail_id))


def _inner(mail: Mail, address: str) -> Mail:
    """The forwarded mail, as far as it is known; nothing vouches for it. No word of who forwarded it is its author's."""
    inner = mail.forwarded
    name = inner.author.name if inner and inner.author.address == address else ""
    text, subject = (inner.text, inner.subject) if inner else (mail.text, mail.subject)
    return replace(
        mail,
        author=Address(address=address, name=name),
        subject=subject,
        new_text=text,
        text=text,
        message_id=inner.message_id if inner and inner.message_id else mail.message_id,
        in_reply_to=(),
        references=(),
        reply_to=(),
        authentication=(),
        headers=(),
        handed_on="",
    )
