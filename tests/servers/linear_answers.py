# ruff: noqa: A002, A006, N803, ARG005
# graphql-core hands arguments over by the names that Linear gave them.
"""What Linear answers to each field of its schema: resolvers over a world."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_schema

from tests.servers.linear_world import Row, World

SCHEMA = (Path(__file__).parent / "linear.graphql").read_text("utf-8")


def page(rows: Sequence[Row], first: int | None, after: str | None) -> Row:
    """A connection's page; a cursor is the id of the last row."""
    start = next((n + 1 for n, row in enumerate(rows) if row["id"] == after), 0) if after else 0
    some = list(rows[start : start + (first or 50)])
    more = start + len(some) < len(rows)
    return {"nodes": some, "pageInfo": {"hasNextPage": more, "endCursor": some[-1]["id"] if some else None}}


def schema_of(world: World) -> GraphQLSchema:
    """The schema, with its resolvers over the world."""
    schema = build_schema(SCHEMA)
    for name, resolvers in resolvers_of(world).items():
        for field, resolve in resolvers.items():
            schema.type_map[name].fields[field].resolve = resolve  # type: ignore[attr-defined]
    return schema


def newest(rows: Sequence[Row], column: str) -> list[Row]:
    return sorted(rows, key=lambda row: row[column], reverse=True)


def since(rows: Sequence[Row], filter: Mapping[str, Any]) -> list[Row]:
    at = (filter.get("updatedAt") or {}).get("gte")
    return [row for row in rows if at is None or row["updatedAt"] >= datetime.fromisoformat(at)]


def named(rows: Sequence[Row], filter: Mapping[str, Any], name: str = "id") -> list[Row]:
    wanted = (filter.get(name) or {}).get("eq")
    return [row for row in rows if wanted is None or row[name] == wanted]


def resolvers_of(world: World) -> Mapping[str, Mapping[str, Callable[..., Any]]]:
    def issues(
        *_: Any,
        filter: Row,
        first: int | None = None,
        after: str | None = None,
        orderBy: str = "createdAt",
        includeArchived: bool = False,
    ) -> Row:
        rows = since(named(list(world.issues.values()), filter), filter)
        rows = [row for row in rows if includeArchived or not row["trashed"]]
        return page(newest(rows, orderBy), first, after)

    def comments(
        *_: Any, filter: Row, first: int | None = None, after: str | None = None, orderBy: str = "createdAt"
    ) -> Row:
        return page(newest(since(named(list(world.comments.values()), filter), filter), orderBy), first, after)

    def of_issue(
        issue: Row, _: Any, first: int | None = None, after: str | None = None, orderBy: str = "createdAt"
    ) -> Row:
        rows = [row for row in world.comments.values() if row["issue"] is issue]
        return page(newest(rows, orderBy), first, after)

    def done(**more: Any) -> Row:
        return {"success": True, "lastSyncId": world.next_sync(), **more}

    def attach(*_: Any, input: Row) -> Row:
        world.create_attachment(input)
        return done()

    def hook(*_: Any, input: Row) -> Row:
        world.webhooks.append(input)
        return done()

    def say(*_: Any, input: Row) -> Row:
        world.create_comment(input, world.viewer)
        return done()

    return {
        "Query": {
            "viewer": lambda *_: world.viewer,
            "teams": lambda *_, filter, first=None, after=None: page(named([world.team], filter, "key"), first, after),
            "users": lambda *_, first=None, after=None: page(world.users, first, after),
            "workflowStates": lambda *_, filter, first=None, after=None: page(world.states, first, after),
            "issueLabels": lambda *_, filter, first=None, after=None: page(world.labels, first, after),
            "issues": issues,
            "comments": comments,
        },
        "Issue": {
            "labels": lambda issue, _, first=None, after=None: page(issue["labels"], first, after),
            "history": lambda issue, _, first=None, after=None: page(issue["history"][::-1], first, after),
            "comments": of_issue,
        },
        "Mutation": {
            "issueCreate": lambda *_, input: done(issue=world.create_issue(input)),
            "issueUpdate": lambda *_, id, input: done(issue=world.update_issue(id, input, world.viewer)),
            "commentCreate": say,
            "attachmentCreate": attach,
            "webhookCreate": hook,
        },
    }
