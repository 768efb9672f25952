"""HTML of strangers: read as text, shown without teeth."""

import pytest

from maild.mail.html import as_text, cut_html, is_too_deep, to_show, to_text
from maild.mail.message import Limits
from maild.mail.reading import read_html
from tests.support.mail_making import a_mail, a_source

LIMITS = Limits()

TEETH = {
    "a script": "<script>alert(1)</script>",
    "a handler": '<p onclick="alert(1)">x</p>',
    "a javascript link": '<a href="javascript:alert(1)">x</a>',
    "a data link": '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "a remote image": '<img src="https://evil.example/pixel.png">',
    "a remote style": '<style>@import url("https://evil.example/x.css");</style>',
    "an inline style": '<p style="background:url(https://evil.example/pixel.png)">x</p>',
    "a background": '<table background="https://evil.example/pixel.png"><tr><td>x</table>',
    "a form": '<form action="https://evil.example/"><input name="password"></form>',
    "a frame": '<iframe src="https://evil.example/"></iframe>',
    "a drawing": '<svg onload="alert(1)"><image href="https://evil.example/"/></svg>',
    "a base": '<base href="https://evil.example/"><a href="x">x</a>',
    "a refresh": '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    "a video": '<video src="https://evil.example/x.mp4" poster="https://evil.example/p.png"></video>',
}


@pytest.mark.parametrize("source", TEETH.values(), ids=TEETH.keys())
def test_what_is_shown_fetches_and_runs_nothing(source: str) -> None:
    shown = to_show(source)
    for tooth in ("evil.example", "alert", "javascript:", "data:", "style", "<input"):
        assert tooth not in shown


def test_structure_and_links_are_shown() -> None:
    shown = to_show('<h1>Hi</h1><ul><li>a <b>b</b></ul><a href="https://client.example/">x</a>')
    assert "<h1>Hi</h1>" in shown
    assert "<li>a <b>b</b></li>" in shown
    assert 'href="https://client.example/"' in shown
    assert "noopener" in shown


def test_text_reads_like_the_page() -> None:
    source = "<html><head><title>no</title><style>p{}</style></head><body><p>One</p><ul><li>two<li>three</ul></body>"
    assert to_text(source, LIMITS).split() == ["One", "*", "two", "*", "three"]


@pytest.mark.parametrize(
    "attributes",
    ['class="MsoNormal"', "class=MsoNormal style='margin:0in;margin-bottom:.0001pt'", "lang=DE class=MsoPlainText"],
)
def test_lines_of_outlook_have_no_room_between_them(attributes: str) -> None:
    line = f"<p {attributes}>{{}}<o:p></o:p></p>"
    source = "".join(line.format(words) for words in ("/urgency 1", "/note", "&nbsp;", "He is angry."))
    assert to_text(source, LIMITS) == "/urgency 1\n/note\n\nHe is angry."


@pytest.mark.parametrize("style", ["display:none", "mso-hide:all;display: none"])
def test_a_line_of_outlook_that_nobody_sees_stays_hidden(style: str) -> None:
    hidden = f"<p class=MsoNormal style='{style}'>preview</p>"
    assert (
        to_text(f"{hidden}<p class=MsoNormal>/note</p><p class=MsoNormal>He is angry.</p>", LIMITS)
        == "/note\nHe is angry."
    )


def test_paragraphs_have_room_between_them() -> None:
    assert to_text("<p>One</p><p class='MsoNormal' style='margin-bottom:12.0pt'>two</p><p>three</p>", LIMITS) == (
        "One\n\ntwo\n\nthree"
    )


@pytest.mark.parametrize("levels", [199, 301, 5_000])
def test_deep_html_is_read_and_shown_as_text(levels: int) -> None:
    source = "<div>" * levels + "hello &amp; <b>you</b><script>alert(1)</script>" + "</div>" * levels
    assert to_text(source, LIMITS).split() == ["hello", "&", "you"]
    shown = as_text(source, LIMITS) if is_too_deep(source, LIMITS) else to_show(source)
    assert "alert" not in shown


def test_a_cut_leaves_no_half_tag() -> None:
    assert cut_html("<p>hello</p><b>x</b>", Limits(html_bytes=14)) == "<p>hello</p>"
    assert cut_html("x" * 20, Limits(html_bytes=5)) == "xxxxx"


def test_words_behind_an_image_that_is_written_out_are_not_cut_off() -> None:
    pasted = f'<p>Restart.</p><img src="data:image/png;base64,{"A" * 5_000}"><p>Then call me.</p>'
    assert to_text(cut_html(pasted, Limits(html_bytes=1_000)), LIMITS) == "Restart.\n\nThen call me."


def test_a_mail_without_html_has_none() -> None:
    assert read_html(a_source("plain"), LIMITS) is None


def test_html_that_declares_an_encoding_of_its_own_is_read() -> None:
    source = '<?xml version="1.0" encoding="utf-8"?><html><body>Grüße</body></html>'
    assert a_mail(source, content_type="text/html; charset=utf-8").text == "Grüße"


def test_html_of_nothing_gives_no_text() -> None:
    mail = a_mail("<html><body></body></html>", content_type="text/html")
    assert mail.text == ""
    assert mail.new_text == ""
