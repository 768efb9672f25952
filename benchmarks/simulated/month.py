"""The simulated month: who writes when, from the first day to the last."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from benchmarks.simulated.answering import answer
from benchmarks.simulated.cases import SimulatedDesk
from benchmarks.simulated.cast import MEMBERS, make_clients, read_desk
from benchmarks.simulated.clients import SimulatedClient
from benchmarks.simulated.mishaps import Unreachable, flood, forge, night_of_the_clocks, stop
from benchmarks.simulated.staff import SimulatedMember
from benchmarks.simulated.teams import SimulatedTeam
from benchmarks.simulated.world import World
from maild.daemon.opening import classifying_of, rules_of, voice_of
from maild.intake.reading import Reading
from maild.mail.pool import ParsingPool
from maild.settings.values import Settings
from maild.store import tables
from maild.store.engine import Store
from maild.store.keys import KEY_BYTES

MAILS_AN_ISSUE = 8.5
"""As it comes out with these people: mails to the desk for each issue."""

FLOODED = 0.05
"""Share of the issues that come within one hour."""


FORWARDED = 0.01
"""Mails of clients that a TSM got alone, and forwards: share of all mails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """How long, how many, and what goes wrong."""

    start: datetime = datetime(2026, 10, 5, tzinfo=UTC)
    """A Monday, three weeks before the clocks go back."""

    days: int = 30
    mails: int = 1500
    clients: int = 50
    seed: int = 1
    trust: str = "authserv_id"
    is_stopped: bool = False
    """maild stands still for the days of the second week."""

    @property
    def end(self) -> datetime:
        """When the last day is over."""
        return self.start + timedelta(days=self.days)


@contextmanager
def settings_and_pool(month: Month, folder: Path) -> Iterator[tuple[Settings, ParsingPool]]:
    """The desk's configuration in a new folder, and processes that parse by it."""
    settings = read_desk(folder, month.start, trust=month.trust)
    reading = Reading(classifying=classifying_of(settings))
    with ParsingPool(settings.limits, settings.desk.languages, workers=settings.parsers, then=reading) as pool:
        yield settings, pool


def live(month: Month, store: Store, folder: Path) -> World:
    """Let the month pass over an empty store; answers the world as it then is."""
    _give_key(store, month)
    with settings_and_pool(month, folder) as (settings, pool):
        world = _people(month, store, settings, pool)
        world.live(month.end)
    return world


def _give_key(store: Store, month: Month) -> None:
    """The same key in each life: tokens, and the audit's sample, depend on it."""
    row = {"id": 0, "key": random.Random(month.seed).randbytes(KEY_BYTES), "created_at": month.start}
    store.transact(lambda connection: connection.execute(insert(tables.secrets).values(row)).rowcount)


def _people(month: Month, store: Store, settings: Settings, pool: ParsingPool) -> World:
    rules, voice = rules_of(settings), voice_of(settings)
    world = World(store, pool, rules, voice, start=month.start, seed=month.seed)
    cast = make_clients(month.clients, world.chance, month.start)
    clients = [SimulatedClient(client=client, world=world) for client in cast]
    world.readers |= {client.client.address: client for client in clients}
    unreachable, refused = cast[-1].address, cast[-2].address
    world.readers[unreachable] = Unreachable(world, unreachable, clients[-1])
    world.post.refused = frozenset({refused})
    desk = SimulatedDesk(world=world, clients={client.client.address: client.begin for client in clients})
    people = [
        SimulatedMember(member=member, world=world, answering=answer, start=month.start, desk=desk)
        for member in MEMBERS
    ]
    world.readers |= {person.member.address: person for person in people}
    for team in rules.team.others:
        world.readers[team.address] = SimulatedTeam(name=team.name, address=team.address, world=world, desk=desk)
    _plan(month, world, clients)
    for place in range(round(month.mails * FORWARDED)):
        _plan_forward(month, world, clients[place], people[place % 6])
    return world


def _plan(month: Month, world: World, clients: list[SimulatedClient]) -> None:
    issues = round(month.mails / MAILS_AN_ISSUE)
    together = round(issues * FLOODED)
    for _ in range(issues - together):
        world.plan(_moment(month, world), world.chance.choice(clients).begin)
    flood(world, clients, month.start + timedelta(days=month.days / 3, hours=9), together)
    night_of_the_clocks(world, clients)
    for number in range(6):
        forge(world, month.start + timedelta(days=month.days * (number + 1) / 8, hours=2), number)
    if month.is_stopped:
        stop(world, month.start + timedelta(days=month.days * 0.3), month.start + timedelta(days=month.days * 0.3 + 7))


def _plan_forward(month: Month, world: World, client: SimulatedClient, person: SimulatedMember) -> None:
    world.plan(_moment(month, world), lambda: person.forward(client.have_issue()))


def _moment(month: Month, world: World) -> datetime:
    """Mostly on a working day by day, now and then at night or on a weekend."""
    chance = world.chance
    while True:
        # The last days bring nothing new, so that there is time to answer.
        day = chance.randrange(max(1, round(month.days * 0.9)))
        at = month.start + timedelta(days=day, hours=chance.triangular(4, 20, 9))
        if at.weekday() < 5 or chance.random() < 0.15:
            return at
