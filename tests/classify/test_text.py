"""The one text function, and what is counted in it."""

from collections import Counter

from maild.classify.terms import pairs, pieces, terms, words
from maild.classify.text import LIMIT, model_text


def test_prefixes_links_addresses_and_numbers_are_gone() -> None:
    text = model_text("Re: AW: Printer 42", "See https://x.example/a?b and mail ana@x.example, call 0123")
    assert text == "printer see and mail call"


def test_the_ways_to_write_e_mail_are_one_word() -> None:
    assert words(model_text("", "e-mail E-Mails email emails")) == ["mail"] * 4


def test_an_apostrophe_of_a_phone_is_an_apostrophe() -> None:
    assert model_text("", "I can\u2019t connect") == model_text("", "I can't connect")
    assert words(model_text("", "I can\u2019t connect")) == ["cannot", "connect"]


def test_words_that_only_tell_collections_apart_are_not_counted() -> None:
    assert words("dear team please help me with the printer kind regards") == ["printer"]


def test_terms_are_words_pairs_and_pieces() -> None:
    counted = Counter(terms("vpn fails"))
    assert counted["vpn"] == counted["vpn fails"] == counted["~_vp"] == counted["~vpn_"] == 1
    assert set(counted) == {"vpn", "fails", "vpn fails", *pieces("vpn"), *pieces("fails")}


def test_pairs_stand_side_by_side() -> None:
    assert pairs(["a", "b", "c"]) == ["a b", "b c"]
    assert pairs([]) == []


def test_small_words_are_counted_apart_so_that_a_model_may_know_them_or_not() -> None:
    counted = Counter(terms("how do printers with vpn fail"))
    assert counted["how"] == counted["how do"] == counted["do printers"] == counted["-_wit"] == 1
    assert "~_wit" not in counted
    assert counted["printers vpn"] == 1, "nothing telling stands between them"
    assert counted["with vpn"] == 1


def test_a_very_long_mail_costs_no_more_than_its_beginning() -> None:
    assert len(model_text("", "word " * 100_000)) <= LIMIT


def test_text_that_is_no_language_counts_nothing() -> None:
    assert terms(model_text("", "QUJD" * 500)) == []
    assert terms("") == []
