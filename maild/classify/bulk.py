"""Is it bulk: a list or a newsletter? (RFC 2369, 2919, 8058)."""

from collections.abc import Sequence

from maild.classify.verdict import Verdict
from maild.mail.message import Facts, Mail

_PRECEDENCE = ("bulk", "junk", "list")
"""The other values in use say nothing about who wrote the mail (RFC 2076 3.9)."""

_NO_SIGN = ("feedback-id",)
"""Bulk mailers use it, but Amazon SES puts it on every mail that passes, a client's own included."""


def bulk(mail: Mail, own_lists: Sequence[str]) -> Verdict | None:
    """Recognise what was sent to many; `own_lists` (addresses or list-ids) are groups that deliver to the desk."""
    facts = mail.facts
    if is_own_list(facts, own_lists):
        return None
    if facts.list_id is not None:
        because = f"List-Id: {facts.list_id} (RFC 2919)"
    elif fields := [name for name in facts.list_fields if name not in _NO_SIGN]:
        because = f"fields of a list: {', '.join(fields)} (RFC 2369, 8058)"
    elif facts.precedence in _PRECEDENCE:
        because = f"Precedence: {facts.precedence}"
    else:
        return None
    return Verdict(question="kind", label="bulk", confidence=None, because=because)


def is_own_list(facts: Facts, own_lists: Sequence[str]) -> bool:
    """Whether the list fields are those of a group that delivers to the desk."""
    own = {name.casefold() for name in own_lists}
    # A group's list-id is its address with a dot for the @ at most providers.
    own |= {name.replace("@", ".") for name in own}
    return facts.list_id in own or facts.list_post in own
