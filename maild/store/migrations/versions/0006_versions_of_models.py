"""Models as versions: their events, the shadow's verdicts, the audit sample, raised thresholds."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

FORMER_COMMENT = "trained models, so that every machine has them; standing: candidate, shadow, in_service, retired"
COMMENT = (
    "trained models, so that every machine has them; standing: candidate, shadow, in_service, retired, or shipped:"
    " a copy of what a desk's model stands on, without a number; where none is in service, the shipped one is"
)


def upgrade() -> None:
    _models()
    _model_events()
    _shadow_verdicts()
    _audits()
    _raised_thresholds()
    if op.get_context().dialect.supports_comments:
        op.create_table_comment("models", COMMENT, existing_comment=FORMER_COMMENT)


def _models() -> None:
    with op.batch_alter_table("models") as table:
        table.add_column(sa.Column("number", sa.Integer(), nullable=True))
        table.add_column(sa.Column("base", sa.String(64), nullable=True))
        table.add_column(sa.Column("data_digest", sa.String(64), nullable=True))
        table.add_column(sa.Column("because", sa.Text(), nullable=True))
        table.create_unique_constraint("uq_models_question_number", ["question", "number"])
    for standing in ("in_service", "shadow"):
        where = sa.text(f"standing = '{standing}'")
        op.create_index(
            f"ix_models_{standing}", "models", ["question"], unique=True, sqlite_where=where, postgresql_where=where
        )


def _model_events() -> None:
    op.create_table(
        "model_events",
        sa.Column("id", ID, nullable=False),
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(500), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_model_events"),
        comment="append-only: what became of the models; digest null: the shipped one",
    )
    op.create_index("ix_model_events_question", "model_events", ["question"])


def _shadow_verdicts() -> None:
    op.create_table(
        "shadow_verdicts",
        sa.Column("mail_id", ID, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("label", sa.String(100), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("served", sa.String(100), nullable=True),
        sa.PrimaryKeyConstraint("mail_id", "digest", name="pk_shadow_verdicts"),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name="fk_shadow_verdicts_mail_id"),
        comment="what a model in the shadow says, which never acts, beside what the one in service said (served)",
    )
    op.create_index("ix_shadow_verdicts_digest", "shadow_verdicts", ["digest"])


def _audits() -> None:
    op.create_table(
        "audits",
        sa.Column("id", ID, nullable=False),
        sa.Column("mail_id", ID, nullable=False),
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audits"),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name="fk_audits_mail_id"),
        sa.UniqueConstraint("mail_id", "question", name="uq_audits_mail_id_question"),
        comment="sure verdicts that a TSM is asked to confirm; a label of the same mail and question is the answer",
    )
    op.create_index("ix_audits_question_digest", "audits", ["question", "digest"])


def _raised_thresholds() -> None:
    op.create_table(
        "raised_thresholds",
        sa.Column("id", ID, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("least", sa.Float(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_raised_thresholds"),
        comment="thresholds above those on a model's card, since corrections broke the error budget; ended_at null: it holds",
    )
    op.create_index("ix_raised_thresholds_digest", "raised_thresholds", ["digest"])
