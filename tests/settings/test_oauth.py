"""What [mailbox.oauth] may say, and what its provider is known by."""

from pathlib import Path

import pytest

from maild.settings.values import OAuthSettings
from tests.support.desk_folder import a_folder, add, change, problems, read

MICROSOFT = 'provider = "microsoft365"\ntenant = "acme.example"\nclient_id = "1"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_folder(tmp_path / "config")


def of_mailbox(folder: Path, keys: str, **environ: str) -> OAuthSettings:
    found = read(with_oauth(folder, keys), **environ).mailboxes[0].oauth
    assert found is not None
    return found


def with_oauth(folder: Path, keys: str) -> Path:
    return change(folder, "maild.toml", "[smtp]      ", f"[mailbox.oauth]\n{keys}\n[smtp]")


def test_microsoft_with_a_secret_is_let_in_as_itself(folder: Path) -> None:
    oauth = of_mailbox(folder, MICROSOFT + 'client_secret_file = "secrets/client"\n')
    assert oauth.grant == "client_credentials"
    assert oauth.token_url == "https://login.microsoftonline.com/acme.example/oauth2/v2.0/token"
    assert oauth.scope == "https://outlook.office365.com/.default"
    assert oauth.client_secret is not None
    assert oauth.client_secret.file == folder / "secrets/client"


def test_microsoft_without_a_secret_needs_a_persons_log_in(folder: Path) -> None:
    oauth = of_mailbox(folder, MICROSOFT)
    assert (oauth.grant, "offline_access" in oauth.scope) == ("refresh_token", True)
    assert oauth.device_url is not None
    assert oauth.refresh_token_file == folder / "secrets/refresh-token"


def test_google_without_a_client_is_a_service_account_for_the_mailbox(folder: Path) -> None:
    oauth = of_mailbox(folder, 'provider = "google"\n')
    assert (oauth.grant, oauth.scope) == ("service_account", "https://mail.google.com/")
    assert (oauth.username, oauth.device_url) == ("support@example.org", None)


def test_submission_uses_the_mailboxs_tokens_unless_it_has_a_password(folder: Path) -> None:
    settings = read(with_oauth(folder, MICROSOFT))
    assert settings.smtp.oauth == settings.mailboxes[0].oauth
    settings = read(folder, MAILD_SMTP__PASSWORD_ENV="X")
    assert settings.smtp.oauth is None


def test_the_environment_stands_over_its_keys(folder: Path) -> None:
    with_oauth(folder, MICROSOFT)
    settings = read(folder, MAILD_MAILBOX__0__OAUTH__CLIENT_ID="2", MAILD_SMTP__OAUTH__PROVIDER="google")
    assert settings.mailboxes[0].oauth is not None
    assert settings.mailboxes[0].oauth.client_id == "2"
    assert settings.smtp.oauth is not None
    assert settings.smtp.oauth.grant == "service_account"


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ('provider = "microsoft365"\nclient_id = "1"', "mailbox[0].oauth: tenant is missing"),
        ('provider = "microsoft365"\ntenant = "a"', "mailbox[0].oauth: client_id is missing"),
        (MICROSOFT + 'grant = "client_credentials"', "client_secret_file or client_secret_env is missing"),
        (MICROSOFT + 'grant = "service_account"', "allowed with microsoft365: client_credentials or refresh_token"),
        (MICROSOFT + 'client_secret_file = "a"\nclient_secret_env = "b"', "allowed: one of the two"),
        ('provider = "other"\nclient_id = "1"', "token_url is missing"),
        (MICROSOFT + 'token_url = "http://a.example/"', "begins with https://"),
        (MICROSOFT + 'client_secret = "hunter2"', "client_secret is unknown; did you mean client_secret_env?"),
        ('client_id = "1"', "provider is missing"),
        ('provider = "aol"', "'microsoft365', 'google' or 'other'"),
    ],
)
def test_what_is_missing_or_wrong_is_named(folder: Path, keys: str, says: str) -> None:
    found = problems(with_oauth(folder, keys))
    assert len(found) == 1, found
    assert says in found[0]
    assert "hunter2" not in found[0]


def test_a_password_beside_tokens_is_refused(folder: Path) -> None:
    with_oauth(folder, MICROSOFT)
    found = problems(folder, MAILD_MAILBOX__0__PASSWORD_ENV="X")
    assert [line.partition(": ")[2] for line in found] == [
        "mailbox[0] has a password and mailbox[0].oauth; allowed: one of the two"
    ]


def test_oauth_of_submission_alone_is_whole_too(folder: Path) -> None:
    found = problems(add(folder, "maild.toml", '[smtp.oauth]\nprovider = "other"\n'))
    assert [line.partition(": ")[2].split(";")[0] for line in found] == [
        "smtp.oauth: client_id is missing",
        "smtp.oauth: token_url is missing",
    ]
