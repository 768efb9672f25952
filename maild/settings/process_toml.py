"""The keys of process.toml: who is told what, and how often."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from maild.process.people.escalation import Escalation, Level
from maild.process.policy import (
    REOPEN_WINDOW,
    SILENCES,
    Policy,
    ReplyLimits,
    Silence,
)
from maild.process.ticket import Event, Role, Status
from maild.settings.fields import Domain, Duration, Line, Section, Template, Whole
from maild.settings.learning_toml import ForecastKeys, IncidentKeys, PostMortemKeys, SuggestionKeys, WeeklyKeys
from maild.settings.maild_toml import Count

SPARING, PATIENT, ASKING = ReplyLimits(), Silence(), SILENCES[Status.GATHERING]


class LimitKeys(Section):
    """How many mails maild may send within any one hour to people who have asked for one at most."""

    per_address: Count = SPARING.per_address
    """To one address."""

    per_domain: Count = SPARING.per_domain
    """To all addresses of one domain."""

    in_total: Count = SPARING.in_total
    """To everybody."""

    reserve: Annotated[float, Field(ge=0, lt=0.5)] = SPARING.reserve
    """The share of in_total that is kept for authors whom the desk knows, and as much again for those who are proven or have a token."""

    per_ticket: Count = SPARING.per_ticket
    """Answers relayed about one ticket; further ones wait for a tap of the TSM."""

    refusals: Count = SPARING.refusals
    """Answers to one person about one ticket, or about taps without a ticket, that say why a message had no effect; the last one says when the next can come."""

    confirmations: Count = SPARING.confirmations
    """Questions to one person whether a held mail in their name is theirs; further ones are gathered in a summary."""

    per_person: Count = SPARING.per_person
    """Of new tickets and the like to one person of the desk; any more are gathered in a summary every 15 minutes."""

    freemail: tuple[Domain, ...] = SPARING.freemail
    """Domains where anybody can get an address; per_domain does not apply to them, per_address and in_total do."""


class HandOffKeys(Section):
    """What happens to a mail that another team was given."""

    receipt: Duration
    """How long that team may take to confirm, before the lead is told."""


class UpdateKeys(Section):
    """What happens when a client should have heard from us and has not."""

    repeat_overdue: Duration
    """How long after telling the lead to tell them again."""

    remind_before: Annotated[float, Field(ge=0, lt=1)] = 0.25
    """The share of an update's time that is left when its TSM is reminded, 15 minutes of work at least; 0: never."""

    holding: bool = False
    """Whether maild tells the client once, when an update is overdue, that there is no news yet."""

    escalate_after: Duration | None = None
    """How long an update may be overdue before maild asks engineering by itself; without this key it never does."""


class EscalationKeys(Section):
    """One level of escalation; the levels are asked one after the other, until somebody answers."""

    who: tuple[Line, ...] = Field(min_length=1)
    """Who is asked: `engineer`, `lead`, or names of people in team.toml."""

    within: Duration
    """How long they have to answer before the next level is asked; those of the last level are asked again."""


class SilenceKeys(Section):
    """How long maild waits for a client who is silent while it is their turn."""

    remind_after: Duration = PATIENT.remind_after
    """How long after we wrote to them the client is reminded, and how long after a reminder again."""

    reminders: Annotated[Whole, Field(ge=0, le=9)] = PATIENT.reminders
    """How often at most; 0: never."""

    give_up_after: Duration = PATIENT.give_up_after
    """How long after the last reminder the TSM is told that nothing came, and told again."""

    def silence(self) -> Silence:
        """Build the value that the process works with."""
        return Silence(remind_after=self.remind_after, reminders=self.reminders, give_up_after=self.give_up_after)


class ResolvedKeys(Section):
    """The TSM says that it is solved, and the client is asked whether it works."""

    remind_after: Duration = PATIENT.remind_after
    """How long after that the client is reminded, and how long after a reminder again."""

    reminders: Annotated[Whole, Field(ge=0, le=9)] = PATIENT.reminders
    """How often at most; 0: never."""

    close_after: Duration = PATIENT.give_up_after
    """How long after the last reminder the ticket is closed, and the client told how to go on."""

    reopen_window: Duration = REOPEN_WINDOW
    """How long after closing the client's word takes the ticket up again; later it opens a new one, linked to it. By the
    client's clock: hours and days are not the desk's."""

    def silence(self) -> Silence:
        """Build the value that the process works with."""
        return Silence(remind_after=self.remind_after, reminders=self.reminders, give_up_after=self.close_after)


class GatheringKeys(Section):
    """What a category requires and the client has not said: whether they are asked for it before the work begins."""

    ask: bool = True
    """Whether the acknowledgement asks for what is missing; clients whose work stands still are not asked."""

    remind_after: Duration = ASKING.remind_after
    """How long after that the client is reminded, once."""

    give_up_after: Duration = ASKING.give_up_after
    """How long after the reminder the TSM carries on with what there is."""

    def silence(self) -> Silence:
        """Build the value that the process works with."""
        return Silence(remind_after=self.remind_after, reminders=1, give_up_after=self.give_up_after)


class AbsenceKeys(Section):
    """What an absence note of a TSM does to their ticket; it never reaches a client."""

    reassign: bool = True
    """Whether the substitute of team.toml takes the ticket (without one it waits, and its clocks go on), and no new ones come until they are back."""


class ProcessToml(Section):
    """The whole file."""

    told: Mapping[Event, Mapping[Role, Template]]
    """Event to the roles that are told, each with the template that they get: the I and C of RACI. `""`: that role is not."""

    limits: LimitKeys = LimitKeys()
    hand_off: HandOffKeys
    updates: UpdateKeys
    absence: AbsenceKeys = AbsenceKeys()
    incidents: IncidentKeys = IncidentKeys()
    gathering: GatheringKeys = GatheringKeys()
    waiting: SilenceKeys = SilenceKeys()
    resolved: ResolvedKeys = ResolvedKeys()
    escalation: tuple[EscalationKeys, ...] = ()
    post_mortem: PostMortemKeys = PostMortemKeys()
    suggestions: SuggestionKeys = SuggestionKeys()
    weekly: WeeklyKeys = WeeklyKeys()
    forecast: ForecastKeys = ForecastKeys()

    def policy(self) -> Policy:
        """Build the value that the process works with."""
        return Policy(
            told={event: tuple(roles.items()) for event, roles in self.told.items()},
            limits=ReplyLimits(**self.limits.model_dump()),
            hand_off_receipt=self.hand_off.receipt,
            repeat_overdue=self.updates.repeat_overdue,
            remind_before=self.updates.remind_before,
            holding_update=self.updates.holding,
            reassign_absent=self.absence.reassign,
            ask_missing=self.gathering.ask,
            silences={
                Status.GATHERING: self.gathering.silence(),
                Status.WAITING: self.waiting.silence(),
                Status.RESOLVED: self.resolved.silence(),
            },
            escalation=self._escalation(),
            incidents=self.incidents.incidents(),
            post_mortem=self.post_mortem.value(),
            suggestions=self.suggestions.value(),
            weekly=self.weekly.value(),
            forecast=self.forecast.value(),
            reopen_window=self.resolved.reopen_window,
        )

    def _escalation(self) -> Escalation:
        levels = tuple(Level(who=level.who, within=level.within) for level in self.escalation)
        after = self.updates.escalate_after
        return Escalation(levels=levels, overdue_for=after) if levels else Escalation(overdue_for=after)
