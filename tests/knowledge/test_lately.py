"""How many others write the same within an hour makes a mail more urgent and wider, and stands in the because."""

from datetime import UTC, timedelta

import pytest

from maild import shipped
from maild.classify.line import classify
from maild.classify.models import Models, load
from maild.knowledge.bursts import History, Opened
from maild.knowledge.lately import Lately, look_back
from maild.mail.message import Address
from tests.knowledge.test_bursts import MINUTE, MONDAY, OUTAGE, quiet_weeks, reports
from tests.support.making import a_mail

NOW = MONDAY + timedelta(minutes=30)
ASKED = "The VPN gateway refuses my connections."


@pytest.fixture(scope="module", name="models")
def _models() -> Models:
    return load(shipped.folder("models"))


def lately(*opened: Opened, at: timedelta = timedelta(), left_out: frozenset[int] = frozenset()) -> Lately:
    """What a desk remembers that has seen these."""
    history = History(zone=UTC)
    for each in opened:
        history.see(each)
    return look_back(history, NOW + at, left_out=left_out)


def points(found: Lately, text: str = ASKED, author: str = "bea@bea.example") -> tuple[list[int], list[int]]:
    facts = found.facts(a_mail(author=Address(address=author), subject="", new_text=text, text=text))
    return [each.points for each in facts.urgency], [each.points for each in facts.impact]


@pytest.mark.parametrize(("clients", "counted"), [(1, ([], [])), (2, ([1], [2])), (5, ([2], [5])), (12, ([4], [8]))])
def test_it_counts_the_more_the_more_others_write(clients: int, counted: tuple[list[int], list[int]]) -> None:
    assert points(lately(*quiet_weeks(2), *reports(clients, MONDAY))) == counted


def test_another_topic_an_hour_later_and_ones_own_house_are_no_others() -> None:
    said = [*quiet_weeks(2), *reports(3, MONDAY)]
    assert points(lately(*said), "May I have a second monitor?") == ([], [])
    assert points(lately(*said, at=timedelta(minutes=90))) == ([], [])
    assert points(lately(*said), author="bob@client10000.example") == ([1], [2])
    assert points(lately(*quiet_weeks(2), *reports(2, MONDAY)), author="bob@client10000.example") == ([], [])


def test_one_domain_is_one_client_however_many_it_forges() -> None:
    assert points(lately(*quiet_weeks(2), *reports(40, MONDAY, client="forged.example"))) == ([], [])


def test_what_a_flood_brings_makes_nothing_urgent() -> None:
    flood = reports(12, MONDAY)
    numbers = frozenset(each.number for each in flood)
    assert points(lately(*quiet_weeks(2), *flood, left_out=numbers)) == ([], [])


def test_what_comes_every_day_is_no_fact() -> None:
    daily = [each for day in range(1, 14) for each in reports(20, MONDAY - day * 1440 * MINUTE)]
    numbered = [*sorted(daily, key=lambda each: each.at), *reports(4, MONDAY)]
    assert points(lately(*numbered)) == ([], [])


def test_the_because_names_it_and_the_labels_follow(models: Models) -> None:
    mail = a_mail(author=Address(address="bea@bea.example"), subject="", new_text=ASKED, text=ASKED)
    found = lately(*quiet_weeks(2), *reports(12, MONDAY, OUTAGE))
    said = [
        {verdict.question: verdict for verdict in classify([mail], models, (), (), knows)[0]}
        for knows in (Lately().facts, found.facts)
    ]
    assert [int(one["impact"].label or 0) for one in said] == [2, 1]
    assert int(said[1]["urgency"].label or 0) < int(said[0]["urgency"].label or 0)
    assert "others write the same: 12 other clients within an hour (+4)" in said[1]["urgency"].because
    assert "others write the same" not in said[0]["urgency"].because
