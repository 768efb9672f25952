"""The leak guard: what it holds, and what it must leave alone. All secrets are made for these tests."""

import pytest

from maild.process.guarding.hiding import house_addresses
from maild.process.guarding.leaks import Known, find_house, find_leaks
from tests.support.making import a_desk, a_team

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


@pytest.mark.parametrize(
    "words",
    [
        "Reply-To: support+t17.baf3k2bbbbbbbb@acme.example",
        "mailto:support%2Ba17.baf3k2bbbbbbbb@acme.example?subject=T-17%20take",
        "Subject: Re: [T-17 k3.af3k2bbbbbbbb] VPN",
        "mailto:support@acme.example?subject=%5BT-17%20a3.af3k2bbbbbbbb%5D%20take",
    ],
)
def test_a_token_of_ours_in_a_file_is_found(words: str) -> None:
    assert leaks(words)


@pytest.mark.parametrize("words", ["", "=" * 300_000, "a" * 300_000, "password: " * 20_000, "eyJ" + "a.eyJ" * 50_000])
def test_odd_words_cost_little(words: str) -> None:
    find_leaks(words, a_desk(), Known(internal=[words]))


@pytest.mark.parametrize(
    "spelt",
    [
        "carl@other.example",
        "Carl@Other.Example.",
        "'carl@other.example'",
        "-carl@other.example-",
        '"carl@other.example" <support@acme.example>',
        "ca\u00adrl@ot\u200bher.example",
        "carl\uff20other.example",
        "carl@\u2060other.example",
        "https://shop.example/?who=carl@other.example",
    ],
)
def test_another_clients_address_is_found_however_it_is_spelt(spelt: str) -> None:
    (found,) = leaks(f"You may ask {spelt} about it.", foreign_addresses={"carl@other.example"})
    assert found.casefold() == "carl@other.example"


@pytest.mark.parametrize(
    ("spelt", "key"),
    [
        ("o'brien@other.example", "o'brien@other.example"),
        ("j\u00fcrgen@other.example", "j\u00fcrgen@other.example"),
        ("bea@b\u00fccher.example", "bea@xn--bcher-kva.example"),
        ("ann.lee+x@other.example", "ann.lee+x@other.example"),
    ],
)
def test_addresses_of_other_letters_are_found_whole(spelt: str, key: str) -> None:
    assert leaks(f"Ask {spelt}.", foreign_addresses={key}) == [spelt]


def test_the_end_of_an_address_is_not_somebody_elses() -> None:
    assert leaks("Ask ann.lee@other.example.", foreign_addresses={"lee@other.example"}) == []


@pytest.mark.parametrize("spelt", ["T-9", "t-9", "T\u20119", "T\u20139", "T\u00ad-\u200b9", "(t-9)", "T-9."])
def test_another_clients_ticket_is_found_however_it_is_spelt(spelt: str) -> None:
    assert leaks(f"It is as in {spelt}", foreign_tickets={9}) != []


@pytest.mark.parametrize(
    "words",
    ["pass\u00adword: Summer\u200b2026", "PW: Sommer2026", "AK\u200bIAIOSFODNN7EXAMPLE", "\uff50assword: Summer2026"],
)
def test_a_secret_is_found_through_what_nobody_sees(words: str) -> None:
    assert leaks(words) != []


@pytest.mark.parametrize(
    "said",
    [
        "They have not paid since March, and our lawyer says that we should not touch their router before they do.",
        "They have not paid since last March, and the lawyer says we must not touch their router before they do.",
        "They have not paid since March; the lawyer says that we must not really touch their router before they do.",
    ],
)
def test_a_note_with_small_changes_is_found(said: str) -> None:
    (leak,) = find_leaks(f"Dear Bea,\n\n{said} Sorry.", a_desk(), Known(internal=(NOTE,)))
    assert "internal text" in leak.because
    assert "router" in leak.found


def test_the_same_matter_in_other_words_is_no_leak() -> None:
    said = "Before we go on with your router, would you please look whether the bill of March has been paid? Thank you."
    assert leaks(said, internal=[NOTE]) == []


def test_what_the_client_knows_is_no_leak_with_small_changes() -> None:
    said = NOTE.replace("touch", "really touch").replace("lawyer", "judge")
    assert leaks(said, internal=[NOTE], seen=[f"As I said: {NOTE}"]) == []


def test_an_address_of_the_house_in_a_file_is_found_unless_the_client_knows_it() -> None:
    addresses = house_addresses(a_team(), a_desk())
    files = "Received: from laptop\nTo: Lena <Lena@acme.example>"
    assert [leak.found for leak in find_house(files, addresses, Known())] == ["Lena@acme.example"]
    assert list(find_house(files, addresses, Known(seen=("I wrote to lena@acme.example.",)))) == []
