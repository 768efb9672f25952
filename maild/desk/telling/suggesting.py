"""Suggest: the articles that may help with a ticket, and those that another article is nearly the same as."""

from collections.abc import Sequence

from maild.desk.telling.happening import Happening
from maild.desk.transaction import Transaction
from maild.knowledge.article import Article, read_body
from maild.knowledge.discretion import may_be_shown
from maild.knowledge.similar import liken
from maild.mail.message import Address, Mail
from maild.process.post_mortem.parts import Part
from maild.process.ticket import Status
from maild.replies.reply import Known
from maild.store.desk import tickets
from maild.store.knowledge import suggestions
from maild.store.knowledge.articles import list_articles
from maild.store.knowledge.searching import ARTICLE, search
from maild.store.knowledge.suggestions import Suggested

LOOKED_AT = 40
"""Articles that search finds and that are compared in full."""

MOST, WORDS_NAMED = 3, 6
FOR_CLIENTS = 0.3
"""Cosine from which an article is shown to a client, where any is."""

_AUDIENCES = {"assignment": suggestions.TSM, "acknowledgement": suggestions.CLIENT}

NEARLY_THE_SAME = 0.5
"""Cosine from which a TSM is asked whether two articles are one."""


def find_articles(transaction: Transaction, happening: Happening, kind: str, mail: Mail | None) -> tuple[Known, ...]:
    """Articles that are about what the mail is about, the likeliest first, for whoever gets the ticket."""
    ticket = happening.ticket
    if kind == "post_mortem":
        return _named_before(transaction, ticket.number)
    if kind not in _AUDIENCES or mail is None or ticket.status is Status.NEW or not transaction.has_articles:
        return ()
    if kind == "acknowledgement" and not (happening.opens and _may_reach_clients(transaction)):
        return ()
    found = _like(transaction, f"{mail.subject}\n{mail.new_text}", besides=(), least=0.0)
    return found if kind == "assignment" else _for_client(transaction, found, ticket.language)


def _may_reach_clients(transaction: Transaction) -> bool:
    policy = transaction.rules.policy.suggestions
    return policy.to_clients and transaction.precision.passes(policy.precision, least=policy.at_least)


def _for_client(transaction: Transaction, found: Sequence[Known], language: str) -> tuple[Known, ...]:
    """The likeliest one where it is like enough, what helped is in the client's language, and tells of nobody else."""
    known = next(iter(found), None)
    if known is None or known.score < FOR_CLIENTS or not known.fix.strip():
        return ()
    behind = tickets.find_tickets(transaction.connection, known.tickets).values()
    helped = [Address(address=each.client, name=each.client_name) for each in behind]
    desk, freemail = transaction.rules.desk, transaction.rules.policy.limits.freemail
    return (known,) if may_be_shown(known.fix, language, desk, helped=helped, freemail=freemail) else ()


def _named_before(transaction: Transaction, number: int) -> tuple[Known, ...]:
    """What was suggested with the ticket, to be asked whether it was one of these."""
    named = suggestions.named_with(transaction.connection, number)
    found = {each.name: each for each in list_articles(transaction.connection, names=list(named))}
    standing = (found[name] for name in named if name in found and found[name].retired_because is None)
    return tuple(_known(each, (), 0.0) for each in standing)


def find_alike(transaction: Transaction, article: Article) -> tuple[Known, ...]:
    """Other articles that say nearly the same."""
    besides = (article.name, *article.related)
    return _like(transaction, f"{article.title}\n{article.body}", besides=besides, least=NEARLY_THE_SAME)


def note_suggested(transaction: Transaction, ticket: int, kind: str, known: Sequence[Known]) -> None:
    """Remember what was named with the ticket, to score it by what happens next."""
    audience = _AUDIENCES.get(kind)
    if audience is None or not known:
        return
    named = [
        Suggested(name=each.name, place=place, because=", ".join(each.shared)) for place, each in enumerate(known, 1)
    ]
    suggestions.add_suggestions(transaction.connection, ticket, named, audience=audience, now=transaction.now)


def _like(transaction: Transaction, text: str, *, besides: Sequence[str], least: float) -> tuple[Known, ...]:
    names = [hit.key for hit in search(transaction.connection, ARTICLE, text, limit=LOOKED_AT)]
    found = [each for each in list_articles(transaction.connection, names=names) if each.name not in besides]
    alike = liken(text, [f"{each.title}\n{each.body}" for each in found])
    return tuple(
        _known(found[each.place], each.shared[:WORDS_NAMED], each.score) for each in alike[:MOST] if each.score >= least
    )


def _known(article: Article, shared: tuple[str, ...], score: float) -> Known:
    parts = read_body(article.body)
    return Known(
        name=article.name,
        title=article.title,
        fix=parts.get(Part.FIX, ""),
        shared=shared,
        score=score,
        tickets=article.tickets,
    )
