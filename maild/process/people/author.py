"""The author of a mail: the person to answer, also where a group or a list stands in between."""

import re
from dataclasses import dataclass

from maild.classify.form import form_author
from maild.mail.message import Address, Mail
from maild.process.desk import Desk
from maild.process.trust import TrustMethod, reads_results, vouched

_ADDRESS = re.compile(r"(?:^|<)\s*([^\s<>@,;:\"()]+@[^\s<>@,;:\"()]+)\s*>?\s*$")
"""The last address of X-Original-From, in angle brackets or bare."""

_ANY = TrustMethod()
"""Nothing is proven, and nothing need be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote the mail, as far as it says."""

    address: Address | None
    """None: there is nobody who could be answered."""

    is_rewritten: bool
    """A list or a website put its own address into From; the author is who it says, claimed at most."""

    unproven: Address | None = None
    """Whom a form of the house would name, if our server vouched for its From; the author is that From."""


def find_author(mail: Mail, desk: Desk, trust: TrustMethod = _ANY) -> Author:
    """The From mailbox; behind one of our own lists X-Original-From or Reply-To (DESIGN.md, Trust), behind a form Reply-To.

    Where our server judges mail by its results, a form is believed to be of the house only if it vouches for its From.
    """
    if mail.author is None or mail.author.key not in desk.list_keys:
        writer = form_author(mail, desk.domains, desk.keys)
        if mail.author and writer and reads_results(trust) and not vouched(mail, mail.author.domain, trust):
            return Author(address=mail.author, is_rewritten=False, unproven=writer)
        return Author(address=writer or mail.author, is_rewritten=writer is not None)
    original = next((value for name, value in mail.headers if name == "x-original-from"), "")
    named = _ADDRESS.search(original[:1000])
    candidates = (*([Address(address=named[1])] if named else []), *mail.reply_to)
    person = next((address for address in candidates if address.key not in desk.list_keys), None)
    return Author(address=person or mail.author, is_rewritten=person is not None)
