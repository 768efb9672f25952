"""Is it automatic: written by a machine, out-of-office notes included? (RFC 3834)."""

import re
from collections.abc import Sequence

from maild.classify.bulk import is_own_list
from maild.classify.verdict import Verdict
from maild.mail.message import Mail

_MACHINES = re.compile(
    r"((mailer-?daemon|postmaster|(no|do[-_.]?not|dont)[-_.]?reply|bounces?)([-_.+].*)?"
    r"|listserv|majordomo|owner-.+|.+-bounces([-+].*)?)$",
    re.IGNORECASE,
)
"""Local parts that no person reads: RFC 2142 names postmaster, RFC 3834 section 2 says not to answer them, and RFC 5230
section 4.6 names those of list servers, to which Mailman's `-bounces` belongs."""

_AWAY = re.compile(
    r"\s*(automatic reply|auto(matic)?[- ]?response|auto[- ]?reply|out of (the )?office|"
    r"automatische antwort|abwesenheits(notiz|nachricht|meldung)|abwesend\b|"
    r"r[ée]ponse automatique|absence du bureau|message d'absence|"
    r"respuesta autom[áa]tica|fuera de (la )?oficina|ausencia de la oficina)",
    re.IGNORECASE,
)
"""How subjects of out-of-office notes begin in four languages; what servers write, so no accuracy is claimed."""


def automatic(mail: Mail, own_lists: Sequence[str]) -> Verdict | None:
    """Recognise what nobody wrote by hand: by its fields first, by its author next, by its subject last.

    X-Auto-Response-Suppress is deliberately no sign: it asks what not to send back ([MS-OXCMAIL] 2.1.3.2.20), Exchange
    puts it on mail of persons, and Discourse (#21367), osTicket (#5320) and Sisimai (#491) lost such mail by it.
    """
    because = _by_fields(mail, own_lists) or _by_calendar(mail) or _by_author(mail) or _by_subject(mail)
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


def _by_author(mail: Mail) -> str | None:
    if mail.author is None or not _MACHINES.match(mail.author.address.rpartition("@")[0]):
        return None
    return f"nobody reads {mail.author.address}"


def _by_subject(mail: Mail) -> str | None:
    found = _AWAY.match(mail.subject)
    return f"subject begins with “{found.group().strip()}”" if found else None
