"""A delivery report about a mail that could not be delivered (RFC 3464), as a relay on the way writes it."""

from email import message_from_bytes
from email.policy import SMTP
from email.utils import formatdate, make_msgid

BOUNDARY = "report.of.the.sandbox"
RELAY = "relay.example"

REPORT = """\
From: Mail Delivery System <MAILER-DAEMON@{relay}>
Subject: Undelivered Mail Returned to Sender
Date: {date}
Message-ID: {message_id}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"

--{boundary}
Content-Type: text/plain; charset=us-ascii

This is the mail system at host {relay}.
Your message could not be delivered to this address:

<{recipient}>: 550 5.1.1 no mailbox here by that name

--{boundary}
Content-Type: message/delivery-status

Reporting-MTA: dns; {relay}

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no mailbox here by that name

--{boundary}
Content-Type: text/rfc822-headers

{returned}
--{boundary}--
"""


def delivery_report(recipient: str, content: bytes) -> bytes:
    """Write the report that the recipient of a mail does not exist; it returns the mail's header, not its body."""
    header = message_from_bytes(content, policy=SMTP)
    returned = "".join(
        f"{name}: {header[name]}\n" for name in ("From", "To", "Subject", "Date", "Message-ID") if header[name]
    )
    report = REPORT.format(
        relay=RELAY,
        boundary=BOUNDARY,
        date=formatdate(),
        message_id=make_msgid(domain=RELAY),
        recipient=recipient,
        returned=returned,
    )
    return report.replace("\n", "\r\n").encode("utf-8", "replace")
