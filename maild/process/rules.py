"""The rules of a desk: what its admin decided, in one value for all steps of the process."""

from collections.abc import Mapping
from dataclasses import dataclass

from maild.classify.verdict import Verdict
from maild.mail.message import Limits
from maild.process.category import Category
from maild.process.desk import Desk
from maild.process.people.receiver import Receiver, claim
from maild.process.people.team import OtherTeam, Team
from maild.process.policy import Policy
from maild.process.priority import Priorities
from maild.process.trust import TrustMethod

MOST_ORIGINAL_OCTETS = 7_000_000
"""Of the client's mails that go along whole: in base64 they are still less than the 10 MB that mail servers usually take."""


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

    relay_bytes: int = Limits().relay_bytes

    @property
    def original_bytes(self) -> int:
        """How much the client's mails that go along whole may have."""
        return min(MOST_ORIGINAL_OCTETS, self.relay_bytes)

    def receiver(self, category: str | None, text: str = "", said: Verdict | None = None) -> Receiver | None:
        """The other team for a mail that is not technical: by what people of the desk have taught, or by the configuration.

        `text` is the mail's subject and new text, `said` what the model of the desk's labels says about it. A team that too
        few labels have named yet is known by the configuration alone, whatever the model thinks of its mail.
        """
        claimed = self.claimant(category, text)
        taught = next((team for team in self.team.others if said and team.name == said.label), None)
        if said is not None and taught is not None and (claimed is None or claimed.team.name not in said.untaught):
            return Receiver(team=taught, because=f"mail like it was given to {taught.name} before: {said.because}")
        front = self.front
        last = Receiver(team=front, because=f"no team claims it clearly, so {front.name} takes it") if front else None
        return claimed or last

    def claimant(self, category: str | None, text: str = "") -> Receiver | None:
        """The category's own team, or where that is unknown the one whose words the mail uses; None: no team claims it."""
        description = self.categories.get(category or "")
        responsible = description.responsible if description else None
        teams = {team.name: team for team in self.team.others}
        takes = next((team for team in self.team.others if category in team.takes), None)
        if team := teams.get(responsible or "") or takes:
            return Receiver(team=team, because=f"{team.name} takes {category}")
        return claim(text, [team for team in self.team.others if team is not self.front]) if category is None else None

    @property
    def front(self) -> OtherTeam | None:
        """The team that takes what no other one claims."""
        return next((team for team in self.team.others if team.name == self.desk.front_team), None)
