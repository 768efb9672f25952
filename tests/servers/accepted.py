"""What a test's SMTP server accepted, one JSON line a mail, so that it outlives the processes that it is about."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from email.parser import BytesHeaderParser
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One mail for which the server said 250, or would have said it had it not been told to hang up."""

    envelope_from: str
    recipients: tuple[str, ...]
    message_id: str
    size: int
    content: bytes


def accept(envelope_from: str, recipients: Sequence[str], content: bytes) -> Accepted:
    """Note a mail under the Message-ID that stands in its header."""
    headers = BytesHeaderParser().parsebytes(content)
    return Accepted(
        envelope_from=envelope_from,
        recipients=tuple(recipients),
        message_id=str(headers["Message-ID"] or "").strip(),
        size=len(content),
        content=content,
    )


def as_line(accepted: Accepted) -> str:
    """Write as one line of JSON; content as Latin-1, which keeps every byte."""
    return json.dumps(asdict(accepted) | {"content": accepted.content.decode("latin-1")}) + "\n"


def read_accepted(file: Path) -> list[Accepted]:
    """Read what a server wrote; no file is no mail."""
    if not file.exists():
        return []
    return [_from_line(line) for line in file.read_text().splitlines()]


def _from_line(line: str) -> Accepted:
    fields = json.loads(line)
    fields["recipients"] = tuple(fields["recipients"])
    fields["content"] = fields["content"].encode("latin-1")
    return Accepted(**fields)
