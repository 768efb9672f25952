"""What a delivery report says: RFC 3464 first, the habits of old mail servers where there is none."""

import itertools
import logging
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from email.message import Message

from maild.mail.addresses import plain_address
from maild.mail.headers import read_headers
from maild.mail.identifiers import message_id
from maild.mail.message import BounceReport, Facts
from maild.mail.tree import Part, build_tree, leaves, parameters, subparts
from maild.mail.words import one_line, restore

RECIPIENTS = 100
BLOCKS = 1_000
"""Of a report by RFC 6533, which no guard counts."""

DIAGNOSTIC_CHARACTERS = 500
TEXT_CHARACTERS = 100_000
"""Of a report without machine-readable part, searched for the returned mail's Message-ID."""

ROBOTS = frozenset(
    {
        "mailerdaemon",
        "mailerdemon",
        "maildaemon",
        "mdaemon",
        "postmaster",
        "maildelivery",
        "maildeliveryservice",
        "maildeliverysubsystem",
        "maildeliverysystem",
    }
)
"""Local parts, without punctuation, that mail servers write their reports as."""

_PUNCTUATION = str.maketrans("", "", ".-_+ ")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
"""Not within the address of a host."""

_CODE = re.compile(r"(?<![\d.])(?:([45])\d\d[ -]|([45])\.\d{1,3}\.\d{1,3}(?!\.?\d))")
_NAMED = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,253}\w")
_EXCHANGE = re.compile(r"microsoftexchange[0-9a-f]{32}")
"""As whom Exchange writes its reports, on any server."""

_GLOBAL_STATUS = "message/global-delivery-status"
_EMPTY_LINES = re.compile(rb"(?:\r?\n[ \t]*){2,}")
_RETURNED = ("message/rfc822", "message/global", "message/global-headers")
_MESSAGE_ID = re.compile(r"(?im)^[> \t]*Message-ID:[ \t]*(?:\r?\n[> \t]+)?(<[^<>\s]{1,900}>)")
_TYPE = re.compile(r"^[\w-]+\s*;\s*")
_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
"""A letter beyond ASCII in an address, where the report itself may have none (RFC 6533 3, `utf-8-addr-xtext`)."""


def report_type(part: Part) -> str | None:
    """`report-type` of the mail's multipart/report (RFC 6522), or of the one directly below a list's wrapping."""
    holders = [each for each in (part, *subparts(part)) if each.get_content_maintype() == "multipart"]
    for candidate in holders:
        if candidate.get_content_type() == "multipart/report":
            named = parameters(candidate).get("report-type", "").strip().lower()
            if named:
                return named
    # A receipt says what it is by its part, too, where somebody has lost the parameter.
    kinds = {below.get_content_type() for holder in holders for below in subparts(holder)}
    return "disposition-notification" if "message/disposition-notification" in kinds else None


def read_bounce(part: Part, facts: Facts, author: str | None) -> BounceReport | None:
    """Read the report; None where the mail is no report about a delivery, or a person hands one on and asks what it means."""
    statuses = list(_delivery_statuses(part))
    is_report = facts.report_type == "delivery-status" or part.get_content_type() == "multipart/report"
    is_marked = is_report or facts.return_path == "" or part.get("x-failed-recipients")
    if is_marked or _is_robot(author) or _is_robot(facts.return_path):
        return _from_status(part, statuses) if statuses else _from_words(part)
    # Gateways that put a report into a mixture of parts still say that a machine writes (RFC 3834); no person's mail client does.
    return _from_status(part, statuses) if statuses and facts.auto_submitted not in {None, "no"} else None


def _is_robot(address: str | None) -> bool:
    local = (address or "").rpartition("@")[0].lower()
    return local.translate(_PUNCTUATION) in ROBOTS or _EXCHANGE.fullmatch(local) is not None


def _delivery_statuses(part: Part) -> Iterator[Part]:
    """Look below multiparts only: a report inside an attached message is about somebody else's mail."""
    if part.get_content_type() in {"message/delivery-status", _GLOBAL_STATUS}:
        yield part
    elif part.get_content_maintype() == "multipart":
        for child in subparts(part):
            yield from _delivery_statuses(child)


def _from_status(part: Part, statuses: Iterable[Part]) -> BounceReport:
    """RFC 3464 2.3: one block a recipient, after the block about the mail."""
    below = (block for status in statuses for block in _blocks(status))
    blocks = [block for block in below if block.get("action") or block.get("final-recipient")]
    failed = [block for block in blocks if _action(block) == "failed"]
    chosen = failed or blocks
    diagnostics = [one_line(str(block.get("diagnostic-code", ""))) for block in chosen]
    codes = [_STATUS.search(str(block.get("status", ""))) for block in chosen]
    return BounceReport(
        is_final=bool(failed),
        recipients=tuple(dict.fromkeys(name for block in chosen[:RECIPIENTS] if (name := _recipient(block)))),
        status=next((code.group(1) for code in codes if code), None),
        diagnostic=next(filter(None, diagnostics), "")[:DIAGNOSTIC_CHARACTERS],
        original_message_id=_original_message_id(part),
    )


def _blocks(status: Part) -> Sequence[Part]:
    """Its blocks of fields; those of RFC 6533 the library takes for one mail."""
    if status.get_content_type() != _GLOBAL_STATUS:
        return subparts(status)
    first, *rest = (leaf.decode() for leaf in leaves(status))
    blocks = _EMPTY_LINES.split(b"\n\n".join((first, *rest)), maxsplit=BLOCKS)
    return [build_tree(block.lstrip()) for block in blocks[:BLOCKS]]


def _action(block: "Message[str, str]") -> str:
    """RFC 3464 2.3.3; a report without it is judged by its status."""
    action = str(block.get("action", "")).strip().lower().partition(" ")[0]
    if action:
        return action
    return "failed" if str(block.get("status", "")).strip().startswith("5") else ""


def _recipient(block: "Message[str, str]") -> str | None:
    """The address that the mail was sent to, which a forwarding server may have changed since."""
    for name in ("original-recipient", "final-recipient"):
        written = next((str(value) for field, value in block.raw_items() if field.lower() == name), "")
        address = _ESCAPED.sub(_letter, _TYPE.sub("", restore(written).strip()))
        if found := plain_address(address):
            return found
    return None


def _letter(escaped: re.Match[str]) -> str:
    code = int(escaped.group(1), 16)
    letter = chr(code) if code <= sys.maxunicode else ""
    return letter if letter and letter.isprintable() else escaped.group()


def _from_words(part: Part) -> BounceReport | None:
    """Old servers report in prose; flufl.bounce knows their ways, and trips over raw 8-bit fields."""
    from flufl.bounce import all_failures

    logging.getLogger("flufl.bounce").disabled = True  # it logs a traceback, and raises the same
    try:
        temporary, permanent = all_failures(part)
    except Exception:
        temporary, permanent = frozenset(), frozenset()
    recipients = sorted(name.decode("ascii", "replace").lower() for name in (permanent or temporary))
    text = _prose(part)
    if not recipients:
        return _in_any_language(part, text)
    code = _STATUS.search(text)
    return BounceReport(
        is_final=bool(permanent),
        recipients=tuple(recipients[:RECIPIENTS]),
        status=code.group(1) if code else None,
        diagnostic=_diagnostic(text, recipients),
        original_message_id=_original_message_id(part),
    )


def _in_any_language(part: Part, text: str) -> BounceReport | None:
    """A server's mail in words that nobody here knows: a code of SMTP stands above the mail that it returns."""
    original = _original_message_id(part)
    above = text.partition(original)[0] if original else ""
    code = _CODE.search(above)
    if code is None:
        return None
    named = dict.fromkeys(name.lower() for name in _NAMED.findall(above))
    status = _STATUS.search(above)
    line = above[above.rfind("\n", 0, code.start()) + 1 :].partition("\n")[0]
    return BounceReport(
        is_final="5" in code.groups(),
        recipients=tuple(named)[:RECIPIENTS],
        status=status.group(1) if status else None,
        diagnostic=one_line(line)[:DIAGNOSTIC_CHARACTERS],
        original_message_id=original,
    )


def _diagnostic(text: str, recipients: list[str]) -> str:
    """The line after the one that names the recipient: where such servers say why."""
    lines = [one_line(line) for line in text.splitlines() if line.strip()]
    for line, following in itertools.pairwise(lines):
        if any(recipient in line.lower() for recipient in recipients):
            return f"{line} {following}"[:DIAGNOSTIC_CHARACTERS]
    return ""


def _original_message_id(part: Part) -> str | None:
    """From the returned mail or its header fields; else from the prose."""
    for child in part.walk():
        if child is part:
            continue
        if child.get_content_type() in _RETURNED:
            returned = next(iter(subparts(child)), None)
            if returned is not None and (found := message_id(read_headers(returned))):
                return found
    found_in_words = _MESSAGE_ID.search(_prose(part))
    return found_in_words.group(1) if found_in_words else None


def _prose(part: Part) -> str:
    """All text, the returned header fields (text/rfc822-headers) among it."""
    texts = (
        leaf.decode()[:TEXT_CHARACTERS].decode("utf-8", "replace")
        for leaf in leaves(part)
        if leaf.media_type.startswith(("text/", "message/"))
    )
    return "\n".join(texts)[:TEXT_CHARACTERS]
