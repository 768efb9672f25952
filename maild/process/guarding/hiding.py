"""Hide: where a mail to a client names an address of somebody of the house, it names the desk's instead."""

import re
from collections.abc import Collection

from maild.process.desk import Desk
from maild.process.people.team import Team


def without_house(words: str, team: Team, desk: Desk, *, spared: Collection[str] = ()) -> str:
    """The words with the desk's address in place of each that is a person's of the house, sub-addresses included.

    The last gate of all mail to clients: whatever quoted or signed it, nobody is reached past the desk. Keys in `spared` are
    those of the readers themselves. Addresses of other teams stay: they are there to be written to.
    """
    pattern = house_addresses(team, desk, spared) if "@" in words else None
    return pattern.sub(desk.address, words) if pattern is not None else words


def house_addresses(team: Team, desk: Desk, spared: Collection[str] = ()) -> re.Pattern[str] | None:
    """What finds them in words; None where there are none."""
    own = {address.casefold() for person in team.people for address in person.addresses if not desk.owns(address)}
    pairs = [address.rpartition("@") for address in sorted(own.difference(spared))]
    if not pairs:
        return None
    each = "|".join(rf"{re.escape(local)}(?:\+[\w.+-]{{1,64}})?@{re.escape(domain)}" for local, _, domain in pairs)
    return re.compile(rf"(?<![\w.+-])(?:{each})(?![\w-]|\.\w)", re.IGNORECASE)
