"""A log-in on another device: a person enters a code in a browser, and maild gets a refresh token (RFC 8628)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from maild.doors.oauth import Application
from maild.doors.token_server import TokenRefused, ask
from maild.errors import Deferred, Refused

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
USUAL_INTERVAL_SECONDS = 5.0
SLOWER_SECONDS = 5.0
"""What `slow_down` adds to the interval (RFC 8628, 3.5)."""

USUAL_LIFE_SECONDS = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What the person is shown."""

    code: str
    page: str
    """Address of the page where the code is entered."""

    seconds: float
    """How long the code holds."""


def log_in(
    application: Application,
    device_url: str,
    *,
    show: Callable[[Invitation], None],
    sleep: Callable[[float], None],
) -> str:
    """Invite a person to log in, wait until they have, and give the refresh token.

    Raises Refused where they declined or did not come in time, Deferred where the server cannot be reached.
    """
    form = {"client_id": application.client_id, "scope": application.scope}
    begun = ask(device_url, form, ca_file=application.ca_file)
    device_code, invitation = _read(begun)
    show(invitation)
    answer = _await(application, device_code, _number(begun, "interval", USUAL_INTERVAL_SECONDS), invitation, sleep)
    token = answer.get("refresh_token")
    if not isinstance(token, str) or not token:
        raise Refused(
            f"{application.key}: the server let you in and gave no refresh token; add offline_access to the scope"
        )
    return token


def _await(
    application: Application,
    device_code: str,
    interval: float,
    invitation: Invitation,
    sleep: Callable[[float], None],
) -> Mapping[str, Any]:
    waited = 0.0
    while waited < invitation.seconds:
        sleep(interval)
        waited += interval
        try:
            return application.ask(grant_type=GRANT, device_code=device_code)
        except TokenRefused as refusal:
            if refusal.error == "slow_down":
                interval += SLOWER_SECONDS
            elif refusal.error != "authorization_pending":
                raise Refused(f"{application.key}: nobody was logged in: {refusal}") from refusal
        except Deferred:
            interval += SLOWER_SECONDS  # a server in trouble is asked less often (RFC 8628, 3.5)
    raise Refused(f"{application.key}: nobody entered the code in time; try again: maild init --log-in")


def _read(begun: Mapping[str, Any]) -> tuple[str, Invitation]:
    # Google says verification_url
    page = begun.get("verification_uri") or begun.get("verification_url")
    code, device_code = begun.get("user_code"), begun.get("device_code")
    if not (isinstance(page, str) and isinstance(code, str) and isinstance(device_code, str)):
        raise Deferred("the server's answer to the log-in holds no code to enter")
    return device_code, Invitation(code=code, page=page, seconds=_number(begun, "expires_in", USUAL_LIFE_SECONDS))


def _number(answer: Mapping[str, Any], name: str, usual: float) -> float:
    value = answer.get(name)
    return float(value) if isinstance(value, int | float) and value > 0 else usual
