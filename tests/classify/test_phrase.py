"""Phrases of the tables of points: which texts are searched for them at all."""

import pytest

from maild.classify.phrase import keys, read_phrases


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("is down", "the server is down"),
        ("outage*", "two outages today"),
        ("# ~ colleagues", "12 of my colleagues"),
        ("until @", "until 5 pm"),
        ("^urgent", "re: [urgent] help"),
        ("is not *ing", "it is not printing"),
        ("can't work", "we can't work"),
        ("a~ b", "a b"),
    ],
)
def test_a_text_that_has_a_phrase_has_all_that_the_phrase_needs(phrase: str, text: str) -> None:
    (read,) = read_phrases(phrase)
    assert keys(text).issuperset((read.key, *read.needs))
    assert read.core in text


def test_a_text_without_one_of_its_words_is_not_searched_for_a_phrase() -> None:
    (read,) = read_phrases("server is down")
    assert not keys("the server is slow").issuperset((read.key, *read.needs))


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        ("by 4.30", True),
        ("by 0.30 uhr", True),
        ("by 00.30", True),
        ("out by 0.03", False),
        ("by 2.75", False),
        ("by 3.50 eur", False),
        ("by 12.50€", False),
        ("by 4.30 europe", True),
    ],
)
def test_what_is_no_minute_of_an_hour_is_no_time_of_day(text: str, is_there: bool) -> None:
    (read,) = read_phrases("by @")
    assert bool(list(read.places(text))) is is_there


def test_a_phrase_whose_letters_are_not_there_stands_nowhere() -> None:
    (read,) = read_phrases("# ~ computer*")
    assert not list(read.places("3 of our companies"))
