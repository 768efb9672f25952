"""The same mail that came another way before: a group, a list or a gateway has put words around it."""

from maild.mail.message import Address, Mail
from maild.store.engine import Connection
from maild.store.incoming.copies import find_copies


def find_copy(
    connection: Connection, mail_id: int, mail: Mail, author: Address | None, *, is_automatic: bool
) -> int | None:
    """An earlier arrival with its Message-ID, author and date that has all of its new words and files, if there is one.

    So nothing is kept from anybody, whoever made up that earlier mail: it says the same.
    """
    if mail.message_id is None or mail.written_at is None or author is None:
        return None
    words, digests = mail.new_text.split(), {each.digest for each in mail.attachments}
    copies = find_copies(
        connection,
        mail_id=mail_id,
        message_id=mail.message_id,
        author=author.key,
        written_at=mail.written_at,
        digest=mail.digest,
        is_automatic=is_automatic,
    )
    return next((copy.id for copy in copies if copy.new_text.split() == words and digests <= copy.digests), None)
