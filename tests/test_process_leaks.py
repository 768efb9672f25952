"""The leak guard: what it holds, and what it must leave alone. All secrets are made for these tests."""

import pytest

from maild.process.leaks import Known, find_leaks
from tests.making import a_desk

NOTE = "They have not paid since March, and the lawyer says that we must not touch their router before they do."
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJsZW5hIn0.c2lnbmF0dXJlLW9mLWEtdGVzdA"

SECRETS = {
    "a private key": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\n-----END OPENSSH PRIVATE KEY-----",
    "AWS": "Use AKIA" + "IOSFODNN7EXAMPLE for that.",
    "GitHub": "git clone with ghp_" + "a1B2" * 9,
    "GitLab": "glpat-" + "x7Yz" * 5,
    "Slack": "xoxb-" + "123456789012-abcdefABCDEF",
    "Google": "AIza" + "Sy0" * 11 + "ab",
    "a web token": f"curl -H 'X-Token: {JWT}'",
    "bearer": "Authorization: Bearer abcdef0123456789abcdef",
    "a connection string": "postgresql://app:s3cr3t@db.acme.example/app",
    "password:": "The password: Summer2026",
    "Passwort lautet": "Ihr Passwort lautet: Sommer2026!",
    "mot de passe": "le mot de passe : hiver2026x",
    "contraseña": "contraseña: verano26",
    "a plain word alone": "password: swordfish",
    "api_key=": "api_key=9f8e7d6c5b4a",
}


def leaks(words: str, **known: object) -> list[str]:
    return [leak.found for leak in find_leaks(words, a_desk(), Known(**known))]  # type: ignore[arg-type]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_found(secret: str) -> None:
    assert leaks(f"Dear Bea,\n\n{SECRETS[secret]}\n\nLena")


@pytest.mark.parametrize("secret", SECRETS)
def test_what_the_client_told_us_is_no_secret_to_them(secret: str) -> None:
    assert leaks(SECRETS[secret], seen=[f"Hello,\n{SECRETS[secret]}\nBea"]) == []


@pytest.mark.parametrize(
    "words",
    [
        "Please reset your password: it has expired.",
        "Password: required",
        "Please type your password: then press Enter.",
        "Das Passwort ist abgelaufen, bitte ändern Sie es.",
        "Set password=<your password> in the file.",
        "The secret is to restart it twice.",
        "pin: ****",
        "See https://acme.example/reset?token=",
        "The access key is on your desk.",
    ],
)
def test_talk_about_passwords_is_no_secret(words: str) -> None:
    assert leaks(words) == []


def test_the_address_and_the_ticket_of_another_client_are_found() -> None:
    words = "As we told carl@other.example (T-9), and as in T-17 and T-8; bea@client.example knows."
    found = leaks(words, foreign_addresses={"carl@other.example"}, foreign_tickets={9})
    assert found == ["carl@other.example", "T-9"]


def test_a_note_word_for_word_is_found_however_it_is_wrapped() -> None:
    said = "Dear Bea,\n\nwell, the lawyer says that we must\nnot touch their router before they do. Sorry."
    (found,) = leaks(said, internal=[NOTE])
    assert found == "the lawyer says that we must not touch their router before they do"


def test_a_few_words_alike_are_chance() -> None:
    assert leaks("We must not touch the router before they do something else.", internal=[NOTE]) == []


def test_internal_text_that_the_client_has_seen_is_no_leak() -> None:
    assert leaks(NOTE, internal=[NOTE], seen=[f"You wrote: {NOTE}"]) == []


def test_a_long_run_of_few_words_is_found() -> None:
    path = "/srv/acme/contracts/2026/northwind-bremen/internal-assessment/final/version-seven"
    assert leaks(f"It is in {path}, as said.", internal=[f"moved to {path} yesterday"])


def test_a_token_of_ours_in_a_file_is_found() -> None:
    assert leaks("Reply-To: support+t17.baf3k2bbbbbbbb@acme.example")


@pytest.mark.parametrize("words", ["", "=" * 300_000, "a" * 300_000, "password: " * 20_000, "eyJ" + "a.eyJ" * 50_000])
def test_odd_words_cost_little(words: str) -> None:
    find_leaks(words, a_desk(), Known(internal=[words]))
