"""Trust: how sure we are of an author (DESIGN.md, Trust). Computed, never assumed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from maild.mail.message import HEADER_ENDS_EARLY, LINES_BREAK_OFF, TEXT_READS_OTHERWISE
from maild.process.signature import covers, has_doubled, leaves_open, read_signatures

_LONGEST_FIELD = 10_000
"""Characters that are read of a field; what is cut off vouches for nobody."""

_RUNS_ON = re.compile(r"\s*(?:text/html|application/xhtml|text/enriched)", re.IGNORECASE)
_PAIR = re.compile(r"([a-z0-9.-]+)\s*=\s*([^\s;]*)")
_WORD = re.compile(r"[a-z0-9._-]+")
_SIGNED = ("dkim", "pass")
_SENT = ("spf", "pass")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustMethod:
    """Section [trust]: what of our own server vouches for a From address."""

    method: str = "none"
    """`authserv_id`, `microsoft365`, `header` or `none`."""

    value: str = ""
    """The authserv-id, or `Name: value` of the field that only our server adds."""


class Signed(Protocol):
    """What can be vouched for: a Mail, or the Head of one that nobody has parsed yet."""

    @property
    def authentication(self) -> tuple[str, ...]:
        """Authentication-Results, topmost first."""

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Name in lower case and value of each field."""

    @property
    def defects(self) -> tuple[str, ...]:
        """What was bent to be read."""


def reads_results(trust: TrustMethod) -> bool:
    """Whether our own server says of each mail what it has found out about its author's domain."""
    return trust.method in {"authserv_id", "microsoft365"}


def vouched(mail: Signed, domain: str, trust: TrustMethod) -> str | None:
    """Why our own server vouches for an author at `domain`; None if it does not."""
    if trust.method == "header":
        return _header(mail, trust.value)
    results = _own_results(mail, trust)
    if results is None or (_is_changeable(mail, domain) and not _is_handed_over(results, domain.casefold())):
        return None
    return _aligned_pass(results, domain.casefold())


def _is_changeable(mail: Signed, domain: str) -> bool:
    """Whether whoever sends it again can make it say something else, and its signature holds."""
    shown_by = {"content-type"} if _runs_on(mail.headers) else set()
    if TEXT_READS_OTHERWISE in mail.defects:
        encodings = {name for name, _ in mail.headers if name == "content-transfer-encoding"}
        shown_by |= {"content-type", *encodings}
    if LINES_BREAK_OFF in mail.defects:
        shown_by.add("content-transfer-encoding")
    if shown_by:
        signatures = read_signatures(mail.headers, domain)
        if not all(covers(signatures, mail.headers, name) for name in shown_by):
            return True
    return HEADER_ENDS_EARLY in mail.defects or leaves_open(mail.headers, domain) or has_doubled(mail.headers)


def _runs_on(headers: Iterable[tuple[str, str]]) -> bool:
    """Whether it is one HTML text: as such a plain one would show what it quotes as its own words, on one line with them."""
    return any(name == "content-type" and _RUNS_ON.match(value) for name, value in headers)


def came_straight(mail: Signed, domain: str, trust: TrustMethod) -> bool:
    """Whether the server of an author at `domain`, or they themselves, handed a vouched mail to ours: nobody else has sent it again.

    A mail without a signature of theirs can have been vouched for by nothing else.
    """
    if trust.method == "header" or not read_signatures(mail.headers, domain):
        return True
    return _is_handed_over(_own_results(mail, trust) or "", domain.casefold())


def signer(mail: Signed, domain: str, trust: TrustMethod) -> str | None:
    """The shortest domain whose valid signature is in line with an author at `domain`, by our own server; None: it names none."""
    read = _read_results(_own_results(mail, trust) or "")
    signers = (properties.get("header.d", "") for method, result, properties in read if (method, result) == _SIGNED)
    return min((each for each in signers if _is_within(domain.casefold(), each)), key=len, default=None)


def _own_results(mail: Signed, trust: TrustMethod) -> str | None:
    """What our own server writes of the mail, as `_bare` gives it."""
    match trust.method:
        case "authserv_id":
            return _authserv(mail, trust.value)
        case "microsoft365":
            return _microsoft(mail)
        case _:
            return None


def _authserv(mail: Signed, authserv_id: str) -> str | None:
    """RFC 8601: only the topmost field of our own server counts; lower ones may have come with the mail.

    Its name counts as our server writes it, plain: what only reads like it, our server need not have taken away.
    """
    ours = re.compile(rf"[ \t]*{re.escape(authserv_id)}(?=[ \t;(]|$)", re.IGNORECASE | re.ASCII)
    field = next((field for field in mail.authentication if ours.match(field)), None)
    return None if field is None else _bare(field).partition(";")[2]


def _microsoft(mail: Signed) -> str | None:
    """Microsoft 365 writes its results without an authserv-id; only the topmost field is its own."""
    field = _bare(mail.authentication[0]) if mail.authentication else ""
    first = field.partition(";")[0]
    return field if "=" in first else None


def _header(mail: Signed, expected: str) -> str | None:
    name, _, value = (part.strip() for part in expected.partition(":"))
    found = (name.casefold(), value)
    hit = any((field, text.strip()) == found for field, text in mail.headers)
    return f"our server's field {name}" if hit else None


def _aligned_pass(results: str, domain: str) -> str | None:
    """DMARC pass of the From domain, or a DKIM pass of it or of a parent domain (RFC 7489 3.1.1, relaxed).

    A server judges DMARC once: where two results differ, one of them is a forgery, and nothing counts.
    """
    read = list(_read_results(results))
    judged = {result for method, result, _ in read if method == "dmarc"}
    if len(judged) > 1 or "fail" in judged:
        return None
    for method, result, properties in read:
        if result != "pass":
            continue
        if method == "dmarc" and properties.get("header.from") == domain:
            return f"dmarc=pass for {domain}"
        if method == "dkim" and _is_within(domain, properties.get("header.d", "")):
            return f"dkim=pass of {properties['header.d']}"
    return None


def _is_handed_over(results: str, domain: str) -> bool:
    """Whether it came from a server that may send for the domain, or for one above or below it (RFC 7208)."""
    read = (
        properties.get("smtp.mailfrom", "")
        for method, result, properties in _read_results(results)
        if (method, result) == _SENT
    )
    domains = (each.rpartition("@")[2] for each in read)
    return any(_is_within(domain, each) or _is_within(each, domain) for each in domains)


def _read_results(results: str) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Method, result and properties of each statement (RFC 8601 2.2); of two properties of one name the first."""
    for statement in results.split(";"):
        pairs = _PAIR.findall(statement)
        if pairs:
            yield pairs[0][0], pairs[0][1], dict(reversed(pairs[1:]))


def _is_within(domain: str, signer: str) -> bool:
    return "." in signer and (domain == signer or domain.endswith("." + signer))


def _bare(field: str) -> str:
    """The field in lower case without comments, and without quoted strings that are more than one plain word.

    The author chooses what the server quotes, such as the local part of smtp.mailfrom: in there, `; dmarc=pass` must
    not read as a result (RFC 5322 3.2.2 and 3.2.4). What is not closed swallows the rest.
    """
    text, kept, position = field[:_LONGEST_FIELD].casefold(), [], 0
    while position < len(text):
        match text[position]:
            case "(":
                position = _end_of_comment(text, position)
                kept.append(" ")
            case '"':
                end = _end_of_quote(text, position)
                word = text[position + 1 : end - 1]
                kept.append(word if _WORD.fullmatch(word) and not text[end : end + 1].strip(" ;") else "?")
                position = end
            case character:
                kept.append(character)
                position += 1
    return "".join(kept)


def _end_of_quote(text: str, start: int) -> int:
    position = start + 1
    while position < len(text) and text[position] != '"':
        position += 2 if text[position] == "\\" else 1
    return position + 1


def _end_of_comment(text: str, start: int) -> int:
    depth, position = 0, start
    while position < len(text):
        character = text[position]
        depth += (character == "(") - (character == ")")
        position += 2 if character == "\\" else 1
        if depth == 0:
            break
    return position
