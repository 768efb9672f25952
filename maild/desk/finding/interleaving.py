"""Interleave: a client's mail with the answers that stand between the lines of what they quote."""

from dataclasses import replace

from maild.desk.finding.arrival import Arrival
from maild.desk.finding.inside import written_inside
from maild.desk.transaction import Transaction
from maild.process.decision import Findings
from maild.process.gathering.sheet import gather


def with_answers_inside(transaction: Transaction, arrival: Arrival, findings: Findings) -> tuple[Arrival, Findings]:
    """Whoever is told of the mail reads them, and the sheet is filled from them; a mail of the house stays as it is."""
    ticket, author = findings.ticket, findings.author
    if ticket is None or author is None or findings.staff is not None or findings.tap is not None:
        return arrival, findings
    inside = written_inside(transaction, ticket, (author.address, ticket.client), arrival.mail)
    if not inside:
        return arrival, findings
    mail = replace(arrival.mail, new_text=f"{arrival.mail.new_text}\n\n{inside}".strip())
    found = gather(mail, mail_id=arrival.mail_id)
    return replace(arrival, mail=mail, found=found), replace(findings, mail=mail, has_words_inside=True)
