"""The tables of the models: versions, what became of them, and what watches over them."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from maild.store.tables.card import Card
from maild.store.tables.columns import UtcDateTime, Words
from maild.store.tables.schema import Id, metadata

models = Table(
    "models",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("question", String(40), nullable=False),
    Column("card", Card(), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("standing", String(12), nullable=False),
    Column("number", Integer),
    Column("base", String(64)),
    Column("data_digest", String(64)),
    Column("because", Words),
    UniqueConstraint("question", "number"),
    comment="trained models, so that every machine has them; standing: candidate, shadow, in_service, retired, or shipped:"
    " a copy of what a desk's model stands on, without a number; where none is in service, the shipped one is",
)
for _standing in ("in_service", "shadow"):
    Index(
        f"ix_models_{_standing}",
        models.c.question,
        unique=True,
        sqlite_where=models.c.standing == _standing,
        postgresql_where=models.c.standing == _standing,
    )

model_events = Table(
    "model_events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("question", String(40), nullable=False),
    Column("digest", String(64)),
    Column("event", String(20), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("actor", String(500), nullable=False),
    Column("because", Words, nullable=False),
    Index("ix_model_events_question", "question"),
    comment="append-only: what became of the models; digest null: the shipped one",
)

shadow_verdicts = Table(
    "shadow_verdicts",
    metadata,
    Column("mail_id", ForeignKey("mails.id"), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("question", String(40), nullable=False),
    Column("label", String(100)),
    Column("confidence", Float),
    Column("served", String(100)),
    Index("ix_shadow_verdicts_digest", "digest"),
    comment="what a model in the shadow says, which never acts, beside what the one in service said (served)",
)

audits = Table(
    "audits",
    metadata,
    Column("id", Id, primary_key=True),
    Column("mail_id", ForeignKey("mails.id"), nullable=False),
    Column("question", String(40), nullable=False),
    Column("label", String(100), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("drawn_at", UtcDateTime(), nullable=False),
    UniqueConstraint("mail_id", "question"),
    Index("ix_audits_question_digest", "question", "digest"),
    comment="sure verdicts that a TSM is asked to confirm; a label of the same mail and question is the answer",
)

raised_thresholds = Table(
    "raised_thresholds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("question", String(40), nullable=False),
    Column("label", String(100), nullable=False),
    Column("least", Float, nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("because", Words, nullable=False),
    Column("ended_at", UtcDateTime()),
    Column("ended_by", String(500)),
    Index("ix_raised_thresholds_digest", "digest"),
    comment="thresholds above those on a model's card, since corrections broke the error budget; ended_at null: it holds",
)
