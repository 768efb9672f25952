"""Language: one of the desk's, or none."""

import pytest

from maild.mail.language import identify

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
