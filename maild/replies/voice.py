"""The voice of a desk: who it is and the words that it uses, loaded once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from maild.process.category import Category
from maild.process.desk import Desk
from maild.process.people.team import Team
from maild.process.priority import Priorities
from maild.replies.loader import Templates, load_templates


@dataclass(frozen=True, kw_only=True)
class Voice:
    """All that `compose` needs to know besides the occasion."""

    desk: Desk
    priorities: Priorities
    categories: Mapping[str, Category]
    team: Team
    null_sender: bool
    """Whether mail leaves with the null reverse-path (RFC 3834 3.3); then no bounce comes back."""

    templates: Templates

    @classmethod
    def load(
        cls,
        *,
        desk: Desk,
        priorities: Priorities,
        categories: Mapping[str, Category],
        team: Team,
        null_sender: bool = False,
        overrides: Path | None = None,
    ) -> Self:
        """Read and compile all templates: the shipped ones, and those in the admin's folder instead.

        Raises ConfigurationError, with every problem of every file.
        """
        return cls(
            desk=desk,
            priorities=priorities,
            categories=categories,
            team=team,
            null_sender=null_sender,
            templates=load_templates(overrides),
        )

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which times are told."""
        return ZoneInfo(self.desk.time_zone)
