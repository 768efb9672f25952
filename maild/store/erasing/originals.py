"""Mails of a person that go along, as they came, with what maild wrote to others."""

from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from maild.store.erasing.unread import is_written_by

_NAME = "original"
_AS_WRITTEN = compat32.clone(linesep="\r\n", max_line_length=0)


def without_originals(content: bytes, address: str) -> bytes:
    """A mail of our own without those that they wrote; the very same bytes where there are none."""
    if b'filename="original' not in content:
        return content
    message = message_from_bytes(content, policy=compat32)
    parts = message.get_payload()
    if not isinstance(parts, list):
        return content
    kept = [part for part in parts if not (isinstance(part, Message) and _is_theirs(part, address))]
    if len(kept) == len(parts):
        return content
    message.set_payload(kept)
    return message.as_bytes(policy=_AS_WRITTEN)


def _is_theirs(part: "Message[str, str]", address: str) -> bool:
    if not part.get_filename("").startswith(_NAME):
        return False
    inner = part.get_payload()
    if isinstance(inner, list):
        return any(isinstance(each, Message) and is_written_by(each.as_bytes(), address) for each in inner)
    source = part.get_payload(decode=True)
    return isinstance(source, bytes) and is_written_by(source, address)
