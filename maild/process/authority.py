"""Authority: whether what came in the name of a person of the desk may happen at once (DESIGN.md, Trust)."""

from collections.abc import Sequence

from maild.mail.message import Mail
from maild.process.addressing import find_doubt_of_addressing
from maild.process.decision import Findings
from maild.process.desk import Desk
from maild.process.plan import Plan
from maild.process.rules import Rules
from maild.process.tap import Tap
from maild.process.ticket import Event, Trust
from maild.process.token import is_action_subject, read_action_tags

AT_ONCE = frozenset(
    {
        *(Event.TSM_ANSWERED, Event.ASKED, Event.PROGRESS_REPORTED, Event.NOTED),
        *(Event.ENGINEERING_ANSWERED, Event.CONSULTED, Event.CLIENT_IN_COPY),
        *(Event.POST_MORTEM_ANSWERED, Event.POST_MORTEM_DECLINED),
    }
)
"""What a token alone is enough for, on a desk whose server vouches for nobody: answers, also those that ask or report
(`/waiting`, `/update`), and notes. Whoever may answer may renew the client's clock; what is worse waits for a tap."""

_UNMARKED = "it carries no token that was given to you"
_KEPT = "once let through, its words stay internal"
_ANEW = "you have not been asked about these addresses yet"
_TO, _TO_ALL = "once let through, its words go to ", "all clients of the incident: "
_NOT_PREPARED = "its subject is not the link's: it may be an old message of yours that somebody has sent again"
_NOT_VOUCHED = "your mail server does not vouch for its author"


def find_doubt(findings: Findings, rules: Rules) -> str | None:
    """Why the person must confirm the mail with one tap first; None: it happens now."""
    if findings.is_released:
        return None
    reach = find_reach(findings)
    if findings.is_asked_anew:
        return f"{_ANEW}; {reach}"
    if findings.tap is not None:
        doubt = _find_doubt_of_tap(findings.tap, findings, rules)
    elif findings.is_placed:
        return reach
    else:
        doubt = _find_doubt_of_author(findings, rules)
    return f"{doubt}; {reach}" if doubt and findings.readers else doubt


def _find_doubt_of_tap(tap: Tap, findings: Findings, rules: Rules) -> str | None:
    """Where nobody can be proven, a tap that was mailed to their configured address is a confirmation itself.

    Elsewhere it is worth no more than a typed command: whoever got our mail handed on has its taps, too. That a team has a
    hand-off is no command: whatever it answers says so.
    """
    orders = findings.orders
    is_receipt = isinstance(orders, Plan) and all(step.event is Event.HAND_OFF_CONFIRMED for step in orders.steps)
    if rules.trust.method == "none" or is_receipt:
        return None
    if findings.trust is not Trust.PROVEN:
        return f"one tap on {tap.does}, and {_NOT_VOUCHED}"
    return None if _is_prepared(findings.mail, tap, rules.desk) else f"one tap on {tap.does}, and {_NOT_PREPARED}"


def _is_prepared(mail: Mail, tap: Tap, desk: Desk) -> bool:
    """Whether its subject is of a link: not every server signs To, so a mail of theirs could be sent again to the link's address."""
    tokens = {token for _, token in read_action_tags(mail.subject)}
    return tap.token in tokens or is_action_subject(mail.subject, desk.prefix, tap.ticket or 0)


def _find_doubt_of_author(findings: Findings, rules: Rules) -> str | None:
    if findings.loop is not None or not _has_token(findings):
        return findings.loop or _UNMARKED
    if rules.trust.method != "none":
        if findings.trust is not Trust.PROVEN or findings.author is None:
            return _NOT_VOUCHED
        return find_doubt_of_addressing(findings.mail, findings.author, rules)
    orders = findings.orders
    if not isinstance(orders, Plan) or all(step.event in AT_ONCE for step in orders.steps):
        return None  # a refusal does nothing: its reasons go to the person's configured address
    return "it gives commands, and no mail server vouches for its author; a tap in our own mails asks nothing"


def find_reach(findings: Findings) -> str | None:
    """Where the words go once they are let through; what would be refused goes nowhere, and they hear why."""
    if not isinstance(findings.orders, Plan):
        return None
    if not findings.orders.public_words:
        return _KEPT
    return say_reach(findings.readers, is_shared=findings.orders.is_shared)


def say_reach(readers: Sequence[str], *, is_shared: bool) -> str:
    """That the words go to these addresses."""
    named = ", ".join(readers)
    return f"{_TO}{_TO_ALL if is_shared else ''}{named}"


def read_reach(because: str) -> frozenset[str]:
    """The keys of the addresses that `say_reach` has named at the end of a reason; none where it says nothing of them."""
    _, said, named = because.rpartition(_TO)
    return frozenset(named.removeprefix(_TO_ALL).casefold().split(", ")) if said else frozenset()


def find_doubt_of_copy(findings: Findings, rules: Rules) -> str | None:
    """Why the person must confirm first that they wrote to the client themselves, with the desk in copy.

    A proven author need not have got a token: what they answer may be the client's own mail to them.
    """
    if findings.is_released or findings.trust is Trust.PROVEN:
        return None
    if rules.trust.method != "none":
        return _NOT_VOUCHED
    return None if _has_token(findings) else _UNMARKED


def _has_token(findings: Findings) -> bool:
    return findings.thread is not None and findings.thread.trust is Trust.TOKEN
