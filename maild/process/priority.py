"""Priority: the matrix's answer to urgency and impact, and the clock that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from maild.process.calendar import Calendar, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevel:
    """What clients are promised, in working time; None: no promise."""

    first_response: Span | None = None
    """A person has written to them."""

    resolution: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Priorities:
    """All of priorities.toml."""

    urgency: Mapping[int, str]
    """Scale in words; 1 is the highest."""

    impact: Mapping[int, str]
    matrix: Mapping[tuple[int, int], int]
    """(urgency, impact) to priority, 1 the highest."""

    titles: Mapping[int, str]
    """Priority in words."""

    next_update: Mapping[int, Span]
    """Priority to the working time after which the client hears from us again."""

    undecided: int
    """The priority whose clock runs while urgency or impact is unknown."""

    calendar: Calendar
    service_levels: Mapping[int, ServiceLevel] = field(default_factory=dict)
    """Priority to what is promised to everybody."""

    of_domains: Mapping[str, ServiceLevel] = field(default_factory=dict)
    """Domain of a client to what they are promised at any priority, in place of that."""

    urgency_points: Mapping[str, int] = field(default_factory=dict)
    """Domain of a client with a service level of their own to what their mails count more towards urgency."""

    def service_level(self, client: str, priority: int | None) -> ServiceLevel:
        """What this client, an address, is promised; what their domain does not say is as for everybody."""
        everybody = self.service_levels.get(priority or self.undecided, ServiceLevel())
        own = self.of_domains.get(client.rpartition("@")[2].casefold(), ServiceLevel())
        return ServiceLevel(
            first_response=own.first_response or everybody.first_response,
            resolution=own.resolution or everybody.resolution,
        )

    def of(self, urgency: int | None, impact: int | None) -> int | None:
        """The matrix's answer; None while one of the two is unknown."""
        return None if urgency is None or impact is None else self.matrix[urgency, impact]
