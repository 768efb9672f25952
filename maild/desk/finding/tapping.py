"""Tap: whose one-tap action a mail carries, and whether its author is that person."""

from collections.abc import Mapping
from types import MappingProxyType

from maild.desk.transaction import Transaction
from maild.mail.message import Address, Mail
from maild.process.commands.one_word import is_yes
from maild.process.guarding.relaying import relayed_words
from maild.process.people.author import Author
from maild.process.people.team import Person, Team
from maild.process.tap import Tap
from maild.process.thread import Clues
from maild.process.ticket import Outcome, Role
from maild.process.token import make_token
from maild.process.trust import vouched
from maild.store.desk.actions import Action, find_release
from maild.store.desk.consulting import find_answered

TAP_OF: Mapping[str, str] = MappingProxyType({"confirm": "release", "leak": "relay"})
"""Kind of mail that asks about a held one, to the word of its tap; a reply of yes alone does the same."""


def speaker_at(team: Team, address: Address | None) -> Person | None:
    """The person of the desk with this address; another team speaks with one voice, as a person of its name."""
    if address is None:
        return None
    other = team.other_at(address.address)
    if person := team.person_at(address.address):
        return person
    return Person(name=other.name, addresses=(other.address,), role=Role.TEAM) if other else None


def tap_token(key_id: int, signing: bytes, *, ticket: int, recipient: str, cause: str, does: tuple[str, str]) -> str:
    """Token of a tap that is mailed to `recipient`; `does`: the word of its offer, and the detail."""
    return make_token(key_id, signing, ticket=ticket, recipient=recipient, cause=f"{cause} tap {' '.join(does)}")


def find_yes(transaction: Transaction, author: Author, clues: Clues, mail: Mail) -> Action | None:
    """The tap that a reply of nothing but yes stands for, in answer to a question about a held mail.

    As with any mail in a person's name, the desk's own server vouches for its author, where it vouches for anybody.
    """
    rules = transaction.rules
    person = speaker_at(rules.team, author.address)
    if person is None or author.address is None or author.is_rewritten:
        return None
    if not is_yes(relayed_words(mail.text, (), rules.desk), person):
        return None
    if rules.trust.method != "none" and not vouched(mail, author.address.domain, rules.trust):
        return None
    answered = find_answered(transaction.connection, [clue.token for clue in clues.tokens], person.addresses)
    question = answered[0] if answered and answered[0].kind in TAP_OF else None
    if question is None or question.ticket is None or question.mail is None:
        return None
    # By what is stored, not by its token made again: the key may be another one since, after a restoration.
    return find_release(
        transaction.connection,
        ticket=question.ticket,
        mail=question.mail,
        person=Address(address=question.recipient).key,
        made_at=question.written_at,
    )


def find_tap(action: Action | None, author: Address | None, team: Team, *, is_released: bool) -> Tap | None:
    """The action of the mail; it is its owner's where they wrote it, or let it through from another address."""
    if action is None:
        return None
    owner = speaker_at(team, Address(address=action.person))
    is_theirs = owner is not None and author is not None and author.key in owner.keys
    return Tap(
        token=action.token,
        person=action.person,
        ticket=action.ticket,
        mail=action.mail,
        is_used=action.is_used,
        is_by_owner=owner is not None and (is_theirs or is_released),
        orders=action.orders,
        owner=owner.name if owner else None,
        came_to=Outcome(action.came_to) if action.came_to else None,
    )
