"""Trust: how sure we are of an author (DESIGN.md, Trust). Computed, never assumed."""

import re
from dataclasses import dataclass

from maild.mail.message import Mail

_COMMENT = re.compile(r"\([^()]*\)")
_PAIR = re.compile(r"([a-z0-9.-]+)\s*=\s*\"?([^\s;\"]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustMethod:
    """Section [trust]: what of our own server vouches for a From address."""

    method: str = "none"
    """`authserv_id`, `microsoft365`, `header` or `none`."""

    value: str = ""
    """The authserv-id, or `Name: value` of the field that only our server adds."""


def vouched(mail: Mail, domain: str, trust: TrustMethod) -> str | None:
    """Why our own server vouches for an author at `domain`; None if it does not."""
    match trust.method:
        case "authserv_id":
            return _authserv(mail, domain, trust.value)
        case "microsoft365":
            return _microsoft(mail, domain)
        case "header":
            return _header(mail, trust.value)
        case _:
            return None


def _authserv(mail: Mail, domain: str, authserv_id: str) -> str | None:
    """RFC 8601: only the topmost field of our own server counts; lower ones may have come with the mail."""
    for field in mail.authentication:
        name, _, results = _without_comments(field).partition(";")
        if name.split()[:1] == [authserv_id.casefold()]:
            return _aligned_pass(results, domain)
    return None


def _microsoft(mail: Mail, domain: str) -> str | None:
    """Microsoft 365 writes its results without an authserv-id; only the topmost field is its own."""
    field = _without_comments(mail.authentication[0]) if mail.authentication else ""
    first = field.partition(";")[0]
    return _aligned_pass(field, domain) if "=" in first else None


def _header(mail: Mail, expected: str) -> str | None:
    name, _, value = (part.strip() for part in expected.partition(":"))
    found = (name.casefold(), value)
    hit = any((field, text.strip()) == found for field, text in mail.headers)
    return f"our server's field {name}" if hit else None


def _aligned_pass(results: str, domain: str) -> str | None:
    """DMARC pass of the From domain, or a DKIM pass of it or of a parent domain (RFC 7489 3.1.1, relaxed)."""
    for result in results.split(";"):
        pairs = _PAIR.findall(result)
        if not pairs or pairs[0][1] != "pass":
            continue
        method, properties = pairs[0][0], dict(pairs[1:])
        if method == "dmarc" and properties.get("header.from") == domain:
            return f"dmarc=pass for {domain}"
        if method == "dkim" and _is_within(domain, properties.get("header.d", "")):
            return f"dkim=pass of {properties['header.d']}"
    return None


def _is_within(domain: str, signer: str) -> bool:
    return "." in signer and (domain == signer or domain.endswith("." + signer))


def _without_comments(field: str) -> str:
    """The field in lower case; comments may nest a few levels, and may hold anything (RFC 5322 3.2.2)."""
    text = field[:10_000].casefold()
    for _ in range(5):
        text, count = _COMMENT.subn(" ", text)
        if not count:
            break
    return text
