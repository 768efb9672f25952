"""What a test's SMTP server accepted, one JSON line a mail, so that it outlives the processes that it is about."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


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
    head = content.partition(b"\r\n\r\n")[0]
    found = MESSAGE_ID.search(head)
    return Accepted(
        envelope_from=envelope_from,
        recipients=tuple(recipients),
        message_id=found[1].decode(errors="replace") if found else "",
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
