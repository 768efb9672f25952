"""The mirror of a running maild: the tracker's door, its line of work, and the port at which webhooks come in."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from maild.daemon.opening import rules_of, voice_of
from maild.doors.linear_webhook import understand
from maild.doors.webhooks import WebhookServer
from maild.mirror.line import Mirror
from maild.mirror.parts import MirroredDesk
from maild.mirror.planning import begin
from maild.mirror.receiving import receive
from maild.settings.secret import read_secret
from maild.settings.values import LinearSettings, Settings
from maild.store.engine import Store

if TYPE_CHECKING:
    from maild.doors.linear import LinearDoor

PATH = "/linear"
"""Where webhooks come in."""

POLL_BESIDE_WEBHOOKS = timedelta(minutes=15)
"""What a webhook has lost is found by then."""

Clock = Callable[[], datetime]


def open_door(linear: LinearSettings, environ: Mapping[str, str], clock: Clock) -> "LinearDoor":
    """The way to Linear, not yet opened; its key is read whenever it is needed."""
    from maild.doors.linear import LinearDoor
    from maild.doors.linear_wire import Wire

    key = partial(read_secret, linear.key, environ)
    wire = Wire(url=linear.url, key=key, clock=clock, ca_file=linear.ca_file)
    return LinearDoor(wire=wire, team=linear.team)


def open_mirror(
    settings: Settings, store: Store, environ: Mapping[str, str], clock: Clock, *, holder: str
) -> Mirror | None:
    """The mirror of what happens from now on; None where there is none. Asks Linear nothing yet."""
    linear = settings.linear
    if linear is None:
        return None
    begin(store)
    desk = MirroredDesk(
        store=store,
        rules=rules_of(settings),
        voice=voice_of(settings),
        policy=linear.policy,
        tracker=open_door(linear, environ, clock),
        holder=holder,
        clock=clock,
    )
    every = timedelta(seconds=linear.poll_seconds)
    return Mirror(desk, poll_every=max(every, POLL_BESIDE_WEBHOOKS) if linear.webhook_port else every)


@contextmanager
def listening(settings: Settings, store: Store, environ: Mapping[str, str], clock: Clock) -> Iterator[None]:
    """Take webhooks meanwhile, where the settings say so.

    Raises ConfigurationError without their secret, and Refused where the port cannot be had.
    """
    linear = settings.linear
    if linear is None or linear.webhook_port is None:
        yield
        return
    secret = read_secret(linear.webhook_secret, environ)

    def take(body: bytes, headers: Mapping[str, str]) -> None:
        receive(
            body,
            headers,
            understand=lambda body, headers: understand(body, headers, secret=secret, now=clock()),
            store_=store,
            clock=clock,
        )

    server = WebhookServer(linear.webhook_port, PATH, take)
    server.start()
    try:
        yield
    finally:
        server.close()
