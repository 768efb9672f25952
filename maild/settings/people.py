"""Rules about the people of the desk and the other teams: each name and address is one's, and whoever is named is there."""

from collections import Counter
from collections.abc import Iterator, Sequence

from maild.process.people.escalation import ROLES
from maild.settings.building import build_desk
from maild.settings.files import Files, Rule
from maild.settings.problems import refer, wrong


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
            yield refer(files.folder / "team.toml", f"person[{number}].substitute", person.substitute, others)


def skills_are_categories(files: Files) -> Iterator[str]:
    """A skill is the name of a category."""
    for number, person in enumerate(files.team.person if files.team else ()):
        for skill in person.skills:
            if skill not in files.category_names:
                yield refer(files.folder / "team.toml", f"person[{number}].skills", skill, sorted(files.category_names))


def front_team_exists(files: Files) -> Iterator[str]:
    """What no other team claims has a place to go, once there are other teams."""
    if not files.team or not files.maild:
        return
    teams, front = [team.name for team in files.team.team], files.maild.desk.front_team
    if front and front not in teams:
        yield refer(files.folder / "maild.toml", "desk.front_team", front, teams)
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
            yield refer(files.folder / f"categories/{name}.toml", "responsible", category.responsible, known)


def categories_have_one_team(files: Files) -> Iterator[str]:
    """Mail of a category goes to one team: the first of two would get it all, and the other one nothing."""
    teams = files.team.team if files.team else ()
    for name in sorted(files.category_names):
        takers = [each.name for each in teams if name in each.takes]
        if len(takers) > 1:
            file, both = files.folder / "team.toml", " and of ".join(takers)
            yield f"{file}: the category {name} stands in takes of {both}; allowed: one team for each category"


def asked_people_exist(files: Files) -> Iterator[str]:
    """A level of escalation names roles, or people of the desk."""
    if not files.team or not files.process:
        return
    known = [*ROLES, *(person.name for person in files.team.person)]
    for number, level in enumerate(files.process.escalation):
        for who in level.who:
            if who not in known:
                yield refer(files.folder / "process.toml", f"escalation[{number}].who", who, known)


PEOPLE: Sequence[Rule] = (
    there_is_a_lead,
    names_are_unique,
    addresses_are_unique,
    nobody_is_the_desk,
    substitutes_exist,
    skills_are_categories,
    front_team_exists,
    responsible_exist,
    categories_have_one_team,
    asked_people_exist,
)


def repeated(texts: Sequence[str]) -> list[str]:
    """Find what stands there more than once, however it is spelt."""
    return [text for text, count in Counter(text.casefold() for text in texts).items() if count > 1]
