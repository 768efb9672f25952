"""Who or what wrote the mail: bounce, automatic, bulk, spam, or a person."""

from collections.abc import Sequence

from maild.classify.automatic import automatic
from maild.classify.bounce import bounce
from maild.classify.bulk import bulk
from maild.classify.intent.reply_intent import is_reply
from maild.classify.newsletter import newsletter
from maild.classify.spam import spam
from maild.classify.spam_words import Suspicion, spam_by_words
from maild.classify.telephone import by_telephone
from maild.classify.verdict import Verdict
from maild.mail.message import Mail

KINDS = ("person", "automatic", "bounce", "bulk", "spam")


def kind(mail: Mail, own_lists: Sequence[str], own_domains: Sequence[str] = ()) -> Verdict:
    """Ask in this order, since a bounce is automatic too and an automatic reply may carry list fields.

    A voice message is a person's, though a machine sends it.
    """
    verdict = bounce(mail) or spam(mail)
    if verdict is None and (called := by_telephone(mail)):
        return Verdict(question="kind", label="person", confidence=None, because=called.because)
    verdict = verdict or automatic(mail, own_lists, own_domains) or bulk(mail, own_lists)
    return verdict or Verdict(question="kind", label="person", confidence=None, because=_PERSON)


def kind_by_text(mail: Mail, suspicion: Suspicion | None) -> Verdict | None:
    """Bulk or spam, where the fields say nothing and the text says it; never of a reply."""
    if is_reply(mail):
        return None
    if suspicion is not None and suspicion.is_sure:
        return spam_by_words(suspicion)
    return newsletter(mail)


_PERSON = "no sign of a machine, a list or spam in its fields"
