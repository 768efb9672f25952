"""Language: one of the desk's, or none."""

import pytest
from py3langid.langid import visit_counts

from maild.mail import walking
from maild.mail.language import _identifier, identify

LANGUAGES = ("en", "de", "fr", "es")
TEXTS = {
    "My printer does not work since this morning.": "en",
    "Mein Drucker funktioniert seit heute morgen nicht.": "de",
    "Mon imprimante ne marche plus depuis ce matin.": "fr",
    "No puedo iniciar sesión, por favor restablezca mi contraseña.": "es",
    "Nie mogę zalogować się do portalu, proszę o pomoc.": None,
    "Здравствуйте, принтер сегодня не работает": None,
    "Min skrivare fungerar inte sedan i morse": None,
    "ok thanks": None,
    "": None,
    "https://client.example/this/is/a/long/address/of/a/page ERR-4711 4711": None,
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.items(), ids=[text[:20] for text in TEXTS])
def test_a_text_is_in_one_of_the_languages_or_in_none(text: str, expected: str | None) -> None:
    assert identify(text, LANGUAGES) == expected


def test_a_language_that_the_table_does_not_know_is_never_found() -> None:
    assert identify("My printer does not work since this morning.", ("xx",)) is None
    assert identify("My printer does not work since this morning.", ()) is None


def test_a_text_has_the_features_that_the_library_finds_in_it_one_octet_after_the_other() -> None:
    identifier = _identifier()
    strange = (
        "ééé " * 30,
        "\ud800 x " * 20,
        "日本語のテキストです。" * 20,
        "GROSS GESCHRIEBEN " * 9,
        f"{'a' * 99} b",
        " ",
        "x\ty",
    )
    for text in (*TEXTS, *strange, " ".join(TEXTS)):
        octets = identifier._encode(text)
        walked = visit_counts(identifier.tk_nextmove, identifier._rowbase, identifier.tk_output, octets)
        assert list(identifier.count_features(octets).items()) == list((walked or {}).items())


def test_new_words_push_out_the_old_ones_and_not_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "REMEMBERED", 10)
    for number in range(100):
        identify(f"Mein Drucker funktioniert seit heute morgen nicht {'q' * number}.", LANGUAGES)
        assert len(_identifier()._steps) <= 10
