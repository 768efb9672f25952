"""Freshdesk: the JSON of its account export (`helpdesk_ticket` with its notes), or dumps of its API.

Of the API: tickets, conversations, contacts, agents, groups.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from maild.history.exports.book import COMMENT, TICKET, Book, System, named
from maild.history.exports.documents import Record
from maild.history.exports.facts import Facts
from maild.history.exports.past_ticket import Comment, Mark, Party, PastTicket

_PAGES = named(
    {
        TICKET: ("helpdesk_ticket", "tickets", "ticket", "results"),
        COMMENT: ("conversations", "conversation", "helpdesk_note"),
        "user": ("user", "users", "contacts", "contact"),
        "agent": ("agents", "agent"),
        "group": ("groups", "group"),
    }
)
PRIORITIES: Mapping[str, str] = MappingProxyType({"1": "low", "2": "medium", "3": "high", "4": "urgent"})
STATUSES: Mapping[str, str] = MappingProxyType({"2": "open", "3": "pending", "4": "resolved", "5": "closed"})
_UNTOLD = frozenset({"", "None", "--"})


def kind(record: Record) -> str | None:
    """By the name of the page or of the object's wrapper, or by the fields that only one kind has."""
    fields = record.fields
    if _is_ticket(fields):
        return TICKET
    if record.kind is not None and _PAGES.get(record.kind) != TICKET:
        return _PAGES.get(record.kind)
    if "incoming" in fields and ("body" in fields or "body_text" in fields):
        return COMMENT
    if "contact" in fields and isinstance(fields["contact"], dict):
        return "agent"
    if "agent_ids" in fields and "name" in fields:
        return "group"
    return "user" if "email" in fields and "active" in fields else None


def _is_ticket(fields: Mapping[str, Any]) -> bool:
    is_exported = "display_id" in fields and "requester_id" in fields
    return "subject" in fields and (is_exported or {"requester_id", "source", "status", "priority"} <= fields.keys())


def ticket_of(record: Record) -> str:
    """A dump of one ticket's conversations may name it in its path alone, as in `conversations-20.json`."""
    return str(record.fields.get("ticket_id") or record.number_in_path or "")


def build(ticket: Facts, apart: Sequence[Facts], book: Book) -> PastTicket | None:
    """The description is what the client wrote first; what was said later are notes or conversations."""
    known = ticket.text("display_id") or ticket.need("id")
    at, client = ticket.moment("created_at"), _client(ticket, book)
    if at is None or client is None:
        return None
    notes = (_unwrapped(note) for note in ticket.objects("notes", "note"))
    parts = [*notes, *ticket.objects("conversations", "conversation"), *apart]
    read = (_comment(part, ticket, client, book) for part in parts)
    later = sorted({each.known: each for each in read if each}.values(), key=lambda each: each.at)
    return PastTicket(
        known=known,
        subject=ticket.text("subject"),
        client=client,
        comments=[_description(ticket, client, at), *later],
        marks=tuple(_marks(ticket, book)),
        files=sum(part.count("attachments") for part in (ticket, *parts)),
    )


def _unwrapped(note: Facts) -> Facts:
    return note.within(note.part("helpdesk_note"), "helpdesk_note") or note if note.part("helpdesk_note") else note


def _description(ticket: Facts, client: Party, at: datetime) -> Comment:
    text, html = _words(ticket, "description")
    return Comment(
        known="description",
        author=client,
        at=at,
        text=text or ("" if html else ticket.text("subject")),
        html=html,
        is_public=True,
    )


def _words(part: Facts, name: str) -> tuple[str, str]:
    """The API has the plain text beside HTML (`body_text`, `body`), the export HTML beside plain text (`body_html`)."""
    if f"{name}_html" in part.fields:
        return part.text(name), part.text(f"{name}_html")
    return part.text(f"{name}_text"), part.text(name)


def _client(ticket: Facts, book: Book) -> Party | None:
    known = ticket.need("requester_id")
    user = book.find("user", known) or ticket.part("requester")
    name = str(user.get("name") or ticket.text("requester_name"))
    address = str(user.get("email") or ticket.text("requester_email") or ticket.text("email"))
    if known and not address and not book.count["user"]:
        ticket.complain(
            "who asked is not known: there are no users in the export; put Users0.json or contacts.json beside it"
        )
    return book.party(known, name, address, is_desk=False) if known else None


def _comment(part: Facts, ticket: Facts, client: Party, book: Book) -> Comment | None:
    at, is_public = part.moment("created_at"), not part.is_true("private", unless_told=False)
    is_incoming = part.is_true("incoming", unless_told=False)
    author = _author(part, ticket, client, book, is_incoming=is_incoming)
    if at is None or author is None:
        return None
    text, html = _words(part, "body")
    return Comment(known=part.need("id"), author=author, at=at, text=text, html=html, is_public=is_public)


def _author(part: Facts, ticket: Facts, client: Party, book: Book, *, is_incoming: bool) -> Party | None:
    known = part.need("user_id")
    if not known:
        return None
    if known == ticket.text("requester_id"):
        return client
    user = book.find("user", known) or _agent(book, known)
    address = str(user.get("email") or (part.text("from_email") if is_incoming else ""))
    return book.party(known, str(user.get("name") or ""), address, is_desk=not is_incoming)


def _agent(book: Book, known: str) -> Mapping[str, Any]:
    """The API keeps an agent's name and address in their contact."""
    agent = book.find("agent", known) or {}
    contact = agent.get("contact")
    return contact if isinstance(contact, dict) else agent


def _marks(ticket: Facts, book: Book) -> Iterator[Mark]:
    listed = book.find("group", ticket.text("group_id")) or {}
    told = [
        ("group", ticket.text("group_name") or str(listed.get("name") or ticket.text("group_id"))),
        ("type", ticket.text("ticket_type") or ticket.text("type")),
        *_custom(ticket),
        *(("tag", tag) for tag in _tags(ticket)),
        ("priority", ticket.text("priority_name").casefold() or _word(PRIORITIES, ticket.text("priority"))),
        ("status", ticket.text("status_name").casefold() or _word(STATUSES, ticket.text("status"))),
        ("assignee", ticket.text("responder_name") or str(_agent(book, ticket.text("responder_id")).get("name") or "")),
    ]
    return (Mark(kind=kind, value=value.strip()) for kind, value in told if value.strip() not in _UNTOLD)


def _word(words: Mapping[str, str], number: str) -> str:
    """A status of the desk's own stays a number."""
    return words.get(number, number)


def _tags(ticket: Facts) -> Iterator[str]:
    yield from ticket.texts("tags")
    tags = ticket.fields.get("tags")
    if isinstance(tags, list):
        yield from (str(tag.get("name") or "") for tag in tags if isinstance(tag, dict))


def _custom(ticket: Facts) -> Iterator[tuple[str, str]]:
    for name in ("custom_fields", "custom_field"):
        for field, value in ticket.part(name).items():
            if isinstance(value, str):
                yield f"field {field.removeprefix('cf_')}", value


FRESHDESK = System(
    name="freshdesk",
    title="Freshdesk export",
    kind=kind,
    ticket_of=ticket_of,
    build=build,
    asked_for="tickets with their notes or conversations, and users (or contacts and agents)",
)
