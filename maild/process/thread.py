"""Threading: which ticket a mail belongs to, or only speaks of (DESIGN.md, Trust; FIELD.md, section 4).

Order: a token in the reply address, in our Message-ID, in the subject; then Message-IDs of the conversation, ghost
parents included. Each step also needs a participant for an author; a stranger's mail is linked, not joined.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain, islice

from maild.mail.message import Mail
from maild.process.desk import Desk
from maild.process.ticket import Trust
from maild.process.token import read_action_part, read_action_tags, read_address_part, read_numbers, read_subject_tags

MOST_REFERENCES = 30
"""Nearest references that are looked at and remembered; longer chains are attacks or archives."""

MOST_TAPS = 10
"""One-tap actions of a mail that are looked up, ticket by ticket; a link writes one, and thousands are an attack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """A token found in a mail, not yet checked."""

    number: int
    token: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """All that a mail says about the ticket it belongs to."""

    tokens: tuple[Clue, ...]
    message_ids: tuple[str, ...]
    """What it refers to, nearest first."""

    spoken_of: tuple[int, ...]
    """Numbers in the subject without a token: anybody can write those."""

    actions: tuple[Clue, ...] = ()
    """One-tap actions."""

    @property
    def taps(self) -> Mapping[str, int]:
        """Token of each one-tap action to the ticket that its link names."""
        return {clue.token: clue.number for clue in self.actions}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownToken:
    """A token that we gave out."""

    ticket: int
    recipient: str
    """Address to which the mail with this token went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store knows about a mail's clues."""

    tokens: Mapping[str, KnownToken]
    message_ids: Mapping[str, AbstractSet[int]]
    """Message-ID to the tickets whose conversation it belongs to."""

    ghosts: Mapping[str, AbstractSet[int]] = field(default_factory=dict)
    """Message-ID to the tickets whose mails only refer to it: a stranger's do that to the mails of others."""

    awaited: AbstractSet[int] = frozenset()
    """Tickets in which somebody has answered this very mail, which comes only now."""

    participants: Mapping[int, AbstractSet[str]]
    """Ticket to the keys of the addresses that belong to it; a ticket that is missing does not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The ticket that a mail belongs to, or speaks of."""

    ticket: int
    joins: bool
    trust: Trust
    because: str


def find_clues(mail: Mail, desk: Desk) -> Clues:
    """Read a mail's clues; nothing in them is believed yet."""
    tags = read_subject_tags(mail.subject, desk.prefix)
    nearest_first = dict.fromkeys((*mail.in_reply_to, *reversed(mail.references)))
    message_ids = tuple(nearest_first)[:MOST_REFERENCES]
    return Clues(
        tokens=(
            *_in_addresses(_recipients(mail), desk),
            *_in_message_ids(message_ids, desk),
            *(Clue(number=number, token=token, where="subject") for number, token in tags if token),
        ),
        message_ids=message_ids,
        spoken_of=tuple(dict.fromkeys((*(number for number, _ in tags), *read_numbers(mail.subject, desk.prefix)))),
        actions=tuple(islice(_actions(mail, desk), MOST_TAPS)),
    )


def given_thread(number: int | None) -> Thread | None:
    """The ticket that a person of the desk has named for a mail, their own or somebody else's."""
    if number is None:
        return None
    return Thread(
        ticket=number,
        joins=True,
        trust=Trust.CLAIMED,
        because="whoever wrote or forwarded it says that it belongs here",
    )


def judge(clues: Clues, known: Known, author: str, same_person: AbstractSet[str]) -> Thread | None:
    """The ticket of the mail; None when it is about nothing that we know.

    `author` and `same_person` are address keys: the author's, and all that belong to the same person of the desk.
    """
    candidates = [*_by_token(clues, known), *_by_message_id(clues, known), *_by_answers(known)]
    belongs = [
        thread for thread in candidates if (same_person | {author}) & known.participants.get(thread.ticket, set())
    ]
    if belongs:
        return _with_trust(belongs[0], clues, known, same_person | {author})
    stranger = next(iter([*candidates, *_by_number(clues, known)]), None)
    if stranger is None:
        return None
    return Thread(
        ticket=stranger.ticket,
        joins=False,
        trust=Trust.CLAIMED,
        because=f"{stranger.because}, but {author or 'its author'} does not belong to that ticket"
        if candidates
        else f"{stranger.because}, which anybody can write",
    )


def _with_trust(thread: Thread, clues: Clues, known: Known, person: AbstractSet[str]) -> Thread:
    """Trust is `token` only when the token was given to this very person."""
    ours = (known.tokens.get(clue.token) for clue in clues.tokens)
    own_token = any(token and token.ticket == thread.ticket and token.recipient.casefold() in person for token in ours)
    return Thread(
        ticket=thread.ticket,
        joins=True,
        trust=Trust.TOKEN if own_token else Trust.CLAIMED,
        because=thread.because,
    )


def _by_token(clues: Clues, known: Known) -> Iterable[Thread]:
    for clue in clues.tokens:
        token = known.tokens.get(clue.token)
        if token and token.ticket == clue.number:
            yield _candidate(token.ticket, f"it answers a mail of ours, by our token in the {clue.where}")


def _by_message_id(clues: Clues, known: Known) -> Iterable[Thread]:
    for conversations in (known.message_ids, known.ghosts):
        for message_id in clues.message_ids:
            for ticket in sorted(conversations.get(message_id, ()), reverse=True):
                yield _candidate(ticket, f"it refers to {message_id} of that conversation")


def _by_answers(known: Known) -> Iterable[Thread]:
    return (_candidate(ticket, "an answer to it was here before it") for ticket in sorted(known.awaited, reverse=True))


def _by_number(clues: Clues, known: Known) -> Iterable[Thread]:
    return (
        _candidate(number, "it has the ticket's number in the subject")
        for number in clues.spoken_of
        if number in known.participants
    )


def _candidate(ticket: int, because: str) -> Thread:
    return Thread(ticket=ticket, joins=False, trust=Trust.CLAIMED, because=because)


def _recipients(mail: Mail) -> Iterable[str]:
    return (*mail.delivered_to, *_addressed(mail))


def _addressed(mail: Mail) -> Iterable[str]:
    return (address.address for address in (*mail.to, *mail.cc))


def _in_addresses(addresses: Iterable[str], desk: Desk) -> Iterable[Clue]:
    for part in _parts(addresses, desk):
        if found := read_address_part(part):
            yield Clue(number=found[0], token=found[1], where="reply address")


def _actions(mail: Mail, desk: Desk) -> Iterable[Clue]:
    """In the fields that a signature covers: whoever sends a signed mail again can write any trace field above it."""
    found = (read_action_part(part) for part in _parts(_addressed(mail), desk))
    in_addresses = _tapped((each for each in found if each), "address")
    return chain(in_addresses, _tapped(read_action_tags(mail.subject), "subject"))


def _tapped(found: Iterable[tuple[int, str]], where: str) -> Iterable[Clue]:
    return (Clue(number=number, token=token, where=where) for number, token in found)


def _parts(addresses: Iterable[str], desk: Desk) -> Iterable[str]:
    """What stands behind the separator of our own addresses."""
    for address in addresses:
        _, separator, part = address.rpartition("@")[0].partition(desk.subaddress or "+")
        if separator and desk.owns(address):
            yield part


def _in_message_ids(message_ids: Iterable[str], desk: Desk) -> Iterable[Clue]:
    for message_id in message_ids:
        part, _, domain = message_id.strip("<>").rpartition("@")
        found = read_address_part(part) if domain.casefold() == desk.domain else None
        if found:
            yield Clue(number=found[0], token=found[1], where="Message-ID that it answers")
