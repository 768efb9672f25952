"""Tokens survive mail clients, and cannot be guessed from their like."""

import pytest

from maild.process.token import (
    address_part,
    make_token,
    message_id,
    read_address_part,
    read_numbers,
    read_subject_tags,
    subject_tag,
)

TOKEN = make_token(3, b"k" * 32, ticket=17, recipient="bea@client.example", cause="mail 1 acknowledgement")


def test_a_token_is_the_same_each_time() -> None:
    assert make_token(3, b"k" * 32, ticket=17, recipient="BEA@client.example", cause="mail 1 acknowledgement") == TOKEN


@pytest.mark.parametrize(
    "difference",
    [{"ticket": 18}, {"recipient": "cleo@client.example"}, {"cause": "mail 2 acknowledgement"}],
)
def test_each_ticket_person_and_mail_has_a_token_of_its_own(difference: dict[str, object]) -> None:
    words: dict[str, object] = {"ticket": 17, "recipient": "bea@client.example", "cause": "mail 1 acknowledgement"}
    assert make_token(3, b"k" * 32, **{**words, **difference}) != TOKEN  # type: ignore[arg-type]


def test_a_token_carries_at_least_64_bits_in_folded_letters() -> None:
    assert len(TOKEN) == 14
    assert set(TOKEN) <= set("abcdefghijklmnopqrstuvwxyz234567")


def test_an_address_part_comes_back() -> None:
    assert read_address_part(address_part(17, TOKEN)) == (17, TOKEN)
    assert read_address_part(address_part(17, TOKEN).upper()) == (17, TOKEN)


@pytest.mark.parametrize("text", ["", "t17", "t17.short", f"x17.{TOKEN}", f"t17.{TOKEN}x", "t17." + "a" * 5000])
def test_anything_else_is_no_address_part(text: str) -> None:
    assert read_address_part(text) is None


def test_a_message_id_carries_the_token() -> None:
    assert message_id(17, TOKEN, "acme.example") == f"<t17.{TOKEN}@acme.example>"


def test_a_subject_tag_comes_back() -> None:
    subject = f"Re: {subject_tag('T', 17, TOKEN)} and {subject_tag('T', 18, None)}"
    assert read_subject_tags(subject, "T") == [(17, TOKEN), (18, None)]


def test_a_subject_tag_names_its_key() -> None:
    assert subject_tag("T", 17, TOKEN).startswith("[T-17 k3.")


def test_an_impossible_key_is_no_token() -> None:
    assert read_subject_tags("[T-17 k99.aaaaaaaaaaaaa]", "T") == [(17, None)]


@pytest.mark.parametrize(
    "changed",
    [
        "[T\u201117 k{}]",
        "[T\u201317 k{}]",
        "[T-17\u00a0k{}]",
        "\u3010T-17 k{}\u3011",
        "[t-17 K{}]",
        "[EXTERNAL] [T-17 k{}]x",
    ],
)
def test_a_tag_is_read_that_was_typed_anew(changed: str) -> None:
    written = subject_tag("T", 17, TOKEN)
    subject = f"Re: {changed.format(written.removeprefix('[T-17 k').removesuffix(']'))}"
    assert read_subject_tags(subject, "T") == [(17, TOKEN)]
    assert read_numbers(subject, "T") == [17]
