"""The rules of a desk: what its admin decided, in one value for all steps of the process."""

from collections.abc import Mapping
from dataclasses import dataclass

from maild.process.category import Category
from maild.process.desk import Desk
from maild.process.policy import Policy
from maild.process.priority import Priorities
from maild.process.receiver import Receiver, claim
from maild.process.team import Team
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
    audit: float = 0.0
    """Share of the mails whose sure verdicts a person is asked to confirm, 0 to 1."""

    def receiver(self, category: str | None, text: str = "") -> Receiver | None:
        """The other team for a mail that is not technical: the category's own, or else the front team.

        Where the category is unknown, the team whose words the mail uses comes before the front team. `text` is the
        mail's subject and new text.
        """
        description = self.categories.get(category or "")
        responsible = description.responsible if description else None
        teams = {team.name: team for team in self.team.others}
        claimed = next((team for team in self.team.others if category in team.takes), None)
        if team := teams.get(responsible or "") or claimed:
            return Receiver(team=team, because=f"{team.name} takes {category}")
        front = teams.get(self.desk.front_team or "")
        others = [team for team in self.team.others if team is not front]
        if category is None and (found := claim(text, others)):
            return found
        return Receiver(team=front, because=f"no team claims it clearly, so {front.name} takes it") if front else None
