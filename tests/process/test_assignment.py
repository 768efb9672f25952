"""Who gets a ticket."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from maild.process.people.assignment import Assignment, Experience, choose
from maild.process.people.duty import is_on_duty, next_duty, read_hours
from maild.process.people.team import Person, Team
from maild.process.ticket import Role
from tests.support.making import CALENDAR, NOON

LENA = Person(name="Lena", addresses=("lena@acme.example",), role=Role.LEAD)


def tsm(name: str, **differences: Any) -> Person:
    return replace(Person(name=name, addresses=(f"{name.lower()}@acme.example",), role=Role.TSM), **differences)


def chosen(*people: Person, category: str | None = "network", now: datetime = NOON, **experience: Any) -> Assignment:
    answer = ask(*people, category=category, now=now, **experience)
    assert isinstance(answer, Assignment), answer
    return answer


def ask(*people: Person, category: str | None = "network", now: datetime = NOON, **experience: Any) -> Assignment | str:
    known = replace(Experience(open_tickets={}, solved={}), **experience)
    return choose(category, Team(people=(LENA, *people), others=()), known, now=now, calendar=CALENDAR)


def test_a_ticket_goes_to_who_has_the_skill() -> None:
    answer = chosen(tsm("Ana", skills=("storage",)), tsm("Ben", skills=("network",)))
    assert answer.person.name == "Ben"
    assert answer.because == "Ben: skill network, no open tickets, on duty now"


def test_who_has_solved_such_tickets_is_an_expert_too() -> None:
    assert chosen(tsm("Ana"), tsm("Ben"), solved={"Ben": 7}).person.name == "Ben"


def test_an_expert_who_is_loaded_is_spared() -> None:
    answer = chosen(tsm("Ana", skills=("network",)), tsm("Ben"), open_tickets={"Ana": 18})
    assert answer.person.name == "Ben"


def test_the_person_of_the_category_comes_first() -> None:
    answer = chosen(tsm("Ana", skills=("network",)), tsm("Ben"), responsible="Ben")
    assert answer.person.name == "Ben"


def test_who_is_away_is_replaced_by_their_substitute() -> None:
    away = ("2026-11-20..2026-11-27",)
    answer = chosen(tsm("Ana", skills=("network",), away=away, substitute="Ben"), tsm("Ben"), tsm("Cid"))
    assert answer.person.name in {"Ben", "Cid"}
    alone = chosen(tsm("Ana", away=away, substitute="Lena"))
    assert alone.person is LENA


def test_substitutes_that_stand_in_for_each_other_end_nothing_in_a_circle() -> None:
    away = ("2026-11-23",)
    assert ask(tsm("Ana", away=away, substitute="Ben"), tsm("Ben", away=away, substitute="Ana")) == "every TSM is away"


def test_a_full_desk_is_the_leads_to_sort_out() -> None:
    answer = ask(tsm("Ana", capacity=3), open_tickets={"Ana": 3})
    assert answer == "every TSM who is not away has as many open tickets as they can carry"


def test_on_a_desk_without_tsms_the_lead_owns_tickets() -> None:
    assert chosen().person is LENA


def test_at_night_the_ticket_goes_to_who_begins_first() -> None:
    night = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    early, late = tsm("Late", hours="Mon-Fri 12:00-20:00"), tsm("Early", hours="Mon-Fri 06:00-14:00")
    assert chosen(early, late, now=night).person.name == "Early"


def test_an_expert_on_a_long_weekend_is_not_waited_for() -> None:
    expert = tsm("Ana", skills=("network",), hours="Thu-Fri 09:00-17:00")
    assert chosen(expert, tsm("Ben")).person.name == "Ben"


def test_a_hundred_tickets_are_spread_evenly() -> None:
    people = [tsm("Ana", capacity=100), tsm("Ben", capacity=100), tsm("Cid", capacity=100)]
    given: Counter[str] = Counter()
    for _ in range(99):
        given[chosen(*people, open_tickets=given).person.name] += 1
    assert set(given.values()) == {33}


def given_one_after_the_other(*people: Person, number: int = 300, expert: str = "") -> Counter[str]:
    """Each ticket is solved before the next one comes, so that nobody is ever loaded."""
    last: list[str] = []
    solved = Counter({expert: 100})
    for _ in range(number):
        name = chosen(*people, lately=Counter(last[-100:]), solved=solved).person.name
        last.append(name)
        solved[name] += 1
    return Counter(last)


def test_what_is_solved_at_once_is_spread_evenly_over_time_too() -> None:
    given = given_one_after_the_other(tsm("Ana"), tsm("Ben"), tsm("Cid"))
    assert min(given.values()) >= 95


def test_who_has_solved_most_does_not_get_all_for_ever() -> None:
    given = given_one_after_the_other(tsm("Ana"), tsm("Ben"), tsm("Cid"), expert="Ana")
    assert min(given[name] for name in ("Ana", "Ben", "Cid")) >= 90


def test_a_share_is_by_what_people_can_carry() -> None:
    given = given_one_after_the_other(tsm("Ana", capacity=5), tsm("Ben", capacity=20))
    assert 45 <= given["Ana"] <= 75


def test_balance_gives_nobody_what_others_have_the_skill_for() -> None:
    skilled = [tsm("Ana", skills=("network",)), tsm("Ben", skills=("network",))]
    given = given_one_after_the_other(*skilled, tsm("Cid", skills=("storage",)))
    assert given["Cid"] == 0
    assert min(given["Ana"], given["Ben"]) >= 140


def test_the_reasons_name_the_share_of_the_last_tickets() -> None:
    answer = chosen(tsm("Ana"), lately={"Ana": 3, "Lena": 1})
    assert answer.because == "Ana: no open tickets, was given 3 of the last 4, on duty now"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon-Fri 09:00-17:00", {0, 1, 2, 3, 4}),
        ("Mon 8:00-12:00, Wed 8:00-12:00", {0, 2}),
        ("Fri-Mon 10:00-24:00", {4, 5, 6, 0}),
        ("Monday - Thursday 09:00 - 17:00; Saturday 09:00-12:00", {0, 1, 2, 3, 5}),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, days: set[int]) -> None:
    assert set(read_hours(text)) == days


@pytest.mark.parametrize("text", ["", "always", "Mon-Fri", "Mon 17:00-09:00", "Mon 25:00-26:00", "Mon 09:00"])
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"hour|minute"):
        read_hours(text)


def test_duty_ends_with_the_hours_and_begins_again_after_an_absence() -> None:
    ana = tsm("Ana", hours="Mon-Fri 09:00-17:00", away=("2026-11-24..2026-11-25",))
    evening = NOON + timedelta(hours=6)
    assert is_on_duty(ana, NOON, CALENDAR)
    assert not is_on_duty(ana, evening, CALENDAR)
    assert next_duty(ana, evening, CALENDAR) == datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
