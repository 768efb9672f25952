"""Webhooks: Linear's own are heard at once, everything else does nothing."""

import hashlib
import hmac
import json
import socket
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from maild.doors.linear_webhook import understand
from maild.doors.webhooks import LONGEST_BODY, WebhookServer
from maild.errors import Refused
from maild.mirror.receiving import receive
from maild.process.tracker import Signal
from maild.store.engine import Store
from tests.servers.linear import SECRET, LinearServer, deliver, post
from tests.servers.linear_world import EVA, Row
from tests.support.mirrors import Mirrored
from tests.support.outboxes import wait_until

DAY = timedelta(days=1)
NO_MOMENTS: tuple[Any, ...] = (None, "soon", True, 1e300, float("nan"), [], 0)


@pytest.fixture
def desk(store: Store, linear: LinearServer) -> Mirrored:
    """One that has polled, and will not do so again."""
    desk = Mirrored(store, linear)
    desk.mirror._poll_every = DAY
    desk.open_ticket()
    desk.world.tell.clear()
    return desk


@pytest.fixture
def server(desk: Mirrored) -> Iterator[WebhookServer]:
    def read(body: bytes, headers: Mapping[str, str]) -> Signal:
        return understand(body, headers, secret=SECRET, now=desk.now)

    made = WebhookServer(0, "/linear", partial(receive, understand=read, store_=desk.store, clock=desk.tell_time))
    made.start()
    yield made
    made.close()


@pytest.fixture
def url(server: WebhookServer) -> str:
    return f"http://127.0.0.1:{server.port}/linear"


def told(desk: Mirrored) -> Row:
    """Somebody comments, and Linear has something to tell."""
    desk.world.say(desk.world.issue, EVA, f"Comment {len(desk.world.comments)}")
    return desk.world.tell[-1]


def is_due(desk: Mirrored) -> bool:
    return bool(desk.rows("SELECT 1 FROM mirror_issues WHERE due_at IS NOT NULL"))


def test_a_webhook_is_heard_at_once_and_once(desk: Mirrored, url: str) -> None:
    change = told(desk)
    assert deliver(url, change, desk.now, delivery="one") == 200
    assert is_due(desk)
    desk.work(wait=timedelta())
    assert desk.events("tracker_noted") == ["Eva Engineer (Linear) wrote: Comment 0"]
    asked = len(desk.linear.asked)
    assert deliver(url, change, desk.now, delivery="one", webhookId="again") == 200
    assert not is_due(desk)
    desk.work(wait=timedelta())
    assert len(desk.linear.asked) == asked


def test_a_webhook_that_was_overheard_cannot_be_played_again(desk: Mirrored, url: str) -> None:
    body, headers = signed(told(desk), desk)
    assert post(url, body, headers) == 200
    desk.work(wait=timedelta())
    for name in ("another name", "a third"):
        assert post(url, body, {**headers, "Linear-Delivery": name}) == 200
    assert not is_due(desk)
    desk.now += timedelta(seconds=61)
    assert post(url, body, headers) == 401


def test_what_concerns_nobody_here_is_answered_and_forgotten(desk: Mirrored, url: str) -> None:
    own = {"action": "create", "type": "Comment", "data": {"id": "x", "issueId": "somebody else's"}}
    for change in (own, {**own, "type": "Project"}, {**own, "data": None}, {**own, "data": ["x"]}):
        assert deliver(url, change, desk.now) == 200
    desk.order("/note\nFirst.\n")
    desk.work(wait=timedelta())
    assert deliver(url, desk.world.tell[-1], desk.now) == 200
    assert not is_due(desk)


def signed(change: Mapping[str, Any], desk: Mirrored, **more: Any) -> tuple[bytes, dict[str, str]]:
    body = json.dumps({**change, "webhookTimestamp": int(desk.now.timestamp() * 1000), **more}).encode()
    return body, {"Linear-Signature": sign(body), "Linear-Delivery": "one", "Content-Type": "application/json"}


def sign(body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_what_is_not_signed_of_this_minute_and_whole_is_refused(desk: Mirrored, url: str) -> None:
    change = told(desk)
    body, headers = signed(change, desk)
    wrong = [
        (body, {}),
        (body, {**headers, "Linear-Signature": ""}),
        (body, {**headers, "Linear-Signature": "0" * 64}),
        (body, {**headers, "Linear-Signature": sign(body, "guessed")}),
        (body, {**headers, "Linear-Signature": sign(body).upper() + "\u00e9"}),
        (body.replace(b"Comment", b"Project"), headers),
        (body + b" ", headers),
        *(signed(change, desk, webhookTimestamp=each) for each in NO_MOMENTS),
    ]
    late = (int((desk.now.timestamp() + seconds) * 1000) for seconds in (-61, 61))
    bare = (b"", b"[]", b"no JSON", b"\xff\xfe", b"[" * 100_000, b'"text"', b"null")
    wrong += [signed(change, desk, webhookTimestamp=at) for at in late]
    wrong += [(each, {"Linear-Signature": sign(each)}) for each in bare]
    assert [post(url, *each) for each in wrong] == [401] * len(wrong)
    assert not is_due(desk)
    assert desk.rows("SELECT 1 FROM mirror_deliveries") == []


def raw(server: WebhookServer, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return connection.makefile("rb").read(200)


def test_what_is_no_webhook_at_all_costs_nothing(desk: Mirrored, server: WebhookServer, url: str) -> None:
    body, headers = signed(told(desk), desk)
    assert post(url.replace("/linear", "/other"), body, headers) == 404
    host = b"Host: x\r\n"
    for request, status in (
        (b"GET /linear HTTP/1.1\r\n" + host + b"\r\n", b"501"),
        (b"POST /linear HTTP/1.1\r\n" + host + b"\r\n", b"411"),
        (b"POST /linear HTTP/1.1\r\n" + host + b"Content-Length: -1\r\n\r\n", b"411"),
        (b"POST /linear HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\n5\r\n", b"411"),
        (b"POST /linear HTTP/1.1\r\n" + host + f"Content-Length: {LONGEST_BODY + 1}\r\n\r\n".encode(), b"413"),
        (b"POST /linear HTTP/1.1\r\n" + host + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", b"413"),
        (b"POST /linear HTTP/1.1\r\n" + host + b"Content-Length: 10\r\n\r\nshort", b"400"),
    ):
        assert raw(server, request).split()[1] == status
    raw(server, b"\x16\x03\x01 nonsense\r\n\r\n")
    assert post(url, body, headers) == 200
    assert is_due(desk)


def test_idle_connections_keep_no_webhook_out_for_ever(desk: Mirrored, server: WebhookServer, url: str) -> None:
    idle = [socket.create_connection(("127.0.0.1", server.port), timeout=60) for _ in range(40)]
    for connection in idle:
        connection.close()
    body, headers = signed(told(desk), desk)

    def is_taken() -> bool:
        try:
            return post(url, body, headers) == 200
        except OSError:
            return False

    wait_until(is_taken)
    assert is_due(desk)


def test_a_port_that_is_taken_says_what_to_do(server: WebhookServer) -> None:
    with pytest.raises(Refused, match=rf"webhook_port = {server.port}: .*give another port"):
        WebhookServer(server.port, "/linear", lambda *_: None)
