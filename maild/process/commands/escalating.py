"""Commands that consult engineering, or stop."""

from maild.process.commands.naming import find_named
from maild.process.plan import Request, Step
from maild.process.ticket import Event, Role, Status


def escalate(argument: str, request: Request) -> Step | str:
    """`/escalate [NAME]`: engineering gets a dossier; one engineer if named, otherwise all."""
    engineers = {person.name: person for person in request.rules.team.people if person.role is Role.ENGINEER}
    if not engineers:
        return 'nobody in team.toml has role = "engineer"'
    if not argument:
        return Step(
            event=Event.ESCALATED, because="/escalate", addresses=tuple(p.addresses[0] for p in engineers.values())
        )
    found = find_named(argument, engineers, what="engineer")
    if isinstance(found, str):
        return found
    return Step(event=Event.ESCALATED, because=f"/escalate {found.name}", addresses=(found.addresses[0],))


def deescalate(_: str, request: Request) -> Step | str:
    """`/deescalate`: the ticket is the TSM's work again."""
    if request.ticket.status is not Status.ESCALATED:
        return f"it is not escalated, but {request.ticket.status}"
    return Step(event=Event.DEESCALATED, because="/deescalate")
