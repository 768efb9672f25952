"""Address and date fields, read by mail-parser (RFC 5322 3.3 and 3.4)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from typing import Any

from mailparser.dates import parse_mail_date
from mailparser.utils import get_addresses

from maild.mail.domains import ascii_domain
from maild.mail.headers import Headers
from maild.mail.message import Address
from maild.mail.words import decode_words, one_line, quote_words

ADDRESS_OCTETS = 320
"""RFC 5321 4.5.3.1: 64 for the local part, 255 for the domain."""

NAME_CHARACTERS = 200

_FIELDS = ("from", "reply-to", "to", "cc")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[^",]++|,')
_ADDRESS = re.compile(r'[^\s<>@,;:"()\[\]\\]+@[^\s<>@,;:"()\[\]\\]+')
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"')
_FORBIDDEN = re.compile(r'[\x00-\x20\x7f<>"]')
_SPECIAL = re.compile(r"[@,;:()\[\]\\]")
"""Ends an address in its middle, where nothing quotes it (RFC 5322 3.2.3): another program reads two in it."""

_QUOTED_LOCAL = re.compile(r'"((?:[ !#-\[\]-~]|\\[ -~])+)"')
_QUOTED_PAIR = re.compile(r"\\(.)")
_DOT_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_ANGLE = re.compile(r"<([^<>]{3,320})(?:>|\Z)")
_IN_APOSTROPHES = re.compile(r"'([^']+@[^']+)'")
_LINK = "mailto:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondents:
    """Who wrote to whom, and when, as the header fields say it."""

    author: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    written_at: datetime | None
    defects: tuple[str, ...]


def read_correspondents(headers: Headers, limit: int) -> Correspondents:
    """Read From, Reply-To, To, Cc and Date; at most `limit` addresses of each."""
    defects: list[str] = []
    values = {name: _joined(headers, name, limit, defects) for name in _FIELDS}
    date = next((field.written for field in headers.all("date")), "")
    found, written_at = _parse(values, date, defects)
    return Correspondents(
        author=_author(headers, found["from"], defects),
        reply_to=found["reply-to"],
        to=found["to"],
        cc=found["cc"],
        written_at=written_at,
        defects=tuple(defects),
    )


def read_address(written: str) -> Address | None:
    """Read one address as a person types it; None: it is none."""
    return _address("", written.strip())


def plain_address(value: str) -> str | None:
    """Find the one address of a trace field such as Delivered-To; None when it has none."""
    found = _ADDRESS.search(value[: 2 * ADDRESS_OCTETS])
    address = _address("", found.group()) if found else None
    return address.address if address else None


def _joined(headers: Headers, name: str, limit: int, defects: list[str]) -> str:
    """Make one list of the fields of one name, cut behind `limit` members."""
    value = ", ".join(quote_words(field.written) for field in headers.all(name) if field.written)
    commas = 0
    for token in _TOKEN.finditer(value):
        commas += token.group() == ","
        if commas >= limit:
            defects.append(f"{name} has more than {limit} addresses; the others are dropped")
            return value[: token.start()]
    return value


def _parse(
    values: dict[str, str], date: str, defects: list[str]
) -> tuple[dict[str, tuple[Address, ...]], datetime | None]:
    """Ask the library for these fields alone: its parser of whole mails takes twice as long over a mail of nothing else."""
    troubles: list[str] = []
    try:
        found = {name: _mailboxes(name, value, troubles) if value else () for name, value in values.items()}
        written_at = _aware(parse_mail_date(date).value)
    except Exception as error:
        defects.append(f"the address fields are broken ({type(error).__name__}): only plain <addresses> are read")
        return {name: _angles(value) for name, value in values.items()}, None
    if not found["from"] and len(rescued := _angles(_QUOTED.sub("", values["from"]))) == 1:
        found["from"] = rescued
        defects.append("From names an address that breaks the rules; it is read as written")
    defects.extend(troubles[:20])
    if date and written_at is None:
        defects.append("the date is not a date")
    return found, written_at


def _author(headers: Headers, authors: Sequence[Address], defects: list[str]) -> Address | None:
    """Choose the From mailbox; two fields that disagree name nobody (RFC 5322 3.6 allows one)."""
    fields = sum(1 for _ in headers.all("from"))
    if not authors:
        defects.append("no author: From names no address" if fields else "no author: there is no From")
        return None
    if len({author.key for author in authors}) == 1:
        return authors[0]
    if fields > 1:
        defects.append("no author: several From fields name different addresses")
        return None
    defects.append(f"From names {len(authors)} addresses; the first is taken as the author")
    return authors[0]


def _mailboxes(field: str, value: str, troubles: list[str]) -> tuple[Address, ...]:
    """Keep what the library finds in a field and can be written to."""
    message: Message[str, str] = Message()
    message[field] = value  # gives octets in no charset to the library as it expects them
    reasons: list[dict[str, Any]] = []
    pairs = get_addresses(message[field], defects=reasons, decode_names=True)
    troubles += [f"{field}: {each['reason']}" for each in reasons]
    found = (_address("" if name == address else name, address) for name, address in pairs if address)
    return tuple({address.key: address for address in found if address}.values())


def _address(name: str, written: str) -> Address | None:
    local, at, domain = _bare(written).rpartition("@")
    quoted = _QUOTED_LOCAL.fullmatch(local)
    if (
        not (local and at and domain)
        or len(written.encode("utf-8", "replace")) > ADDRESS_OCTETS
        or _FORBIDDEN.search(domain if quoted else written)
        or (not quoted and _SPECIAL.search(local))
        or (not domain.startswith("[") and _SPECIAL.search(domain))
    ):
        return None
    local = _requoted(quoted.group(1)) if quoted else local
    domain = ascii_domain(domain.rstrip(".")).lower()
    return Address(address=f"{local}@{domain}", name=one_line(decode_words(name))[:NAME_CHARACTERS].strip())


def _bare(written: str) -> str:
    """Without what address books and forms put around an address, which would make it another one."""
    written = written[len(_LINK) :] if written[: len(_LINK)].lower() == _LINK else written
    found = _IN_APOSTROPHES.fullmatch(written)
    return found.group(1) if found else written


def _requoted(words: str) -> str:
    """Write a quoted local part without the quotes and pairs that it does not need: they say nothing (RFC 5321, 4.1.2)."""
    meant = _QUOTED_PAIR.sub(r"\1", words)
    if _DOT_ATOM.fullmatch(meant):
        return meant
    return '"' + meant.replace("\\", r"\\").replace('"', r"\"") + '"'


def _angles(value: str) -> tuple[Address, ...]:
    """The last resort: addresses in angle brackets; one bare address where there are none."""
    found = [_address("", match.group(1)) for match in _ANGLE.finditer(value)]
    if not found and _ADDRESS.fullmatch(value.strip()):
        found = [_address("", value.strip())]
    return tuple(address for address in found if address)


def _aware(date: object) -> datetime | None:
    if not isinstance(date, datetime):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
