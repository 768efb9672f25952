"""The tables of the knowledge base: the tickets behind articles, what was suggested, and the words that search finds."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from maild.store.tables.columns import UtcDateTime, Words
from maild.store.tables.schema import Id, metadata

articles = Table(
    "articles",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("ticket_id", ForeignKey("tickets.id")),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("retired_at", UtcDateTime()),
    Column("category", String(100)),
    Column("language", String(8)),
    Column("written_by", String(500)),
    Column("retired_because", Words),
    UniqueConstraint("name", "version"),
)

article_tickets = Table(
    "article_tickets",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), primary_key=True),
    Index("ix_article_tickets_ticket_id", "ticket_id"),
    comment="the tickets behind an article: each is one more case of it",
)

article_links = Table(
    "article_links",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("other", String(200), primary_key=True),
    Column("kind", String(10), primary_key=True),
    comment="kind: related (both ways), or merged (the article goes on in the other one)",
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("audience", String(10), nullable=False),
    Column("place", Integer, nullable=False),
    Column("because", Words, nullable=False),
    Column("made_at", UtcDateTime(), nullable=False),
    Column("outcome", String(20)),
    Column("settled_at", UtcDateTime()),
    UniqueConstraint("ticket_id", "name", "audience"),
    Index("ix_suggestions_name", "name"),
    comment="articles that were named with a ticket, the likeliest at place 1; outcome: confirmed (it was the same),"
    " other (it was not), asked_again (the ticket came back); null: nobody has said",
)

search_texts = Table(
    "search_texts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("key", String(200), nullable=False),
    Column("text", Words, nullable=False),
    Index("ix_search_texts_kind_key", "kind", "key"),
    comment="folded words, a space between them; kind: ticket (one row a mail) or article (one row); on SQLite triggers keep"
    " the full-text index search_fts, on PostgreSQL it is a GIN index",
)
# The index of the words itself is no table of ours: `search_fts` on SQLite, `ix_search_texts_words` on PostgreSQL (0013).
