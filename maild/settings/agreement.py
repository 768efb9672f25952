"""Rules between keys and between files: each finds its problems, and is silent about files that could not be read."""

from collections.abc import Iterator, Sequence

from maild.loopback import is_loopback
from maild.process.gathering.kinds import KINDS as GATHERED
from maild.process.ticket import Role
from maild.replies.kinds import CLIENT, INTERNAL, KINDS
from maild.settings.database_url import url_trouble
from maild.settings.files import Files, Rule
from maild.settings.linear import linear_is_whole
from maild.settings.mailboxes import mailboxes_differ, moved_mail_goes_elsewhere, watched_mailboxes_are_no_goal
from maild.settings.maild_toml import DatabaseKeys, MailboxKeys, SmtpKeys
from maild.settings.oauth import oauth_is_whole
from maild.settings.people import PEOPLE
from maild.settings.problems import refer, wrong


def database_url_is_known(files: Files) -> Iterator[str]:
    """Only SQLite and PostgreSQL, and never a password in the URL."""
    trouble = url_trouble(files.maild.database.url) if files.maild else None
    if trouble:
        yield f"{files.source('database', 'url')}: database.url is not allowed: {trouble}"


def plain_connections_stay_here(files: Files) -> Iterator[str]:
    """`security = "none"` sends the password in plain: on loopback only."""
    if not files.maild:
        return
    hosts = [
        (f"mailbox[{number}]", files.source("mailbox", number, "security"), keys.host, keys.security)
        for number, keys in enumerate(files.maild.mailbox)
    ]
    smtp = files.maild.smtp
    host = smtp.host or files.maild.mailbox[0].host
    hosts.append(("smtp", files.source("smtp", "security"), host, smtp.security))
    for section, source, host, security in hosts:
        if security == "none" and not is_loopback(host):
            allowed = (
                f"tls or starttls; none only where the host is this machine (127.0.0.1, ::1, localhost), not {host}"
            )
            yield wrong(source, f"{section}.security", "none", allowed)


def secrets_have_one_place(files: Files) -> Iterator[str]:
    """A secret is in a file or in a variable, not in both."""
    if not files.maild:
        return
    places: dict[str, MailboxKeys | SmtpKeys | DatabaseKeys] = {
        f"mailbox[{number}]": keys for number, keys in enumerate(files.maild.mailbox)
    }
    places |= {"smtp": files.maild.smtp, "database": files.maild.database}
    for section, keys in places.items():
        if keys.password_file and keys.password_env:
            yield f"{files.folder / 'maild.toml'}: {section} has both password_file and password_env; allowed: one of the two"


def trust_has_its_value(files: Files) -> Iterator[str]:
    """Two of the methods need to know what to look for."""
    if not files.maild:
        return
    trust, file = files.maild.trust, files.source("trust", "value")
    if trust.method == "authserv_id" and (not trust.value or any(map(str.isspace, trust.value))):
        yield wrong(file, "trust.value", trust.value, "the authserv-id of your mail server, such as mail.example.org")
    if trust.method == "header" and not all(part.strip() for part in (trust.value or "").partition(":")):
        yield wrong(file, "trust.value", trust.value, "the field that only your server adds, such as X-Local-Auth: yes")
    if trust.method in {"microsoft365", "none"} and trust.value:
        yield wrong(file, "trust.value", trust.value, f'nothing, with method = "{trust.method}"')


def required_can_be_gathered(files: Files) -> Iterator[str]:
    """Only what maild looks for in a mail can be found missing."""
    for name, category in files.categories.items():
        for number, kind in enumerate(category.required):
            if kind not in GATHERED:
                yield refer(files.folder / f"categories/{name}.toml", f"required[{number}]", kind, list(GATHERED))


def told_templates_exist(files: Files) -> Iterator[str]:
    """Every template is there, and no internal one goes to a client."""
    for event, roles in files.process.told.items() if files.process else ():
        for role, template in roles.items():
            audience = CLIENT if role is Role.CLIENT else INTERNAL
            known = [name for name, kind in KINDS.items() if kind.audience == audience]
            if template and template not in known:
                yield refer(files.folder / "process.toml", f"told.{event}.{role}", template, known)


def matrix_priorities_exist(files: Files) -> Iterator[str]:
    """Every priority of the matrix has its section, and so has the one of what is undecided."""
    if not files.priorities:
        return
    known = {int(number) for number in files.priorities.priority}
    cells = {
        f"matrix.urgency_{urgency}[{impact - 1}]": cell
        for (urgency, impact), cell in files.priorities.matrix.cells().items()
    }
    for key, cell in {**cells, "undecided": files.priorities.undecided}.items():
        if cell not in known:
            sections = ", ".join(str(number) for number in sorted(known))
            yield wrong(str(files.folder / "priorities.toml"), key, cell, f"a priority that has a section: {sections}")


RULES: Sequence[Rule] = (
    database_url_is_known,
    plain_connections_stay_here,
    secrets_have_one_place,
    oauth_is_whole,
    mailboxes_differ,
    moved_mail_goes_elsewhere,
    watched_mailboxes_are_no_goal,
    trust_has_its_value,
    *PEOPLE,
    required_can_be_gathered,
    told_templates_exist,
    matrix_priorities_exist,
    linear_is_whole,
)
