"""Is it automatic: written by a machine, out-of-office notes included? (RFC 3834)."""

import re
from collections.abc import Sequence

from maild.classify.away import away_subject
from maild.classify.bulk import is_own_list
from maild.classify.form import NO_REPLY, form_author
from maild.classify.verdict import Verdict
from maild.mail.message import Mail

_MACHINES = re.compile(
    rf"((mailer-?daemon|postmaster|{NO_REPLY}|bounces?)([-_.+].*)?|microsoftexchange[0-9a-f]{{32}}"
    r"|listserv|majordomo|owner-.+|.+-bounces([-+].*)?)$",
    re.IGNORECASE,
)
"""Local parts that no person reads: RFC 2142 names postmaster, RFC 3834 section 2 says not to answer them, and RFC 5230
section 4.6 names those of list servers, to which Mailman's `-bounces` belongs."""


_AT = r".{4,60}\b\d{1,2}[:.h]\d\d(?::\d\d)?(?: [ap]\.?m\.?)?(?: \((?:utc|gmt)[^()]{0,20}\)[^.]{0,80})?"
_RECEIPT = re.compile(
    rf"your message to: .{{1,400}} (?:was read|was deleted without being read|was displayed) on {_AT}\.?"
    rf"|ihre nachricht an: .{{1,400}} wurde am {_AT} (?:gelesen|angezeigt|ungelesen gelöscht|gelöscht, ohne gelesen zu werden)\.?"
    rf"|votre message (?:à|a) ?: .{{1,400}} a été (?:lu|supprimé sans être lu|affiché) (?:le|sur) {_AT}\.?"
    rf"|(?:su|el) mensaje para: .{{1,400}} (?:se leyó|fue leído|se eliminó sin leer) el {_AT}\.?"
)
"""All that Outlook's receipts say where a server has made plain text of them; nobody writes that by hand."""

_RECEIPT_CHARACTERS = 1_000


def automatic(mail: Mail, own_lists: Sequence[str], own_domains: Sequence[str] = ()) -> Verdict | None:
    """Recognise what nobody wrote by hand: by its fields first, by its author next, by its subject last.

    X-Auto-Response-Suppress is deliberately no sign: it asks what not to send back ([MS-OXCMAIL] 2.1.3.2.20), Exchange
    puts it on mail of persons, and Discourse (#21367), osTicket (#5320) and Sisimai (#491) lost such mail by it.
    """
    by_author = _by_author(mail, own_lists, own_domains)
    by_text = _by_subject(mail) or _by_receipt(mail)
    because = _by_fields(mail, own_lists) or _by_calendar(mail) or by_author or by_text
    return Verdict(question="kind", label="automatic", confidence=None, because=because) if because else None


def _by_fields(mail: Mail, own_lists: Sequence[str]) -> str | None:
    """RFC 3834 section 5: any keyword but `no` is automatic; section 3.3: automatic mail has a null return path."""
    facts = mail.facts
    if facts.auto_submitted not in (None, "", "no"):
        return f"Auto-Submitted: {facts.auto_submitted} (RFC 3834)"
    if facts.autoreply is not None:
        return f"{facts.autoreply} is there"
    if facts.precedence == "auto_reply":
        return "Precedence: auto_reply"
    if facts.report_type is not None:
        return f"report-type: {facts.report_type} (RFC 6522)"
    # Some groups hand mail on with a null path.
    if facts.return_path == "" and not is_own_list(facts, own_lists):
        return "null return path (RFC 5321 4.5.5)"
    return None


def _by_calendar(mail: Mail) -> str | None:
    answer = mail.facts.calendar_answer
    return f"a calendar's METHOD: {answer.upper()} (RFC 5546)" if answer else None


def _by_author(mail: Mail, own_lists: Sequence[str], own_domains: Sequence[str]) -> str | None:
    """A form on a website of the house, or a group, may write from such an address: then somebody else is its author."""
    if mail.author is None or not _MACHINES.match(mail.author.address.rpartition("@")[0]):
        return None
    if form_author(mail, own_domains) or (mail.reply_to and mail.author.key in {own.casefold() for own in own_lists}):
        return None
    return f"nobody reads {mail.author.address}"


def _by_subject(mail: Mail) -> str | None:
    begins = away_subject(mail.subject, mail.new_text)
    return f"subject begins with “{begins}”" if begins else None


def _by_receipt(mail: Mail) -> str | None:
    if len(mail.text) > _RECEIPT_CHARACTERS:
        return None
    said = " ".join(mail.text.casefold().replace("\u202f", " ").split())
    return "all of its text is a receipt that its message was read" if _RECEIPT.fullmatch(said) else None
