"""Header fields as bytes: encoded words and folding (RFC 5322 2.2.3, RFC 2047), 7-bit whatever comes in."""

import base64
import re
from collections.abc import Iterable, Iterator, Sequence

from maild.mail.domains import with_ascii_domain

LINE = 76
"""Characters of a line with an encoded word (RFC 2047 section 2)."""

_WORD_OVERHEAD = len("=?utf-8?b??=")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~ ]+")
_ADDR_SPEC = re.compile(r"""(?:[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]+|"[ !#-\[\]-~]*")@[A-Za-z0-9.\-\[\]:]+""")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,500}>")
_REFERENCES = 20


def text_field(name: str, words: str) -> str:
    """An unstructured field (RFC 5322 3.6.5) with any words, which must be one line."""
    return _folded(name, _pieces(words, len(name) + 2))


def address_field(name: str, display: str, address: str) -> str:
    """A field with one mailbox (RFC 5322 3.4).

    An address that 7-bit header fields cannot carry (RFC 6531) is left to the envelope: the group stays empty.
    """
    spec = ascii_address(address)
    if spec is None:
        return f"{name}: undisclosed-recipients:;\r\n"
    if not display:
        return f"{name}: {spec}\r\n"
    return _folded(name, [*_phrase(display, len(name) + 2), f"<{spec}>"])


def addresses_field(name: str, mailboxes: Sequence[tuple[str, str]]) -> str:
    """A field with several mailboxes, (display name, address) each; those that cannot be carried are left out."""
    pieces: list[str] = []
    for display, address in mailboxes:
        if spec := ascii_address(address):
            pieces += [*(_phrase(display, 1) if display else ()), f"<{spec}>," if display else f"{spec},"]
    return _folded(name, [*pieces[:-1], pieces[-1].rstrip(",")]) if pieces else ""


def ascii_address(address: str) -> str | None:
    """The address with its domain in ASCII (RFC 5890); None if that cannot be."""
    spec = with_ascii_domain(address)
    return spec if _ADDR_SPEC.fullmatch(spec) else None


def id_field(name: str, ids: Iterable[str]) -> str:
    """A field of message ids, one a line, invalid ones left out; empty if none is left."""
    valid = [each for each in ids if _MESSAGE_ID.fullmatch(each)]
    return f"{name}: " + "\r\n ".join(valid) + "\r\n" if valid else ""


def thread(references: Iterable[str], in_reply_to: str | None) -> tuple[str, ...]:
    """References of an answer: the first one and the last ones, the answered mail at the end (RFC 5322 3.6.4)."""
    ids = [each for each in dict.fromkeys(references) if each != in_reply_to and _MESSAGE_ID.fullmatch(each)]
    if in_reply_to is not None and _MESSAGE_ID.fullmatch(in_reply_to):
        ids.append(in_reply_to)
    return tuple(ids if len(ids) <= _REFERENCES else [ids[0], *ids[1 - _REFERENCES :]])


def _phrase(display: str, start: int) -> list[str]:
    if _ATOM.fullmatch(display) and "=?" not in display:
        return display.split()
    if _is_plain(display):
        quoted = display.replace("\\", "\\\\").replace('"', '\\"')
        return [f'"{quoted}"']
    return list(_encoded(display, start))


def _pieces(words: str, start: int) -> list[str]:
    """Words that may be folded between; from the first that is not plain everything is encoded."""
    parts = words.split(" ")
    if _is_plain(words):
        return parts
    plain = next((place for place, part in enumerate(parts) if not _is_plain(part)), len(parts))
    start += len(" ".join([*parts[:plain], ""]))
    return [*parts[:plain], *_encoded(" ".join(parts[plain:]), start if start <= LINE // 2 else 1)]


def _is_plain(words: str) -> bool:
    return words.isascii() and words.isprintable() and "=?" not in words and max(map(len, words.split(" "))) <= LINE - 9


def _encoded(words: str, start: int) -> Iterator[str]:
    """Encoded words of whole characters, each as long as a line allows."""
    room = (LINE - _WORD_OVERHEAD - 1 - start) // 4 * 3
    chunk = b""
    for character in words:
        octets = character.encode("utf-8", "replace")
        if len(chunk) + len(octets) > room:
            yield _encoded_word(chunk)
            chunk, room = b"", (LINE - _WORD_OVERHEAD - 1) // 4 * 3
        chunk += octets
    yield _encoded_word(chunk)


def _encoded_word(octets: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(octets).decode()}?="


def _folded(name: str, pieces: Iterable[str]) -> str:
    lines, current = [], f"{name}:"
    for piece in pieces:
        if len(current) + 1 + len(piece) > LINE and current.strip() != f"{name}:":
            lines.append(current)
            current = ""
        current = f"{current} {piece}"
    return "\r\n".join([*lines, current]) + "\r\n"
