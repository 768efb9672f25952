"""Tap: whose one-tap action a mail carries, and whether its author is that person."""

from maild.mail.message import Address
from maild.process.decision import Tap
from maild.process.team import Person, Team
from maild.process.ticket import Role
from maild.store.actions import Action


def speaker_at(team: Team, address: Address | None) -> Person | None:
    """The person of the desk with this address; another team speaks with one voice, as a person of its name."""
    if address is None:
        return None
    other = team.other_at(address.address)
    if person := team.person_at(address.address):
        return person
    return Person(name=other.name, addresses=(other.address,), role=Role.TEAM) if other else None


def find_tap(action: Action | None, author: Address | None, team: Team, *, is_released: bool) -> Tap | None:
    """The action of the mail; it is its owner's where they wrote it, or let it through from another address."""
    if action is None:
        return None
    owner = speaker_at(team, Address(address=action.person))
    is_theirs = owner is not None and author is not None and author.key in map(str.casefold, owner.addresses)
    return Tap(
        token=action.token,
        person=action.person,
        ticket=action.ticket,
        mail=action.mail,
        is_used=action.is_used,
        is_by_owner=owner is not None and (is_theirs or is_released),
        orders=action.orders,
        owner=owner.name if owner else None,
    )
