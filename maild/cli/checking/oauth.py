"""Check of OAuth: does the token server give maild a token, and for how long."""

from collections.abc import Iterator
from functools import partial
from zoneinfo import ZoneInfo

from maild.cli.checking.finding import Finding, Trial, attempt
from maild.daemon.log_in import access_tokens, oauth_sections
from maild.daemon.running import system_clock
from maild.settings.values import OAuthSettings

CURE = "[mailbox.oauth] in maild.toml; docs/oauth.md says what the provider must permit"


def check_oauth(trial: Trial) -> Iterator[Finding]:
    """Ask for a token with every section; a new refresh token replaces the old one, as in the daemon."""
    sections = oauth_sections(trial.settings)
    if not sections:
        yield Finding(part="oauth", ok=True, message="not configured: maild logs in with passwords", cure="")
    for section in sections:
        yield attempt(f"oauth {section.key}", partial(look, section, trial), cure=CURE)


def look(section: OAuthSettings, trial: Trial) -> str:
    """Say how long the token holds. Raises Refused, Deferred or ConfigurationError."""
    tokens = access_tokens(section, trial.environ, system_clock)
    tokens()
    until = tokens.expires_at
    held = (
        f"until {until.astimezone(ZoneInfo(trial.settings.desk.time_zone)):%H:%M}" if until else "for an unknown time"
    )
    return f"{section.token_url} gives a token that holds {held}; maild renews it by itself ({section.grant})"
