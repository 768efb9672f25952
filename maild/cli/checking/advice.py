"""What the mail in the mailbox says about the mail server: which proof of authors it gives, and sub-addressing."""

from collections.abc import Iterator, Sequence

from maild.cli.checking.finding import Finding, Trial
from maild.cli.checking.mailboxes import sample
from maild.cli.checking.trusting import propose_trust
from maild.mail.message import Mail
from maild.mail.pool import ParsingPool
from maild.process.desk import Desk


def check_advice(trial: Trial) -> Iterator[Finding]:
    """Look at some mail of the first mailbox; never a failure."""
    mails = read_sample(trial)
    yield propose_trust(mails, trial.settings.trust, trial.settings.team)
    yield propose_subaddress(mails, trial.settings.desk)


def read_sample(trial: Trial) -> list[Mail]:
    """Read the newest mails, in processes that can be killed: they are strangers' mail."""
    sources = sample(trial)
    if not sources:
        return []
    with ParsingPool(trial.settings.limits, trial.settings.desk.languages, workers=1) as pool:
        return [mail for mail in pool.parse(sources) if isinstance(mail, Mail)]


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
