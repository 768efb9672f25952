"""How many texts hold a word, as well as a search needs to know: a rare one exactly, a common one about."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, text

ENOUGH = 1_000
"""Texts that are counted; of a word with more of them the share is estimated from those."""

_SQLITE = text(
    "SELECT word.value AS term, (SELECT count(*) || ' ' || max(rowid) FROM"
    " (SELECT rowid FROM search_fts WHERE search_fts MATCH '\"' || word.value || '\"' LIMIT :enough)) AS counted"
    " FROM json_each(:words) AS word"
)
_COMMON = text(
    "SELECT common.term, common.share FROM pg_stats,"
    " unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common(term, share)"
    " WHERE schemaname = current_schema() AND tablename = 'ix_search_texts_words' AND common.term IN :words"
).bindparams(bindparam("words", expanding=True))
_COUNT = text(
    "SELECT word AS term, (SELECT count(*) FROM (SELECT 1 FROM search_texts WHERE to_tsvector('simple'::regconfig, text)"
    " @@ to_tsquery('simple'::regconfig, quote_literal(word)) LIMIT :enough) AS few) AS texts"
    " FROM unnest(CAST(:words AS text[])) AS word"
)
"""Of words that the server's statistics do not name, which are rare unless the statistics are old."""


def count_texts(connection: Connection, words: Sequence[str], *, total: int) -> Mapping[str, float]:
    """Word to texts; `total`: how many texts there are."""
    if connection.dialect.name == "sqlite":
        return _in_sqlite(connection, words, total)
    found = {row.term: row.share * total for row in connection.execute(_COMMON, {"words": list(words)})}
    unknown = [word for word in words if word not in found]
    if unknown:
        rows = connection.execute(_COUNT, {"words": unknown, "enough": ENOUGH})
        found |= {row.term: row.texts for row in rows}
    return found


def _in_sqlite(connection: Connection, words: Sequence[str], total: int) -> Mapping[str, float]:
    """The first ENOUGH texts with a word stand among the first so many of all: that is its share."""
    rows = connection.execute(_SQLITE, {"words": json.dumps(list(words)), "enough": ENOUGH})
    counted = {row.term: row.counted.partition(" ") for row in rows if row.counted is not None}
    return {
        word: float(count) if int(count) < ENOUGH else ENOUGH * total / max(int(last), 1)
        for word, (count, _, last) in counted.items()
    }
