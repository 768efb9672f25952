"""The keys of priorities.toml: scales in words, the matrix, cadence, the calendar."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator, model_validator

from maild.process.calendar import Calendar
from maild.process.priority import Priorities, ServiceLevel
from maild.process.public_holidays import known_subdivisions
from maild.settings.fields import Day, Domain, Duration, Hours, Line, Section, Whole, Zone

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Step = Annotated[Whole, Field(ge=1, le=9)]
Row = tuple[Step, Step, Step]


class ScaleKeys(Section):
    """A scale in words; 1 is the highest."""

    highest: Line = Field(alias="1")
    """What makes a 1."""

    middle: Line = Field(alias="2")
    """What makes a 2."""

    lowest: Line = Field(alias="3")
    """What makes a 3."""

    def steps(self) -> Mapping[int, str]:
        """Give the scale as the process reads it."""
        return {1: self.highest, 2: self.middle, 3: self.lowest}


class MatrixKeys(Section):
    """Urgency (the row) and impact (1, 2, 3 from left to right) to priority."""

    urgency_1: Row
    """Priorities of urgency 1 with impact 1, 2 and 3."""

    urgency_2: Row
    """Priorities of urgency 2 with impact 1, 2 and 3."""

    urgency_3: Row
    """Priorities of urgency 3 with impact 1, 2 and 3."""

    def cells(self) -> Mapping[tuple[int, int], int]:
        """Give every cell under its urgency and impact."""
        rows = {1: self.urgency_1, 2: self.urgency_2, 3: self.urgency_3}
        return {(urgency, impact): row[impact - 1] for urgency, row in rows.items() for impact in (1, 2, 3)}


class PriorityKeys(Section):
    """One priority; 1 is the highest."""

    title: Line
    """Its name, as people see it."""

    next_update: Duration
    """Working time after which the client hears from us again."""

    first_response: Duration | None = None
    """Service level: working time within which a person has written to the client; none if left out."""

    resolution: Duration | None = None
    """Service level: working time within which it is solved, without the time that the client is waited for."""


class ServiceLevelKeys(Section):
    """What the clients of some domains are promised at any priority, in place of the priority's own times."""

    domains: tuple[Domain, ...] = Field(min_length=1)
    """Domains of their addresses."""

    first_response: Duration | None = None
    """Working time within which a person has written to them; as for everybody if left out."""

    resolution: Duration | None = None
    """Working time within which it is solved; as for everybody if left out."""

    urgency_points: Whole = Field(default=2, ge=0, le=4)
    """Extra points that their mails count towards urgency; 4 are enough for the highest, with 0 the words alone decide."""


class CalendarKeys(Section):
    """When the desk works; a weekday that is left out is free."""

    time_zone: Zone | None = None
    """IANA time zone of the hours; the desk's if left out."""

    monday: Hours | None = None
    """Hours such as `09:00-17:00`; `00:00-24:00` is all day."""

    tuesday: Hours | None = None
    """Likewise."""

    wednesday: Hours | None = None
    """Likewise."""

    thursday: Hours | None = None
    """Likewise."""

    friday: Hours | None = None
    """Likewise."""

    saturday: Hours | None = None
    """Likewise."""

    sunday: Hours | None = None
    """Likewise."""

    holidays: tuple[Day, ...] = ()
    """Days on which nobody works."""

    country: str = ""
    """Country whose public holidays are free days, too: its code, such as `DE` (ISO 3166-1)."""

    subdivision: str = ""
    """Part of the country with holidays of its own, such as `BY` for Bavaria (ISO 3166-2)."""

    @field_validator("country")
    @classmethod
    def is_a_known_country(cls, country: str) -> str:
        """Refuse a country whose holidays nobody knows."""
        if country and known_subdivisions(country) is None:
            raise ValueError("a country code such as DE, FR, ES, GB or US")
        return country

    @field_validator("subdivision")
    @classmethod
    def is_a_known_part(cls, subdivision: str, info: ValidationInfo) -> str:
        """Refuse a part of the country whose holidays nobody knows; a country that is wrong has its own problem."""
        country = info.data.get("country")
        parts = known_subdivisions(country) if country else ()
        if subdivision and country is not None and subdivision not in (parts or ()):
            raise ValueError(f"with country = {country!r}, a subdivision of: {', '.join(parts or ()) or 'none'}")
        return subdivision

    @model_validator(mode="after")
    def is_open_some_day(self) -> Self:
        """Refuse a calendar in which no time ever passes."""
        if not self.hours():
            raise ValueError('hours for at least one weekday, such as monday = "09:00-17:00"')
        return self

    def hours(self) -> Mapping[int, Hours]:
        """Give the hours by number of the weekday (Monday is 0)."""
        written = {number: getattr(self, name) for number, name in enumerate(WEEKDAYS)}
        return {number: hours for number, hours in written.items() if hours}

    def calendar(self, desk_zone: ZoneInfo) -> Calendar:
        """Build the calendar that clocks run by."""
        return Calendar(
            zone=self.time_zone or desk_zone,
            hours=self.hours(),
            holidays=frozenset(self.holidays),
            country=self.country,
            subdivision=self.subdivision,
        )


def _level(keys: PriorityKeys | ServiceLevelKeys) -> ServiceLevel:
    return ServiceLevel(first_response=keys.first_response, resolution=keys.resolution)


class PrioritiesToml(Section):
    """The whole file."""

    urgency: ScaleKeys
    impact: ScaleKeys
    matrix: MatrixKeys
    priority: Annotated[
        Mapping[Literal["1", "2", "3", "4", "5", "6", "7", "8", "9"], PriorityKeys], Field(min_length=1)
    ]
    """Priorities by their number."""

    undecided: Step
    """The priority whose clock runs until urgency and impact are known."""

    calendar: CalendarKeys
    service_level: tuple[ServiceLevelKeys, ...] = ()

    def priorities(self, desk_zone: ZoneInfo) -> Priorities:
        """Build the value that the process works with."""
        return Priorities(
            urgency=self.urgency.steps(),
            impact=self.impact.steps(),
            matrix=self.matrix.cells(),
            titles={int(number): priority.title for number, priority in self.priority.items()},
            next_update={int(number): priority.next_update for number, priority in self.priority.items()},
            undecided=self.undecided,
            calendar=self.calendar.calendar(desk_zone),
            service_levels={int(number): _level(priority) for number, priority in self.priority.items()},
            of_domains={domain: _level(keys) for keys in self.service_level for domain in keys.domains},
            urgency_points={domain: keys.urgency_points for keys in self.service_level for domain in keys.domains},
        )
