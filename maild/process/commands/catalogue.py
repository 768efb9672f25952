"""All commands: what each takes, who may give it, and the function that turns it into a step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from maild.process.commands import (
    closing,
    deciding,
    escalating,
    incidents,
    learning,
    owning,
    relating,
    talking,
    undoing,
)
from maild.process.plan import Request, Step
from maild.process.ticket import Role

Read = Callable[[str, Request], Step | str]
"""Argument and request to a step; a text says why it is impossible."""

_DESK = frozenset({Role.TSM, Role.LEAD})
_ANY = _DESK | {Role.ENGINEER}
_ALSO_TEAM = _DESK | {Role.TEAM}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One command of CONTRACT.md."""

    read: Read
    argument: str = ""
    """What stands behind the name, as the guide shows it; in brackets where it may be left out."""

    roles: frozenset[Role] = _DESK
    """Who may give it."""


CATALOGUE: Mapping[str, Order] = MappingProxyType(
    {
        "note": Order(read=talking.note, roles=_ANY),
        "take": Order(read=owning.take, roles=_ALSO_TEAM),
        "assign": Order(read=owning.assign, argument="NAME"),
        "category": Order(read=deciding.category, argument="NAME"),
        "urgency": Order(read=deciding.urgency, argument="1-3"),
        "impact": Order(read=deciding.impact, argument="1-3"),
        "technical": Order(read=deciding.technical, roles=_ALSO_TEAM),
        "return": Order(read=owning.give_back, roles=frozenset({Role.TEAM})),
        "handoff": Order(read=deciding.hand_off, argument="[TEAM]"),
        "spam": Order(read=deciding.spam),
        "waiting": Order(read=talking.waiting),
        "update": Order(read=talking.update),
        "eta": Order(read=talking.eta, argument="WHEN"),
        "escalate": Order(read=escalating.escalate, argument="[NAME]"),
        "deescalate": Order(read=escalating.deescalate),
        "resolve": Order(read=closing.resolve),
        "works": Order(read=closing.works),
        "fails": Order(read=closing.fails),
        "other": Order(read=closing.other),
        "close": Order(read=closing.close),
        "reopen": Order(read=closing.reopen),
        "merge": Order(read=relating.merge, argument="T-9"),
        "split": Order(read=relating.split),
        "link": Order(read=relating.link, argument="T-9"),
        "undo": Order(read=undoing.undo),
        "client": Order(read=relating.client, argument="ADDRESS"),
        "incident": Order(read=incidents.incident, argument=incidents.USAGE),
        "cc": Order(read=relating.cc, argument="add|remove ADDRESS"),
        "article": Order(read=learning.article),
        "same": Order(read=learning.same, argument="ARTICLE"),
        "related": Order(read=learning.related, argument="ARTICLE"),
        "nothing": Order(read=learning.nothing),
    }
)
"""Name to command."""
