"""How maild logs in: the password's file or variable, or the tokens that accounts of one application share."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial
from threading import Lock

from maild.doors.credential import Credentials, Password
from maild.doors.oauth import AccessTokens, Application, Grant, client_credentials, refresh_token
from maild.doors.token_file import TokenFile
from maild.settings.oauth import CLIENT_CREDENTIALS, REFRESH_TOKEN
from maild.settings.secret import read_secret
from maild.settings.values import MailboxSettings, OAuthSettings, Secret, Settings, SmtpSettings

Clock = Callable[[], datetime]

_shared: dict[OAuthSettings, AccessTokens] = {}
_lock = Lock()


def mailbox_credentials(mailbox: MailboxSettings, environ: Mapping[str, str], clock: Clock) -> Credentials:
    """What a mailbox is opened with."""
    return access_tokens(mailbox.oauth, environ, clock) if mailbox.oauth else _password(mailbox.secret, environ)


def submission_credentials(smtp: SmtpSettings, environ: Mapping[str, str], clock: Clock) -> Credentials | None:
    """What the submission server is shown; None where it asks for no log-in."""
    if smtp.oauth:
        return access_tokens(smtp.oauth, environ, clock)
    return _password(smtp.secret, environ) if smtp.secret else None


def access_tokens(oauth: OAuthSettings, environ: Mapping[str, str], clock: Clock) -> AccessTokens:
    """The tokens of a section; whoever has the same settings shares them, so that a server is asked once an hour."""
    with _lock:
        if oauth not in _shared:
            grant = _grant(oauth, application_of(oauth, environ), clock)
            _shared[oauth] = AccessTokens(key=oauth.key, grant=grant, clock=clock)
        return _shared[oauth]


def oauth_sections(settings: Settings) -> list[OAuthSettings]:
    """List the sections of mailboxes and of submission, each once."""
    found = [*(mailbox.oauth for mailbox in settings.mailboxes), settings.smtp.oauth]
    return list(dict.fromkeys(section for section in found if section))


def tokens_at_hand(sections: Collection[OAuthSettings] | None = None) -> Mapping[str, AccessTokens]:
    """Configuration section to the tokens that this process has asked for; None: of every section."""
    with _lock:
        return {oauth.key: tokens for oauth, tokens in _shared.items() if sections is None or oauth in sections}


def application_of(oauth: OAuthSettings, environ: Mapping[str, str]) -> Application:
    """The application under which maild is known to the token server."""
    secret = oauth.client_secret
    return Application(
        key=f"[{oauth.key}]",
        token_url=oauth.token_url,
        client_id=oauth.client_id,
        client_secret=partial(read_secret, secret, environ) if secret else None,
        scope=oauth.scope,
        ca_file=oauth.ca_file,
    )


def _grant(oauth: OAuthSettings, application: Application, clock: Clock) -> Grant:
    if oauth.grant == CLIENT_CREDENTIALS:
        return client_credentials(application)
    if oauth.grant == REFRESH_TOKEN:
        return refresh_token(application, TokenFile(oauth.refresh_token_file))
    from maild.doors.oauth_assertion import service_account  # its library takes a while to load

    return service_account(application, oauth.service_account_file, subject=oauth.username, clock=clock)


def _password(secret: Secret, environ: Mapping[str, str]) -> Credentials:
    return lambda: Password(read_secret(secret, environ))
