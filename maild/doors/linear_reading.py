"""What Linear answers, to the values of the port."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from maild.errors import Deferred
from maild.process.tracker import Comment, Entry, Field, Fields, Issue, User

Node = Mapping[str, Any]


def read_issue(
    node: Node,
    *,
    entries: Sequence[Entry] = (),
    comments: Sequence[Comment] = (),
    was_there: bool = False,
    team: str | None = None,
) -> Issue:
    """An issue of the fragment `Standing`; `team`: the id of that in which it should be. Raises Deferred for what cannot be understood."""
    try:
        user = read_user(node.get("assignee"))
        return Issue(
            id=str(node["id"]),
            key=str(node["identifier"]),
            url=str(node["url"]),
            fields=Fields(
                state=node["state"]["name"],
                priority=int(node["priority"] or 0),
                assignee=user.known_as if user else None,
                due=date.fromisoformat(node["dueDate"]) if node.get("dueDate") else None,
                labels=names(node["labels"]["nodes"]),
            ),
            updated_at=moment(node["updatedAt"]),
            lost=_lost(node, team),
            was_there=was_there,
            entries=tuple(sorted(entries, key=lambda entry: entry.at)),
            comments=tuple(sorted(comments, key=lambda comment: comment.at)),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Deferred(f"Linear's answer about an issue cannot be understood: {error!r}") from error


def _lost(node: Node, team: str | None) -> str:
    if node.get("trashed") or node.get("archivedAt"):
        return "deleted or archived"
    return f"moved to another team ({node['identifier']})" if team and node["team"]["id"] != team else ""


def read_entries(nodes: Sequence[Node]) -> Iterator[Entry]:
    """What each row of a history changed; several fields are several entries."""
    for node in nodes:
        for field, value in _changed(node):
            by = read_user(node.get("actor"))
            yield Entry(id=f"{node['id']} {field.value}", field=field, value=value, by=by, at=moment(node["createdAt"]))


def _changed(node: Node) -> Iterator[tuple[Field, Any]]:
    if node.get("toState"):
        yield Field.STATE, node["toState"]["name"]
    if node.get("toPriority") is not None:
        yield Field.PRIORITY, int(node["toPriority"])
    if node.get("toAssignee") or node.get("fromAssignee"):
        user = read_user(node.get("toAssignee"))
        yield Field.ASSIGNEE, user.known_as if user else None
    if node.get("toDueDate") or node.get("fromDueDate"):
        yield Field.DUE, date.fromisoformat(node["toDueDate"]) if node.get("toDueDate") else None
    if node.get("addedLabels") or node.get("removedLabels"):
        yield Field.LABELS, (names(node.get("addedLabels") or ()), names(node.get("removedLabels") or ()))


def read_comments(nodes: Sequence[Node]) -> Iterator[Comment]:
    """Comments of people and of machines."""
    for node in nodes:
        yield Comment(
            id=str(node["id"]),
            by=read_user(node.get("user")),
            text=str(node["body"]),
            at=moment(node["createdAt"]),
            edited_at=moment(node["updatedAt"]),
        )


def read_user(node: Node | None) -> User | None:
    """Whoever did it; None for a machine."""
    if not node:
        return None
    address = str(node.get("email") or "").strip().casefold()
    return User(id=str(node["id"]), name=str(node.get("name") or ""), address=address or None)


def names(nodes: Sequence[Node]) -> tuple[str, ...]:
    """Names of labels, sorted."""
    return tuple(sorted(str(node["name"]) for node in nodes))


def moment(text: str) -> datetime:
    """Read a DateTime. ValueError where it has no offset."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {text}")
    return at
