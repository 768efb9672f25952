"""Invariants of what went out: nothing twice, nothing internal to a client, every relay to its own client."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import default
from functools import cache

from benchmarks.simulated.invariants.finding import Finding, finding
from benchmarks.simulated.invariants.rows import Rows
from benchmarks.simulated.post import Accepted
from benchmarks.simulated.words import marks_in
from benchmarks.simulated.world import World


def no_mail_goes_out_twice(rows: Rows, world: World) -> Finding:
    """Neither a Message-ID, nor what may be written only once, nor a public word."""
    message_ids = Counter(mail.message_id for mail in world.post.accepted)
    once = Counter(row.once for row in rows.outbox if row.once)
    public = Counter(
        (mail.recipient, mark) for mail in _to_clients(world) for mark in set(marks_in(_own_words(mail.content), "P"))
    )

    def broken() -> Iterator[str]:
        for counted in (message_ids, once, public):
            yield from (f"{what}: {count} times" for what, count in counted.items() if count > 1)

    return finding("no mail goes out twice", world.post.accepted, broken())


def what_was_accepted_is_settled(rows: Rows, world: World) -> Finding:
    """A mail that the server took is sent or uncertain, and one that is sent was taken."""
    accepted = {mail.message_id for mail in world.post.accepted}
    states = {row.message_id: row.state for row in rows.outbox}

    def broken() -> Iterator[str]:
        yield from (
            f"{name} was accepted and is {states.get(name)}"
            for name in accepted
            if states.get(name) not in {"sent", "uncertain"}
        )
        yield from (
            f"{name} is sent and was never accepted"
            for name, state in states.items()
            if state == "sent" and name not in accepted
        )

    return finding("the outbox knows what the server took", rows.outbox, broken())


def acknowledged_at_most_once(rows: Rows, world: World) -> Finding:
    """A ticket is acknowledged once, or by a hand-off notice, or not."""
    del world
    counts = Counter(row.ticket_id for row in rows.outbox if row.kind == "acknowledgement")
    return finding(
        "a ticket is acknowledged at most once",
        rows.tickets,
        (f"T-{ticket}: {count} acknowledgements" for ticket, count in counts.items() if count > 1),
    )


def nothing_internal_leaves(rows: Rows, world: World) -> Finding:
    """No internal mark, no forged word, no token or address of the house in a mail to anybody outside."""
    tokens = {row.token for row in rows.outbox if row.token and row.audience == "internal"}
    tapped = {row.token: row.person for row in rows.actions}
    tapped |= {token: row.person for row in rows.offers for token in json.loads(row.orders)}
    addresses = {address for person in world.rules.team.people for address in person.addresses}
    addresses |= {team.address for team in world.rules.team.others}

    def broken() -> Iterator[str]:
        for mail in _to_clients(world):
            text = _whole(mail.content)
            words = set(text.casefold().replace("@", " ").replace(".", " ").replace("+", " ").split())
            for mark in {*marks_in(text, "N"), *marks_in(text, "F")}:
                yield f"{mark} in {mail.kind} of T-{mail.ticket} to {mail.recipient}"
            others = {token for token in words & tapped.keys() if tapped[token] != mail.recipient.casefold()}
            for token in (tokens & words) | others:
                yield f"a token of the house in {mail.kind} of T-{mail.ticket}: {token[:4]}..."
            for address in addresses:
                # A token ends in any letters: those of somebody's name, too.
                if re.search(rf"(?<![\w.+-]){re.escape(address)}", text.casefold()):
                    yield f"{address} in {mail.kind} of T-{mail.ticket} to {mail.recipient}"

    return finding("no internal word goes outside", _to_clients(world), broken())


def every_relay_reaches_its_client_only(rows: Rows, world: World) -> Finding:
    """A TSM's words go to the client for whom they were written, and to whom that client has put in Cc."""
    belonging: defaultdict[int, set[str]] = defaultdict(set)
    for row in rows.participants:
        belonging[row.ticket_id].add(row.address)

    def broken() -> Iterator[str]:
        for mail in _to_clients(world):
            if mail.ticket is None or mail.recipient.casefold() not in belonging[mail.ticket]:
                yield f"{mail.kind} of T-{mail.ticket} went to {mail.recipient}, who does not belong to it"
            for mark in marks_in(_own_words(mail.content), "P"):
                client = world.truth.relays.get(mark, "nobody")
                if not world.truth.may_read(mail.recipient, client):
                    yield f"{mark} was for {client} and went to {mail.recipient}"

    return finding("every relay goes to its client only", _to_clients(world), broken())


def no_issue_is_shown_to_others(rows: Rows, world: World) -> Finding:
    """What a client wrote is in no mail to another client."""
    del rows

    def broken() -> Iterator[str]:
        for mail in _to_clients(world):
            for mark in set(marks_in(_whole(mail.content), "C")):
                issue = world.truth.issues.get(mark)
                if issue and not world.truth.may_read(mail.recipient, issue.client):
                    yield f"{mark} of {issue.client} in {mail.kind} to {mail.recipient}"

    return finding("no client reads another one's mail", _to_clients(world), broken())


def _to_clients(world: World) -> list[Accepted]:
    team = world.rules.team
    house = {address for person in team.people for address in person.addresses} | {t.address for t in team.others}
    return [mail for mail in world.post.accepted if mail.recipient not in house]


@cache
def _whole(content: bytes) -> str:
    """All header fields and texts, decoded."""
    message = message_from_bytes(content, policy=default)
    head = "\n".join(f"{name}: {value}" for name, value in message.items())
    return "\n".join((head, *_texts(message)))


def _texts(message: Message) -> Iterator[str]:
    for part in message.walk():
        if part.get_content_maintype() == "text":
            octets = part.get_payload(decode=True)
            if isinstance(octets, bytes):
                yield octets.decode("utf-8", "replace")


@cache
def _own_words(content: bytes) -> str:
    """The first text, without what is quoted in it."""
    text = next(_texts(message_from_bytes(content, policy=default)), "")
    return "\n".join(line for line in text.splitlines() if not line.startswith(">"))
