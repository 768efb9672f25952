"""Codes of errors: of systems, of databases, of web and mail servers, of devices."""

import re
from collections.abc import Iterator

from maild.process.gathering.material import Material, Place

_CODE = re.compile(
    r"(?=[A-Z045hn])(?:(?<![\w<=])(?P<hex>0x[0-9A-Fa-f]{4,8})(?!\w)"
    r"|(?<![\w-])(?P<named>(?:ORA|TNS|PLS|IMAP|SQL|DB2|MSB|NU|JS|TS)-?\d{3,6}|SQLSTATE[ \[]{1,2}[0-9A-Z]{5}\]?|AADSTS\d{4,8}|CAA\d{4,8}"
    r"|(?:net::)?ERR_[A-Z][A-Z_]{2,60}|DNS_PROBE_[A-Z_]{3,40}|NS_ERROR_[A-Z_]{3,40}"
    r"|E(?:ACCES|NOENT|CONNREFUSED|CONNRESET|TIMEDOUT|PERM|NOSPC|ADDRINUSE|NOTFOUND))(?!\w)"
    r"|(?<![\w.])(?P<mail>[45]\d\d[ -]{1,2}[45]\.\d{1,3}\.\d{1,3})(?![\w.]\d)"
    r"|(?<!\w)(?i:http)(?:/\d(?:\.\d)?)?(?:[ -](?i:error|status|code|fehler|erreur|response)){0,2}[ :]{1,2}(?P<http>[1-5]\d\d)(?!\w|\.\d)"
    r"|(?<![\w.])(?P<phrase>[45]\d\d)(?=[ :-]{1,3}(?:Internal Server Error|Bad Gateway|Bad Request|Not Found|Forbidden"
    r"|Service Unavailable|Gateway Time|Unauthorized|Too Many Requests)))"
)
"""How each of them begins is said first: most letters of a text are neither."""

_SAID = re.compile(
    r"\b(?P<word>(?:error|fault|exit|stop|status|return|reason)[ -]?(?:code|number|no\.?|id)|errno|error|fehler(?:code|nummer)?"
    r"|(?:code|num[ée]ro)[ \t]d'erreur|erreur|c[oó]digo[ \t]de[ \t]error|event id)"
    r"[ \t]{0,2}(?:is|ist|est|es|was|war|nr\.?|n[°º]|code|[:=#(\[]|[ \t]){0,4}"
    r"(?P<code>-?\d{1,8}(?:\.[0-9a-z]{2,6}){0,2}|[a-z]{1,6}[-_]?\d{1,8}|0x[0-9a-f]{2,8}|[a-z][a-z0-9]{2,20}(?:_[a-z0-9]{2,20}){1,6})(?!\w|\.\d)"
)
"""In lower case."""

_WEB = r"(?:https?|web[ -]?server|web|web ?site|web ?seite|server|serveur|servidor|proxy|api|page|site|seite|p[áa]gina)"
_ANSWERS = (
    r"(?:(?:says|returns|returned|gives|gave|shows|answers|responds|with|an?|the|sagt|zeigt|liefert|meldet|antwortet|gibt|mit|den|einen"
    r"|donne|renvoie|affiche|répond|avec|le|un|da|devuelve|muestra|responde|con|el)[ \t]{1,2}){0,4}"
)
_STATUS = re.compile(
    rf"(?<![\w-])(?:(?P<before>{_WEB}[ \t:-]{{1,2}}{_ANSWERS}))?stat(?:us|ut)[ \t]{{0,2}}[:=]?[ \t]{{0,2}}(?P<code>[45]\d\d)(?![\w-])"
    r"(?P<after>[ \t]{1,2}(?:error|fehler|erreur)\b"
    rf"|[ \t]{{1,2}}(?:on|from|in|at|auf|von|sur|de|en)[ \t]{{1,2}}(?:(?:the|our|your|der|dem|unserer|unserem|notre|la|le|el)[ \t]{{1,2}})?{_WEB}\b)?"
)
"""What a server answers on the web: only beside a word for that, or an error, since orders and invoices have a status too. In lower case."""

_COUNTS = re.compile(
    r"[ \t]{0,2}(?:x\b|times|mal\b|fois|veces|rows|errors|of\b|minut|hour|day|week|stund|tag|heure|jour|hora|d[ií]a"
    r"|%|st\b|nd\b|rd\b|th\b)",
    re.IGNORECASE,
)
_PLACED = re.compile(r"[ \t]{0,2}(?:in|on|since|seit)\b")
"""What may follow both a count and a code: three digits are a code."""

_LONE_DIGIT = re.compile(r"-?\d")
_SHORT = re.compile(r"-?\d{1,2}")


def find_error_codes(material: Material, /) -> Iterator[Place]:
    """Give each once, in the order of the text."""
    found = (*_find_said(material), *_find_statuses(material), *_find_forms(material.text))
    places = {place.start: place for place in found}
    yield from (places[start] for start in sorted(places))


def _find_forms(text: str) -> Iterator[Place]:
    for found in _CODE.finditer(text):
        kind = found.lastgroup or 0
        yield Place(found[kind], *found.span(kind))


def _find_said(material: Material) -> Iterator[Place]:
    """A number behind a word for error, unless it counts something or is a lone digit behind a bare word."""
    text = material.lower
    for found in _SAID.finditer(text):
        is_bare = "cod" not in found["word"] and found["word"] != "errno"
        if not any(map(str.isdigit, found["code"])) and is_bare:
            continue
        if not (is_bare and _is_count(text, found)):
            yield Place.of(material, found.span("code"))


def _find_statuses(material: Material) -> Iterator[Place]:
    for found in _STATUS.finditer(material.lower):
        if found["before"] or found["after"]:
            yield Place.of(material, found.span("code"))


def _is_count(text: str, found: re.Match[str]) -> bool:
    code, end = found["code"], found.end("code")
    return bool(
        _COUNTS.match(text, end) or _LONE_DIGIT.fullmatch(code) or (_SHORT.fullmatch(code) and _PLACED.match(text, end))
    )
