"""Hand on: what a client forwards, among the words of their mail once it is decided what they want."""

from dataclasses import replace

from maild.desk.finding.arrival import Arrival
from maild.desk.finding.tapping import speaker_at
from maild.desk.transaction import Transaction
from maild.mail.message import Mail
from maild.process.decision import Findings


def with_what_is_handed_on(transaction: Transaction, arrival: Arrival, findings: Findings) -> tuple[Arrival, Findings]:
    """What a client forwards with next to no words of their own stands in the place of words; of the house, or ours, it never does.

    Of the house it would be obeyed and relayed as words of the person who forwards it. Decided is by the author's own alone:
    that something is back or is solved, somebody else says of something else.
    """
    mail, rules = arrival.mail, transaction.rules
    is_of_house = speaker_at(rules.team, mail.author) is not None
    if not mail.handed_on or mail.author is None or is_of_house or rules.desk.owns(mail.author.address):
        return arrival, findings
    if mail.forwarded and not mail.forwarded.is_attached and rules.desk.gets(mail.forwarded.author.address):
        return arrival, findings
    mail = with_told(mail)
    return replace(arrival, mail=mail), replace(findings, mail=mail)


def with_told(mail: Mail) -> Mail:
    """The mail with what it hands on among its words."""
    if not mail.handed_on:
        return mail
    is_in_text = mail.forwarded is not None and not mail.forwarded.is_attached
    text = mail.text if is_in_text else f"{mail.text}\n\n{mail.handed_on}".strip("\n")
    return replace(mail, new_text=mail.told, text=text, handed_on="")
