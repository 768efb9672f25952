"""The client's service level as a fact about urgency: whoever was promised more is helped sooner."""

from collections.abc import Sequence
from dataclasses import dataclass

from maild.classify.points import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """That the clients of a domain have a service level of their own."""

    domain: str
    """In lower case."""

    points: int
    """What a mail of theirs counts more, as the cues of `models/urgency.json` do."""


def facts_of(author: str | None, promises: Sequence[Promise]) -> tuple[Fact, ...]:
    """What was promised to the author of a mail, an address that proves nothing and can only make it more urgent."""
    name, _, domain = (author or "").casefold().rpartition("@")
    return tuple(
        Fact(name="service level", points=promise.points, because=f"{domain} has one of its own")
        for promise in promises
        if name and promise.domain == domain and promise.points
    )[:1]
