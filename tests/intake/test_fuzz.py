"""A fuzzer over quoting, commands and threading, and over all of them behind the parser."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from maild.process.token import address_part, message_id, subject_tag
from tests.mail.test_fuzz import MAILS
from tests.support.fuzzed import (
    CLIENT,
    DESK,
    TOKEN,
    assert_commands,
    assert_parsed_or_held,
    assert_quoted,
    assert_threaded,
)
from tests.support.making import a_mail

QUICK = settings(
    max_examples=150, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
OTHER = "b" * 14
LINES = st.sampled_from(
    [
        *(
            "Hello,",
            "It burns.",
            "",
            " ",
            "> quoted",
            ">> twice",
            "|> x",
            "-- ",
            "--",
            "Sent from my iPhone",
            "\t",
            "*",
            "__",
        ),
        *("On Mon, 2 Mar 2026 at 10:00, Desk <support@desk.example> wrote:", "Am 02.03.2026 um 10:00 schrieb Desk:"),
        *("From: Desk", "Sent: Monday", "To: Ana", "Subject: x", "-----Original Message-----", "____________________"),
        *(
            "De : Desk",
            "Le lun. 2 mars 2026 \u00e0 10:00, Desk a \u00e9crit :",
            "wrote:",
            "On",
            "schrieb",
            "a \u00e9crit\xa0:",
        ),
        *(
            "/close",
            "/note",
            "//etc/hosts",
            "/",
            "/ close",
            "/CLOSE.",
            "/assign \u201cAna\u201d",
            "\uff0fclose",
            "/category  x",
        ),
        *("\u202e/close", "/clo\u200bse", "/\u0301", "#### answer above this line ####", "\x0c", "\u2028", "/a" * 40),
    ]
)
TEXTS = st.lists(LINES | st.text(max_size=30), max_size=14).map("\n".join)


@QUICK
@given(TEXTS)
@example("/close\n\n/close")
@example("> only a quote")
def test_any_text_is_quoted_and_commanded(text: str) -> None:
    assert_quoted(text)
    assert_commands(text)


IDS = st.sampled_from(
    [
        *("<known@client.example>", "<ghost@client.example>", "<x@y>", "<>", "<@>", "known@client.example"),
        *(message_id(17, TOKEN, DESK.domain), message_id(18, TOKEN, DESK.domain), message_id(17, OTHER, DESK.domain)),
        message_id(17, TOKEN, "evil.example"),
    ]
) | st.text(max_size=20)
PARTS = st.sampled_from(
    [address_part(17, TOKEN), address_part(17, OTHER), address_part(18, TOKEN), "t17", "t17.", f"a17.{TOKEN}", "+", ""]
)
SUBJECTS = st.lists(
    st.sampled_from(
        [
            *(
                subject_tag("T", 17, TOKEN),
                subject_tag("T", 18, TOKEN),
                subject_tag("T", 17, None),
                "[T-17 k]",
                "[T-",
                "Re:",
            ),
            *("[T-999999999999]", "[t-17]", "[T-\u0661\u0667]", "]", "[T-17]" * 20),
        ]
    )
    | st.text(max_size=12),
    max_size=5,
).map(" ".join)


@QUICK
@given(st.lists(IDS, max_size=5), st.lists(IDS, max_size=5), st.lists(PARTS, max_size=4), SUBJECTS)
def test_no_clue_lets_a_stranger_in(
    in_reply_to: list[str], references: list[str], parts: list[str], subject: str
) -> None:
    local, _, domain = DESK.address.partition("@")
    addresses = tuple(f"{local}+{part}@{domain}" for part in parts)
    assert_threaded(
        a_mail(
            in_reply_to=tuple(in_reply_to),
            references=tuple(references),
            delivered_to=(*addresses, CLIENT),
            subject=subject,
        )
    )


@settings(parent=QUICK, max_examples=60)
@given(MAILS, TEXTS)
def test_a_mail_of_pieces_goes_through_all_of_it(source: bytes, text: str) -> None:
    assert_parsed_or_held(source)
    assert_parsed_or_held(source.split(b"\r\n\r\n")[0] + b"\r\n\r\n" + text.encode("utf-8", "replace"))
