"""Commands that end a ticket, or begin it again."""

from maild.process.plan import Request, Step
from maild.process.ticket import Event, Status


def resolve(_: str, request: Request) -> Step | str:
    """`/resolve`: the words say what was done; the client is asked to verify."""
    if not request.words:
        return "the text says what was wrong and what was done, and there is no text"
    return Step(event=Event.RESOLVED, because="/resolve", says=True)


def close(_: str, request: Request) -> Step | str:
    """`/close`: without asking the client; the words are the reason."""
    if not request.words:
        return "closing without asking the client needs a reason in the text"
    return Step(event=Event.CLOSED, because="/close")


def reopen(_: str, request: Request) -> Step | str:
    """`/reopen`: the work goes on; the words are the reason."""
    if request.ticket.status not in {Status.RESOLVED, Status.CLOSED}:
        return f"it is not closed, but {request.ticket.status}"
    if not request.words:
        return "reopening needs a reason in the text"
    return Step(event=Event.REOPENED, because="/reopen")
