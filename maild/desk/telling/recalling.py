"""Recall: the client's mail of a ticket, for those who are told because of somebody else's mail or a deadline."""

from dataclasses import dataclass, replace

from maild.desk.telling.happening import Happening
from maild.desk.transaction import Transaction
from maild.mail.message import EMPTY_MAIL, Address, Attachment, Mail
from maild.store.incoming.originals import Original, find_original

SHOWING = frozenset({"assignment", "hand_off", "hand_off_unclaimed"})
"""Kinds of mail that show what the client wrote, whatever brought them about."""

_WHOLE = frozenset({"hand_off"})
"""Kinds with which that mail goes along as it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The mail that a reply shows, and the source of it that goes along whole."""

    mail: Mail | None
    originals: tuple[bytes, ...] = ()
    too_large: int = 0
    """Octets of the source, where that is more than goes along."""

    likely: tuple[str, ...] = ()
    """Categories that the model thought of where it was not sure."""

    is_recalled: bool = False
    """It is the client's first mail, if that is known, and not what brought the reply about."""

    row: int | None = None
    """Of that first mail."""


def find_shown(transaction: Transaction, happening: Happening, kind: str) -> Shown:
    """The mail that caused the event; or the client's own, where that is what the reader must see."""
    arrival, findings = happening.arrival, happening.findings
    is_clients = arrival is not None and (findings is None or findings.person is None)
    if kind not in SHOWING or is_clients:
        likely = next((one.likely for one in arrival.verdicts if one.question == "category"), ()) if arrival else ()
        # An original that holds a virus goes to nobody.
        source = arrival.source if arrival and not arrival.enclosed.infected else None
        shown = Shown(mail=arrival.mail if arrival else None, likely=likely)
        return _with_original(transaction, shown, source, kind)
    original = find_original(transaction.connection, happening.ticket.number)
    if original is None:
        return Shown(mail=None, is_recalled=True)
    said = next((one for one in original.verdicts if one["question"] == "category"), {})
    likely = tuple(said.get("likely") or ())
    shown = Shown(mail=_mail(original), likely=likely, is_recalled=True, row=original.row)
    return _with_original(transaction, shown, original.source, kind)


def _with_original(transaction: Transaction, shown: Shown, source: bytes | None, kind: str) -> Shown:
    """A mail that is larger than servers take would bounce, and the reader would not hear of it at all."""
    if source is None or kind not in _WHOLE:
        return shown
    if len(source) > transaction.rules.original_bytes:
        return replace(shown, too_large=len(source))
    return replace(shown, originals=(source,))


def _mail(original: Original) -> Mail:
    return replace(
        EMPTY_MAIL,
        message_id=original.message_id,
        author=Address(address=original.author, name=original.author_name),
        subject=original.subject,
        new_text=original.new_text,
        text=original.new_text,
        language=original.language,
        attachments=tuple(Attachment(**each) for each in original.attachments),
    )
