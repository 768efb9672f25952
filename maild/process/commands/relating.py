"""Commands about other tickets, and about who takes part in this one."""

import re

from maild.mail.message import Address
from maild.process.commands.naming import bare_address
from maild.process.plan import Request, Step
from maild.process.ticket import Event, Status, Ticket

_ATOM = r"[^\s<>@,;:\"()]"
_ADDRESS = re.compile(rf"(?:mailto:)?{_ATOM}++@{_ATOM}[^\s<>@,;:\"().]*+\.{_ATOM}++", re.IGNORECASE)


def merge(argument: str, request: Request) -> Step | str:
    """`/merge T-9`: this ticket goes on in the other one.

    Tickets of different clients are not merged: whatever is answered there would show one client the other's business.
    """
    other = _other(argument, request)
    if isinstance(other, str):
        return other
    number, client = request.rules.desk.show(other.number), request.ticket.client
    if _carries_incident(request):
        return f"it is the first ticket of an incident: /merge {number} into this one, or /incident undo first"
    if other.status is Status.CLOSED:
        return f"{number} is closed: /reopen it first"
    if client.casefold() not in {other.client.casefold(), *request.heard.get(other.number, ())}:
        return (
            f"{number} is {other.client}'s and this one {client}'s: /link {number} connects them; "
            f"if {client} may read everything about it, /cc add {client} on {number} first"
        )
    changes = {"merged_into": other.number}
    return Step(event=Event.MERGED, because=f"/merge {number}", other=other.number, changes=changes)


def split(_: str, request: Request) -> Step | str:
    """`/split`: the client's last mail becomes a ticket of its own, acknowledged under its number like any other.

    What that mail alone has begun again stands as the mail found it: as if the mail had come alone.
    """
    if request.client_mails < 2:  # noqa: PLR2004 - the ticket itself needs one
        return (
            "the client has written only one mail about this ticket; /category, /urgency and the like change what it is"
        )
    changes = {"status": request.found_in} if request.found_in else {}
    return Step(event=Event.SPLIT_OFF, because="/split", other=request.ticket.number, changes=changes)


def link(argument: str, request: Request) -> Step | str:
    """`/link T-9`: the two have to do with each other."""
    other = _other(argument, request)
    if isinstance(other, str):
        return other
    return Step(event=Event.LINKED, because=f"/link {request.rules.desk.show(other.number)}", other=other.number)


def client(argument: str, request: Request) -> Step | str:
    """`/client ADDRESS`: whose ticket it is."""
    found = _find_outside(argument, request)
    if isinstance(found, str):
        return found
    changes, because = {"client": found.address, "client_name": ""}, f"/client {found.address}"
    return Step(event=Event.CLIENT_CHANGED, because=because, changes=changes, addresses=(found.address,))


def cc(argument: str, request: Request) -> Step | str:
    """`/cc add ADDRESS`, `/cc remove ADDRESS`: who else hears what the client hears."""
    verb, _, rest = argument.partition(" ")
    if verb.casefold() not in {"add", "remove"} or not rest:
        return "say /cc add ADDRESS or /cc remove ADDRESS"
    found = _find_outside(rest, request)
    if isinstance(found, str):
        return found
    is_added, address = verb.casefold() == "add", found.address
    if found.key == request.ticket.client.casefold():
        return f"{address} is the client" if is_added else f"{address} is the client: /client names another"
    if not is_added and found.key not in request.heard.get(request.ticket.number, {found.key}):
        return f"{address} is not in copy"
    event = Event.PARTICIPANT_ADDED if is_added else Event.PARTICIPANT_REMOVED
    return Step(event=event, because=f"/cc {verb.casefold()} {address}", addresses=(address,))


def _carries_incident(request: Request) -> bool:
    there = request.incidents.get(request.ticket.number)
    return there is not None and there.is_answerable and there.head == request.ticket.number


def numbers_named(arguments: tuple[str, ...], prefix: str) -> list[int]:
    """The tickets that commands name, `T-9`, `9` or, as a subject has it, `[T-9]`."""
    found = (
        re.fullmatch(rf"\[?(?:{re.escape(prefix)}-?|#)?(\d{{1,12}})\]?", text, re.IGNORECASE) for text in arguments
    )
    return [int(match[1]) for match in found if match]


def _other(argument: str, request: Request) -> Ticket | str:
    named = numbers_named((argument,), request.rules.desk.prefix)
    if not named:
        example = request.rules.desk.show(9)
        return (
            f"{argument} is no ticket; write it as {example}"
            if argument
            else f"the ticket is missing; write it as {example}"
        )
    if named[0] == request.ticket.number:
        return "that is this same ticket"
    other = request.others.get(named[0])
    if other is not None and other.number == request.ticket.number:
        return f"{request.rules.desk.show(named[0])} already goes on in this ticket"
    return other or f"there is no ticket {request.rules.desk.show(named[0])}"


def _find_outside(argument: str, request: Request) -> Address | str:
    """An address of the client's side; a text says why it is none: it is our own, or somebody's of the house."""
    bare = bare_address(argument)
    if not _ADDRESS.fullmatch(bare):
        return f"{argument} is not an address" if argument else "the address is missing"
    if request.rules.desk.gets(bare):
        return f"{bare} is an address of this desk"
    if request.rules.team.at(bare):
        return f"{bare} belongs to the desk's people, who cannot be clients"
    return Address(address=bare)
