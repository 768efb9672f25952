"""Is it a bounce? (RFC 3464)."""

from maild.classify.verdict import Verdict
from maild.mail.message import Mail

_REPORTS = ("delivery-status",)


def bounce(mail: Mail) -> Verdict | None:
    """Recognise a delivery report, as RFC 3464 writes it or as the parser recognised an older form of it.

    A null return path alone is no test: out-of-office notes have one too.
    """
    if mail.facts.report_type in _REPORTS:
        because = f"report-type: {mail.facts.report_type}"
    elif mail.bounce is not None:
        because = f"reads like a delivery report: {mail.bounce.diagnostic or mail.bounce.status or 'no reason given'}"
    else:
        return None
    return Verdict(question="kind", label="bounce", confidence=None, because=because)
