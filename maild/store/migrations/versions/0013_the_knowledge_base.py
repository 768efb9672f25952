"""The knowledge base: what articles are about, what was suggested, and full-text search over tickets and articles."""

import sqlalchemy as sa
from alembic import op

from maild.knowledge.words import words_of
from maild.store.tables import Id
from maild.store.tables.columns import UtcDateTime, Words

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ROWS_AT_ONCE = 1_000

SQLITE = """
CREATE VIRTUAL TABLE search_fts USING fts5(text, content='search_texts', content_rowid='id',
    tokenize='unicode61 remove_diacritics 2', detail='none')
//
CREATE TRIGGER search_texts_added AFTER INSERT ON search_texts BEGIN
    INSERT INTO search_fts(rowid, text) VALUES (new.id, new.text);
END
//
CREATE TRIGGER search_texts_gone AFTER DELETE ON search_texts BEGIN
    INSERT INTO search_fts(search_fts, rowid, text) VALUES ('delete', old.id, old.text);
END
//
CREATE TRIGGER search_texts_changed AFTER UPDATE ON search_texts BEGIN
    INSERT INTO search_fts(search_fts, rowid, text) VALUES ('delete', old.id, old.text);
    INSERT INTO search_fts(rowid, text) VALUES (new.id, new.text);
END
"""
POSTGRESQL = """
CREATE INDEX ix_search_texts_words ON search_texts USING gin (to_tsvector('simple'::regconfig, text))
//
ALTER INDEX ix_search_texts_words ALTER COLUMN 1 SET STATISTICS 1000
"""


def upgrade() -> None:
    for column in (
        sa.Column("category", sa.String(100)),
        sa.Column("language", sa.String(8)),
        sa.Column("written_by", sa.String(500)),
        sa.Column("retired_because", Words),
    ):
        op.add_column("articles", column)
    _make_tables()
    statements = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    for statement in statements.split("//"):
        op.get_bind().exec_driver_sql(statement)
    _index_what_is_there()


def _make_tables() -> None:
    op.create_table(
        "article_tickets",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("ticket_id", Id, sa.ForeignKey("tickets.id", name="fk_article_tickets_ticket_id"), nullable=False),
        sa.PrimaryKeyConstraint("name", "ticket_id", name="pk_article_tickets"),
        comment="the tickets behind an article: each is one more case of it",
    )
    op.create_index("ix_article_tickets_ticket_id", "article_tickets", ["ticket_id"])
    op.create_table(
        "article_links",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("other", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("name", "other", "kind", name="pk_article_links"),
        comment="kind: related (both ways), or merged (the article goes on in the other one)",
    )
    _make_suggestions()
    op.create_table(
        "search_texts",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("text", Words, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_texts"),
        comment="folded words, a space between them; kind: ticket (one row a mail) or article (one row); on SQLite triggers"
        " keep the full-text index search_fts, on PostgreSQL it is a GIN index",
    )
    op.create_index("ix_search_texts_kind_key", "search_texts", ["kind", "key"])


def _make_suggestions() -> None:
    op.create_table(
        "suggestions",
        sa.Column("id", Id, nullable=False),
        sa.Column("ticket_id", Id, sa.ForeignKey("tickets.id", name="fk_suggestions_ticket_id"), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("audience", sa.String(10), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("because", Words, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(20)),
        sa.Column("settled_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_suggestions"),
        sa.UniqueConstraint("ticket_id", "name", "audience", name="uq_suggestions_ticket_id_name_audience"),
        comment="articles that were named with a ticket, the likeliest at place 1; outcome: confirmed (it was the same),"
        " other (it was not), asked_again (the ticket came back); null: nobody has said",
    )
    op.create_index("ix_suggestions_name", "suggestions", ["name"])


def _index_what_is_there() -> None:
    """Mails that came before this version can be found, too; some ten seconds for 100,000 of them."""
    connection = op.get_bind()
    query = sa.text(
        "SELECT id, ticket_id, subject, new_text FROM mails"
        " WHERE id > :after AND ticket_id IS NOT NULL AND outcome IN ('ticket', 'follow_up', 'hand_off')"
        " ORDER BY id LIMIT :most"
    )
    add = sa.text("INSERT INTO search_texts (kind, key, text) VALUES ('ticket', :key, :text)")
    after = 0
    while rows := connection.execute(query, {"after": after, "most": ROWS_AT_ONCE}).all():
        connection.execute(
            add, [{"key": str(row.ticket_id), "text": words_of(f"{row.subject}\n{row.new_text}")} for row in rows]
        )
        after = rows[-1].id
