"""Labels without a mail: imported examples, where a label comes from, and what the model had said."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
SAID = ("question", "said_at", "said_by", "value")


def upgrade() -> None:
    _examples()
    op.drop_index("ix_labels_mail_id", "labels")
    with op.batch_alter_table("labels") as table:
        table.alter_column("mail_id", existing_type=ID, nullable=True)
        table.add_column(sa.Column("example_id", ID, nullable=True))
        table.create_foreign_key("fk_labels_example_id", "examples", ["example_id"], ["id"])
        # What stands there was said by people of the desk: nothing else could write before.
        table.add_column(sa.Column("source", sa.String(10), nullable=False, server_default="tsm"))
        table.add_column(sa.Column("verdict", sa.String(100), nullable=True))
    with op.batch_alter_table("labels") as table:
        table.alter_column("source", existing_type=sa.String(10), server_default=None)
        table.create_unique_constraint("uq_labels_mail_id_question_said_at_said_by_value", ["mail_id", *SAID])
        table.create_unique_constraint("uq_labels_example_id_question_said_at_said_by_value", ["example_id", *SAID])
    op.create_index("ix_labels_question", "labels", ["question"], unique=False)
    if op.get_context().dialect.supports_comments:
        op.create_table_comment(
            "labels",
            "what people said about a mail or an example; the newest counts, all are kept; source: tsm, admin, import,"
            " audit; verdict: what the model had said, null: nothing; cause_mail_id: the mail in which it was said",
        )


def _examples() -> None:
    op.create_table(
        "examples",
        sa.Column("id", ID, nullable=False),
        sa.Column("identity", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("ticket", sa.Text(), nullable=True),
        sa.Column("group", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(8), nullable=True),
        sa.Column("written_at", MOMENT, nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_examples"),
        sa.UniqueConstraint("identity", name="uq_examples_identity"),
        comment="labelled texts that were imported and are no mail of this desk; identity: SHA-256 of what a file knows"
        " them by; name, message_id, digest, ticket and group as the file gave them",
    )
