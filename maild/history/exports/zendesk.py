"""Zendesk: its JSON export (a ticket a line), or dumps of its API: tickets, users, groups, ticket_fields, comments, audits.

Incremental exports (cursor or time based) are pages of the same objects; `ticket_events` with their comments are read, too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from maild.history.exports.book import COMMENT, TICKET, Book, System, named
from maild.history.exports.documents import Record
from maild.history.exports.facts import Facts
from maild.history.exports.past_ticket import Comment, Mark, Party, PastTicket

_PAGES = named(
    {
        TICKET: ("tickets", "ticket", "results"),
        "user": ("users", "user"),
        "group": ("groups", "group"),
        "field": ("ticket_fields", "ticket_field"),
        COMMENT: ("comments", "comment", "audits", "audit", "ticket_audits", "ticket_events"),
    }
)
_OF_THE_DESK = frozenset({"agent", "admin"})
_UNTOLD = frozenset({"", "None", "-"})


def kind(record: Record) -> str | None:
    """By the page's name, or by the fields that only one kind has."""
    fields = record.fields
    if record.kind is not None:
        found = _PAGES.get(record.kind)
        return None if found == TICKET and not _is_ticket(fields) else found
    if _is_ticket(fields):
        return TICKET
    if "ticket_id" in fields and ("events" in fields or "child_events" in fields):
        return COMMENT
    if "author_id" in fields and "public" in fields:
        return COMMENT
    if "role" in fields and "email" in fields:
        return "user"
    return None


def _is_ticket(fields: Mapping[str, Any]) -> bool:
    asks = "requester_id" in fields or isinstance(fields.get("requester"), dict)
    is_numbered = isinstance(fields.get("status"), int) or "display_id" in fields
    return asks and "subject" in fields and not is_numbered


def ticket_of(record: Record) -> str:
    """A dump of one ticket's comments names it in its path alone, as in `comments-35436.json`."""
    named_in_it = str(record.fields.get("ticket_id") or "")
    return named_in_it or (record.number_in_path or "" if "author_id" in record.fields else "")


def build(ticket: Facts, apart: Sequence[Facts], book: Book) -> PastTicket | None:
    """Put ticket and comments together; its description is the first comment where no comment came with it."""
    known, at = ticket.need("id"), ticket.moment("created_at")
    client = _party(ticket, "requester", book, of_the_desk=False)
    if client is None:
        ticket.complain("neither requester_id nor requester says who asked")
    elif not book.count["user"] and not ticket.part("requester").get("email"):
        ticket.complain(
            "who asked is not known: there are no users in the export; put users.json (/api/v2/users) beside it"
        )
    if at is None or client is None:
        return None
    client = replace(client, is_desk=False)
    parts = [*ticket.objects("comments", "comment"), *(each for part in apart for each in _comments_in(part))]
    read = (_comment(part, ticket, client, book) for part in parts)
    comments = sorted({each.known: each for each in read if each}.values(), key=lambda each: each.at)
    return PastTicket(
        known=known,
        subject=ticket.text("subject") or ticket.text("raw_subject"),
        client=client,
        comments=comments or [_description(ticket, client, at)],
        marks=tuple(_marks(ticket, book)),
        files=sum(part.count("attachments") for part in parts),
    )


def _description(ticket: Facts, client: Party, at: datetime) -> Comment:
    text = ticket.text("description") or ticket.text("subject")
    return Comment(known="description", author=client, at=at, text=text, is_public=True)


def _comments_in(part: Facts) -> Iterator[Facts]:
    """An audit and a ticket event hold their comments among other things that happened; a comment is one itself."""
    name = next((name for name in ("events", "child_events") if name in part.fields), None)
    if name is None:
        yield part
        return
    system = part.part("metadata").get("system")
    of_all = {
        "created_at": _when(part),
        "author_id": part.fields.get("author_id", part.fields.get("updater_id")),
        "message_id": system.get("message_id") if isinstance(system, dict) else None,
    }
    for event in part.objects(name, "event"):
        if "Comment" in {event.text("type"), event.text("event_type")} and "body" in event.fields:
            event.fields = {**of_all, **event.fields}
            yield event


def _when(part: Facts) -> str:
    """Ticket events count seconds."""
    seconds = part.fields.get("timestamp")
    if isinstance(seconds, int) and 0 < seconds < 1 << 33:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    return part.text("created_at")


def _comment(part: Facts, ticket: Facts, client: Party, book: Book) -> Comment | None:
    at, is_public = part.moment("created_at"), part.is_true("public", unless_told=True)
    worked_on_it = {ticket.text("assignee_id"), ticket.text("submitter_id")}
    author = _party(part, "author", book, of_the_desk=not is_public or part.text("author_id") in worked_on_it)
    if author is None:
        part.complain("author_id is missing")
    if author is None or at is None:
        return None
    return Comment(
        known=part.need("id"),
        author=client if author.address == client.address else author,
        at=at,
        text=part.text("plain_body") or part.text("body"),
        html=part.text("html_body"),
        is_public=is_public,
        message_id=part.text("message_id") or None,
    )


def _party(part: Facts, role: str, book: Book, *, of_the_desk: bool) -> Party | None:
    """Whom `role_id` names, or the object `role` itself; `of_the_desk` holds where nobody knows (they were deleted)."""
    embedded = part.part(role)
    known = part.text(f"{role}_id") or str(embedded.get("id") or "")
    if not known:
        return None
    user = book.find("user", known) or embedded
    told = str(user.get("role") or "")
    name, address = str(user.get("name") or ""), str(user.get("email") or "")
    return book.party(known, name, address, is_desk=told in _OF_THE_DESK if told else of_the_desk)


def _marks(ticket: Facts, book: Book) -> Iterator[Mark]:
    group = book.find("group", ticket.text("group_id")) or ticket.part("group")
    name = str(group.get("name") or ticket.text("group_id"))
    assignee = _party(ticket, "assignee", book, of_the_desk=True)
    told = [("group", name), ("type", ticket.text("type")), *_custom(ticket, book)]
    told += [("tag", tag) for tag in ticket.texts("tags")]
    told += [("priority", ticket.text("priority")), ("status", ticket.text("status"))]
    told += [("assignee", assignee.name if assignee else "")]
    return (Mark(kind=kind, value=value.strip()) for kind, value in told if value.strip() not in _UNTOLD)


def _custom(ticket: Facts, book: Book) -> Iterator[tuple[str, str]]:
    for part in ticket.objects("custom_fields", "custom field"):
        listed = book.find("field", part.text("id")) or {}
        value = part.fields.get("value")
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str):
                yield f"field {listed.get('title') or part.text('id')}", each


ZENDESK = System(
    name="zendesk",
    title="Zendesk export",
    kind=kind,
    ticket_of=ticket_of,
    build=build,
    asked_for="tickets (with their comments, or audits or comments beside them) and users",
)
