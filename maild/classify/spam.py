"""Is it spam? Only our own mail server says so: maild has no filter of its own."""

from maild.classify.verdict import Verdict
from maild.mail.message import Mail


def spam(mail: Mail) -> Verdict | None:
    """Believe the field by which our own server calls the mail spam."""
    if mail.facts.spam_flag is None:
        return None
    because = f"our mail server says so: {mail.facts.spam_flag}"
    return Verdict(question="kind", label="spam", confidence=None, because=because)
