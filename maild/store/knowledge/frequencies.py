"""How many texts hold a word, as well as a search needs to know: a rare one exactly, a common one about."""

import json
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, text

ENOUGH = 1_000
"""Texts that are counted; of a word with more of them the share is estimated from those."""

GROWN = 0.05
"""Share of more texts, or fewer, from which the server's statistics are read again; it makes them anew at 0.1."""

_SQLITE = text(
    "SELECT word.value AS term, (SELECT count(*) || ' ' || max(rowid) FROM"
    " (SELECT rowid FROM search_fts WHERE search_fts MATCH '\"' || word.value || '\"' LIMIT :enough)) AS counted"
    " FROM json_each(:words) AS word"
)
_COMMON = text(
    "SELECT json_object(elems, freqs[1 : cardinality(elems)]) FROM"
    " (SELECT most_common_elems::text::text[] AS elems, most_common_elem_freqs::text[] AS freqs FROM pg_stats"
    " WHERE schemaname = current_schema() AND tablename = 'ix_search_texts_words') AS known"
    " WHERE elems IS NOT NULL"
)
"""Up to ten thousand words: too many to be read by each search."""

_COUNT = text(
    "SELECT word AS term, (SELECT count(*) FROM (SELECT 1 FROM search_texts WHERE to_tsvector('simple'::regconfig, text)"
    " @@ to_tsquery('simple'::regconfig, quote_literal(word)) LIMIT :enough) AS few) AS texts"
    " FROM unnest(CAST(:words AS text[])) AS word"
)
"""Of words that the server's statistics do not name, which are rare unless the statistics are old."""


@dataclass(frozen=True, slots=True)
class _Known:
    """The server's statistics, once read."""

    total: int
    shares: Mapping[str, str]


_KNOWN: MutableMapping[Engine, _Known] = WeakKeyDictionary()


def count_texts(connection: Connection, words: Sequence[str], *, total: int) -> Mapping[str, float]:
    """Word to texts; `total`: how many texts there are."""
    if connection.dialect.name == "sqlite":
        return _in_sqlite(connection, words, total)
    shares = _common(connection, total)
    found = {word: float(shares[word]) * total for word in words if word in shares}
    unknown = [word for word in words if word not in found]
    if unknown:
        rows = connection.execute(_COUNT, {"words": unknown, "enough": ENOUGH})
        found |= {row.term: row.texts for row in rows}
    return found


def _common(connection: Connection, total: int) -> Mapping[str, str]:
    """Word to its share of the texts, as the server knew it when there were about as many of them as now."""
    known = _KNOWN.get(connection.engine)
    if known is None or not known.shares or abs(total - known.total) > GROWN * known.total:
        known = _Known(total=total, shares=connection.scalar(_COMMON) or {})
        _KNOWN[connection.engine] = known
    return known.shares


def _in_sqlite(connection: Connection, words: Sequence[str], total: int) -> Mapping[str, float]:
    """The first ENOUGH texts with a word stand among the first so many of all: that is its share."""
    rows = connection.execute(_SQLITE, {"words": json.dumps(list(words)), "enough": ENOUGH})
    counted = {row.term: row.counted.partition(" ") for row in rows if row.counted is not None}
    return {
        word: float(count) if int(count) < ENOUGH else ENOUGH * total / max(int(last), 1)
        for word, (count, _, last) in counted.items()
    }
