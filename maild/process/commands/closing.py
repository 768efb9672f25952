"""Commands that end a ticket, or begin it again."""

from dataclasses import replace

from maild.process.commands import relating
from maild.process.plan import Request, Step
from maild.process.ticket import Event, Status


def resolve(_: str, request: Request) -> Step | str:
    """`/resolve`: the words say what was done; the client is asked to verify."""
    if not request.words:
        return "the text says what was wrong and what was done, and there is no text"
    return Step(event=Event.RESOLVED, because="/resolve", says=True)


def works(_: str, request: Request) -> Step | str:
    """`/works`: what the client wrote means that it works; closed, with thanks."""
    if request.ticket.status is Status.CLOSED:
        return "it is already closed"
    return Step(event=Event.CLIENT_CONFIRMED, because="/works", labels={"reply_intent": "resolved"})


def fails(_: str, request: Request) -> Step | str:
    """`/fails`: what the client wrote means that it is not solved; the work goes on."""
    if request.ticket.status not in {Status.OPEN, Status.RESOLVED, Status.CLOSED}:
        return f"it is already being worked on: {request.ticket.status}"
    return Step(event=Event.CLIENT_DENIED, because="/fails", labels={"reply_intent": "not_resolved"})


def other(_: str, request: Request) -> Step | str:
    """`/other`: the client's last mail is about something else; it becomes a ticket of its own."""
    step = relating.split("", request)
    return replace(step, because="/other", labels={"reply_intent": "new_problem"}) if isinstance(step, Step) else step


def close(_: str, request: Request) -> Step | str:
    """`/close`: without asking the client; the words are the reason."""
    if not request.words:
        return "closing without asking the client needs a reason in the text"
    return Step(event=Event.CLOSED, because="/close")


def reopen(_: str, request: Request) -> Step | str:
    """`/reopen`: the work goes on; the words are the reason."""
    if request.ticket.status not in {Status.RESOLVED, Status.CLOSED}:
        return f"it is not closed, but {request.ticket.status}"
    if request.ticket.merged_into is not None:
        return f"it goes on in {request.rules.desk.show(request.ticket.merged_into)}, which it was merged into"
    if not request.words:
        return "reopening needs a reason in the text"
    return Step(event=Event.REOPENED, because="/reopen")
