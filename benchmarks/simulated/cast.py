"""The cast of the simulated month: 50 clients, the people of the desk, other teams, and the configuration they make."""

import random
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.simulated.letters import SHAPES, Shape
from maild.process.ticket import Role
from maild.settings.reading import read_settings
from maild.settings.values import Settings
from maild.shipped import folder as shipped

DESK = "support@acme.example"
ZONE = "Europe/Berlin"
SERVER = "mx.acme.example"
"""The authserv-id of the desk's own mail server."""

LANGUAGES = ("en", "de", "fr", "es")
COMPANIES = 12
_FIRST = (
    "Bea",
    "Carl",
    "Dora",
    "Emil",
    "Fay",
    "Gil",
    "Hedy",
    "Ivo",
    "Jana",
    "Kai",
    "Lia",
    "Max",
    "Nora",
    "Otis",
    "Pia",
)
_LAST = ("Adler", "Brun", "Costa", "Dahl", "Ebner", "Faure", "Gomez", "Huber", "Iriarte", "Jansen")

_PROMISED = """
[[service_level]]
domains = ["company3.example", "company7.example"]
first_response = "4h"
resolution = "3 business days"
"""

_PERSON = """
[[person]]
name = "{name}"
addresses = ["{address}"]
role = "{role}"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Somebody who writes to the desk."""

    name: str
    address: str
    language: str
    shape: Shape
    is_vouched: bool
    """Their domain signs its mail."""

    away: tuple[datetime, datetime] | None
    """While a machine answers for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody of the desk."""

    name: str
    role: Role
    shape: Shape
    more: str = ""
    """Further keys of team.toml."""

    away: tuple[int, int] | None = None
    """First and last day of the month on which they are away."""

    @property
    def address(self) -> str:
        """Their one address."""
        return f"{self.name.split()[0].lower()}@acme.example"


MEMBERS = (
    Member(
        name="Ana Ruiz",
        role=Role.TSM,
        shape="gmail",
        more='skills = ["access", "email"]\nhours = "Mon-Fri 08:00-16:00"\nsubstitute = "Ben Cole"',
        away=(8, 12),
    ),
    Member(name="Ben Cole", role=Role.TSM, shape="outlook", more='skills = ["network", "hardware"]\ncapacity = 30'),
    Member(
        name="Chloe Petit",
        role=Role.TSM,
        shape="apple",
        more='skills = ["software", "storage"]\nhours = "Mon-Thu 09:00-18:00"',
        away=(18, 19),
    ),
    Member(name="Dirk Vogel", role=Role.TSM, shape="thunderbird", more='skills = ["network", "access"]', away=(15, 15)),
    Member(name="Elsa Berg", role=Role.TSM, shape="mutt", more="capacity = 25"),
    Member(
        name="Finn Hale",
        role=Role.TSM,
        shape="mobile",
        more='skills = ["email", "software"]\nhours = "Tue-Fri 10:00-18:00"',
    ),
    Member(name="Gus Ohm", role=Role.ENGINEER, shape="mutt"),
    Member(name="Hana Sato", role=Role.ENGINEER, shape="outlook"),
    Member(name="Ines Lobo", role=Role.LEAD, shape="gmail"),
    Member(name="Jon Marsh", role=Role.LEAD, shape="outlook"),
)


def make_clients(number: int, chance: random.Random, start: datetime) -> tuple[Client, ...]:
    """Clients of a dozen companies, in four languages."""
    return tuple(_client(place, chance, start) for place in range(number))


def _client(place: int, chance: random.Random, start: datetime) -> Client:
    first, last = _FIRST[place % len(_FIRST)], _LAST[place // len(_FIRST) % len(_LAST)]
    gone = start + timedelta(days=chance.randint(3, 20))
    return Client(
        name=f"{first} {last}",
        address=f"{first}.{last}{place}@company{place % COMPANIES}.example".lower(),
        language=LANGUAGES[place % 4],
        shape=chance.choice(SHAPES),
        is_vouched=chance.random() < 0.7,
        away=(gone, gone + timedelta(days=4)) if chance.random() < 0.15 else None,
    )


def read_desk(folder: Path, start: datetime, *, trust: str, environ: Mapping[str, str] | None = None) -> Settings:
    """The shipped configuration with these people; `trust` is `authserv_id` or `none`."""
    shutil.copytree(shipped("config"), folder)
    file = folder / "team.toml"
    _, _, others = file.read_text("utf-8").partition("\n[[team]]")
    people = "".join(_in_toml(member, start) for member in MEMBERS)
    file.write_text(f"{people}\n[[team]]{others}", "utf-8")
    promises = folder / "priorities.toml"
    promises.write_text(promises.read_text("utf-8") + _PROMISED, "utf-8")
    wanted = {
        "MAILD_DESK__ADDRESS": DESK,
        "MAILD_DESK__NAME": "Acme Support",
        "MAILD_DESK__SUBADDRESS": "+",
        "MAILD_DESK__TIME_ZONE": ZONE,
        "MAILD_TRUST__METHOD": trust,
        **({"MAILD_TRUST__VALUE": SERVER} if trust == "authserv_id" else {}),
    }
    return read_settings(folder, {**wanted, **(environ or {})})


def _in_toml(member: Member, start: datetime) -> str:
    away = ""
    if member.away:
        first, last = (f"{start + timedelta(days=day):%Y-%m-%d}" for day in member.away)
        away = f'away = ["{first}..{last}"]\n'
    text = _PERSON.format(name=member.name, address=member.address, role=member.role.value)
    return f"{text}{member.more}\n{away}"
