"""The policies of process.toml: who is told what, and how often anybody is written to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from types import MappingProxyType

from maild.mail.message import Address
from maild.process.calendar import Span
from maild.process.freemail import FREEMAIL
from maild.process.people.escalation import Escalation
from maild.process.rank import Rank
from maild.process.ticket import Event, Role, Status
from maild.process.weekly import Weekly


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """In which tallies a mail to an author counts."""

    reserves: Mapping[str, float]
    """Those of everybody: name to how many reserves of `in_total` are not for these authors."""

    domain: str
    address: str


_TOTAL: Mapping[str, float] = {"total": 0}
_MOST: Mapping[str, float] = {**_TOTAL, "all but proven clients": 0.5}
_STRANGERS: Mapping[str, float] = {"strangers": 1}
_UNPROVEN: Mapping[str, float] = {"unproven authors": 1}
_UNKNOWN: Mapping[str, float] = {"unknown authors": 2}

COUNTED: Mapping[Rank, Counted] = MappingProxyType(
    {
        Rank.EXPECTED: Counted(reserves=_TOTAL, domain="proven domain", address="proven address"),
        Rank.VOUCHED: Counted(reserves={**_MOST, **_STRANGERS}, domain="proven domain", address="proven address"),
        Rank.KNOWN: Counted(reserves={**_MOST, **_UNPROVEN}, domain="known domain", address="address"),
        Rank.UNKNOWN: Counted(
            reserves={**_MOST, **_STRANGERS, **_UNPROVEN, **_UNKNOWN}, domain="domain", address="address"
        ),
    }
)

_ANSWERS, _REFUSALS = "answers to", "refusals about"
_OF_ONE = tuple(f"{what} " for what in (*(each.address for each in COUNTED.values()), _ANSWERS, _REFUSALS))


def is_of_one(name: str) -> bool:
    """Whether a tally counts the mails to one address only: that it is full is no sign of a flood."""
    return name.startswith(_OF_ONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLimits:
    """How many mails a sliding hour may bring to people who have not asked for more than one."""

    per_address: int = 5
    per_domain: int = 30
    in_total: int = 600
    reserve: float = 0.25
    """The share of in_total that is kept for authors whom the desk knows, and as much again for those of whom more is sure, half of it
    for who is both: a flood of forged authors uses up neither, and one of strangers who own their domains not the first."""

    per_ticket: int = 20
    """Relayed answers of a ticket: a desk whose TSM is a machine must not talk to a client's machine for ever."""

    per_person: int = 60
    """Notices to one person of the desk; further ones are gathered, and a summary stands for all of them. So many answers, too,
    to what they are proven to have written."""

    refusals: int = 20
    """Answers to one person about one ticket, or about taps without a ticket, that say why a message has done nothing; the last one says that it is the last."""

    confirmations: int = 10
    """Questions to one person whether they wrote a mail; whoever forges their name brings these."""

    freemail: tuple[str, ...] = FREEMAIL
    """Domains that are no limit's: whoever writes from there has nothing to do with the others."""

    def names(self, address: Address, rank: Rank = Rank.UNKNOWN) -> Mapping[str, int]:
        """The tallies that a mail to the address counts in, each with its limit.

        What is forged in somebody's name must not use up what they get themselves: where a mail server or a token shows that
        they wrote, they are counted apart.
        """
        counted = COUNTED[rank]
        of_all = {name: ceil(self.in_total * (1 - kept * self.reserve)) for name, kept in counted.reserves.items()}
        of_domain = {f"{counted.domain} {address.domain}": self.per_domain}
        of_address = {f"{counted.address} {address.key}": self.per_address}
        return {**of_all, **({} if address.domain in self.freemail else of_domain), **of_address}

    def names_of_person(self, address: Address) -> Mapping[str, int]:
        """The same for an answer to somebody of the desk of whom it is proven that they wrote."""
        return {f"{_ANSWERS} {address.key}": self.per_person}

    def names_of_refusal(self, address: Address, ticket: str) -> Mapping[str, int]:
        """What an answer counts in besides that says why a message about the ticket has done nothing."""
        return {f"{_REFUSALS} {ticket} to {address.key}": self.refusals}

    def exceeded(self, names: Mapping[str, int], tallies: Mapping[str, tuple[int, int]], now: datetime) -> str | None:
        """The name of the tally whose limit one more mail would break; `names` as above.

        `tallies`: name to the counts of the last and of this hour of the clock. A sliding window is estimated from
        both: the last hour counts with the share of it that still lies within 60 minutes.
        """
        reached = (name for name, limit in names.items() if self.is_reached(limit, tallies.get(name, (0, 0)), now))
        return next(reached, None)

    def is_reached(self, limit: int, tally: tuple[int, int], now: datetime) -> bool:
        """Whether one more would break this limit; the tally as in `exceeded`."""
        share = 1 - (now.minute * 60 + now.second) / 3600
        return tally[0] * share + tally[1] >= limit


def free_again_at(limit: int, tally: tuple[int, int], now: datetime) -> datetime:
    """When a limit that is reached lets one more through, on the minute; the tally as in `ReplyLimits.exceeded`."""
    begun_at = now.replace(minute=0, second=0, microsecond=0)
    last, this = tally
    share = (limit - this) / last if this < limit and last else 0.0
    seconds = 3600 * (1 - min(share, 1.0))
    return begun_at + timedelta(minutes=int(seconds // 60) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """How long the client's silence is waited out while it is their turn."""

    remind_after: Span = field(default=Span(business_days=3))
    reminders: int = 2
    """How often the client is reminded, each time after `remind_after`."""

    give_up_after: Span = field(default=Span(business_days=5))
    """How long after the last reminder the TSM is told that nothing came, and told again; what we say is solved is closed."""


SILENCES: Mapping[Status, Silence] = MappingProxyType(
    {
        Status.GATHERING: Silence(remind_after=Span(business_days=1), reminders=1, give_up_after=Span(business_days=1)),
        Status.WAITING: Silence(),
        Status.RESOLVED: Silence(),
    }
)

REOPEN_WINDOW = Span(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incidents:
    """When many similar mails are proposed as one incident, and who joins it."""

    propose: bool = True
    false_alarms_a_week: float = 0.25
    """How many proposals a week may be chance."""

    least_clients: int = 4
    """With fewer of them nothing is proposed."""

    join: bool = True
    """Whether similar new tickets join a declared incident by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostMortem:
    """Whether and when it is asked what a closed ticket teaches."""

    ask: bool = True
    remind_after: Span = field(default=Span(business_days=2))
    """How long after the form it is asked once more."""

    skip_below: int = 3
    """Tickets with fewer mails between client and desk are not asked about; 0: all are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """Whether an acknowledgement shows its client what helped others."""

    to_clients: bool = False
    precision: float = 0.9
    """How often the likeliest article must have been the right one: the lower end of a 95 % interval."""

    at_least: int = 50
    """Tickets of which a TSM has said so, below which no client is shown anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Whether whoever gets a ticket is told within which time such tickets were solved."""

    to_tsm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All of process.toml."""

    told: Mapping[Event, Sequence[tuple[Role, str]]]
    """Event to the roles that are told, each with the name of its template (the I and C of RACI); "": it is not told."""

    limits: ReplyLimits
    hand_off_receipt: Span
    """How long another team may take to confirm a hand-off before the lead is told."""

    repeat_overdue: Span
    """How long after an overdue update the lead is told again."""

    remind_before: float = 0.25
    """The share of an update's time at which, before it is due, the TSM is reminded; 0: never."""

    holding_update: bool = False
    """Whether maild tells the client once, when an update is overdue, that there is no news yet."""

    reassign_absent: bool = True
    """Whether the substitute takes a ticket when the absence note of its TSM comes back."""

    ask_missing: bool = False
    """Whether an acknowledgement asks for what the ticket's category requires and the client has not told."""

    silences: Mapping[Status, Silence] = field(default_factory=lambda: SILENCES)
    """By status in which it is the client's turn."""

    escalation: Escalation = field(default_factory=Escalation)
    incidents: Incidents = field(default_factory=Incidents)
    post_mortem: PostMortem = field(default_factory=PostMortem)
    suggestions: Suggestions = field(default_factory=Suggestions)
    weekly: Weekly = field(default_factory=Weekly)
    forecast: Forecast = field(default_factory=Forecast)

    reopen_window: Span = field(default=REOPEN_WINDOW)
    """How long after its closing a ticket is taken up again by its client's word; later that becomes a new one."""
