"""What a person calls somebody or something, to the one of that name."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import TypeVar

from maild.process.people.team import Person

Named = TypeVar("Named")

_ADDRESSED = re.compile(r"(?P<name>[^<>]*+)<\s*+(?:mailto:)?(?P<address>[^<>\s]++)\s*+>", re.IGNORECASE)
"""As mail clients write somebody: `Ana Ruiz <ana@acme.example>`, `ana@acme.example<mailto:ana@acme.example>`."""

_LINKED = re.compile(
    r"\[?(?P<name>[^\[\]()<>]*+)\]?\s*+[\[(]\s*+mailto:(?P<address>[^\[\]()<>\s?]++)(?:\?[^\s()\[\]]*+)?\s*+[\])]",
    re.IGNORECASE,
)
"""As a link in Markdown, `[ana@acme.example](mailto:ana@acme.example)`, or as Outlook writes one out in text."""

_SCHEME = "mailto:"


def bare_address(argument: str) -> str:
    """The address alone of what a mail client has written in its place; all of it where it shows one and links to another."""
    match = _ADDRESSED.fullmatch(argument.strip()) or _LINKED.fullmatch(argument.strip())
    if match is None:
        return _without_scheme(argument.strip("<> "))
    shown, address = _without_scheme(match["name"].strip("\"' ")), match["address"]
    is_another = "@" in shown and shown.casefold() != address.casefold()
    return argument if is_another else address


def _without_scheme(text: str) -> str:
    return text[len(_SCHEME) :] if text.casefold().startswith(_SCHEME) else text


def by_address(people: Iterable[Person]) -> Mapping[str, Person]:
    """Each of their addresses to the person."""
    return {address: person for person in people for address in person.addresses}


def find_named(
    argument: str, known: Mapping[str, Named], *, what: str, besides: Mapping[str, Named] = MappingProxyType({})
) -> Named | str:
    """The one with this name, however it is spelt in capitals, or the only one whose name begins so.

    `besides`: what they are called otherwise: titles, addresses. A text says what is wrong, with the names that are allowed.
    """
    wanted = argument.casefold()
    if not wanted:
        return f"which {what}? One of {', '.join(known) or 'none'}"
    by_name = {name.casefold(): value for name, value in known.items()}
    by_any = {**{name.casefold(): value for name, value in besides.items()}, **by_name}
    for spelling in (wanted, bare_address(wanted)):
        if spelling in by_any:
            return by_any[spelling]
    begun = [value for name, value in by_name.items() if any(part.startswith(wanted) for part in (name, *name.split()))]
    if len(begun) == 1:
        return begun[0]
    close = get_close_matches(wanted, by_name, n=1)
    meant = f"; did you mean {close[0]}?" if close else "."
    return f"there is no {what} called {argument}{meant} Known: {', '.join(known) or 'none'}"
