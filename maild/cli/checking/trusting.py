"""Which [trust] method the mail in the mailbox speaks for, and what the one that is set would believe."""

from collections import Counter
from collections.abc import Sequence

from maild.cli.checking.finding import Finding
from maild.mail.message import Mail
from maild.process.people.team import Team
from maild.process.trust import TrustMethod, vouched

ENOUGH = 3
"""Mails that must agree before anything is proposed."""

SAFE = (
    "first make sure that your server takes away such fields from outside mail; maild never turns a method on by itself"
)
PART = "trust"

_LONGEST_VALUE = 60
"""Longer ones are no marks of a server, but say something about the one mail."""


def propose_trust(mails: Sequence[Mail], trust: TrustMethod, team: Team | None = None) -> Finding:
    """Propose the method that most mails speak for (RFC 8601); say what the one that is set makes of them."""
    if trust.method != "none":
        return _judge(mails, trust, team)
    if not mails:
        message = "method is none; there is no mail yet to see what your server says about authors"
        return Finding(part=PART, ok=True, message=message, cure="run maild check again when some mail has arrived")
    found = Counter(server_of(mail.authentication[0]) for mail in mails if mail.authentication)
    server, count = found.most_common(1)[0] if found else (None, 0)
    if count < ENOUGH or 2 * count <= len(mails):
        return _propose_header(mails, team)
    method = TrustMethod(method="authserv_id" if server else "microsoft365", value=server or "")
    proposal = f'method = "{method.method}"' + (f' and value = "{server}"' if server else "")
    believed = f"{_count(mails, method)} of their authors would be believed{_about_house(mails, method, team)}"
    message = f"method is none, but {count} of the {len(mails)} newest mails carry results of your server; {believed}"
    return Finding(part=PART, ok=True, message=message, cure=f"[trust] {proposal} would believe them; {SAFE}")


def server_of(field: str) -> str | None:
    """The authserv-id of a field; None for the form of Microsoft 365, which has none."""
    first = field.partition(";")[0].split()
    return None if not first or "=" in first[0] else first[0].casefold()


def _judge(mails: Sequence[Mail], trust: TrustMethod, team: Team | None) -> Finding:
    """A method that is set and believes nobody was set wrongly, or the server writes something else now."""
    if len(mails) < ENOUGH:
        return Finding(part=PART, ok=True, message=f"[trust] method is {trust.method}", cure="")
    count = _count(mails, trust)
    message = f"[trust] method is {trust.method}; it believes the authors of {count} of the {len(mails)} newest mails"
    cure = (
        ""
        if count
        else "look at the topmost Authentication-Results of a mail: is [trust] value what your server writes?"
    )
    return Finding(part=PART, ok=True, message=f"{message}{_about_house(mails, trust, team)}", cure=cure)


def _propose_header(mails: Sequence[Mail], team: Team | None) -> Finding:
    """Mail inside one organisation often carries no results at all, but a field of its own."""
    field = _field_of_house(mails, team)
    if field is None:
        message = f"nothing vouches for authors in the {len(mails)} newest mails; commands of TSMs need one tap each"
        return Finding(part=PART, ok=True, message=message, cure="")
    message = f"method is none, and only mail of your own people has the field {field}"
    cure = f'[trust] method = "header" and value = "{field}" would believe it; {SAFE}'
    return Finding(part=PART, ok=True, message=message, cure=cure)


def _field_of_house(mails: Sequence[Mail], team: Team | None) -> str | None:
    """A field with one value that all mails of the team have, and no other mail has."""
    of_house = [mail for mail in mails if _is_of_house(mail, team)]
    others = [mail for mail in mails if not _is_of_house(mail, team)]
    if len(of_house) < ENOUGH or not others:
        return None
    shared = set.intersection(*(_marks(mail) for mail in of_house)).difference(*map(_marks, others))
    return next((f"{name}: {value}" for name, value in sorted(shared)), None)


def _marks(mail: Mail) -> set[tuple[str, str]]:
    return {(name, value.strip()) for name, value in mail.headers if _is_mark(name, value)}


def _is_mark(name: str, value: str) -> bool:
    return name.startswith("x-") and 0 < len(value.strip()) <= _LONGEST_VALUE


def _about_house(mails: Sequence[Mail], trust: TrustMethod, team: Team | None) -> str:
    """What it makes of the desk's own people: theirs are the commands."""
    of_house = [mail for mail in mails if _is_of_house(mail, team)]
    if not of_house:
        return ""
    return f", and {_count(of_house, trust)} of the {len(of_house)} by people of the desk"


def _is_of_house(mail: Mail, team: Team | None) -> bool:
    return team is not None and mail.author is not None and team.person_at(mail.author.address) is not None


def _count(mails: Sequence[Mail], trust: TrustMethod) -> int:
    return sum(vouched(mail, mail.author.domain, trust) is not None for mail in mails if mail.author)
