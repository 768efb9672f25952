"""What an SMTP server's answer means for the mail that it answers."""

import re

from maild.errors import Bounced, Deferred, Refused, Unauthorized, Unavailable

YES, LATER, NEVER = 2, 4, 5
"""The first digit decides (RFC 5321, 4.2.1)."""

HANGS_UP = 421
"""The only answer that may come to any command: the server closes the connection (RFC 5321, 3.8)."""

OUR_TROUBLE = frozenset({503, 530, 534, 535, 538})
"""Refusals that speak of the session and of the log-in (RFC 4954, 6), whatever mail they answer."""

REFUSES_US = re.compile(
    r"""
      \b5\.(?: 1\.8 | 4\.5 | 7\.(?: [89] | 1[134] | 26 | 5[47] | 6[04] | 50\d | 51[0-2] | 70\d | 75\d ) )\b
    | \brelay(?:ing|ed)?\b .{0,40} \b(?:denied|not|prohibited|disallowed|refused|rejected)
    | \b(?:not|no|unable|cannot|never) \b.{0,30}\b relay | \brcpthosts\b
    | \bnot\ authenticated | \bunauthenticated | \bauthenticat\w+ .{0,30} \b(?:required|needed|first)\b
    | \b(?:must|please|need\ to)\b .{0,20} \b(?:authenticate|log\ ?in)\b | \bstarttls\b
    | \bsend\ ?as\b | \bsend\ on\ behalf | \bsender\ address\ rejected | \bnot\ (?:allowed|permitted|authorized)\ to\ send
    | \b(?:sending|outbound|hourly|daily)\b .{0,30} \b(?:limit|quota) | \bclient\ host\b .{0,80} \b(?:rejected|blocked)
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""5yz to a recipient or to content that judge whoever submits: codes of RFC 3463 and of large providers, and the words of
servers that give the same 5.7.1 to everything. Where this errs a mail is held after days; the other error bounces all mail."""

TOO_LARGE = re.compile(r"\A552\b|\b5\.3\.4\b")
"""The only 5yz to MAIL FROM that is about the mail and not about us (RFC 1870, 6.1; RFC 3463, 3.4)."""

LONGEST_LINE = 500
"""Characters of an answer that are kept."""


def is_yes(code: int) -> bool:
    """Whether the server took what it was given."""
    return code // 100 == YES


def is_no(code: int) -> bool:
    """Whether the server surely did not take what it was given."""
    return code // 100 in (LATER, NEVER)


def judge(code: int, message: str) -> Refused:
    """Name the refusal of a recipient or of content; unknown means temporary."""
    if code in OUR_TROUBLE:
        return Unavailable(f"our session is refused: {line(code, message)}; see [smtp] username and password")
    said = line(code, message)
    if code // 100 != NEVER:
        return Deferred(said)
    if REFUSES_US.search(said):
        return Unauthorized(f"we may not submit this mail: {said}; see [smtp] username, password and host")
    return Bounced(said)


def judge_sender(code: int, message: str, envelope_from: str) -> Refused:
    """Name the refusal of MAIL FROM: for good means that our own address is refused, which no recipient can help."""
    said = line(code, message)
    if code // 100 == NEVER and not TOO_LARGE.search(said):
        return Unavailable(
            f"our own address <{envelope_from}> is refused: {said}; see [desk] address and [smtp] username"
        )
    return judge(code, message)


def line(code: int, message: str) -> str:
    """Write an answer as one printable line: it is a stranger's text on its way to database and terminal."""
    printable = "".join(letter if letter.isprintable() else " " for letter in message[: 2 * LONGEST_LINE])
    return f"{code} {' '.join(printable.split())}"[:LONGEST_LINE]
