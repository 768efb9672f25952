"""The statistics of the analysis: against what is published, and against chance."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from maild.knowledge.analysis.course import Course, Facts, Fate, Happened, follow
from maild.knowledge.analysis.history import DeskFacts, History, Issue, Period
from maild.knowledge.analysis.line import analyse
from maild.knowledge.analysis.several import RATE, adjusted
from maild.knowledge.analysis.survival import Lasted, quantile, survival
from maild.knowledge.analysis.trends import trend
from maild.process.ticket import Status

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
PERIOD = Period(since=BEGIN, until=BEGIN + timedelta(weeks=10), zone=ZoneInfo("UTC"))
# Freireich et al. 1963, weeks in remission with 6-MP; below 0: censored. In every textbook with Kaplan-Meier's numbers.
REMISSIONS = (6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35)


def facts(number: int = 1, **difference: object) -> Facts:
    usual = {"category": "network", "domain": "firm.example", "priority": 2, "assignee": "Ana"}
    return Facts(**{"number": number, "product": "", "opened_at": BEGIN, **usual, **difference})  # type: ignore[arg-type]


def lived(*events: str, number: int = 1, opened_at: datetime = BEGIN, **difference: object) -> Course:
    """One event an hour."""
    happened = [
        Happened(event, opened_at + timedelta(hours=hour), "ana@acme.example") for hour, event in enumerate(events)
    ]
    return follow(facts(number, opened_at=opened_at, **difference), happened, until=PERIOD.until)


def test_the_survival_curve_is_the_one_of_the_textbooks() -> None:
    steps = {step.hours: step for step in survival([Lasted(abs(week), week > 0) for week in REMISSIONS])}
    assert [round(step.share, 3) for step in steps.values()] == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert quantile(list(steps.values()), 0.5) == 23
    assert quantile(list(steps.values()), 0.9) is None  # so many were never over: no number is invented


def test_many_tests_at_once_are_corrected_as_benjamini_and_hochberg_did() -> None:
    published = (
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    )
    assert sum(chance <= RATE for chance in adjusted(published)) == 4


def test_a_trend_is_seen_and_chance_is_not_taken_for_one() -> None:
    wholes = [100] * 8
    assert trend([2, 4, 6, 9, 12, 14, 18, 20], wholes).z > 3
    chance = random.Random(1)
    draws = [trend([sum(chance.random() < 0.2 for _ in range(100)) for _ in wholes], wholes).chance for _ in range(300)]
    assert sum(each <= 0.05 for each in draws) / len(draws) == pytest.approx(0.05, abs=0.03)


def test_a_course_counts_what_came_back_and_what_was_taken_back() -> None:
    course = lived("opened", "tsm_answered", "resolved", "reopened", "resolved", "closed", "reopened", "closed")
    assert (len(course.reopened_at), len(course.returned_at), len(course.closed_at)) == (1, 1, 2)
    assert (course.fate, course.solved_at) == (Fate.SOLVED, BEGIN + timedelta(hours=7))
    undone = lived("opened", "closed", "undone")
    assert (undone.status, undone.fate, undone.solved_at, undone.returned_at) == (Status.OPEN, Fate.RUNNING, None, ())


def a_history(courses: list[Course], **difference: object) -> History:
    empty: dict[str, object] = {
        "happened": {},
        "by_person": {},
        "promises": (),
        "labels": (),
        "verdicts": {},
        "issues": (),
    }
    return History(**{"period": PERIOD, "courses": courses, **empty, **difference})  # type: ignore[arg-type]


def test_the_same_issue_solved_five_times_becomes_a_proposal_and_four_times_does_not() -> None:
    def told(times: int) -> list[str]:
        courses = [lived("opened", "resolved", "closed", number=number) for number in range(1, times + 1)]
        issues = [
            Issue(number=c.facts.number, subject="VPN drops", text="The tunnel drops every few minutes.")
            for c in courses
        ]
        return [each.kind for each in analyse(a_history(courses, issues=issues)).proposals]

    assert (told(5), told(4)) == (["article"], [])


def test_a_skill_of_one_person_and_a_missing_guide_are_proposed_with_enough_tickets_only() -> None:
    desk = DeskFacts(categories=frozenset({"network"}), skills=(("Ana", ("network",)), ("Ben", ("access",))))
    courses = [lived("opened", number=number) for number in range(1, 21)]
    assert {each.kind for each in analyse(a_history(courses, desk=desk)).proposals} == {"guide", "skill"}
    assert analyse(a_history(courses[:19], desk=desk)).proposals == []


def test_a_burst_of_one_client_is_a_hotspot_and_an_even_desk_has_none() -> None:
    def places(extra: int) -> int:
        even = [
            lived(
                "opened",
                number=n,
                opened_at=BEGIN + timedelta(days=n % 70),
                domain=f"firm{n % 11}.example",
                category=f"c{n % 3}",
            )
            for n in range(1, 331)
        ]
        at = BEGIN + timedelta(days=30)
        burst = [
            lived("opened", number=400 + n, opened_at=at, domain="firm1.example", category="c1") for n in range(extra)
        ]
        (section,) = [each for each in analyse(a_history([*even, *burst])).sections if each.name == "hotspots"]
        return len(section.grids[0].rows)

    assert (places(0), places(12)) == (0, 1)
