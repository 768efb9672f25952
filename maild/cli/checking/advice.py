"""What the mail in the mailbox says about the mail server: which proof of authors it gives, and sub-addressing."""

from collections import Counter
from collections.abc import Iterator, Sequence

from maild.cli.checking.finding import Finding, Trial
from maild.cli.checking.mailboxes import sample
from maild.mail.message import Mail
from maild.mail.pool import ParsingPool
from maild.process.desk import Desk

ENOUGH = 3
"""Mails that must agree before anything is proposed."""

SAFE = (
    "first make sure that your server takes away such fields from outside mail; maild never turns a method on by itself"
)


def check_advice(trial: Trial) -> Iterator[Finding]:
    """Look at some mail of the first mailbox; never a failure."""
    mails = read_sample(trial)
    yield propose_trust(mails, trial.settings.trust.method)
    yield propose_subaddress(mails, trial.settings.desk)


def read_sample(trial: Trial) -> list[Mail]:
    """Read the newest mails, in processes that can be killed: they are strangers' mail."""
    sources = sample(trial)
    if not sources:
        return []
    with ParsingPool(trial.settings.limits, trial.settings.desk.languages, workers=1) as pool:
        return [mail for mail in pool.parse(sources) if isinstance(mail, Mail)]


def propose_trust(mails: Sequence[Mail], method: str) -> Finding:
    """Propose the method that the topmost Authentication-Results of most mails speaks for (RFC 8601)."""
    if method != "none":
        return Finding(part="trust", ok=True, message=f"[trust] method is {method}", cure="")
    if not mails:
        message = "method is none; there is no mail yet to see what your server says about authors"
        return Finding(part="trust", ok=True, message=message, cure="run maild check again when some mail has come")
    found = Counter(server_of(mail.authentication[0]) for mail in mails if mail.authentication)
    server, count = found.most_common(1)[0] if found else (None, 0)
    if count < ENOUGH or 2 * count <= len(mails):
        message = f"nothing vouches for authors in the {len(mails)} newest mails; commands of TSMs need one tap each"
        return Finding(part="trust", ok=True, message=message, cure="")
    value = f' and value = "{server}"' if server else ""
    proposal = f'method = "{"authserv_id" if server else "microsoft365"}"{value}'
    message = f"method is none, but {count} of the {len(mails)} newest mails carry results of your server"
    return Finding(part="trust", ok=True, message=message, cure=f"[trust] {proposal} would believe it; {SAFE}")


def server_of(field: str) -> str | None:
    """The authserv-id of a field; None for the form of Microsoft 365, which has none."""
    first = field.partition(";")[0].split()
    return None if not first or "=" in first[0] else first[0].casefold()


def propose_subaddress(mails: Sequence[Mail], desk: Desk) -> Finding:
    """Say whether mail to a sub-address is known to arrive."""
    if not desk.subaddress:
        message = "off, which works with every server: answers are found by their thread and the mark in their subject"
        return Finding(part="sub-addressing", ok=True, message=message, cure="")
    local, _, domain = desk.address.casefold().rpartition("@")
    start, end = f"{local}{desk.subaddress}", f"@{domain}"
    arrived = {address.casefold() for mail in mails for address in addressed(mail)}
    if any(address.startswith(start) and address.endswith(end) for address in arrived):
        return Finding(part="sub-addressing", ok=True, message=f"mail to {start}...{end} arrives", cure="")
    message = f"not seen yet: the newest mails have none to {start}...{end}"
    cure = 'maild check --send-probe tries it; if it fails, write [desk] subaddress = ""'
    return Finding(part="sub-addressing", ok=True, message=message, cure=cure)


def addressed(mail: Mail) -> list[str]:
    """Where a mail was sent to."""
    return [*mail.delivered_to, *(address.address for address in (*mail.to, *mail.cc))]
