"""The desk's transaction, and what it works with."""

from dataclasses import dataclass
from datetime import datetime

from maild.process.rules import Rules
from maild.replies.voice import Voice
from maild.store import keys
from maild.store.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One write transaction of the desk; serial with all others (DESIGN.md, decision 2)."""

    connection: Connection
    rules: Rules
    voice: Voice
    key_id: int
    key: bytes
    now: datetime


def begin(connection: Connection, *, rules: Rules, voice: Voice, now: datetime) -> Transaction:
    """Gather what the desk needs in this transaction."""
    key_id, key = keys.signing_key(connection, now=now)
    return Transaction(connection=connection, rules=rules, voice=voice, key_id=key_id, key=key, now=now)
