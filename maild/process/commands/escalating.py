"""Commands that consult engineering, or stop."""

from maild.process.commands.naming import by_address, find_named
from maild.process.people.escalation import first_with_people
from maild.process.plan import Request, Step
from maild.process.ticket import Event, Role, Status


def escalate(argument: str, request: Request) -> Step | str:
    """`/escalate [NAME]`: they get a dossier; without a name the next level of process.toml, from the first on."""
    policy, team = request.rules.policy.escalation, request.rules.team
    level, people = first_with_people(policy, team, (request.ticket.escalation_level or 0) + 1)
    others = [person for person in people if person != request.author]
    if argument:
        able = [person for person in team.people if person.role is not Role.TSM and person != request.author]
        known = {person.name: person for person in (*able, *others)}
        found = find_named(argument, known, what="engineer", besides=by_address(known.values()))
        if isinstance(found, str):
            return found
        others, level = [found], request.ticket.escalation_level or 1
    if not others:
        return 'there is nobody to ask: give somebody role = "engineer" in team.toml, or name them in [[escalation]]'
    return Step(
        event=Event.ESCALATED,
        because=f"/escalate {', '.join(person.name for person in others)}",
        changes={"escalation_level": level},
        addresses=tuple(person.addresses[0] for person in others),
    )


def deescalate(_: str, request: Request) -> Step | str:
    """`/deescalate`: the ticket is the TSM's work again."""
    if request.ticket.status is not Status.ESCALATED:
        return f"it is not escalated, but {request.ticket.status}"
    return Step(event=Event.DEESCALATED, because="/deescalate")
