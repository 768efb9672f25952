"""Source to Head: the little of a header that decides in which order waiting mails are taken in."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from maild.mail.domains import ascii_domain

HEAD_OCTETS = 32_000
"""Read of a source; a header that is longer is read as far as that."""

HEAD_FIELDS = (
    "FROM",
    "REPLY-TO",
    "TO",
    "CC",
    "DELIVERED-TO",
    "X-ORIGINAL-TO",
    "SUBJECT",
    "IN-REPLY-TO",
    "REFERENCES",
    "RECEIVED",
    "AUTHENTICATION-RESULTS",
)
"""All that is read of a head, besides the field that a desk's own server adds (`[trust] method = "header"`)."""

_MOST_FIELDS = 400
_MOST_HOPS = 10
_ADDRESS_CHARACTERS = 1_000
_HOP_CHARACTERS = 500

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"')
_ANGLE = re.compile(r"<\s*([^<>\s@]{1,64}@[^<>\s@]{1,255})\s*>")
_BARE = re.compile(r"(?<![^\s,:(])([^\s<>@,;:\"()]{1,64}@[^\s<>@,;:\"()]{1,255})")
_HOST = re.compile(r"\[(?:IPv6:)?([0-9a-fA-F:.]{3,45})\]", re.IGNORECASE)

_INTERNAL = tuple(
    ipaddress.ip_network(network)
    for network in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)
"""Where no stranger's host is (RFC 6890)."""

_PREFIX = {4: 24, 6: 48}
"""Of the network that is taken for one neighbour, by the version of its addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a header says before the mail is parsed: good enough to choose an order by, and for nothing else."""

    authors: tuple[str, ...]
    """Addresses of the From fields as they are written, the domain in lower case."""

    reply_to: tuple[str, ...]
    network: str | None
    """From where the mail came to our servers: the network of the topmost host in Received that is not internal."""

    authentication: tuple[str, ...]
    """Authentication-Results, topmost first, as `Mail` has them."""

    headers: tuple[tuple[str, str], ...]
    """Name in lower case and unfolded value of every field."""

    defects: tuple[str, ...] = ()
    """As those of `Mail`; none is looked for."""

    def values(self, *names: str) -> Iterator[str]:
        """What stands in the fields of these names (lower case), topmost first."""
        return (value for name, value in self.headers if name in names)


def read_head(source: bytes) -> Head:
    """Read the start of a source; nothing in it makes this fail, or slow."""
    headers = tuple(_fields(source[:HEAD_OCTETS]))
    return Head(
        authors=tuple(_addresses(headers, "from")),
        reply_to=tuple(_addresses(headers, "reply-to")),
        network=next(_networks(headers), None),
        authentication=tuple(value for name, value in headers if name == "authentication-results"),
        headers=headers,
    )


def _fields(start: bytes) -> Iterator[tuple[str, str]]:
    for field in islice(_unfolded(_header(start)), _MOST_FIELDS):
        name, colon, value = field.partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _header(start: bytes) -> str:
    ends = [end for end in (start.find(b"\n\n"), start.find(b"\n\r\n")) if end >= 0]
    return start[: min(ends, default=None)].replace(b"\0", b"").decode("utf-8", "replace")


def _unfolded(header: str) -> Iterator[str]:
    """By methods of strings: a regular expression that looks at each octet took half of the time."""
    field: list[str] = []
    for line in header.replace("\r", "").split("\n"):
        if field and line[:1] not in {" ", "\t"}:
            yield "".join(field)
            field = []
        field.append(line)
    yield "".join(field)


def _addresses(headers: tuple[tuple[str, str], ...], wanted: str) -> Iterator[str]:
    """The first address of each field of that name; of a long one its end is read, where the address stands."""
    for name, value in headers:
        plain = _QUOTED.sub("", value[-_ADDRESS_CHARACTERS:]) if name == wanted else ""
        found = _ANGLE.search(plain) or _BARE.search(plain)
        if found:
            local, _, domain = found[1].rpartition("@")
            yield f"{local}@{ascii_domain(domain).lower()}"


def _networks(headers: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """/24 or /48 of each host that handed the mail on, topmost first."""
    hops = [value[:_HOP_CHARACTERS] for name, value in headers if name == "received"]
    for hop in hops[:_MOST_HOPS]:
        found = _HOST.search(hop)
        try:
            host = ipaddress.ip_address(found[1]) if found else None
        except ValueError:
            continue
        if host is not None and not any(host in network for network in _INTERNAL):
            yield str(ipaddress.ip_network((host, _PREFIX[host.version]), strict=False))
