"""The keys of team.toml: the people of the desk, and the other teams."""

from typing import Annotated, Literal

from pydantic import Field

from maild.process.people.team import OtherTeam, Person, Team
from maild.process.ticket import Role
from maild.settings.fields import AddressText, Away, Line, Name, Section, WorkingHours
from maild.settings.maild_toml import Count


class PersonKeys(Section):
    """Somebody of the desk; repeat the section for each."""

    name: Line
    """Their name; other keys refer to it."""

    addresses: Annotated[tuple[AddressText, ...], Field(min_length=1)]
    """All addresses that they write from; the first one gets maild's mail."""

    role: Literal["tsm", "engineer", "lead"]
    """`tsm` owns tickets, `engineer` is consulted, `lead` is told when a clock runs out."""

    skills: tuple[Name, ...] = ()
    """Names of categories."""

    hours: WorkingHours | None = None
    """When they work, such as `Mon-Thu 09:00-17:00, Fri 09:00-14:00`; the desk's hours if left out."""

    capacity: Count | None = None
    """Open tickets that they can carry; beyond that they get no more."""

    away: tuple[Away, ...] = ()
    """Days off: `2026-08-01`, or `2026-08-01..2026-08-14`."""

    substitute: Line | None = None
    """Name of who stands in."""

    def person(self) -> Person:
        """Build the value that the process works with."""
        written = self.model_dump(exclude={"role", "hours"})
        return Person(**written, role=Role(self.role), hours=self.hours or "")


class OtherTeamKeys(Section):
    """A team that takes what is not technical; repeat the section for each."""

    name: Line
    """Its name; other keys refer to it, and clients read it."""

    address: AddressText
    """Where hand-offs go."""

    takes: tuple[Line, ...] = ()
    """Names of the categories that are theirs, each of one team alone, and words of mails that are."""

    description: str = ""
    """What the team does, in the words of those who write to it: a mail without a category goes where its words are."""


class TeamToml(Section):
    """The whole file."""

    person: Annotated[tuple[PersonKeys, ...], Field(min_length=1)]
    team: tuple[OtherTeamKeys, ...] = ()

    def build(self) -> Team:
        """Build the value that the process works with."""
        others = tuple(OtherTeam(**team.model_dump()) for team in self.team)
        return Team(people=tuple(person.person() for person in self.person), others=others)
