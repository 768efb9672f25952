"""What may be written to an SMTP server, and in which form."""

import re
import socket

from maild.errors import Bounced
from maild.mail.domains import with_ascii_domain

LINE_END = re.compile(rb"\r\n|\r|\n")
ADDRESS = re.compile(
    r"""(?:[^\s<>"(),:;\\@\[\]]+ | "(?:[^"\\] | \\.)*") @ (?:[^\s<>"(),:;\\@\[\]]+ | \[[0-9A-Za-z.:-]+\])""", re.VERBOSE
)
"""An addr-spec that is safe within `<>` (RFC 5321, 4.1.2)."""

LONGEST_ADDRESS = 320


def checked_address(address: str) -> str:
    """Give the address as it can stand in an envelope: its domain in A-labels (RFC 5890). Raises Bounced."""
    address = with_ascii_domain(address)
    if len(address) > LONGEST_ADDRESS or not address.isprintable() or not ADDRESS.fullmatch(address):
        raise Bounced(f"{address[:LONGEST_ADDRESS]!r} cannot be written into an envelope (RFC 5321, 4.1.2)")
    return address


def path(keyword: str, address: str) -> bytes:
    """Write the path of MAIL or RCPT (RFC 5321, 4.1.2); `address` is checked already, or empty.

    Not by aiosmtplib's `mail` and `rcpt`: they parse the address as a header field first, which costs more than the rest.
    """
    return f"{keyword}:<{address}>".encode()


def mail_options(address: str, extensions: frozenset[str], size: int) -> list[str]:
    """Choose the parameters of MAIL FROM; `extensions` in lower case, `size` in bytes. Raises Bounced.

    `address`: all addresses of the envelope.
    """
    options = [f"SIZE={size}"] if "size" in extensions else []
    if address.isascii():
        return options
    if "smtputf8" not in extensions:
        raise Bounced(
            f"{address} has letters beyond ASCII before the @; such an address needs SMTPUTF8 (RFC 6531), which our mail "
            "server does not offer: write to another address of this person"
        )
    return [*options, "SMTPUTF8"]


def dotted(content: bytes) -> bytes:
    """Add the transparency dots and the end mark (RFC 5321, 4.5.2)."""
    # A lone CR or LF could end the content early on some servers (SMTP smuggling, CVE-2023-51764).
    if not content.count(b"\r\n") == content.count(b"\n") == content.count(b"\r"):
        content = LINE_END.sub(b"\r\n", content)
    if not content.endswith(b"\r\n"):
        content += b"\r\n"
    first = b"." if content.startswith(b".") else b""
    return first + content.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def our_name() -> str:
    """Name ourselves in EHLO without asking the network, which may be slow (RFC 5321, 4.1.1.1 and 4.1.4)."""
    name = socket.gethostname()
    return name if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", name) else "[127.0.0.1]"
