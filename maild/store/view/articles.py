"""The knowledge base as its readers see it: each article with what became of suggesting it, and what search finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from maild.errors import NotFound
from maild.knowledge.article import Article
from maild.knowledge.staleness import why_stale
from maild.process.desk import Desk
from maild.store.desk.tickets import find_tickets
from maild.store.knowledge.articles import find_article, list_articles
from maild.store.knowledge.searching import ARTICLE, TICKET, search
from maild.store.knowledge.suggestions import CONFIRMED, Score, scores
from maild.store.tables import suggestions


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLine:
    """An article without its text."""

    name: str
    title: str
    version: int
    status: str
    """`live`, `stale` (proposed for retirement) or `retired`."""

    because: str | None
    """Why it is stale or retired."""

    category: str | None
    language: str
    tickets: tuple[str, ...]
    related: tuple[str, ...]
    written_by: str
    written_at: datetime
    confirmed: int
    other: int
    asked_again: int
    """What became of suggesting it (store/knowledge/suggestions.py)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What search found."""

    kind: str
    """`article` or `ticket`."""

    name: str
    """Of an article, or a ticket's number."""

    title: str
    score: float
    because: tuple[str, ...]
    """The wanted words that it holds, the rarest first."""


def list_lines(connection: Connection, desk: Desk, *, now: datetime) -> list[ArticleLine]:
    """Give all articles by name, retired ones too."""
    said, confirmed_at = scores(connection), _confirmed_at(connection)
    found = list_articles(connection)
    return [_line(each, said.get(each.name, Score()), confirmed_at, desk, now) for each in found]


def read_article(connection: Connection, name: str) -> Article:
    """Give the newest version. Raises NotFound."""
    article = find_article(connection, name)
    if article is None:
        raise NotFound(f"there is no article {name}; `maild articles` lists them")
    return article


def find(connection: Connection, desk: Desk, words: str, *, limit: int) -> list[Found]:
    """Give articles first, then tickets, the likeliest of each first."""
    hits = search(connection, ARTICLE, words, limit=limit)
    titles = {each.name: each.title for each in list_articles(connection, names=[hit.key for hit in hits])}
    found = [_found(ARTICLE, hit.key, titles.get(hit.key, ""), hit.score, hit.shared) for hit in hits]
    hits = search(connection, TICKET, words, limit=limit)
    tickets = find_tickets(connection, [int(hit.key) for hit in hits])
    known = ((hit, tickets[int(hit.key)]) for hit in hits if int(hit.key) in tickets)
    found += [_found(TICKET, desk.show(each.number), each.subject, hit.score, hit.shared) for hit, each in known]
    return found


def _found(kind: str, name: str, title: str, score: float, because: tuple[str, ...]) -> Found:
    return Found(kind=kind, name=name, title=title, score=round(score, 3), because=because)


def _confirmed_at(connection: Connection) -> Mapping[str, datetime]:
    query = select(suggestions.c.name, func.max(suggestions.c.settled_at)).where(suggestions.c.outcome == CONFIRMED)
    return {row[0]: row[1] for row in connection.execute(query.group_by(suggestions.c.name))}


def _line(
    article: Article, score: Score, confirmed_at: Mapping[str, datetime], desk: Desk, now: datetime
) -> ArticleLine:
    used_at = max(article.created_at, confirmed_at.get(article.name, article.created_at))
    stale = why_stale(said=score.n, confirmed=score.confirmed, asked_again=score.asked_again, used_at=used_at, now=now)
    because = article.retired_because or stale
    return ArticleLine(
        name=article.name,
        title=article.title,
        version=article.version,
        status="retired" if article.retired_because else "stale" if stale else "live",
        because=because,
        category=article.category,
        language=article.language,
        tickets=tuple(desk.show(number) for number in article.tickets),
        related=article.related,
        written_by=article.written_by,
        written_at=article.created_at,
        confirmed=score.confirmed,
        other=score.other,
        asked_again=score.asked_again,
    )
