"""Secrets in words: keys, tokens and passwords that nobody should mail without a second look. Pure."""

import re
from collections.abc import Iterator

_CHARACTERS = 1_000_000
_LINE = 2_000
"""Characters that are read, in all and of a line."""

# Each with what is found, in words. Shapes as their issuers document them; every repetition has an end.
_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("a private key", r"-----BEGIN (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
        ("a key of AWS", r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b"),
        ("a token of GitHub", r"\b(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{40,255})\b"),
        ("a token of GitLab", r"\bglpat-[A-Za-z0-9_-]{20,64}\b"),
        ("a token of Slack", r"\bxox[abeprs]-[A-Za-z0-9-]{10,250}"),
        ("a key of Stripe", r"\b[rs]k_live_[A-Za-z0-9]{16,250}\b"),
        ("a key of Google", r"\bAIza[A-Za-z0-9_-]{35}\b"),
        ("a JSON web token", r"\beyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{8,2000}"),
        ("an authorization header", r"(?i)\b(?:authorization:\s*basic|bearer)\s+[A-Za-z0-9._~+/-]{20,2000}=*"),
        (
            "an address with a password in it",
            r"\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{1,100}:[^\s:/@]{3,200}@[^\s/]{1,200}",
        ),
    )
)
_NAMED = re.compile(
    r"(?i)(?<![a-z])(?:pass(?:word|wort|code|phrase)|kennwort|mot de passe|contrase\u00f1a|passwd|pwd|pw|pin|"
    r"(?:api|secret|access|account)[ _-]?key|client[ _-]?secret|secret|(?:access|auth|api)[ _-]?token)s?"
    r"(?P<sign>\s{0,3}[:=]{1,2}\s{0,3}|\s(?:is|ist|lautet|est|es)\s{0,2}:?\s{0,2})"
    r"(?P<value>[^\s,;<>]{4,200})(?P<rest>[^\n]{0,40})"
)
_QUOTES = "\"'`()[]\u201c\u201d\u201e\u00ab\u00bb."
_SHORTEST = 4
_SIGNS = re.compile(r"[a-zA-Z0-9][!@#&+=?~^|]+[a-zA-Z0-9]")
_STATES = frozenset(
    [
        "required",
        "expired",
        "reset",
        "changed",
        "wrong",
        "incorrect",
        "invalid",
        "missing",
        "needed",
        "unknown",
        "none",
        "same",
        "optional",
        "empty",
        "unchanged",
        "forgotten",
        "rejected",
        "accepted",
        "correct",
        "yes",
        "below",
        "above",
        "attached",
        "follows",
        "separately",
        "erforderlich",
        "abgelaufen",
        "zurückgesetzt",
        "geändert",
        "falsch",
        "ungültig",
        "unbekannt",
        "fehlt",
        "vergessen",
        "unten",
        "oben",
        "separat",
        "requis",
        "expiré",
        "changé",
        "incorrecto",
        "caducada",
        "cambiada",
        "requerida",
    ]
)
"""Words that say something about a password and are none."""

_NO_VALUE = re.compile(
    r"(?i)[*x.\u2022_#-]{3,}|.*[<>{}*$%].*|your.*|my.*|ihr.*|\w*password\w*|\w*passwor[td]\w*|https?:.*"
)


def find_secrets(words: str) -> Iterator[tuple[str, str]]:
    """What it is and the very characters, of each secret in the words."""
    text = words[:_CHARACTERS]
    for name, shape in _SHAPES:
        for found in shape.finditer(text):
            yield name, found.group()
    for line in text.split("\n"):
        for found in _NAMED.finditer(line[:_LINE]):
            value = found.group("value").strip(_QUOTES)
            if _is_value(value, found.group("sign"), found.group("rest")):
                yield "a password or key", found.group()[: -len(found.group("rest")) or None].strip()


def _is_value(value: str, sign: str, rest: str) -> bool:
    """A password has digits or signs inside; a plain word is one only where it stands alone behind `name:`."""
    if _NO_VALUE.fullmatch(value):
        return False
    is_mixed = any(character.isdigit() for character in value) and any(character.isalpha() for character in value)
    if is_mixed or _SIGNS.search(value):
        return True
    is_alone = bool(sign.strip(" :=").strip() == "" and not rest.strip(_QUOTES + " "))
    return is_alone and len(value) >= _SHORTEST and value.casefold() not in _STATES
