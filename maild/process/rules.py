"""The rules of a desk: what its admin decided, in one value for all steps of the process."""

from collections.abc import Mapping
from dataclasses import dataclass

from maild.process.category import Category
from maild.process.desk import Desk
from maild.process.policy import Policy
from maild.process.priority import Priorities
from maild.process.team import OtherTeam, Team
from maild.process.trust import TrustMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything in the configuration that decides about a mail."""

    desk: Desk
    trust: TrustMethod
    policy: Policy
    priorities: Priorities
    team: Team
    categories: Mapping[str, Category]

    def receiver(self, category: str | None) -> OtherTeam | None:
        """The other team for a mail that is not technical: the category's own, then the front team."""
        description = self.categories.get(category or "")
        responsible = description.responsible if description else None
        teams = {team.name: team for team in self.team.others}
        claimed = next((team for team in self.team.others if category in team.takes), None)
        return teams.get(responsible or "") or claimed or teams.get(self.desk.front_team or "")
