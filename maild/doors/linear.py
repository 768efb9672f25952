"""The door to Linear: one team's issues, in the words of the port (`maild.process.tracker`)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from maild.doors import linear_queries as queries
from maild.doors.linear_reading import Node, moment, read_comments, read_entries, read_issue, read_user
from maild.doors.linear_wire import Wire
from maild.errors import Bounced, Deferred
from maild.process.tracker import (
    Catalogue,
    Changed,
    Comment,
    Entry,
    Field,
    Fields,
    Issue,
    NewComment,
    NewIssue,
    NewLink,
    State,
)

MOST_PAGES = 4_000
"""Of one question: about what an hour's budget lets us ask. A server that never ends is not listened to for ever."""


@dataclass(frozen=True, kw_only=True)
class _Ids:
    """What Linear calls things by."""

    team: str
    states: Mapping[str, str]
    labels: Mapping[str, str]
    users: Mapping[str, str]
    """Address to id, and id to id."""


@dataclass(kw_only=True)
class LinearDoor:
    """One team of one workspace."""

    wire: Wire
    team: str
    """Its key: `ENG` of `ENG-17`."""

    name: str = "Linear"
    _known: _Ids | None = field(default=None, repr=False)

    def catalogue(self) -> Catalogue:
        """What there is to choose from; asked anew, and kept for what follows."""
        found = self.wire.ask(queries.TEAM, {"key": self.team})
        teams, viewer = found["teams"]["nodes"], read_user(found["viewer"])
        if not teams or viewer is None:
            raise Bounced(f"Linear has no team with the key {self.team} that this key may see")
        team = str(teams[0]["id"])
        states = list(self._pages(queries.STATES, "workflowStates", {"team": team}))
        labels = list(self._pages(queries.LABELS, "issueLabels", {"team": team}))
        users = [each for each in self._pages(queries.USERS, "users", {}) if each.get("active")]
        people = [user for each in users if (user := read_user(each))]
        self._known = _Ids(
            team=team,
            states=_by_name(states),
            labels=_by_name(labels),
            users={name: user.id for user in people for name in (user.id, user.known_as)},
        )
        return Catalogue(
            team=str(teams[0]["name"]),
            viewer=viewer,
            states=[State(name=s["name"], type=s["type"], position=float(s["position"])) for s in states],
            labels=sorted(self._known.labels),
            users=people,
        )

    def create(self, new: NewIssue) -> Issue:
        """Make the issue under our own id; where the answer to an earlier attempt was lost, it is there already."""
        ids, fields = self._ids(), new.fields
        asked: dict[str, Any] = {
            "id": new.id,
            "teamId": ids.team,
            "title": new.title,
            "description": new.description,
            "createdAt": new.at.isoformat() if new.at else None,
            "labelIds": [ids.labels[name] for name in fields.labels if name in ids.labels],
            **self._input(fields, [Field.STATE, Field.PRIORITY, Field.ASSIGNEE, Field.DUE]),
        }
        try:
            payload = self.wire.ask(queries.CREATE, {"input": _given(asked)})["issueCreate"]
        except Bounced:
            found = self.wire.ask(queries.ISSUE, {"id": new.id})["issues"]["nodes"]
            if not found:
                raise
            return self._adopt(found[0], new)
        return read_issue(payload["issue"])

    def _adopt(self, node: Node, new: NewIssue) -> Issue:
        """After a restored backup its ticket may have another number; the title begins with it."""
        number = new.title.partition(" ")[0]
        if str(node.get("title")).partition(" ")[0] == number:
            return read_issue(node, was_there=True)
        asked = {"title": new.title, "description": new.description}
        payload = self.wire.ask(queries.UPDATE, {"id": new.id, "input": asked})["issueUpdate"]
        return read_issue(payload["issue"], was_there=True)

    def change(self, issue: str, fields: Fields, names: Sequence[Field], *, minded: Sequence[str]) -> Issue:
        """Set what is named, and nothing else."""
        asked = self._input(fields, names)
        if Field.LABELS in names:
            asked |= self._label_changes(issue, fields, minded)
        if not asked:
            return self._there(issue)
        payload = self.wire.ask(queries.UPDATE, {"id": issue, "input": asked})["issueUpdate"]
        return read_issue(payload["issue"])

    def comment(self, new: NewComment) -> None:
        """Say it once; whoever reads the ticket is not subscribed to the issue by that."""
        asked = {"id": new.id, "issueId": new.issue, "body": new.text, "doNotSubscribeToIssue": True}
        if new.at:
            asked["createdAt"] = new.at.isoformat()
        try:
            self.wire.ask(queries.COMMENT_CREATE, {"input": asked})
        except Bounced:
            if not self.wire.ask(queries.COMMENT, {"id": new.id})["comments"]["nodes"]:
                raise

    def link(self, new: NewLink) -> None:
        """The same address at the same issue is one attachment, however often it is asked for."""
        asked = {"id": new.id, "issueId": new.issue, "title": new.title, "url": new.url}
        self.wire.ask(queries.ATTACHMENT_CREATE, {"input": asked})

    def read(self, issue: str, *, since: datetime | None) -> Issue | None:
        """The issue, and what happened to it since then; the newest comes first, and nobody reads the rest."""
        found = self.wire.ask(queries.ISSUE, {"id": issue})["issues"]["nodes"]
        if not found:
            return None
        entries, comments = self._happened(issue, since) if since else ([], [])
        return read_issue(found[0], entries=entries, comments=comments, team=self._ids().team)

    def changed(self, *, since: datetime) -> Iterator[Changed]:
        """Issues of the team that changed or were commented."""
        given = {"team": self._ids().team, "since": since.isoformat()}
        for node in self._pages(queries.CHANGED, "issues", given):
            yield Changed(issue=str(node["id"]), at=moment(node["updatedAt"]))
        for node in self._pages(queries.COMMENTED, "comments", given):
            if node.get("issue"):
                issue, comment = str(node["issue"]["id"]), str(node["id"])
                yield Changed(issue=issue, at=moment(node["updatedAt"]), comment=comment)

    def add_webhook(self, *, id: str, url: str, secret: str) -> None:  # noqa: A002  # as Linear calls it
        """Let Linear tell us of changes at this address."""
        asked = {"id": id, "url": url, "secret": secret, "teamId": self._ids().team, "enabled": True}
        asked |= {"label": "maild", "resourceTypes": ["Issue", "Comment"]}
        self.wire.ask(queries.WEBHOOK_CREATE, {"input": asked})

    def _there(self, issue: str) -> Issue:
        """Our issue, which must be there; Bounced says what is wrong otherwise."""
        found = self.wire.ask(queries.ISSUE, {"id": issue})["issues"]["nodes"]
        if not found:
            raise Bounced("Linear has no such issue any more")
        return read_issue(found[0])

    def _happened(self, issue: str, since: datetime) -> tuple[list[Entry], list[Comment]]:
        entries: list[Entry] = []
        comments: list[Comment] = []
        after: dict[str, str | None] = {"history": None, "comments": None}
        for _ in range(MOST_PAGES):
            nodes = self.wire.ask(queries.HAPPENED, {"id": issue, **after})["issues"]["nodes"]
            if not nodes or not after:
                break
            ends = {}
            if "history" in after:
                fresh = list(read_entries(nodes[0]["history"]["nodes"]))
                entries += [each for each in fresh if each.at >= since]
                ends["history"] = _next(nodes[0]["history"], is_over=any(each.at < since for each in fresh))
            if "comments" in after:
                said = list(read_comments(nodes[0]["comments"]["nodes"]))
                comments += [each for each in said if each.edited_at >= since]
                ends["comments"] = _next(nodes[0]["comments"], is_over=any(each.edited_at < since for each in said))
            after = {name: end for name, end in ends.items() if end}
            if not after:
                break
        return entries, comments

    def _input(self, fields: Fields, names: Sequence[Field]) -> dict[str, Any]:
        """Our words in Linear's ids; a name that Linear does not know is left as it is there."""
        ids, asked = self._ids(), dict[str, Any]()
        if Field.STATE in names and (state := ids.states.get(fields.state or "")):
            asked["stateId"] = state
        if Field.PRIORITY in names:
            asked["priority"] = fields.priority
        if Field.ASSIGNEE in names:
            asked["assigneeId"] = ids.users.get(fields.assignee or "")
        if Field.DUE in names:
            asked["dueDate"] = fields.due.isoformat() if fields.due else None
        return asked

    def _label_changes(self, issue: str, fields: Fields, minded: Sequence[str]) -> dict[str, list[str]]:
        """Only labels that are ours to mind come and go; what people have put beside them stays."""
        ids, has = self._ids().labels, set(self._there(issue).fields.labels)
        added = [ids[name] for name in fields.labels if name in ids and name not in has]
        removed = [ids[name] for name in minded if name in ids and name in has and name not in fields.labels]
        return {name: given for name, given in (("addedLabelIds", added), ("removedLabelIds", removed)) if given}

    def _pages(self, query: str, name: str, variables: Mapping[str, Any]) -> Iterator[Node]:
        after: str | None = None
        for _ in range(MOST_PAGES):
            found = self.wire.ask(query, {**variables, "after": after})[name]
            yield from found["nodes"]
            before, after = after, _next(found, is_over=False)
            if after is None:
                return
            if after == before:
                break
        raise Deferred(f"Linear's list of {name} does not end")

    def _ids(self) -> _Ids:
        if self._known is None:
            self.catalogue()
        assert self._known is not None  # noqa: S101  # the catalogue has just been asked for
        return self._known


def _next(connection: Node, *, is_over: bool) -> str | None:
    info = connection["pageInfo"]
    return str(info["endCursor"]) if info["hasNextPage"] and not is_over else None


def _by_name(nodes: Sequence[Node]) -> dict[str, str]:
    """Name to id; of several with one name the first."""
    return {str(node["name"]): str(node["id"]) for node in reversed(nodes)}


def _given(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value is not None}
