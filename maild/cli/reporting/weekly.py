"""The weekly summary on the terminal: the mail that the leads get, or its facts for programs."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from maild.cli.output import rfc3339
from maild.daemon.opening import rules_of, voice_of
from maild.desk.learning.analysing import read_past
from maild.desk.weekly import period_of, told_of
from maild.knowledge.weekly.line import tell_week
from maild.mail.message import Address
from maild.process.weekly import Week, week_before
from maild.replies.weekly.mail import compose_weekly
from maild.replies.weekly.saying import sentences

if TYPE_CHECKING:
    from maild.settings.values import Settings
    from maild.store.engine import Store


def week_of(until: date | None, *, now: datetime, zone: ZoneInfo) -> Week:
    """Give the seven whole days that end with this one; by default with yesterday."""
    today = now.astimezone(zone).date()
    return week_before(min(until + timedelta(days=1), today) if until else today, zone)


def weekly_text(store: "Store", settings: "Settings", week: Week, *, now: datetime) -> str:
    """Write what stands in the mail."""
    rules, voice = rules_of(settings), voice_of(settings)
    facts = tell_week(read_past(store, rules, period_of(week, voice.zone)))
    nobody = Address(address=settings.desk.address)
    mail = compose_weekly(told_of(week, facts, voice), voice, recipient=nobody, message_id="<preview>", now=now)
    return f"{mail.subject}\n\n{mail.text}"


def weekly_document(store: "Store", settings: "Settings", week: Week) -> dict[str, Any]:
    """Write the facts, each with its values, its n, its tickets and its sentence."""
    rules, voice = rules_of(settings), voice_of(settings)
    facts = tell_week(read_past(store, rules, period_of(week, voice.zone)))
    told = told_of(week, facts, voice)
    return {
        "desk": settings.desk.name,
        "week": week.days,
        "since": rfc3339(week.since),
        "until": rfc3339(week.until),
        "lines": [
            {
                "part": fact.part.value,
                "kind": fact.kind,
                "values": dict(fact.values),
                "n": fact.n,
                "tickets": [settings.desk.show(number) for number in fact.tickets],
                "text": sentence,
            }
            for fact, sentence in zip(facts, sentences(told.lines, voice), strict=True)
        ],
    }
