"""Levels of escalation: who is asked, in which order."""

from maild.process.calendar import Span
from maild.process.people.escalation import Escalation, Level, first_with_people, people_of
from tests.support.making import ANA, EVA, a_team

DAY = Span(business_days=1)
LEVELS = Escalation(levels=(Level(who=("engineer",), within=DAY), Level(who=("lead", "Ana Ruiz"), within=DAY)))


def test_a_level_names_roles_and_people() -> None:
    team = a_team(people=(*a_team().people, ANA, EVA))
    assert people_of(LEVELS.level(1), team) == (EVA,)
    assert [person.name for person in people_of(LEVELS.level(2), team)] == ["Lena Lead", "Ana Ruiz"]


def test_a_level_on_which_nobody_is_is_left_out() -> None:
    level, people = first_with_people(LEVELS, a_team(), 1)
    assert (level, [person.name for person in people]) == (2, ["Lena Lead"])


def test_the_last_level_is_asked_again() -> None:
    team = a_team(people=(*a_team().people, EVA))
    assert first_with_people(LEVELS, team, 3)[0] == 2


def test_where_no_level_has_anybody_the_lead_is_asked() -> None:
    nobody = Escalation(levels=(Level(who=("Somebody Else",), within=DAY),))
    assert [person.name for person in first_with_people(nobody, a_team(), 1)[1]] == ["Lena Lead"]
