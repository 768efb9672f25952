"""The same mail that came another way before: a group, a list or a gateway has put words around it."""

from maild.mail.message import Address, Mail
from maild.store.engine import Connection
from maild.store.incoming import copies as store


def find_copy(
    connection: Connection, mail_id: int, mail: Mail, author: Address | None, *, is_automatic: bool
) -> int | None:
    """An earlier arrival with its Message-ID, author and date that has all of its new words and files, if there is one.

    So nothing is kept from anybody, whoever made up that earlier mail: it says the same.
    """
    if mail.message_id is None or mail.written_at is None or author is None:
        return None
    copies = store.find_copies(
        connection,
        mail_id=mail_id,
        message_id=mail.message_id,
        author=author.key,
        written_at=mail.written_at,
        digest=mail.digest,
        is_automatic=is_automatic,
    )
    return next((copy.id for copy in copies if _says_the_same(mail, copy)), None)


def find_renamed(
    connection: Connection, mail_id: int, mail: Mail, author: Address, *, is_automatic: bool
) -> int | None:
    """A proven earlier arrival with its author, date and subject that has all of its new words and files, under any Message-ID.

    Most signatures hold where blanks at the end of a line are added (RFC 6376, 3.4.4): so words are compared.
    """
    if mail.written_at is None:
        return None
    copies = store.find_renamed(
        connection,
        mail_id=mail_id,
        author=author.address,
        written_at=mail.written_at,
        digest=mail.digest,
        is_automatic=is_automatic,
    )
    same = (copy for copy in copies if copy.subject.split() == mail.subject.split() and _says_the_same(mail, copy))
    return next((copy.id for copy in same), None)


def _says_the_same(mail: Mail, earlier: store.Earlier) -> bool:
    digests = {each.digest for each in mail.attachments}
    return earlier.new_text.split() == mail.new_text.split() and digests <= earlier.digests
