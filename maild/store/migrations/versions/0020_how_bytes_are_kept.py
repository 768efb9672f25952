"""What the tables say of their bytes: compressed, whether by zlib, as before, or by Zstandard."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_SOURCES = "the bytes of received messages, compressed; digest is SHA-256 of the uncompressed bytes"
_OUTBOX = (
    "mails that wait to be submitted, one row one envelope recipient; content: rendered bytes, CRLF, compressed;"
    " state: due, claimed, sending, sent, deferred, bounced, uncertain, held, dropped"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.create_table_comment("sources", _SOURCES)
        op.create_table_comment("outbox", _OUTBOX)
