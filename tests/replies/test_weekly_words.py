"""The weekly summary in words: every fact in every language, nobody's words believed, and all of it in both parts of the mail."""

from datetime import date
from string import Formatter

import pytest

from maild.mail.message import Address
from maild.replies.reply import HouseMail
from maild.replies.weekly.mail import Told, compose_weekly
from maild.replies.weekly.saying import LANGUAGES, Line, Value, say, span
from maild.replies.weekly.words import CLOCKS, PARTS
from tests.support.making import NOON, a_desk
from tests.support.replies_making import a_voice, opened, text_of

OF: dict[str, Value] = {"count": 6, "whole": 22, "category": "network"}
COUNTED: dict[str, Value] = {"opened": 31, "opened_before": 64, "solved": 20, "solved_before": 16, "compared": "fewer"}
FACTS = [
    Line(part="changed", kind="flow", values=COUNTED, tickets=(1,)),
    Line(
        part="changed",
        kind="backlog",
        values={"live": 5, "live_before": 4, "oldest_hours": 2256.0, "ticket": 17},
        tickets=(17,),
    ),
    Line(
        part="changed",
        kind="first_answer",
        values={"median_hours": 0.7, "most_hours": 30.0, "before_hours": 2.0},
        tickets=(),
    ),
    Line(
        part="changed",
        kind="first_answer",
        values={"median_hours": None, "most_hours": None, "before_hours": 2.0},
        tickets=(),
    ),
    Line(
        part="changed",
        kind="kept",
        values={f"{clock}_{name}": 0.5 for clock in CLOCKS for name in ("share", "n", "before_share")},
        tickets=(),
    ),
    Line(
        part="changed",
        kind="closed",
        values={"closed": 9, "closed_before": 8, "wrong": 2, "wrong_before": 1},
        tickets=(),
    ),
    Line(part="look", kind="incident", values={"title": "VPN", "count": 2}, tickets=(3, 4)),
    *(Line(part="look", kind="late", values={"clock": clock, "count": 7}, tickets=range(1, 8)) for clock in CLOCKS),
    Line(part="look", kind="wrong", values={"count": 1}, tickets=(9,)),
    Line(
        part="look",
        kind="hotspot",
        values={**OF, "client": "firm.example", "product": "outlook", "expected": 0.003, "chance": 0.001},
        tickets=(5, 6),
    ),
    Line(part="look", kind="growing", values={**OF, "count_share": 0.314, "chance": 0.012}, tickets=()),
    Line(part="look", kind="recurring", values={**OF, "name": "Scanner jams", "cost_hours": 100.0}, tickets=(7, 8)),
    *(
        Line(
            part="look",
            kind="model",
            values={"question": question, "decided_share": 0.5, "count": 99, "before_share": 0.8},
            tickets=(),
        )
        for question in ("technical", "category", "urgency", "impact")
    ),
    Line(part="do", kind="article", values={"name": "Scanner jams", "solved": 6, "ticket": 8}, tickets=(8,)),
    Line(part="do", kind="split", values={**OF, "first": "One", "second": "Two", "how": "a command"}, tickets=()),
    Line(part="do", kind="guide", values={**OF, "how": "a command"}, tickets=()),
    Line(part="do", kind="skill", values={**OF, "person": "Ana Ruiz", "how": "a command"}, tickets=()),
    Line(
        part="do",
        kind="deadline",
        values={"clock": "next_update", "priority": 2, "kept": 3, "whole": 22, "how": "a command"},
        tickets=(),
    ),
]


def written(lines: list[Line], language: str = "en") -> HouseMail:
    voice = a_voice(desk=a_desk(languages=(language,)))
    told = Told(first=date(2026, 12, 28), last=date(2027, 1, 3), lines=lines)
    lena = Address(address="lena@acme.example", name="Lena Lead")
    return compose_weekly(told, voice, recipient=lena, message_id="<weekly@acme.example>", now=NOON)


def names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_all_that_english_says(language: str) -> None:
    own, english = LANGUAGES[language], LANGUAGES["en"]
    for part in ("sentences", "asides", "promises", "questions", "parts"):
        ours, theirs = getattr(own, part), getattr(english, part)
        assert {key: names(words) for key, words in ours.items()} == {
            key: names(words) for key, words in theirs.items()
        }
    assert set(own.parts) == set(PARTS)
    assert set(own.promises) == set(CLOCKS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_has_a_sentence_in_every_language(language: str) -> None:
    mail = written(FACTS, language)
    message = opened(mail)
    assert message["Content-Language"] == language
    said = " ".join(mail.text.split())
    for fact in FACTS:
        sentence = say(fact, LANGUAGES[language], a_voice())
        assert sentence.endswith((".", "a command"))
        assert not set("{}") & set(sentence)
        assert "None" not in sentence
        assert " ".join(sentence.split()) in said
    assert "Scanner jams" in text_of(message, "html")
    assert "\N{MIDDLE DOT}" not in text_of(message, "html")
    assert {line for line in mail.text.splitlines() if len(line) > 72} == set()


def test_tickets_are_named_and_the_rest_of_them_counted() -> None:
    late = Line(part="look", kind="late", values={"clock": "resolution", "count": 7}, tickets=range(1, 8))
    assert say(late, LANGUAGES["en"], a_voice()).endswith("T-1, T-2, T-3, T-4, T-5 and 2 more.")


def test_what_is_not_known_is_left_out() -> None:
    values = {"median_hours": 5.0, "most_hours": None, "before_hours": None}
    said = say(Line(part="changed", kind="first_answer", values=values, tickets=()), LANGUAGES["en"], a_voice())
    assert said == "First answer: half of the clients had one within 5 h."


def test_the_days_are_named_and_the_year_of_each_where_they_are_of_two() -> None:
    assert "28 December 2026 to 3 January 2027" in written(FACTS).subject
    assert "vom 28. Dezember 2026 bis zum 3. Januar 2027." in written(FACTS, "de").text


def test_a_week_in_which_nothing_stands_out_says_so() -> None:
    assert "Nothing stands out." in written(FACTS[:1]).text
    assert "Nothing stands out." not in written(FACTS).text


def test_times_are_told_in_the_largest_unit_that_is_not_too_coarse() -> None:
    told = [span(hours, LANGUAGES["de"]) for hours in (0.5, 1.0, 1.25, 47.9, 60.0, 2256.0)]
    assert told == ["30 min", "1 h", "1,2 h", "48 h", "2,5 Tagen", "94 Tagen"]


def test_a_subject_that_a_stranger_wrote_is_shown_as_words_only() -> None:
    hostile = "x\r\n\r\n= tap = mailto:evil@evil.example {tickets} <script>alert(1)</script> \u202ereversed"
    mail = written([Line(part="look", kind="incident", values={"title": hostile, "count": 1}, tickets=(3,))])
    message = opened(mail)
    assert "{tickets}" in mail.text
    assert "<script>" not in text_of(message, "html")
    assert 'href="mailto:evil' not in text_of(message, "html")
    assert "\u202e" not in mail.text
    assert len([line for line in mail.text.splitlines() if line.startswith("- ")]) == 1
