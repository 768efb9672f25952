"""Commands that decide what the model decided or left open; each is a label."""

from typing import Any

from maild.process.category import Category
from maild.process.commands.naming import find_named
from maild.process.people.team import OtherTeam
from maild.process.plan import Request, Step
from maild.process.ticket import Event, Status


def category(argument: str, request: Request) -> Step | str:
    """`/category NAME`: decides a ticket that is still undecided, too; one that is not technical goes to its team."""
    titled = {each.title: each for each in request.rules.categories.values()}
    found = find_named(argument, request.rules.categories, what="category", besides=titled)
    if isinstance(found, str):
        return found
    because, labels = f"/category {found.name}", {"category": found.name, "technical": _yes_or_no(found.technical)}
    changes: dict[str, Any] = {"category": found.name}
    if not found.technical:
        receiver = request.rules.receiver(found.name)
        if receiver is None or request.ticket.status is not Status.NEW:
            team = receiver.team.name if receiver else "TEAM"
            return f"{found.name} is not technical: /handoff {team} gives the ticket away"
        given = {**changes, "technical": False, "team": receiver.team.name, "assignee": None}
        return Step(event=Event.HANDED_OFF, because=f"{because}: {receiver.because}", changes=given, labels=labels)
    if request.ticket.status is Status.NEW:
        return Step(event=Event.TRIAGED, because=because, changes={**changes, "technical": True}, labels=labels)
    return Step(event=Event.CATEGORIZED, because=because, changes=changes, labels=labels)


def urgency(argument: str, request: Request) -> Step | str:
    """`/urgency 1-3`: priority follows by the matrix."""
    return _in_scale("urgency", argument, request)


def impact(argument: str, request: Request) -> Step | str:
    """`/impact 1-3`: priority follows by the matrix."""
    return _in_scale("impact", argument, request)


def _in_scale(name: str, argument: str, request: Request) -> Step | str:
    scale = {"urgency": request.rules.priorities.urgency, "impact": request.rules.priorities.impact}[name]
    if not argument.isdecimal() or int(argument) not in scale:
        allowed = "; ".join(f"{number} {words.rstrip('.')}" for number, words in scale.items())
        return f"{argument} is not on the scale: {allowed}" if argument else f"the number is missing: {allowed}"
    number = int(argument)
    return Step(
        event=Event.PRIORITIZED, because=f"/{name} {number}", changes={name: number}, labels={name: str(number)}
    )


def technical(_: str, request: Request) -> Step | str:
    """`/technical`: the desk takes it; takes a hand-off back, too."""
    changes = {"technical": True, "team": None}
    event = Event.HAND_OFF_UNDONE if request.ticket.status is Status.HANDED_OFF else Event.TRIAGED
    if request.ticket.technical and request.ticket.status not in {Status.NEW, Status.HANDED_OFF}:
        event = Event.CATEGORIZED
    return Step(event=event, because="/technical", changes=changes, labels={"technical": "yes"})


def hand_off(argument: str, request: Request) -> Step | str:
    """`/handoff TEAM`: another team takes it, with receipt; of what is undecided the configuration may say which one."""
    is_undecided = request.ticket.status is Status.NEW
    if not argument and is_undecided and (receiver := request.rules.receiver(None, request.ticket.subject)):
        given = {"team": receiver.team.name, "technical": False, "assignee": None}
        because = f"/handoff: {receiver.because}"
        return Step(event=Event.HANDED_OFF, because=because, changes=given, labels={"technical": "no"})
    teams = {team.name: team for team in request.rules.team.others}
    if not argument:
        return f"say which team takes it, as in /handoff {next(iter(teams), 'TEAM')}; there are: {', '.join(teams) or 'none'}"
    team = find_named(argument, teams, what="team", besides={team.address: team for team in teams.values()})
    if isinstance(team, str):
        return team
    because, changes = f"/handoff {team.name}", {"team": team.name, "technical": False, "assignee": None}
    theirs = [name for name, each in request.rules.categories.items() if _is_taken_by(team, each)]
    category = {"category": theirs[0]} if len(theirs) == 1 else {}
    labels = {"technical": "no", "team": team.name, **category}
    return Step(event=Event.HANDED_OFF, because=because, changes={**changes, **category}, labels=labels)


def spam(_: str, request: Request) -> Step | str:
    """`/spam`: closed without a word to its author."""
    if request.words:
        return "nobody answers spam: take the text out"
    return Step(event=Event.MARKED_SPAM, because="/spam", labels={"kind": "spam"})


def _is_taken_by(team: OtherTeam, category: Category) -> bool:
    return not category.technical and (category.name in team.takes or category.responsible == team.name)


def _yes_or_no(is_technical: bool) -> str:
    return "yes" if is_technical else "no"
