"""Evidence: what an arrived mail proves about the fate of a mail of ours (DESIGN.md, decision 3)."""

import logging

from maild.desk.finding.arrival import Arrival
from maild.desk.transaction import Transaction
from maild.process.decision import Findings
from maild.process.thread import find_clues
from maild.store.outgoing.bounces import note_reached
from maild.store.outgoing.settling import settle_by_evidence

DIRECT = frozenset({"reply address", "subject"})
"""Where a token proves that its very mail was read. References prove nothing: our later mails name the earlier ones."""

log = logging.getLogger(__name__)


def settle_by(transaction: Transaction, arrival: Arrival, findings: Findings) -> None:
    """Settle as sent what this mail answers, copies or reports on, where nobody knew that it got through."""
    message_ids, tokens = _named(transaction, findings)
    if not message_ids and not tokens:
        return
    evidence = f"it got through: mail {arrival.mail_id} is an answer to it, a copy of it or a report on it"
    author = findings.author.key if findings.author is not None and findings.mail.bounce is None else ""
    settled = settle_by_evidence(
        transaction.connection,
        message_ids=message_ids,
        tokens=tokens,
        evidence=evidence,
        now=transaction.now,
        reached=author,
    )
    if settled and author:
        note_reached(transaction.connection, author)
    for outbox_id in settled:
        log.info("mail sent", extra={"outbox_id": outbox_id, "answer": evidence})


def _named(transaction: Transaction, findings: Findings) -> tuple[set[str], set[str]]:
    """Message-IDs and tokens of mails of ours that must have left the house."""
    mail = findings.mail
    if findings.is_our_own:
        return {mail.message_id} if mail.message_id else set(), set()
    named = {*mail.in_reply_to, *([mail.bounce.original_message_id] if mail.bounce else [])}
    clues = find_clues(mail, transaction.rules.desk)
    return {name for name in named if name}, {clue.token for clue in clues.tokens if clue.where in DIRECT}
