"""Articles: their versions, the tickets behind them, and what they have to do with each other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, insert, literal, select, update

from maild.knowledge.article import Article
from maild.store.database.adding import add_missing
from maild.store.database.together import BESIDE
from maild.store.knowledge.searching import drop_article, index_article
from maild.store.tables import article_links, article_tickets, articles

RELATED, MERGED = "related", "merged"


def save_article(connection: Connection, article: Article) -> Article:
    """Write the next version of an article, and let it be found by that; the one with its version number."""
    last = connection.scalar(select(func.max(articles.c.version)).where(articles.c.name == article.name)) or 0
    saved = replace(article, version=last + 1)
    row = {
        "name": saved.name,
        "version": saved.version,
        "title": saved.title,
        "body": saved.body,
        "ticket_id": saved.ticket,
        "created_at": saved.created_at,
        "retired_at": None,
        "category": saved.category,
        "language": saved.language,
        "written_by": saved.written_by,
    }
    connection.execute(insert(articles), row)
    put_behind(connection, saved.name, {*saved.tickets, *([saved.ticket] if saved.ticket else [])})
    index_article(connection, saved.name, f"{saved.title}\n{saved.body}")
    return saved


def put_behind(connection: Connection, name: str, tickets: Iterable[int]) -> None:
    """The tickets are cases of the article, too."""
    add_missing(connection, article_tickets, [{"name": name, "ticket_id": number} for number in tickets])


def find_article(connection: Connection, name: str) -> Article | None:
    """The newest version."""
    return next(iter(_articles(connection, _newest().where(articles.c.name == name))), None)


_ANY = select(articles.c.id).where(articles.c.retired_at.is_(None)).limit(1).execution_options(**BESIDE)


def has_any(connection: Connection) -> bool:
    """Whether there is an article that stands."""
    return connection.scalar(_ANY) is not None


def list_articles(connection: Connection, *, names: Sequence[str] | None = None) -> list[Article]:
    """The newest version of each by name, retired ones too; of all, or of those names."""
    query = _newest().order_by(articles.c.name)
    return _articles(connection, query if names is None else query.where(articles.c.name.in_(names)))


def article_of(connection: Connection, ticket: int) -> Article | None:
    """The article that the ticket is a case of, its own before others."""
    query = _newest().join(article_tickets, article_tickets.c.name == articles.c.name)
    found = _articles(connection, query.where(article_tickets.c.ticket_id == ticket).order_by(articles.c.id))
    live = [article for article in found if article.retired_because is None]
    return next((each for each in live if each.ticket == ticket), next(iter(live), None))


def known_articles(connection: Connection, names: Sequence[str]) -> frozenset[str]:
    """Those of the names that are articles which stand."""
    if not names:
        return frozenset()
    query = _newest().where(articles.c.name.in_(names), articles.c.retired_at.is_(None))
    return frozenset(article.name for article in _articles(connection, query))


def relate(connection: Connection, name: str, other: str) -> None:
    """Two articles name each other."""
    rows = [{"name": one, "other": two, "kind": RELATED} for one, two in ((name, other), (other, name))]
    add_missing(connection, article_links, rows)


def merge(connection: Connection, name: str, into: str, *, now: datetime) -> None:
    """The first article goes on in the second: its tickets stand behind that, and it is offered no more."""
    put_behind(connection, into, _tickets(connection, [name]).get(name, ()))
    add_missing(connection, article_links, [{"name": name, "other": into, "kind": MERGED}])
    retire(connection, name, because=f"merged into {into}", now=now)


def retire(connection: Connection, name: str, *, because: str, now: datetime) -> None:
    """It stays, and is neither offered nor found any more."""
    versions = update(articles).where(articles.c.name == name)
    connection.execute(versions.values(retired_at=now, retired_because=because))
    drop_article(connection, name)


def restore(connection: Connection, name: str) -> None:
    """It is offered and found again."""
    connection.execute(update(articles).where(articles.c.name == name).values(retired_at=None, retired_because=None))
    article = find_article(connection, name)
    if article is not None:
        index_article(connection, name, f"{article.title}\n{article.body}")


def _newest() -> Select[Any]:
    later = articles.alias("later")
    newer = select(literal(1)).where(and_(later.c.name == articles.c.name, later.c.version > articles.c.version))
    return select(articles).where(~newer.exists())


def _articles(connection: Connection, query: Select[Any]) -> list[Article]:
    rows = connection.execute(query).all()
    names = [row.name for row in rows]
    behind, beside = _tickets(connection, names), _related(connection, names)
    return [_article(row, behind.get(row.name, ()), beside.get(row.name, ())) for row in rows]


def _tickets(connection: Connection, names: Sequence[str]) -> Mapping[str, tuple[int, ...]]:
    query = select(article_tickets.c.name, article_tickets.c.ticket_id).where(article_tickets.c.name.in_(names))
    found: dict[str, tuple[int, ...]] = {}
    for row in connection.execute(query.order_by(article_tickets.c.ticket_id)):
        found[row.name] = (*found.get(row.name, ()), row.ticket_id)
    return found


def _related(connection: Connection, names: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    query = select(article_links.c.name, article_links.c.other)
    query = query.where(article_links.c.kind == RELATED, article_links.c.name.in_(names))
    found: dict[str, tuple[str, ...]] = {}
    for row in connection.execute(query.order_by(article_links.c.other)):
        found[row.name] = (*found.get(row.name, ()), row.other)
    return found


def _article(row: Row[Any], tickets: tuple[int, ...], related: tuple[str, ...]) -> Article:
    return Article(
        name=row.name,
        version=row.version,
        title=row.title,
        body=row.body,
        category=row.category,
        language=row.language or "en",
        written_by=row.written_by or "",
        created_at=row.created_at,
        ticket=row.ticket_id,
        tickets=tickets,
        related=related,
        retired_because=row.retired_because if row.retired_at else None,
    )
