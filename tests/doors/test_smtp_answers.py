"""A server's no is about the recipient, about the mail, or about us; only the first two bounce."""

import pytest

from maild.doors.smtp_answers import judge
from maild.errors import Bounced, Unauthorized, Unavailable


@pytest.mark.parametrize(
    "answer",
    [
        "554 5.7.1 <bea@client.example>: Relay access denied",
        "550 5.7.1 Unable to relay for bea@client.example",
        "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
        "550 relay not permitted",
        "550 Relaying denied. Proper authentication required.",
        "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
        "550 authentication required",
        "554 5.7.0 Must issue a STARTTLS command first",
        "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
        "553 5.7.1 <support@acme.example>: Sender address rejected: not owned by user bo",
        "554 5.2.252 SendAsDenied; support@acme.example not allowed to send as bo@acme.example",
        "550 5.4.5 Daily user sending limit exceeded",
        "554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied",
        "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
        "550 5.1.8 Access denied, bad outbound sender",
        "550 5.7.26 Unauthenticated email from acme.example is not accepted",
    ],
)
def test_what_is_about_us_never_bounces_a_client_s_mail(answer: str) -> None:
    code, _, words = answer.partition(" ")
    assert type(judge(int(code), words)) is Unauthorized


@pytest.mark.parametrize(
    "answer",
    [
        "550 5.1.1 <bea@client.example>: Recipient address rejected: User unknown in virtual mailbox table",
        "550 5.1.1 The email account that you tried to reach does not exist.",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        "550 5.2.1 The email account that you tried to reach is disabled.",
        "552 5.2.2 The recipient's mailbox is over quota",
        "552 5.3.4 Message size exceeds fixed limit",
        "554 5.7.1 Message rejected as spam",
        "550 5.7.1 Delivery not authorized, message refused",
        "556 5.1.10 Recipient address has null MX",
        "550 No such user here",
    ],
)
def test_what_is_about_recipient_or_mail_bounces(answer: str) -> None:
    code, _, words = answer.partition(" ")
    assert type(judge(int(code), words)) is Bounced


@pytest.mark.parametrize("code", [503, 530, 534, 535, 538])
def test_a_session_that_is_refused_stops_all_mail(code: int) -> None:
    assert type(judge(code, "5.7.0 who are you?")) is Unavailable
