"""What has changed: the last week of a history beside the week before. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from maild.knowledge.analysis.course import Course, Fate, of_the_desk
from maild.knowledge.analysis.figure import listed
from maild.knowledge.analysis.history import History, Kept, Period
from maild.knowledge.analysis.promises import TITLES
from maild.knowledge.analysis.survival import Lasted, quantile, survival
from maild.knowledge.weekly.fact import Fact, Part, Value
from maild.process.ticket import Event, Status

CHANCE = 0.05
"""Two weeks differ where chance alone would part them so far less often than this."""


def tell_changes(history: History) -> list[Fact]:
    """Flow, backlog, first answers, promises, closings."""
    return [_flow(history), _backlog(history), *_first_answers(history), *_promises(history), *_closings(history)]


def _flow(history: History) -> Fact:
    real = of_the_desk(history.courses)
    came, before = (_inside(week, [(each, each.facts.opened_at) for each in real]) for week in _weeks(history))
    went, went_before = (
        _inside(week, [(each, each.solved_at) for each in history.courses]) for week in _weeks(history)
    )
    values: dict[str, Value] = {"opened": len(came), "opened_before": len(before)}
    values |= {"solved": len(went), "solved_before": len(went_before), "compared": compare(len(came), len(before))}
    return _changed("flow", values, n=len(came), tickets=listed(came))


def compare(count: int, before: int) -> str:
    """`more` or `fewer` where the two differ beyond chance (binomial test of equal rates); otherwise the empty word."""
    from scipy.special import bdtr  # late: the daemon compares once a week, and starts more often

    least, n = min(count, before), count + before
    if n == 0 or 2 * bdtr(least, n, 0.5) > CHANCE:
        return ""
    return "more" if count > before else "fewer"


def _backlog(history: History) -> Fact:
    courses = [course for course in history.courses if course.fate is not Fate.PAST]
    begun, until = history.period.starts[-1], history.period.until
    live = sorted((each.facts.opened_at, each.facts.number) for each in courses if each.status is not Status.CLOSED)
    values: dict[str, Value] = {"live": len(live), "live_before": sum(each.was_live(begun) for each in courses)}
    values |= {
        "oldest_hours": (until - live[0][0]) / timedelta(hours=1) if live else None,
        "ticket": live[0][1] if live else None,
    }
    return _changed("backlog", values, n=len(live), tickets=[number for _, number in live])


def _first_answers(history: History) -> Iterator[Fact]:
    now, before = (_waited(history, week) for week in _weeks(history))
    if now:
        steps = survival(now)
        values: dict[str, Value] = {
            "median_hours": quantile(steps, 0.5),
            "most_hours": quantile(steps, 0.9),
            "before_hours": quantile(survival(before), 0.5),
        }
        longest = sorted(now, key=lambda span: -span.hours)
        yield _changed("first_answer", values, n=len(now), tickets=[span.ticket for span in longest])


def _waited(history: History, week: Period) -> list[Lasted]:
    """How long the clients of the week's new tickets waited for a person; some still do."""
    opened = [each for each in of_the_desk(history.courses) if week.has(each.facts.opened_at)]
    return [
        Lasted(
            hours=((each.answered_at or history.period.until) - each.facts.opened_at) / timedelta(hours=1),
            is_over=each.answered_at is not None,
            ticket=each.facts.number,
        )
        for each in opened
        if each.fate is not Fate.PASSED_ON
    ]


def _promises(history: History) -> Iterator[Fact]:
    values: dict[str, Value] = {}
    late: list[Kept] = []
    n = 0
    for clock in TITLES:
        now, before = (_due(history, week, clock) for week in _weeks(history))
        if now:
            values |= {f"{clock}_share": _share(now), f"{clock}_n": len(now), f"{clock}_before_share": _share(before)}
            late += [each for each in now if not each.is_kept]
            n += len(now)
    if values:
        yield _changed("kept", values, n=n, tickets=listed(each.ticket for each in late))


def _due(history: History, week: Period, clock: str) -> list[Kept]:
    return [each for each in history.promises if each.clock == clock and week.has(each.due_at)]


def _share(promises: Sequence[Kept]) -> float | None:
    return sum(each.is_kept for each in promises) / len(promises) if promises else None


def _closings(history: History) -> Iterator[Fact]:
    closed, before = (
        _inside(week, [(each, at) for each in history.courses for at in each.closed_at]) for week in _weeks(history)
    )
    wrong, wrong_before = (
        {number for number, at in history.happened.get(Event.CLOSED_WRONGLY, ()) if week.has(at)}
        for week in _weeks(history)
    )
    if closed or before:
        values: dict[str, Value] = {"closed": len(closed), "closed_before": len(before)}
        values |= {"wrong": len(wrong), "wrong_before": len(wrong_before)}
        yield _changed("closed", values, n=len(closed), tickets=listed(wrong))


def _weeks(history: History) -> tuple[Period, Period]:
    return history.period.last(), history.period.last(1)


def _inside(week: Period, happened: Sequence[tuple[Course, datetime | None]]) -> set[int]:
    return {course.facts.number for course, at in happened if week.has(at)}


def _changed(kind: str, values: dict[str, Value], *, n: int, tickets: Sequence[int]) -> Fact:
    return Fact(part=Part.CHANGED, kind=kind, values=values, n=n, tickets=tuple(tickets)[:100])
