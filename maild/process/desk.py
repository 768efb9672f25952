"""The desk itself: its name, its addresses, its languages."""

import re
from dataclasses import dataclass

from maild.mail.domains import ascii_domain
from maild.process.freemail import FREEMAIL

_IN_BRACES = re.compile(r"\{(\d+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Section [desk] of maild.toml."""

    name: str
    address: str
    aliases: tuple[str, ...] = ()
    own_lists: tuple[str, ...] = ()
    """Addresses or list-ids of groups that deliver to us: their List fields do not make a mail bulk."""

    subaddress: str = "+"
    """The separator where the server delivers `support+x@`; empty where it does not."""

    prefix: str = "T"
    languages: tuple[str, ...] = ("en", "de", "fr", "es")
    """The first one is written where the client's is unknown."""

    time_zone: str = "UTC"
    front_team: str | None = None
    """Name of the other team that takes non-technical mail which no team claims."""

    @property
    def domain(self) -> str:
        """The right-hand side of our Message-IDs."""
        return self.address.rpartition("@")[2].casefold()

    @property
    def domains(self) -> tuple[str, ...]:
        """Those of its addresses that are the house's alone: websites of the house write from there."""
        found = (ascii_domain(own.rpartition("@")[2].casefold()) for own in (self.address, *self.aliases))
        return tuple(dict.fromkeys(domain for domain in found if domain not in FREEMAIL))

    def owns(self, address: str) -> bool:
        """Whether mail to or from the address is ours, sub-addresses included."""
        local, _, domain = address.casefold().rpartition("@")
        # also where they are off: earlier mails may have named one
        local = local.partition(self.subaddress or "+")[0]
        return f"{local}@{domain}" in self.keys

    @property
    def keys(self) -> frozenset[str]:
        """Of its own addresses."""
        return frozenset(own.casefold() for own in (self.address, *self.aliases))

    @property
    def list_keys(self) -> frozenset[str]:
        """Of its own lists."""
        return frozenset(map(str.casefold, self.own_lists))

    def gets(self, address: str) -> bool:
        """Whether mail to the address comes to us: it is ours, or one of our own lists'."""
        return self.owns(address) or address.casefold() in self.list_keys

    def language_for(self, language: str | None) -> str:
        """The language in which a client of this one is written to: the first one where the desk does not write theirs."""
        return language if language in self.languages else self.languages[0]

    def show(self, number: int) -> str:
        """A ticket's number as people see it, such as `T-17`."""
        return f"{self.prefix}-{number}"

    def with_numbers(self, words: str) -> str:
        """Write a number in braces as a ticket's, such as `{17}`."""
        return _IN_BRACES.sub(lambda found: self.show(int(found[1])), words)
