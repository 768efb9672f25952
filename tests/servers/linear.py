"""A GraphQL server that answers as Linear does: pages, errors in 200 and 400, limits, lost answers, signed webhooks."""

import hashlib
import hmac
import json
import threading
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from email.message import Message
from typing import Any, Self

import pytest
from graphql import GraphQLError, graphql_sync, parse
from graphql.language import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    IntValueNode,
    OperationDefinitionNode,
)

from tests.servers.linear_answers import schema_of
from tests.servers.linear_world import Row, World
from tests.servers.listener import Listener, Reply

KEY, SECRET = "lin_api_the_tests_own", "the webhook's secret"
MOST_POINTS = 10_000

Answer = tuple[int, Mapping[str, str], Mapping[str, Any]]


class LinearServer:
    """Listens in a thread of its own, over real HTTP."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()
        self.down = False
        """Answers 503 to everything."""

        self.endless = False
        """Says of each page that the same one follows."""

        self.limited: datetime | None = None
        """Answers RATELIMITED, and that this is when the budget is whole again."""

        self.refuses: Callable[[str], GraphQLError | None] = lambda _: None
        """Name of a mutation to the error that it gets."""

        self.lost: set[int] = set()
        """Which mutations, counted from 1, are done and never answered."""

        self.left, self.points = 5_000.0, 250_000.0
        self.asked: list[str] = []
        """Names of the operations, in order."""

        self.mutations = 0
        self._schema = schema_of(self.world)
        self._lock = threading.Lock()
        self._listener = Listener(self._reply, name="linear")

    def __enter__(self) -> Self:
        self._listener.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.__exit__()

    @property
    def url(self) -> str:
        return f"{self._listener.url}/graphql"

    def answer(self, key: str, asked: Mapping[str, Any]) -> Answer | None:
        """None: the connection is lost after the work is done."""
        with self._lock:
            return self._answer(key, asked)

    def _answer(self, key: str, asked: Mapping[str, Any]) -> Answer | None:
        if self.down or key != KEY:
            locked_out = failure("Authentication required", code="AUTHENTICATION_ERROR")
            return (503, {}, {}) if self.down else (401, {}, locked_out)
        document = parse(asked["query"])
        (operation,) = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        self.asked.append(operation.name.value if operation.name else "")
        points = weigh(asked["query"])
        self.left, self.points = self.left - 1, self.points - points
        if self.limited:
            return 400, self._headers(), failure("Rate limit exceeded", code="RATELIMITED")
        if points > MOST_POINTS:
            return 400, self._headers(), failure("Query too complex", code="INPUT_ERROR", type="invalid input")
        is_mutation = operation.operation.value == "mutation"
        self.mutations += is_mutation
        refusal = self.refuses(self.asked[-1]) if is_mutation else None
        if refusal:
            return 200, self._headers(), {"errors": [refusal.formatted], "data": None}
        result = graphql_sync(self._schema, asked["query"], variable_values=dict(asked["variables"]))
        if is_mutation and self.mutations in self.lost:
            return None
        answer: dict[str, Any] = dict(result.formatted)
        for page in (answer.get("data") or {}).values() if self.endless else ():
            page["pageInfo"] = {"hasNextPage": True, "endCursor": "here"}
        return 400 if result.errors else 200, self._headers(), answer

    def _headers(self) -> Mapping[str, str]:
        reset = {
            f"X-RateLimit-{name}-Reset": f"{self.limited.timestamp() * 1000:.0f}" for name in BUDGETS if self.limited
        }
        left = {"X-RateLimit-Requests-Remaining": self.left, "X-RateLimit-Complexity-Remaining": self.points}
        return {
            "X-RateLimit-Requests-Limit": "5000",
            "X-RateLimit-Complexity-Limit": "250000",
            **{name: f"{max(0.0, value):.0f}" for name, value in left.items()},
            **reset,
        }

    def _reply(self, _: str, headers: "Message[str, str]", body: bytes) -> Reply | None:
        answered = self.answer(headers["Authorization"], json.loads(body))
        if answered is None:
            return None
        status, more, answer = answered
        return status, more, json.dumps(answer, default=in_utc).encode()


BUDGETS = ("Requests", "Complexity")


def in_utc(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def failure(message: str, **extensions: str) -> Mapping[str, Any]:
    return {"errors": [{"message": message, "extensions": extensions}]}


def weigh(query: str) -> float:
    """Points: a property 0.1, an object 1, and a connection multiplies by its page (50 where it names none)."""
    document = parse(query)
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}

    def inside(node: Any) -> float:
        points = 0.0
        for each in node.selection_set.selections:
            if isinstance(each, FragmentSpreadNode):
                points += inside(fragments[each.name.value])
            elif isinstance(each, FieldNode) and each.selection_set:
                first = [a.value for a in each.arguments or () if a.name.value == "first"]
                pages = int(first[0].value) if first and isinstance(first[0], IntValueNode) else 50
                within = [s.name.value for s in each.selection_set.selections if isinstance(s, FieldNode)]
                points += inside(each) * (pages if "nodes" in within else 1) + 1
            else:
                points += 0.1
        return points

    return sum(inside(d) for d in document.definitions if isinstance(d, OperationDefinitionNode))


def deliver(url: str, told: Row, at: datetime, *, secret: str = SECRET, delivery: str = "", **changes: Any) -> int:
    """Post one webhook as Linear does; the status of the answer. `changes` are fields that it should not have so."""
    body = json.dumps({**told, "webhookTimestamp": int(at.timestamp() * 1000), "webhookId": "hook", **changes}).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Linear-Delivery": delivery or str(uuid.uuid4()),
        "Linear-Event": told["type"],
        "Linear-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
    }
    return post(url, body, headers)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    request = urllib.request.Request(url, body, dict(headers))  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.fixture
def linear() -> Iterator[LinearServer]:
    """A workspace of its own for each test."""
    with LinearServer() as server:
        yield server
