"""Tokens: the keyed marks that tie an answer to ticket, person and mail (DESIGN.md, Trust).

A token is 14 characters of lower-case base32, because local parts get folded: the first names the key, the other
13 are 65 bits of HMAC-SHA256. It is derived, not drawn, so that a repeated transaction writes the same mail again.
"""

import base64
import hashlib
import hmac
import re

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
MAC_LENGTH = 13
_MAC_OCTETS = 10
"""As many as 13 characters of base32 are made of, in whole groups of five."""

TOKEN = rf"[a-z2-7]{{{MAC_LENGTH + 1}}}"

SUBJECT_MARK = rf"(?<=-)\d{{1,12}}(?: |%20)[ak]\d{{1,2}}\.[a-z2-7]{{{MAC_LENGTH}}}(?=\]|%5D)"
"""Number and token as they stand in a subject, also within a link."""

_ADDRESS_PART = re.compile(rf"t(\d{{1,12}})\.({TOKEN})", re.IGNORECASE)
_ACTION_PART = re.compile(rf"a(\d{{1,12}})\.({TOKEN})", re.IGNORECASE)
_ACTION_TAG = re.compile(rf"\[[^\s\[\]]{{1,20}}-(\d{{1,12}}) a(\d{{1,2}})\.([a-z2-7]{{{MAC_LENGTH}}})\]", re.IGNORECASE)
_TICKET = r"\[{prefix}-(\d{{1,12}})(?: k(\d{{1,2}})\.([a-z2-7]{{{length}}}))?\]"

_TYPED = str.maketrans(
    "\u2010\u2011\u2012\u2013\u2212\uff0d\u00a0\u2007\u202f\u3010\u3011\uff3b\uff3d", "------   [][]"
)
"""What programs and keyboards make of a hyphen, a space and brackets."""


def make_token(key_id: int, key: bytes, *, ticket: int, recipient: str, cause: str) -> str:
    """Token of the mail that is written to `recipient` about `ticket` because of `cause`.

    `cause` names mail or deadline and the kind of reply, such as `mail 12 acknowledgement`.
    """
    words = "\0".join((str(ticket), recipient.casefold(), cause)).encode()
    # Not `hmac.digest`: that lets go of the interpreter each time, and a ticket's first mails have a dozen tokens.
    mac = hmac.new(key, words, hashlib.sha256).digest()[:_MAC_OCTETS]
    return ALPHABET[key_id] + base64.b32encode(mac).decode().lower()[:MAC_LENGTH]


def address_part(number: int, token: str) -> str:
    """What stands behind the separator of a reply address, and in our Message-IDs."""
    return f"t{number}.{token}"


def read_address_part(text: str) -> tuple[int, str] | None:
    """(ticket, token) of an address part; None if it is none of ours."""
    match = _ADDRESS_PART.fullmatch(text)
    return (int(match[1]), match[2].lower()) if match else None


def action_part(number: int, token: str) -> str:
    """What stands behind the separator of the address of a one-tap action."""
    return f"a{number}.{token}"


def read_action_part(text: str) -> tuple[int, str] | None:
    """(ticket, token) of a one-tap action; None if it is none."""
    match = _ACTION_PART.fullmatch(text)
    return (int(match[1]), match[2].lower()) if match else None


def action_tag(prefix: str, number: int, token: str) -> str:
    """`[T-17 a3.<mac>]`, where the server has no sub-addresses."""
    return f"[{prefix}-{number} a{ALPHABET.index(token[0])}.{token[1:]}]"


def read_action_tags(subject: str) -> list[tuple[int, str]]:
    """(ticket, token) of the one-tap actions in a subject, in order."""
    found = ((int(match[1]), _token(match[2], match[3])) for match in _ACTION_TAG.finditer(_typed(subject)))
    return [(number, token) for number, token in found if token]


def is_action_subject(subject: str, prefix: str, number: int) -> bool:
    """Whether it reads as the link of a one-tap action of this ticket has it, `T-17 spam`; a conversation's is `[T-17] ...`."""
    return re.search(rf"(?<![\[\w-]){re.escape(prefix)}-{number}\s+\S", _typed(subject), re.IGNORECASE) is not None


def message_id(number: int, token: str, domain: str) -> str:
    """Our Message-ID: it comes back in In-Reply-To and References, and carries the token."""
    return f"<{address_part(number, token)}@{domain}>"


def subject_tag(prefix: str, number: int, token: str | None) -> str:
    """`[T-17]`, or with the token `[T-17 k3.<mac>]` where the server has no sub-addresses."""
    if token is None:
        return f"[{prefix}-{number}]"
    return f"[{prefix}-{number} k{ALPHABET.index(token[0])}.{token[1:]}]"


def read_subject_tags(subject: str, prefix: str) -> list[tuple[int, str | None]]:
    """(ticket, token or None) of each tag in a subject, in order."""
    pattern = _TICKET.format(prefix=re.escape(prefix), length=MAC_LENGTH)
    found = re.finditer(pattern, _typed(subject), re.IGNORECASE)
    return [(int(match[1]), _token(match[2], match[3])) for match in found]


def read_numbers(subject: str, prefix: str) -> list[int]:
    """The tickets that a subject names in any way: `[T-17]`, as ours do, or "any news on T-17?"."""
    pattern = rf"(?<![\w-]){re.escape(prefix)}-(\d{{1,12}})(?![\w-])"
    return [int(match[1]) for match in re.finditer(pattern, _typed(subject), re.IGNORECASE)]


def _typed(subject: str) -> str:
    return subject[:2000].translate(_TYPED)


def _token(key_id: str | None, mac: str | None) -> str | None:
    if key_id is None or mac is None or int(key_id) >= len(ALPHABET):
        return None
    return ALPHABET[int(key_id)] + mac.lower()
