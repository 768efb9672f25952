"""Tell a ticket's story: the dossier for somebody who has never seen it."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from maild.desk.telling.happening import Happening
from maild.desk.telling.recalling import Shown
from maild.desk.transaction import Transaction
from maild.process.commands.reading import read_commands
from maild.process.ticket import Event, Ticket
from maild.replies.dossier import Dossier, Letter, Moment, Sent
from maild.store.desk import consulting
from maild.store.desk.consulting import Written
from maild.store.incoming.originals import read_sources

_INTERNAL = frozenset(
    {
        *(Event.NOTED, Event.ESCALATED, Event.CONSULTED, Event.ENGINEERING_ANSWERED),
        *(Event.POST_MORTEM_ANSWERED, Event.ARTICLE_WRITTEN),
    }
)
_DECIDED = frozenset({Event.TRIAGED, Event.CATEGORIZED, Event.HANDED_OFF, Event.MARKED_SPAM, Event.ASSIGNED})
"""Where a mail without a command did nothing else, its one word was an order."""

_UNTOLD = frozenset({Event.CONFIRMATION_ASKED, Event.COMMAND_REFUSED, Event.ACKNOWLEDGEMENT_WITHHELD})
"""Nothing has happened by them."""


def make_dossier(transaction: Transaction, ticket: Ticket, *, apart: int | None = None) -> Dossier:
    """All that the store knows about the ticket so far; `apart`: row of a mail whose words the reader has anyway."""
    happened = consulting.happened(transaction.connection, ticket.number)
    done = {each.mail: {other.event for other in happened if other.mail == each.mail} for each in happened}
    written = consulting.written(transaction.connection, ticket.number)
    letters = (_letter(transaction, each, done.get(each.mail, set())) for each in written if each.mail != apart)
    clients = [each for each in written if not _is_staff(transaction, each)]
    originals = _originals(transaction, clients)
    return Dossier(
        letters=tuple(letter for letter in letters if letter.words),
        moments=tuple(
            Moment(at=each.at, event=each.event, because=each.because) for each in happened if each.event not in _UNTOLD
        ),
        attachments=tuple(sent for each in clients for sent in _sent(each, is_along=each.mail in originals)),
        originals=tuple(originals.values()),
    )


def find_past(transaction: Transaction, happening: Happening, kind: str, shown: Shown) -> Dossier | None:
    """What has been written since the client's first mail, which stands apart where it is known: for who takes the ticket over."""
    if kind != "assignment" or not shown.is_recalled:
        return None
    past = make_dossier(transaction, happening.ticket, apart=shown.row)
    return replace(past, letters=(*past.letters, *_handing_over(happening, transaction)))


def _handing_over(happening: Happening, transaction: Transaction) -> Sequence[Letter]:
    """The words of the very mail that gives the ticket away, which is not among those of the ticket yet."""
    mail = happening.arrival.mail if happening.arrival else None
    person = happening.findings.person if happening.findings else None
    if mail is None or mail.author is None or person is None:
        return ()
    read = read_commands(mail.new_text)
    if not read.commands or not read.words:
        return ()
    is_internal = any(command.name == "note" for command in read.commands)
    author = f"{person.name} <{mail.author.address}>"
    return (Letter(at=transaction.now, author=author, is_internal=is_internal, words=read.words),)


def _originals(transaction: Transaction, clients: Sequence[Written]) -> dict[int, bytes]:
    """Mail to its source, of those with files; none in which a virus was found, or may be: such a mail would bounce."""
    holding = [each.mail for each in clients if each.facts.get("attachments") and not _is_suspect(each)]
    return read_sources(transaction.connection, holding, most_octets=transaction.rules.original_bytes)


def _is_suspect(written: Written) -> bool:
    """Whether the scanner found something in one of its files, or could not look at one."""
    return any(written.facts.get(found) for found in ("infected", "unscanned"))


def _letter(transaction: Transaction, written: Written, done: AbstractSet[str]) -> Letter:
    """What somebody wrote; without words where nothing of it was said to anybody."""
    words = _said(written, done) if _is_staff(transaction, written) else written.words
    author = str(written.facts.get("author_name") or "")
    return Letter(
        at=written.at,
        author=f"{author} <{written.author}>" if author else written.author,
        is_internal=not _INTERNAL.isdisjoint(done),
        words=words.strip(),
    )


def _said(written: Written, done: AbstractSet[str]) -> str:
    """The words of a mail of the house without its commands; none where it was refused, or was itself an order."""
    read = read_commands(written.words)
    is_order = not read.commands and done and done <= _DECIDED
    return "" if Event.COMMAND_REFUSED in done or is_order else read.words


def _is_staff(transaction: Transaction, written: Written) -> bool:
    return transaction.rules.team.at(written.author) is not None


def _sent(written: Written, *, is_along: bool) -> list[Sent]:
    infected, unscanned = written.facts.get("infected") or {}, written.facts.get("unscanned") or ()
    names = [str(part.get("name") or "attachment") for part in written.facts.get("attachments", ())]
    return [
        Sent(name=name, virus=str(infected.get(name, "")), is_unscanned=name in unscanned, is_along=is_along)
        for name in names
    ]
