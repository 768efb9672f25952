"""Limit: why the author of a mail gets no answer now."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from maild.classify.telephone import QUESTION
from maild.desk.telling.alarming import raise_flood
from maild.desk.telling.happening import Happening
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.process.decision import Findings
from maild.process.policy import free_again_at, is_of_one
from maild.process.rank import Rank
from maild.process.ticket import Event, Trust
from maild.store.incoming.findings import was_answered
from maild.store.incoming.turns import find_acquainted

NO_ANSWER = frozenset({"all", "autoreply"})
"""Words of X-Auto-Response-Suppress that refuse answers like ours (MS-OXCMAIL 2.2.3.2.14); a person may have written it."""

RANKS: Mapping[Trust, Rank] = MappingProxyType(
    {Trust.PROVEN: Rank.VOUCHED, Trust.TOKEN: Rank.EXPECTED, Trust.CLAIMED: Rank.UNKNOWN}
)
KNOWN: Mapping[Rank, Rank] = MappingProxyType({Rank.VOUCHED: Rank.EXPECTED, Rank.UNKNOWN: Rank.KNOWN})
"""Rank to the one of those of whom the desk knows as much, and knows them."""


def find_withheld(transaction: Transaction, happening: Happening, author: Address) -> str | None:
    """A wish, a limit, a list, or an address of our own; an answer that is not withheld is counted."""
    if transaction.rules.desk.gets(author.address):
        return f"{author.address} is an address or a list of our own"
    mail = happening.arrival.mail if happening.arrival else None
    if mail and mail.author and mail.author.key == author.key and NO_ANSWER.intersection(mail.facts.suppress):
        return "the mail asks for no automatic answer (X-Auto-Response-Suppress)"
    if is_telephone(transaction, happening, author):
        return f"nobody at {author.address} reads it, a telephone system: /client ADDRESS names who called, or call them back"
    names, exceeded = _look_up_answer(transaction, happening, author)
    if exceeded is None:
        transaction.tallies.count_up(names)
        return None
    because = f"the limit of {names[exceeded]} an hour for {exceeded} is reached"
    if not is_of_one(exceeded):
        raise_flood(transaction, because)
    return because


def is_telephone(transaction: Transaction, happening: Happening, author: Address) -> bool:
    """Whether the client's last words about the ticket were left on the telephone."""
    if happening.opens and happening.findings is not None:
        return happening.findings.label(QUESTION) == "yes"
    if author.key != happening.ticket.client.casefold():
        return False
    return was_answered(transaction.connection, happening.ticket.number, author.key, question=QUESTION, label="yes")


def find_silence(transaction: Transaction, happening: Happening, author: Address) -> datetime | None:
    """Until when the author's refused messages get no answer, once this one is counted; None: the next one gets one."""
    names, exceeded = _look_up_answer(transaction, happening, author)
    if exceeded is None or not is_of_one(exceeded):
        return None
    return free_again_at(names[exceeded], transaction.tallies.look_up([exceeded])[exceeded], transaction.now)


def _look_up_answer(
    transaction: Transaction, happening: Happening, author: Address
) -> tuple[Mapping[str, int], str | None]:
    """As `look_up`; what says that a message has done nothing has a limit of its own, for each ticket."""
    names, exceeded = look_up(transaction, happening.findings, author)
    if exceeded is not None or happening.event is not Event.COMMAND_REFUSED:
        return names, exceeded
    limits = transaction.rules.policy.limits
    own = limits.names_of_refusal(author, transaction.rules.desk.show(happening.ticket.number))
    return {**names, **own}, limits.exceeded(own, transaction.tallies.look_up(own), transaction.now)


def look_up(
    transaction: Transaction, findings: Findings | None, author: Address
) -> tuple[Mapping[str, int], str | None]:
    """The tallies of an answer to the author with their limits, and the one whose limit it would break.

    Whether the desk knows somebody is asked only where they get nothing otherwise: as long as there is enough for everybody, it
    does not matter.
    """
    limits = transaction.rules.policy.limits
    names: Mapping[str, int] = {}
    exceeded = None
    for names in _ways(transaction, findings, author):
        exceeded = limits.exceeded(names, transaction.tallies.look_up(names), transaction.now)
        if exceeded is None:
            break
    return names, exceeded


def _ways(transaction: Transaction, findings: Findings | None, author: Address) -> Iterator[Mapping[str, int]]:
    """How an answer to the author may be counted: the first that has something left."""
    limits = transaction.rules.policy.limits
    if _is_ordered(findings, author):
        yield {}
        return
    if _is_proven_person(findings, author):
        yield limits.names_of_person(author)
        return
    rank = _rank(findings, author)
    yield limits.names(author, rank)
    if rank in KNOWN and find_acquainted(transaction.connection, {author.address, author.key}, ()).authors:
        yield limits.names(author, KNOWN[rank])


def _is_ordered(findings: Findings | None, author: Address) -> bool:
    """Whether somebody of the desk has ordered it for a client, by a command or a tap: no machine goes on with those."""
    person = findings.person if findings and findings.trust is not Trust.CLAIMED else None
    return person is not None and author.key not in person.keys


def _is_proven_person(findings: Findings | None, author: Address) -> bool:
    """Whether somebody of the desk is proven to have written what is answered: they must hear why it did nothing."""
    person = findings.person if findings and findings.trust is Trust.PROVEN else None
    return person is not None and author.key in person.keys


def _rank(findings: Findings | None, author: Address) -> Rank:
    """What speaks for it that they wrote what is answered, before it is asked whether the desk knows them."""
    if findings is None or findings.author is None or findings.author.key != author.key:
        return Rank.UNKNOWN
    return RANKS[findings.trust]
