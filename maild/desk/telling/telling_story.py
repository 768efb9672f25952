"""Tell a ticket's story: the dossier for somebody who has never seen it."""

from maild.desk.transaction import Transaction
from maild.process.commands.reading import read_commands
from maild.process.ticket import Event, Ticket
from maild.replies.dossier import Dossier, Letter, Moment
from maild.store.desk import consulting
from maild.store.desk.consulting import Written

_INTERNAL = frozenset({Event.NOTED, Event.ESCALATED, Event.CONSULTED, Event.ENGINEERING_ANSWERED})
_UNTOLD = frozenset({Event.CONFIRMATION_ASKED, Event.COMMAND_REFUSED, Event.ACKNOWLEDGEMENT_WITHHELD})
"""Nothing has happened by them."""


def make_dossier(transaction: Transaction, ticket: Ticket) -> Dossier:
    """All that the store knows about the ticket so far."""
    happened = consulting.happened(transaction.connection, ticket.number)
    internal = {each.mail for each in happened if each.event in _INTERNAL}
    written = consulting.written(transaction.connection, ticket.number)
    letters = (_letter(transaction, each, is_internal=each.mail in internal) for each in written)
    return Dossier(
        letters=tuple(letter for letter in letters if letter.words),
        moments=tuple(
            Moment(at=each.at, event=each.event, because=each.because) for each in happened if each.event not in _UNTOLD
        ),
        attachments=tuple(name for each in written if not _is_staff(transaction, each) for name in _attached(each)),
    )


def _letter(transaction: Transaction, written: Written, *, is_internal: bool) -> Letter:
    words = read_commands(written.words).words if _is_staff(transaction, written) else written.words
    author = str(written.facts.get("author_name") or "")
    return Letter(
        at=written.at,
        author=f"{author} <{written.author}>" if author else written.author,
        is_internal=is_internal,
        words=words.strip(),
    )


def _is_staff(transaction: Transaction, written: Written) -> bool:
    team = transaction.rules.team
    return (team.person_at(written.author) or team.other_at(written.author)) is not None


def _attached(written: Written) -> list[str]:
    return [str(part.get("name") or "attachment") for part in written.facts.get("attachments", ())]
