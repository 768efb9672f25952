"""HTML tags with absurdly many attributes: decided at once, and still readable."""

import time
from collections.abc import Callable

import pytest

from maild.mail.attributes import MOST_ATTRIBUTES, thin_out
from tests.support.mail_making import a_mail

MANY = 100_000


def attributes(number: int, pattern: str = ' a{0}="x"') -> str:
    return "".join(pattern.format(each) for each in range(number))


CROWDS: dict[str, Callable[[int], str]] = {
    "in one tag": lambda n: "<p" + attributes(n) + ">hello</p>",
    "without values": lambda n: "<p" + attributes(n, " a{0}") + ">hello</p>",
    "without blanks": lambda n: "<p" + attributes(n, "/a{0}") + ">hello</p>",
    "without blanks or slashes": lambda n: "<p " + attributes(n, 'a{0}="x"') + ">hello</p>",
    "with the end of a tag in each": lambda n: "<p" + attributes(n, ' a{0}=">"') + ">hello</p>",
    "with a tag in each": lambda n: "<p" + attributes(n, " a{0}<p") + ">hello</p>",
    "in an end tag": lambda n: "<p>hello</p" + attributes(n) + ">",
    "in a script": lambda n: "<script" + attributes(n) + ">alert(1)</script>hello",
    "in many html tags": lambda n: attributes(n, '<html a{0}="x">') + "hello",
    "in many body tags": lambda n: attributes(n, '<BODY a{0}="x">') + "hello",
    "behind a comment with a quote": lambda n: '<!-- <p a=" --><p' + attributes(n) + ">hello</p>",
    "behind a style with a quote": lambda n: '<style><p a=" </style><p' + attributes(n) + ">hello</p>",
    "behind a quote that is none": lambda n: '<p "' + attributes(n, " a{0}") + ">hello</p>",
    "never ended": lambda n: "hello<p" + attributes(n),
}


@pytest.mark.parametrize("crowd", CROWDS.values(), ids=CROWDS)
def test_a_crowd_of_attributes_costs_no_time_and_hides_no_text(crowd: Callable[[int], str]) -> None:
    started = time.process_time()
    mail = a_mail(crowd(MANY), content_type="text/html")
    assert time.process_time() - started < 5
    assert mail.text.strip() == "hello"
    assert any("attributes" in defect for defect in mail.defects)


@pytest.mark.parametrize("crowd", CROWDS.values(), ids=CROWDS)
def test_only_too_many_are_dropped(crowd: Callable[[int], str]) -> None:
    few = crowd(MOST_ATTRIBUTES // 2)
    assert thin_out(few) == few
    assert len(thin_out(crowd(MOST_ATTRIBUTES + 50))) < len(crowd(MOST_ATTRIBUTES + 50))


@pytest.mark.parametrize(
    "source",
    [
        '<img src="data:image/png;base64,' + "ab/c+" * 10_000 + '" alt="' + "many words " * 500 + '">',
        "<p>" + "1 < 2, a/b = c " * 1_000 + "</p>",
        '<p style="color: red">x</p>' * 1_000,
        "<p" * 10_000,
        "",
    ],
    ids=["an image", "a text", "a letter", "open tags", "nothing"],
)
def test_what_is_only_long_stays_as_it_is(source: str) -> None:
    assert thin_out(source) == source
