"""Who or what wrote the mail: bounce, automatic, bulk, spam, or a person."""

from collections.abc import Sequence

from maild.classify.automatic import automatic
from maild.classify.bounce import bounce
from maild.classify.bulk import bulk
from maild.classify.spam import spam
from maild.classify.verdict import Verdict
from maild.mail.message import Mail

KINDS = ("person", "automatic", "bounce", "bulk", "spam")


def kind(mail: Mail, own_lists: Sequence[str]) -> Verdict:
    """Ask in this order, since a bounce is automatic too and an automatic reply may carry list fields."""
    verdict = bounce(mail) or spam(mail) or automatic(mail, own_lists) or bulk(mail, own_lists)
    return verdict or Verdict(
        question="kind", label="person", confidence=None, because="no sign of a machine, a list or spam in its fields"
    )
