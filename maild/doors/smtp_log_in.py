"""Log-in on a connection to a submission server (RFC 4954): with a password, XOAUTH2 or OAUTHBEARER."""

import asyncio
from base64 import b64encode

import aiosmtplib

from maild.doors import smtp_answers as answers
from maild.doors.credential import OAUTHBEARER, XOAUTH2, Bearer, Credentials, initial_response, refused_response
from maild.errors import Refused

EXPLAINS = 334
"""The server explains in a challenge why a token is of no use, and says no once that is answered (RFC 7628, 3.2.3)."""


async def log_in(client: aiosmtplib.SMTP, username: str, credentials: Credentials) -> None:
    """Log in on an open connection. Raises SMTPAuthenticationError, or Refused where there is nothing to show."""
    credential = await asyncio.to_thread(credentials)  # a token may have to be fetched
    if not isinstance(credential, Bearer):
        await client.login(username, credential.text)
        return
    answer = await _show(client, username, credential)
    if answer.code != aiosmtplib.SMTPStatus.auth_successful:
        if answers.is_no(answer.code):
            credential.forget()
        raise aiosmtplib.SMTPAuthenticationError(answer.code, answer.message)


async def _show(client: aiosmtplib.SMTP, username: str, token: Bearer) -> aiosmtplib.SMTPResponse:
    if client.is_ehlo_or_helo_needed:
        await client.ehlo()
    known = {name.upper() for name in client.server_auth_methods}
    mechanism = next((name for name in (XOAUTH2, OAUTHBEARER) if name in known), None)
    if mechanism is None:
        raise Refused("it knows neither XOAUTH2 nor OAUTHBEARER: use a password_file instead of OAuth")
    first = b64encode(initial_response(mechanism, username, token))
    answer = await client.execute_command(b"AUTH", mechanism.encode(), first)
    if answer.code == EXPLAINS:
        answer = await client.execute_command(b64encode(refused_response(mechanism)))
    return answer
