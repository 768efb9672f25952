"""Commands that say whose ticket it is."""

from maild.process.commands.naming import by_address, find_named
from maild.process.people.team import Person
from maild.process.plan import Request, Step
from maild.process.ticket import Event, Role, Status


def take(_: str, request: Request) -> Step | str:
    """`/take`: become the assignee; another team becomes who has it."""
    if request.author.role is Role.TEAM:
        return Step(event=Event.HAND_OFF_CONFIRMED, because=f"/take of {request.author.name}")
    return _assigned(request.author, request, "/take")


def assign(argument: str, request: Request) -> Step | str:
    """`/assign NAME`: name the assignee."""
    people = {person.name: person for person in request.rules.team.people if person.role is not Role.ENGINEER}
    found = find_named(argument, people, what="person who owns tickets", besides=by_address(people.values()))
    return found if isinstance(found, str) else _assigned(found, request, f"/assign {found.name}")


def _assigned(person: Person, request: Request, because: str) -> Step | str:
    if request.ticket.status is Status.HANDED_OFF:
        return f"it is with {request.ticket.team}: /technical takes it back"
    if person != request.author and request.ticket.assignee == person.name and request.ticket.team is None:
        return f"{person.name} is the assignee already"
    return Step(event=Event.ASSIGNED, because=because, changes={"assignee": person.name})


def give_back(_: str, request: Request) -> Step | str:
    """`/return`: what was handed to another team is not theirs; a TSM decides."""
    if request.ticket.team != request.author.name:
        return "it is not with you"
    if request.ticket.status is not Status.HANDED_OFF:
        return f"you have taken it already: {request.rules.team.leads[0].name} can take it back"
    because = f"/return: not for {request.author.name}"
    return Step(event=Event.HAND_OFF_RETURNED, because=because, changes={"team": None, "technical": None})
