"""The weekly summary is told: a mail to each lead, written once for a week."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from maild.desk.telling.once import name_once, write_to_leads
from maild.desk.transaction import Transaction
from maild.knowledge.analysis.history import Period
from maild.knowledge.weekly.fact import Fact
from maild.knowledge.weekly.line import WEEKS
from maild.mail.message import Address
from maild.process.people.team import Team
from maild.process.weekly import Week
from maild.replies.reply import HouseMail
from maild.replies.voice import Voice
from maild.replies.weekly.mail import KIND, Told, compose_weekly
from maild.replies.weekly.saying import Line
from maild.store.engine import Connection
from maild.store.knowledge.weekly import are_written

log = logging.getLogger(__name__)


def period_of(week: Week, zone: ZoneInfo) -> Period:
    """The week, and those before it that it is compared with."""
    local = week.until.astimezone(zone)
    since = local - timedelta(days=7 * WEEKS)
    return Period(since=since.astimezone(week.until.tzinfo), until=week.until, zone=zone)


def told_of(week: Week, facts: Sequence[Fact], voice: Voice) -> Told:
    """The facts, as replies know them."""
    first, last = (at.astimezone(voice.zone).date() for at in (week.since, week.until - timedelta(seconds=1)))
    lines = [Line(part=each.part, kind=each.kind, values=each.values, tickets=each.tickets) for each in facts]
    return Told(first=first, last=last, lines=lines)


def is_told(connection: Connection, week: Week, team: Team) -> bool:
    """Whether every lead has been written to about it."""
    return are_written(connection, [name_once(_what(week), lead.addresses[0]) for lead in team.leads])


def tell_leads(transaction: Transaction, week: Week, facts: Sequence[Fact]) -> int:
    """Write to each lead who has not been written to; how many these were."""
    voice, told = transaction.voice, told_of(week, facts, transaction.voice)

    def compose(recipient: Address, message_id: str) -> HouseMail:
        return compose_weekly(told, voice, recipient=recipient, message_id=message_id, now=transaction.now)

    written = write_to_leads(transaction, KIND, _what(week), compose)
    log.info("weekly summary told", extra={"week": week.name, "leads": written})
    return written


def _what(week: Week) -> str:
    return f"{KIND} {week.name}"
