"""The tables of labels: what people said that a verdict should have been."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, UniqueConstraint

from maild.store.tables.columns import UtcDateTime, Words
from maild.store.tables.schema import Id, metadata

examples = Table(
    "examples",
    metadata,
    Column("id", Id, primary_key=True),
    Column("identity", String(64), nullable=False),
    Column("name", Words),
    Column("message_id", Words),
    Column("digest", String(64)),
    Column("ticket", Words),
    Column("group", Words),
    Column("subject", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("language", String(8)),
    Column("written_at", UtcDateTime()),
    Column("added_at", UtcDateTime(), nullable=False),
    UniqueConstraint("identity"),
    comment="labelled texts that were imported and are no mail of this desk; identity: SHA-256 of what a file knows them by;"
    " name, message_id, digest, ticket and group as the file gave them",
)

labels = Table(
    "labels",
    metadata,
    Column("id", Id, primary_key=True),
    Column("mail_id", ForeignKey("mails.id")),
    Column("example_id", ForeignKey("examples.id")),
    Column("question", String(40), nullable=False),
    Column("value", String(100), nullable=False),
    Column("said_by", String(500), nullable=False),
    Column("said_at", UtcDateTime(), nullable=False),
    Column("source", String(10), nullable=False),
    Column("verdict", String(100)),
    Column("cause_mail_id", ForeignKey("mails.id")),
    UniqueConstraint("mail_id", "question", "said_at", "said_by", "value"),
    UniqueConstraint("example_id", "question", "said_at", "said_by", "value"),
    Index("ix_labels_question", "question"),
    comment="what people said about a mail or an example; the newest counts, all are kept; source: tsm, admin, import, audit;"
    " verdict: what the model had said, null: nothing; cause_mail_id: the mail in which it was said",
)
