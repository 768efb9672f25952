"""A person's own words in both parts of a mail."""

from maild.replies.blocks import read_blocks
from maild.replies.layout import in_text, spoken

LONG = "a line that somebody wrote, of seventy-eight characters, and not of any more .."


def words(*lines: str) -> str:
    return in_text(read_blocks("\n".join(f"| {line}".rstrip() for line in lines)), language="en")


def test_a_line_of_78_columns_stays_as_it_was_written() -> None:
    assert len(LONG) == 79
    assert words(LONG[:-1], "please") == f"{LONG[:-1]}\nplease\n"


def test_code_is_never_broken() -> None:
    code = f"    router --restart {'--really ' * 20}--now"
    assert words("Do this:", "", code) == f"Do this:\n\n{code}\n"
    assert str(spoken([code])) == f'<span style="font-family:monospace">{code}</span>'


def test_the_clients_quoted_words_stand_apart() -> None:
    assert words("Hello,", "", "> Which cable?", "", "The grey one.") == "Hello,\n\n> Which cable?\n\nThe grey one.\n"


def test_an_address_of_the_web_is_a_link_and_the_sentence_around_it_is_not() -> None:
    html = str(spoken(['See (https://acme.example/a?b=1&c=2), "https://x.example/<b>".']))
    assert (
        '<a href="https://acme.example/a?b=1&amp;c=2" style="color:inherit">https://acme.example/a?b=1&amp;c=2</a>), '
        in html
    )
    assert "<b>" not in html


def test_nothing_else_becomes_a_link() -> None:
    assert "<a" not in str(spoken(["javascript:alert(1) mailto:x@y.example data:text/html,x support@acme.example"]))
