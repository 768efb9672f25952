"""Search: tickets and articles by the words in them, on both databases, kept up to date by who writes them.

SQLite finds by FTS5, PostgreSQL by tsvector and GIN; what is found is ranked by `maild.knowledge.ranking`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, text

from maild.knowledge.ranking import Hit, Text, rank
from maild.knowledge.words import query_of, words_of
from maild.process.ticket import Outcome
from maild.store.database.batching import batched
from maild.store.database.together import Writer
from maild.store.knowledge.frequencies import count_texts
from maild.store.tables import search_texts

TICKET, ARTICLE = "ticket", "article"
FOUND_BY_WORDS = frozenset({Outcome.TICKET, Outcome.FOLLOW_UP, Outcome.HAND_OFF})
"""What clients write: a ticket is found by it."""

MOST_WORDS = 12
"""Of a query: the rarest say what it is about."""

CANDIDATES: Mapping[str, int] = {TICKET: 200, ARTICLE: 60}
"""Texts that are ranked."""

MOST_ASKED = 60
"""Words of a query that are looked at: what an issue is about stands at its beginning."""

_RARE = 0.01
"""Share of the texts below which one word alone is worth to be looked up."""

_FEW = 4
"""Words of a query that are looked for where none of them is rare."""

_ADD = batched(insert(search_texts))


@dataclass(frozen=True, slots=True)
class _Spelling:
    """How a database spells a query."""

    word: str
    """Words are letters and digits alone: nothing in them could end the quotes."""

    both: str
    either: str


_SPELLINGS = {
    "sqlite": _Spelling('"{}"', " AND ", " OR "),
    "postgresql": _Spelling("'{}'", " & ", " | "),
}

_FIND = {
    "sqlite": "SELECT kind, key, text FROM search_texts WHERE id IN"
    " (SELECT rowid FROM search_fts WHERE search_fts MATCH :query ORDER BY rowid DESC LIMIT :most) ORDER BY id DESC",
    "postgresql": "WITH found AS MATERIALIZED (SELECT id FROM search_texts"
    " WHERE to_tsvector('simple'::regconfig, text) @@ to_tsquery('simple'::regconfig, :query))"
    " SELECT kind, key, text FROM search_texts WHERE id IN (SELECT id FROM found ORDER BY id DESC LIMIT :most)"
    " ORDER BY id DESC",
}


def index_mail(writer: Writer, ticket: int, words: str) -> None:
    """Let the ticket be found by what a mail of it says."""
    writer.execute(_ADD, {"kind": TICKET, "key": str(ticket), "text": _marked(TICKET, words)})


def ticket_text(words: str) -> str:
    """What `index_mail` keeps of a mail."""
    return _marked(TICKET, words)


def index_article(connection: Connection, name: str, words: str) -> None:
    """Let the article be found by its newest version alone."""
    drop_article(connection, name)
    connection.execute(_ADD, {"kind": ARTICLE, "key": name, "text": _marked(ARTICLE, words)})


def drop_article(connection: Connection, name: str) -> None:
    """Let it be found no more."""
    connection.execute(delete(search_texts).where(search_texts.c.kind == ARTICLE, search_texts.c.key == name))


def search(connection: Connection, kind: str, wanted: str, *, limit: int) -> list[Hit]:
    """Those with the rarest of the wanted words come first; whatever the text is, it is words and no query."""
    words = query_of(wanted)[:MOST_ASKED]
    if not words:
        return []
    total = connection.scalar(select(func.max(search_texts.c.id))) or 0
    with by_index(connection):
        frequencies = count_texts(connection, words, total=total)
        rarest = sorted(words, key=lambda word: frequencies.get(word, 0))[:MOST_WORDS]
        found = _candidates(connection, kind, rarest, frequencies, total)
    return rank(rarest, found, frequencies=frequencies, total=total)[:limit]


@contextmanager
def by_index(connection: Connection) -> Iterator[None]:
    """GIN can only be read by bitmaps, which sessions of maild do without elsewhere (store/database/opening.py).

    Whatever else PostgreSQL thinks of takes every text to its words, for seconds.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.execute(text("SET LOCAL enable_bitmapscan = on; SET LOCAL enable_seqscan = off"))
    yield
    connection.execute(text("SET LOCAL enable_bitmapscan TO DEFAULT; SET LOCAL enable_seqscan TO DEFAULT"))


def _candidates(
    connection: Connection, kind: str, words: Sequence[str], frequencies: Mapping[str, float], total: int
) -> list[Text]:
    """All words together; where few have them, those with any rare one, or with the two rarest."""
    found, most = _find(connection, kind, _all(connection, words)), CANDIDATES[kind]
    rare = [word for word in words if frequencies.get(word, 0) <= max(_RARE * total, most)]
    # Articles are few: whatever is shared with one of them may count.
    wanted = rare if kind == TICKET or len(rare) > 1 else words[:_FEW]
    if len(found) < most and wanted and len(words) > 1:
        found += _find(connection, kind, _any(connection, wanted))
    elif len(found) < most and len(words) > 1:
        found += _find(connection, kind, _all(connection, words[:2]))
    return found


def _find(connection: Connection, kind: str, query: str) -> list[Text]:
    spelling = _SPELLINGS[connection.dialect.name]
    marked = f"{_marker(kind)}{spelling.both}({query})"
    rows = connection.execute(text(_FIND[connection.dialect.name]), {"query": marked, "most": CANDIDATES[kind]})
    return [Text(key=row.key, words=row.text.partition(" ")[2]) for row in rows if row.kind == kind]


def _all(connection: Connection, words: Sequence[str]) -> str:
    spelling = _SPELLINGS[connection.dialect.name]
    return spelling.both.join(spelling.word.format(word) for word in words)


def _any(connection: Connection, words: Sequence[str]) -> str:
    spelling = _SPELLINGS[connection.dialect.name]
    return spelling.either.join(spelling.word.format(word) for word in words)


def _marked(kind: str, words: str) -> str:
    """The kind is a word itself: so the few articles are found among many tickets."""
    return f"{_marker(kind)} {words_of(words)}"


def _marker(kind: str) -> str:
    return f"maildkind{kind}"
