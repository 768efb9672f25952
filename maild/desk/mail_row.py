"""What the store keeps of a mail that was read, whether it has just arrived or was moved in: so that it is parsed once."""

from collections.abc import Sequence

from maild.classify.verdict import Verdict
from maild.mail.message import Address, Attachment, Mail


def row_of(mail: Mail, author: Address | None, verdicts: Sequence[Verdict]) -> dict[str, object]:
    """The columns of its row that are the same whatever became of it."""
    return {
        "message_id": mail.message_id,
        "fingerprint": mail.fingerprint,
        "author": author.address if author else None,
        "subject": mail.subject,
        "written_at": mail.written_at,
        "language": mail.language,
        "new_text": mail.new_text,
        "verdicts": [_fields(verdict) for verdict in verdicts],
    }


def facts_of(mail: Mail, author: Address | None, trust_because: str) -> dict[str, object]:
    """What a person may want to know about a mail later."""
    return {
        "author_name": author.name if author else "",
        "trust_because": trust_because,
        "to": [address.address for address in mail.to],
        "cc": [address.address for address in mail.cc],
        "attachments": [_fields(attachment) for attachment in mail.attachments],
        "defects": list(mail.defects),
    }


def _fields(value: Verdict | Attachment) -> dict[str, object]:
    return {name: getattr(value, name) for name in value.__slots__}
