"""The people and the other teams: who they are and what they take."""

from dataclasses import dataclass

from maild.process.ticket import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the desk, from team.toml."""

    name: str
    addresses: tuple[str, ...]
    """The first one gets maild's mail; all of them are theirs when they write."""

    role: Role
    skills: tuple[str, ...] = ()
    """Names of categories."""

    hours: str = ""
    capacity: int | None = None
    away: tuple[str, ...] = ()
    substitute: str | None = None

    @property
    def keys(self) -> frozenset[str]:
        """Of all their addresses."""
        return frozenset(map(str.casefold, self.addresses))


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTeam:
    """A team that takes what is not technical."""

    name: str
    address: str
    takes: tuple[str, ...]
    """Names of categories that are theirs, and words by which a mail without a category is known as theirs."""

    description: str = ""
    """What it does; its words tell a mail without a category, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """All of team.toml."""

    people: tuple[Person, ...]
    others: tuple[OtherTeam, ...]

    @property
    def leads(self) -> tuple[Person, ...]:
        """Who is told when a clock runs out; never empty (settings refuse that)."""
        return tuple(person for person in self.people if person.role is Role.LEAD)

    def person_at(self, address: str) -> Person | None:
        """The person to whom the address belongs."""
        key = address.casefold()
        return next((person for person in self.people if key in person.keys), None)

    def other_at(self, address: str) -> OtherTeam | None:
        """The other team to whom the address belongs."""
        key = address.casefold()
        return next((team for team in self.others if team.address.casefold() == key), None)

    def at(self, address: str) -> Person | OtherTeam | None:
        """Whoever of the house has the address."""
        return self.person_at(address) or self.other_at(address)
