"""The keys of process.toml about what many tickets teach: incidents, post-mortems, suggestions, the weekly summary."""

from typing import Annotated, Literal

from pydantic import Field

from maild.process.policy import Forecast, Incidents, PostMortem, Suggestions
from maild.process.weekly import Weekly
from maild.settings.fields import Duration, Section, Whole
from maild.settings.priorities_toml import WEEKDAYS

ALARMS, LEARNING = Incidents(), PostMortem()
SUGGESTING, SUMMING_UP, FORETELLING = Suggestions(), Weekly(), Forecast()


class IncidentKeys(Section):
    """When many similar mails are proposed to the lead as one incident, and what happens once it is declared."""

    propose: bool = ALARMS.propose
    """Whether the lead is asked at all."""

    false_alarms_a_week: Annotated[float, Field(gt=0, le=7)] = ALARMS.false_alarms_a_week
    """How many proposals a week may be chance; the fewer, the later an incident is noticed."""

    least_clients: Annotated[Whole, Field(ge=2, le=1_000)] = ALARMS.least_clients
    """With fewer clients nothing is proposed. Authors for whom nothing vouches count once for each domain."""

    join: bool = ALARMS.join
    """Whether similar new tickets join a declared incident by themselves, and their clients read that it is known."""

    def incidents(self) -> Incidents:
        """Build the value that the process works with."""
        return Incidents(**self.model_dump())


class PostMortemKeys(Section):
    """Whether whoever solved a ticket is asked by mail, once it is closed, what it teaches."""

    ask: bool = LEARNING.ask
    """Whether they are; what they answer becomes an article of the knowledge base."""

    remind_after: Duration = LEARNING.remind_after
    """How long after the form they are reminded, once."""

    skip_below: Annotated[Whole, Field(ge=0, le=100)] = LEARNING.skip_below
    """Nobody is asked about a ticket with fewer mails between client and desk than this; such are counted. 0: about all."""

    def value(self) -> PostMortem:
        """Build the value that the process works with."""
        return PostMortem(ask=self.ask, remind_after=self.remind_after, skip_below=self.skip_below)


class SuggestionKeys(Section):
    """Whether clients are shown, in the acknowledgement, what helped others with the same; TSMs always are."""

    to_clients: bool = SUGGESTING.to_clients
    """Whether they are, once articles have been right often enough; the text under Fix then goes to clients."""

    precision: Annotated[float, Field(ge=0.5, lt=1)] = SUGGESTING.precision
    """How often the likeliest article must have been the right one: the lower end of a 95 % interval must reach it."""

    at_least: Annotated[Whole, Field(ge=20)] = SUGGESTING.at_least
    """Tickets for which a TSM has said whether it was; with fewer, nothing is shown."""

    def value(self) -> Suggestions:
        """Build the value that the process works with."""
        return Suggestions(**self.model_dump())


class ForecastKeys(Section):
    """Whether a TSM reads, in the mail that assigns a ticket, within which time such tickets were solved; clients never do."""

    to_tsm: bool = FORETELLING.to_tsm
    """Whether they do, once 40 tickets of the category and priority could be watched for four weeks, and while it holds."""

    def value(self) -> Forecast:
        """Build the value that the process works with."""
        return Forecast(to_tsm=self.to_tsm)


class WeeklyKeys(Section):
    """Whether the leads get a summary of the last seven days by mail, and when."""

    send: bool = SUMMING_UP.send
    """Whether they do; `maild report --weekly` shows it at any time."""

    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"
    """The weekday on which it is written; it tells of the seven days before."""

    hour: Annotated[Whole, Field(ge=0, le=23)] = SUMMING_UP.hour
    """The hour of that day, in the desk's time zone."""

    def value(self) -> Weekly:
        """Build the value that the process works with."""
        return Weekly(send=self.send, day=WEEKDAYS.index(self.day), hour=self.hour)
