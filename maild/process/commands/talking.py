"""Commands that say what the words of the mail are."""

from maild.process.commands.moments import read_moment
from maild.process.plan import Request, Step
from maild.process.ticket import Event


def note(_: str, request: Request) -> Step | str:
    """`/note`: the words are internal."""
    return Step(event=Event.NOTED, because="/note", says=True) if request.words else "there is no text to note"


def waiting(_: str, request: Request) -> Step | str:
    """`/waiting`: the words ask the client, and clocks pause until the answer."""
    if not request.words:
        return "the text asks the client something, and there is no text"
    return Step(event=Event.ASKED, because="/waiting", says=True)


def update(_: str, request: Request) -> Step | str:
    """`/update`: the words are a progress report."""
    if not request.words:
        return "the text tells the client how far things are, and there is no text"
    return Step(event=Event.PROGRESS_REPORTED, because="/update", says=True)


def eta(argument: str, request: Request) -> Step | str:
    """`/eta WHEN`: an estimate, told to the client."""
    moment = read_moment(argument, now=request.now, calendar=request.rules.priorities.calendar)
    if isinstance(moment, str):
        return moment
    return Step(event=Event.ESTIMATED, because=f"/eta {argument}", changes={"eta_at": moment})
