"""What of a TSM's mail goes to the client: in the shapes that mail clients give it. All texts are written for these tests."""

import pytest

from maild.process.guarding.relaying import relayed_words
from tests.support.mail_making import a_mail
from tests.support.making import a_desk

CLIENT = """\
Hello,

our router has rebooted three times since this morning, and nobody in the
Bremen office can print. Which cable should we check?

Do we need a new contract for that?

Bea"""
SHEET = """\
> A new ticket has been opened.
>
>   Client: Bea Kunde <bea@client.example>
>   Decision: technical
>
> > Hello,
> >
> > our router has rebooted three times since this morning, and nobody in the
> > Bremen office can print. Which cable should we check?
>
> Reasons:
>
> - technical: router, rebooted
> --
> Acme Support, ticket T-17"""
TOP = "Dear Bea,\n\nplease check the grey cable.\n\nBest regards\nLena"

SHAPES = {
    "Gmail": f"{TOP}\n\nOn Mon, Nov 23, 2026 at 1:00 PM Acme Support <support@acme.example> wrote:\n\n{SHEET}",
    "Apple Mail": f"{TOP}\n\n> On 23. Nov 2026, at 13:00, Acme Support <support@acme.example> wrote:\n> \n{SHEET}",
    "Thunderbird": f"{TOP}\n\n-- \nLena Lead\nAcme, 3rd floor\n\nAm 23.11.26 um 13:00 schrieb Acme Support:\n{SHEET}",
    "mutt": f"{TOP}\n\nOn Mon, Nov 23, 2026 at 01:00:00PM +0100, Acme Support wrote:\n{SHEET}\n\n-- \nLena",
    "Outlook": f"{TOP}\n\nFrom: Acme Support <support@acme.example>\nSent: Monday, November 23, 2026 1:00 PM\n"
    f"To: Lena Lead <lena@acme.example>\nSubject: [T-17] VPN is down\n\n{SHEET.replace('> ', '')}",
    "Outlook, with a rule": f"{TOP}\n\n________________________________\nVon: Acme Support\nGesendet: Montag\n"
    f"An: Lena\nBetreff: [T-17]\n\n{SHEET.replace('> ', '')}",
    "a telephone": f"{TOP}\n\nSent from my iPhone\n\n> On 23. Nov 2026, at 13:00, Acme Support wrote:\n{SHEET}",
    "Outlook on a telephone": f"{TOP}\n\nGet Outlook for Android<https://aka.ms/x>\n________________________________\n"
    "From: Acme Support\nSent: Monday\nTo: Lena\nSubject: x\n\nA new ticket has been opened.",
    "an announcement without a date": f"{TOP}\n\nOn Monday, Acme Support wrote:\n{SHEET}",
    "a wrapped announcement without a date": f"{TOP}\n\nAcme Support\n<support@acme.example> schrieb:\n\n{SHEET}",
    "an announcement in no known language": f"{TOP}\n\nAcme Support kirjoitti:\n{SHEET}",
    "bottom posting": f"On Mon, Nov 23, 2026 at 1:00 PM Acme Support wrote:\n{SHEET}\n\n{TOP}",
    "bottom posting of the client's words": "\n".join(f"> {line}" for line in CLIENT.splitlines()) + f"\n\n{TOP}",
}


def words(text: str, *heard: str) -> str:
    return relayed_words(text, heard or (CLIENT,), a_desk())


@pytest.mark.parametrize("shape", SHAPES)
def test_only_the_own_words_are_relayed(shape: str) -> None:
    assert words(SHAPES[shape]) == TOP


INTERLEAVED = """\
Hello Bea,

On Mon, 23 Nov 2026 Acme Support wrote:
> A new ticket has been opened.
>   Decision: technical
> > Bremen office can print. Which
> > cable should we check?

The grey one.

> > Do we need a new contract for that?
> Reasons: router

No.

Lena
"""


def test_answers_between_the_clients_own_lines_keep_those_lines() -> None:
    assert words(INTERLEAVED) == (
        "Hello Bea,\n\n> Bremen office can print. Which\n> cable should we check?\n\nThe grey one.\n\n"
        "> Do we need a new contract for that?\n\nNo.\n\nLena"
    )


def test_the_words_of_another_ticket_are_no_quote_of_the_clients() -> None:
    assert ">" not in words(INTERLEAVED, "Something else entirely.")


def test_commands_below_a_quote_stand_at_the_top() -> None:
    below = "> Do we need a new contract for that?\n\n/urgency 1\nNo.\n\n> Bea\n\nThat is all."
    assert words(below).startswith("/urgency 1\nNo.")


@pytest.mark.parametrize("empty", [SHEET, f"\n\nOn Mon, Nov 23, 2026 Acme Support wrote:\n{SHEET}", "-- \nLena Lead"])
def test_a_mail_without_own_words_relays_nothing(empty: str) -> None:
    assert not words(empty)


@pytest.mark.parametrize("device", ["Sent from my iPhone", "Von meinem iPhone gesendet"])
def test_the_advertisement_of_a_device_is_no_answer(device: str) -> None:
    assert not words(f"\n{device}\n\n{SHEET}")


def test_a_quoted_head_at_the_very_top_is_a_quote() -> None:
    head = "From: Acme Support <support@acme.example>\nSent: Monday\nTo: Lena\nSubject: [T-17] x\n\nDecision: technical"
    assert not words(f"\n{head}")


def test_a_line_with_a_colon_stays_above_a_quote_that_is_announced() -> None:
    text = f"Please send us:\n\nOn Mon, Nov 23, 2026 at 1:00 PM Acme Support wrote:\n{SHEET}"
    assert words(text) == "Please send us:"


def test_code_and_lists_keep_their_form() -> None:
    text = "Try:\n\n    if up:\n        ping()\n\n- one\n  - two\n\nhttps://acme.example/help?a=1&b=2"
    assert words(text) == text


def test_an_html_mail_alone_says_what_is_quoted() -> None:
    html = (
        "<p>Dear Bea,</p><p>please check the grey cable.</p>"
        '<div>Acme Support kirjoitti:</div><blockquote type="cite"><p>Decision: technical</p>'
        "<blockquote>Bremen office</blockquote></blockquote>"
    )
    mail = a_mail(html, content_type="text/html; charset=utf-8")
    assert words(mail.text) == "Dear Bea,\n\nplease check the grey cable."


def test_an_indented_paragraph_of_html_is_no_quote() -> None:
    mail = a_mail('<p>Try:</p><blockquote style="margin:0 0 0 40px">ping router</blockquote>', content_type="text/html")
    assert "ping router" in words(mail.text)


def test_no_mark_of_ours_leaves() -> None:
    text = (
        "See <support+t17.baf3k2bbbbbbbb@acme.example> and [T-17 k3.af3k2bbbbbbbb] or\n"
        "<support+a17.baf3k2bbbbbbbb@acme.example> (T-17 release), <t17.baf3k2bbbbbbbb@acme.example>,\n"
        "mailto:SUPPORT+A17.BAF3K2BBBBBBBB@acme.example?subject=T-17%20release"
        "\n<mailto:support%2Ba17.baf3k2bbbbbbbb@acme.example?subject=T-17%20take>\n<support%2Bt17.baf3k2bbbbbbbb@acme.example>"
        "\nmailto:support@acme.example?subject=%5BT-17%20a3.af3k2bbbbbbbb%5D%20take"
    )
    assert words(text) == "See <support@acme.example> and [T-17] or\n, ,\n\n<support@acme.example>"
