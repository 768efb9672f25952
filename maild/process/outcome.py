"""The outcome of a mail: one word for what became of it."""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of a mail (CONTRACT.md, JSON)."""

    TICKET = "ticket"
    FOLLOW_UP = "follow_up"
    COMMAND = "command"
    RELAY = "relay"
    HAND_OFF = "hand_off"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    BULK = "bulk"
    SPAM = "spam"
    DUPLICATE = "duplicate"
    UNRELATED = "unrelated"
    HELD = "held"
