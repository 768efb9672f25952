"""Recognise: copies of what we wrote, as mailboxes of sent mail and own lists bring back."""

from maild.desk.transaction import Transaction
from maild.mail.fingerprint import fingerprint_of
from maild.mail.message import Address, Mail
from maild.process.token import read_subject_tags
from maild.store.incoming.findings import find_sent
from maild.store.outgoing.sent import contents_alike


def is_our_own(transaction: Transaction, mail: Mail, author: Address | None, *, is_sent: bool) -> bool:
    """Known by its Message-ID; in a mailbox of sent mail also by its fingerprint, where the server rewrote that."""
    if author is None or not transaction.rules.desk.owns(author.address):
        return False
    if find_sent(transaction.connection, mail.message_id) is not None:
        return True
    return is_sent and _has_our_words(transaction, mail)


def _has_our_words(transaction: Transaction, mail: Mail) -> bool:
    numbers = {number for number, _ in read_subject_tags(mail.subject, transaction.rules.desk.prefix)}
    recipients = {address.address for address in (*mail.to, *mail.cc)}
    ours = contents_alike(transaction.connection, tickets=numbers, recipients=recipients)
    return any(fingerprint_of(content) == mail.fingerprint for content in ours)
