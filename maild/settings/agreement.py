"""Rules between keys and between files: each finds its problems, and is silent about files that could not be read."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from maild.loopback import is_loopback
from maild.process.gathering.kinds import KINDS as GATHERED
from maild.process.people.escalation import ROLES
from maild.process.ticket import Role
from maild.replies.kinds import CLIENT, INTERNAL, KINDS
from maild.settings.building import build_desk
from maild.settings.database_url import url_trouble
from maild.settings.files import Files
from maild.settings.linear import linear_is_whole
from maild.settings.mailboxes import mailboxes_differ, moved_mail_goes_elsewhere, watched_mailboxes_are_no_goal
from maild.settings.maild_toml import DatabaseKeys, MailboxKeys, SmtpKeys
from maild.settings.oauth import oauth_is_whole
from maild.settings.problems import show_value, suggest, wrong

Rule = Callable[[Files], Iterator[str]]


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


def there_is_a_lead(files: Files) -> Iterator[str]:
    """Somebody must be told when a clock runs out."""
    if files.team and not any(person.role == "lead" for person in files.team.person):
        yield f'{files.folder / "team.toml"}: nobody has role = "lead"; allowed: at least one person who is told when a clock runs out'


def names_are_unique(files: Files) -> Iterator[str]:
    """Names are referred to, so each is one person's or one team's."""
    if not files.team:
        return
    names = [*(person.name for person in files.team.person), *(team.name for team in files.team.team)]
    for name in repeated(names):
        yield f"{files.folder / 'team.toml'}: the name {name!r} stands there twice; allowed: one name for each person or team"


def addresses_are_unique(files: Files) -> Iterator[str]:
    """An address says who wrote, so it is one person's or one team's."""
    if not files.team:
        return
    people = [address for person in files.team.person for address in person.addresses]
    for address in repeated([*people, *(team.address for team in files.team.team)]):
        yield f"{files.folder / 'team.toml'}: the address {address} stands there twice; allowed: one person or team for each address"


def nobody_is_the_desk(files: Files) -> Iterator[str]:
    """Mail to the desk's own address comes back to the desk: nobody would read it."""
    if not files.team or not files.maild:
        return
    desk = build_desk(files.maild.desk)
    places = [
        (f"person[{number}].addresses[{index}]", address)
        for number, person in enumerate(files.team.person)
        for index, address in enumerate(person.addresses)
    ]
    places += [(f"team[{number}].address", team.address) for number, team in enumerate(files.team.team)]
    for key, address in places:
        if desk.owns(address):
            yield wrong(str(files.folder / "team.toml"), key, address, "an address that is not the desk's own")


def substitutes_exist(files: Files) -> Iterator[str]:
    """Who stands in is a person of the desk."""
    names = [person.name for person in files.team.person] if files.team else []
    for number, person in enumerate(files.team.person if files.team else ()):
        if person.substitute and (person.substitute not in names or person.substitute == person.name):
            others = [name for name in names if name != person.name]
            yield refer(files, "team.toml", f"person[{number}].substitute", person.substitute, others)


def skills_are_categories(files: Files) -> Iterator[str]:
    """A skill is the name of a category."""
    for number, person in enumerate(files.team.person if files.team else ()):
        for skill in person.skills:
            if skill not in files.category_names:
                yield refer(files, "team.toml", f"person[{number}].skills", skill, sorted(files.category_names))


def front_team_exists(files: Files) -> Iterator[str]:
    """What no other team claims has a place to go, once there are other teams."""
    if not files.team or not files.maild:
        return
    teams, front = [team.name for team in files.team.team], files.maild.desk.front_team
    if front and front not in teams:
        yield refer(files, "maild.toml", "desk.front_team", front, teams)
    if teams and not front:
        yield f"{files.folder / 'maild.toml'}: desk.front_team is missing; allowed: {', '.join(teams)}"


def responsible_exist(files: Files) -> Iterator[str]:
    """A technical category names a person, another one a team."""
    if not files.team:
        return
    people, teams = [person.name for person in files.team.person], [team.name for team in files.team.team]
    for name, category in files.categories.items():
        known = people if category.technical else teams
        if category.responsible and category.responsible not in known:
            yield refer(files, f"categories/{name}.toml", "responsible", category.responsible, known)


def categories_have_one_team(files: Files) -> Iterator[str]:
    """Mail of a category goes to one team: the first of two would get it all, and the other one nothing."""
    teams = files.team.team if files.team else ()
    for name in sorted(files.category_names):
        takers = [each.name for each in teams if name in each.takes]
        if len(takers) > 1:
            file, both = files.folder / "team.toml", " and of ".join(takers)
            yield f"{file}: the category {name} stands in takes of {both}; allowed: one team for each category"


def required_can_be_gathered(files: Files) -> Iterator[str]:
    """Only what maild looks for in a mail can be found missing."""
    for name, category in files.categories.items():
        for number, kind in enumerate(category.required):
            if kind not in GATHERED:
                yield refer(files, f"categories/{name}.toml", f"required[{number}]", kind, list(GATHERED))


def asked_people_exist(files: Files) -> Iterator[str]:
    """A level of escalation names roles, or people of the desk."""
    if not files.team or not files.process:
        return
    known = [*ROLES, *(person.name for person in files.team.person)]
    for number, level in enumerate(files.process.escalation):
        for who in level.who:
            if who not in known:
                yield refer(files, "process.toml", f"escalation[{number}].who", who, known)


def told_templates_exist(files: Files) -> Iterator[str]:
    """Every template is there, and no internal one goes to a client."""
    for event, roles in files.process.told.items() if files.process else ():
        for role, template in roles.items():
            audience = CLIENT if role is Role.CLIENT else INTERNAL
            known = [name for name, kind in KINDS.items() if kind.audience == audience]
            if template and template not in known:
                yield refer(files, "process.toml", f"told.{event}.{role}", template, known)


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
    there_is_a_lead,
    names_are_unique,
    addresses_are_unique,
    nobody_is_the_desk,
    substitutes_exist,
    skills_are_categories,
    front_team_exists,
    responsible_exist,
    categories_have_one_team,
    required_can_be_gathered,
    asked_people_exist,
    told_templates_exist,
    matrix_priorities_exist,
    linear_is_whole,
)


def refer(files: Files, file: str, key: str, name: str, known: Sequence[str]) -> str:
    """Write that a name is nobody's."""
    return f"{files.folder / file}: {key} = {show_value(name)} is unknown{suggest(name, known)}"


def repeated(texts: Sequence[str]) -> list[str]:
    """Find what stands there more than once, however it is spelt."""
    return [text for text, count in Counter(text.casefold() for text in texts).items() if count > 1]
