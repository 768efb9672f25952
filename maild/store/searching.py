"""Search: tickets and articles by the words in them, on both databases, kept up to date by who writes them.

SQLite finds by FTS5, PostgreSQL by tsvector and GIN; what is found is ranked by `maild.knowledge.ranking`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, TextClause, bindparam, delete, func, insert, select, text

from maild.knowledge.ranking import Hit, Text, rank
from maild.knowledge.words import query_of, words_of
from maild.process.outcome import Outcome
from maild.store.article_tables import search_texts
from maild.store.together import Writer

TICKET, ARTICLE = "ticket", "article"
FOUND_BY_WORDS = frozenset({Outcome.TICKET, Outcome.FOLLOW_UP, Outcome.HAND_OFF})
"""What clients write: a ticket is found by it."""

MOST_WORDS = 12
"""Of a query: the rarest say what it is about."""

CANDIDATES = 200
"""Texts that are ranked."""

MOST_UNKNOWN, MOST_COUNTED = 40, 1_000
"""Words of a query that are counted, and how far."""

_RARE = 0.01
"""Share of the texts below which one word alone is worth to be looked up."""

_ADD = insert(search_texts)


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

_FREQUENCIES = {
    "sqlite": text("SELECT term, doc AS texts FROM search_terms WHERE term IN :words"),
    "postgresql": text(
        "SELECT common.term, common.share * :total AS texts FROM pg_stats,"
        " unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common(term, share)"
        " WHERE schemaname = current_schema() AND tablename = 'ix_search_texts_words' AND common.term IN :words"
    ),
}
_COUNT = text(
    "SELECT word AS term, (SELECT count(*) FROM (SELECT 1 FROM search_texts WHERE to_tsvector('simple'::regconfig, text)"
    " @@ to_tsquery('simple'::regconfig, quote_literal(word)) LIMIT :most) AS few) AS texts"
    " FROM unnest(CAST(:words AS text[])) AS word"
)
"""Of words that the server's statistics do not name, which are rare unless the statistics are old."""

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


def index_article(connection: Connection, name: str, words: str) -> None:
    """Let the article be found by its newest version alone."""
    drop_article(connection, name)
    connection.execute(_ADD, {"kind": ARTICLE, "key": name, "text": _marked(ARTICLE, words)})


def drop_article(connection: Connection, name: str) -> None:
    """Let it be found no more."""
    connection.execute(delete(search_texts).where(search_texts.c.kind == ARTICLE, search_texts.c.key == name))


def search(connection: Connection, kind: str, wanted: str, *, limit: int) -> list[Hit]:
    """Those with the rarest of the wanted words come first; whatever the text is, it is words and no query."""
    words = query_of(wanted)
    if not words:
        return []
    total = connection.scalar(select(func.max(search_texts.c.id))) or 0
    frequencies = _frequencies(connection, words, total)
    rarest = sorted(words, key=lambda word: frequencies.get(word, 0))[:MOST_WORDS]
    found = _candidates(connection, kind, rarest, frequencies, total)
    return rank(rarest, found, frequencies=frequencies, total=total)[:limit]


def _candidates(
    connection: Connection, kind: str, words: Sequence[str], frequencies: Mapping[str, float], total: int
) -> list[Text]:
    """All words together; where few have them, those with any rare one, or with the two rarest."""
    found = _find(connection, kind, _all(connection, words))
    rare = [word for word in words if kind == ARTICLE or frequencies.get(word, 0) <= max(_RARE * total, CANDIDATES)]
    if len(found) < CANDIDATES and rare and len(words) > 1:
        found += _find(connection, kind, _any(connection, rare))
    elif len(found) < CANDIDATES and len(words) > 1:
        found += _find(connection, kind, _all(connection, words[:2]))
    return found


def _find(connection: Connection, kind: str, query: str) -> list[Text]:
    spelling = _SPELLINGS[connection.dialect.name]
    marked = f"{_marker(kind)}{spelling.both}({query})"
    rows = connection.execute(text(_FIND[connection.dialect.name]), {"query": marked, "most": CANDIDATES})
    return [Text(key=row.key, words=row.text.partition(" ")[2]) for row in rows if row.kind == kind]


def _all(connection: Connection, words: Sequence[str]) -> str:
    spelling = _SPELLINGS[connection.dialect.name]
    return spelling.both.join(spelling.word.format(word) for word in words)


def _any(connection: Connection, words: Sequence[str]) -> str:
    spelling = _SPELLINGS[connection.dialect.name]
    return spelling.either.join(spelling.word.format(word) for word in words)


def _frequencies(connection: Connection, words: Sequence[str], total: int) -> Mapping[str, float]:
    rows = connection.execute(_counting(connection.dialect.name), {"words": list(words), "total": total})
    found = {row.term: row.texts for row in rows}
    unknown = [word for word in words if word not in found]
    if connection.dialect.name == "postgresql" and unknown:
        rows = connection.execute(_COUNT, {"words": unknown[:MOST_UNKNOWN], "most": MOST_COUNTED})
        found |= {row.term: row.texts for row in rows}
    return found


@cache
def _counting(dialect: str) -> TextClause:
    return _FREQUENCIES[dialect].bindparams(bindparam("words", expanding=True))


def _marked(kind: str, words: str) -> str:
    """The kind is a word itself: so the few articles are found among many tickets."""
    return f"{_marker(kind)} {words_of(words)}"


def _marker(kind: str) -> str:
    return f"maildkind{kind}"
