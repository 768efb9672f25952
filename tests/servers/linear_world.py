"""A workspace of Linear in memory: one team, its people, its issues, and what happens to them."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from graphql import GraphQLError

Row = dict[str, Any]

STATES = (
    ("Triage", "triage"),
    ("Backlog", "backlog"),
    ("Todo", "unstarted"),
    ("In Progress", "started"),
    ("In Review", "started"),
    ("Done", "completed"),
    ("Canceled", "canceled"),
)
LABELS = ("Network", "Software", "Customer", "maild")
ANA, EVA, ROBOT, STRANGER = "ana@acme.example", "eva@acme.example", "maild@acme.example", "joe@elsewhere.example"
PEOPLE = {ANA: "Ana Ruiz", EVA: "Eva Engineer", ROBOT: "maild", STRANGER: "Joe Doe"}
LEAD = "lead@example.org"


def invalid(message: str) -> GraphQLError:
    """What Linear says to input that it does not take."""
    extensions = {"type": "invalid input", "code": "INPUT_ERROR", "userError": True, "userPresentableMessage": message}
    return GraphQLError("Argument Validation Error", extensions=extensions)


@dataclass
class World:
    """Everything that Linear keeps. `tell` is called with each change, as a webhook is."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    issues: dict[str, Row] = field(default_factory=dict)
    comments: dict[str, Row] = field(default_factory=dict)
    attachments: list[Row] = field(default_factory=list)
    webhooks: list[Row] = field(default_factory=list)
    tell: list[Row] = field(default_factory=list)
    """What webhooks have to be told, oldest first."""

    made: list[str] = field(default_factory=list)
    """Ids in the order in which things were made."""

    def __post_init__(self) -> None:
        self.team = {"id": uid("team"), "key": "ENG", "name": "Engineering"}
        self.states = [
            {"id": uid(name), "name": name, "type": kind, "position": float(place), "team": self.team}
            for place, (name, kind) in enumerate(STATES)
        ]
        self.labels = [{"id": uid(name), "name": name, "team": None} for name in LABELS]
        self.users = [
            {"id": uid(email), "name": name, "email": email, "active": True}
            for email, name in {**PEOPLE, LEAD: "Lead"}.items()
        ]
        self.viewer = self.person(ROBOT)
        self._numbers, self._syncs = count(1), count(1)

    def person(self, email: str) -> Row:
        return next(user for user in self.users if user["email"] == email)

    def state(self, name: str) -> Row:
        return next(state for state in self.states if state["name"] == name)

    def label(self, name: str) -> Row:
        return next(label for label in self.labels if label["name"] == name)

    @property
    def issue(self) -> Row:
        """The only one."""
        (only,) = self.issues.values()
        return only

    def create_issue(self, given: Mapping[str, Any]) -> Row:
        if given["teamId"] != self.team["id"]:
            raise invalid("no such team")
        now, number = self.clock(), next(self._numbers)
        at = moment(given.get("createdAt")) or now
        if at > now:
            raise invalid("createdAt must be in the past")
        key = self._new(given, self.issues)
        self.issues[key] = {
            "id": key,
            "identifier": f"ENG-{number}",
            "url": f"https://linear.app/acme/issue/ENG-{number}",
            "title": given.get("title") or "",
            "description": given.get("description"),
            "createdAt": at,
            "updatedAt": now,
            "archivedAt": None,
            "trashed": None,
            "priority": float(given.get("priority") or 0),
            "dueDate": given.get("dueDate"),
            "team": self.team,
            "state": self._by_id(self.states, given.get("stateId")) or self.state("Backlog"),
            "assignee": self._by_id(self.users, given.get("assigneeId")),
            "labels": [self._by_id(self.labels, each) for each in given.get("labelIds") or ()],
            "history": [],
        }
        self._told("create", "Issue", self.issues[key], self.viewer)
        return self.issues[key]

    def update_issue(self, key: str, given: Mapping[str, Any], by: Row | None) -> Row:
        issue = self.issues.get(key)
        if issue is None:
            raise invalid("Entity not found: Issue")
        now = self.clock()
        added = [self._by_id(self.labels, each) for each in given.get("addedLabelIds") or ()]
        removed = [self._by_id(self.labels, each) for each in given.get("removedLabelIds") or ()]
        entry: Row = {"id": str(uuid.uuid4()), "createdAt": now, "actor": by}
        for name, column, rows in (("stateId", "State", self.states), ("assigneeId", "Assignee", self.users)):
            if name in given:
                field = column.lower()
                entry |= {f"from{column}": issue[field], f"to{column}": self._by_id(rows, given[name])}
                issue[field] = self._by_id(rows, given[name])
        if "priority" in given:
            entry |= {"fromPriority": issue["priority"], "toPriority": float(given["priority"])}
            issue["priority"] = float(given["priority"])
        if "dueDate" in given:
            entry |= {"fromDueDate": issue["dueDate"], "toDueDate": given["dueDate"]}
            issue["dueDate"] = given["dueDate"]
        issue["labels"] = [each for each in issue["labels"] if each not in removed] + added
        entry |= {"addedLabels": added or None, "removedLabels": removed or None}
        for name in ("trashed", "title", "description"):
            issue[name] = given.get(name, issue[name])
        issue["history"].append(entry)
        issue["updatedAt"] = now
        self._told("update", "Issue", issue, by)
        return issue

    def create_comment(self, given: Mapping[str, Any], by: Row) -> Row:
        if given.get("issueId") not in self.issues or not given.get("body"):
            raise invalid("issueId and body are needed")
        now = self.clock()
        at = moment(given.get("createdAt")) or now
        if at > now:
            raise invalid("createdAt must be in the past")
        key, issue = self._new(given, self.comments), self.issues[given["issueId"]]
        self.comments[key] = {
            "id": key,
            "body": given["body"],
            "createdAt": at,
            "updatedAt": now,
            "user": by,
            "issue": issue,
        }
        self._told("create", "Comment", self.comments[key], by)
        return self.comments[key]

    def create_attachment(self, given: Mapping[str, Any]) -> None:
        if given["issueId"] not in self.issues:
            raise invalid("Entity not found: Issue")
        same = [a for a in self.attachments if (a["issueId"], a["url"]) == (given["issueId"], given["url"])]
        if same:
            same[0].update(given)
            return
        self._new(given, {})
        self.attachments.append(dict(given))

    # What people do in Linear's own windows.

    def move(self, issue: Row, by: str | None, **fields: Any) -> None:
        """`state="Done"`, `priority=1`, `assignee=EVA`, `due="2026-12-24"`, `label="Network"`, `unlabel=...`."""
        given: Row = {}
        if "state" in fields:
            given["stateId"] = self.state(fields["state"])["id"]
        if "assignee" in fields:
            given["assigneeId"] = self.person(fields["assignee"])["id"] if fields["assignee"] else None
        if "priority" in fields:
            given["priority"] = fields["priority"]
        if "due" in fields:
            given["dueDate"] = fields["due"]
        if "label" in fields:
            given["addedLabelIds"] = [self.label(fields["label"])["id"]]
        if "unlabel" in fields:
            given["removedLabelIds"] = [self.label(fields["unlabel"])["id"]]
        if "trashed" in fields:
            given["trashed"] = fields["trashed"]
        self.update_issue(issue["id"], given, self.person(by) if by else None)

    def say(self, issue: Row, by: str, body: str) -> Row:
        return self.create_comment({"id": str(uuid.uuid4()), "issueId": issue["id"], "body": body}, self.person(by))

    def edit(self, comment: Row, body: str) -> None:
        comment |= {"body": body, "updatedAt": self.clock()}
        self._told("update", "Comment", comment, comment["user"])

    def said(self) -> list[str]:
        """All comments, oldest first."""
        return [comment["body"] for comment in self.comments.values()]

    def next_sync(self) -> float:
        return float(next(self._syncs))

    def _new(self, given: Mapping[str, Any], there: Mapping[str, Row]) -> str:
        key = str(given.get("id") or uuid.uuid4())
        if str(uuid.UUID(key)) != key or uuid.UUID(key).version != 4:
            raise invalid("id must be a UUID of version 4")
        if key in there:
            raise invalid(f"conflict: an entity with the id {key} exists already")
        self.made.append(key)
        return key

    def _by_id(self, rows: Sequence[Row], key: str | None) -> Row | None:
        if key is None:
            return None
        found = next((row for row in rows if row["id"] == key), None)
        if found is None:
            raise invalid(f"Entity not found: {key}")
        return found

    def _told(self, action: str, kind: str, row: Row, by: Row | None) -> None:
        data = {"id": row["id"], "issueId": row["issue"]["id"] if kind == "Comment" else None}
        actor = {"id": by["id"], "name": by["name"], "type": "user"} if by else None
        self.tell.append({"action": action, "type": kind, "actor": actor, "data": data, "url": "https://linear.app/"})


def uid(name: str) -> str:
    """An id that is the same in every world."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


def moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def soon(at: datetime) -> datetime:
    return at + timedelta(milliseconds=1)
