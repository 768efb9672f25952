"""The policies of process.toml: who is told what, and how often anybody is written to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from maild.process.calendar import Span
from maild.process.ticket import Event, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLimits:
    """How many mails a sliding hour may bring to people who have not asked for more than one."""

    per_address: int = 5
    per_domain: int = 30
    in_total: int = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All of process.toml."""

    told: Mapping[Event, Sequence[tuple[Role, str]]]
    """Event to the roles that are told, each with the name of its template (the I and C of RACI)."""

    limits: ReplyLimits
    hand_off_receipt: Span
    """How long another team may take to confirm a hand-off before the lead is told."""

    repeat_overdue: Span
    """How long after an overdue update the lead is told again."""
