"""Taps on the links of our mails, as they were found in the store."""

from dataclasses import dataclass

from maild.process.ticket import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A one-tap action that a mail carries."""

    token: str
    person: str
    """Key of the address to which it was mailed."""

    ticket: int | None
    mail: int | None
    """The held mail that it releases."""

    is_used: bool
    is_by_owner: bool
    """The mail's author is who got it, or they have released it: their own phone may write from another address."""

    orders: str = ""
    """Commands, one a line."""

    owner: str | None = None
    """Name of the person or team to whom it was mailed; None: nobody of the house now."""

    came_to: Outcome | None = None
    """What became of the mail that it releases; None: it is on its way in."""

    @property
    def does(self) -> str:
        """What it orders, on one line."""
        return "; ".join(self.orders.split("\n")).strip("; ") or "release a held mail"

    @property
    def takes_words(self) -> bool:
        """Whether the words of the mail that it opens belong to it: then an empty line ends its commands."""
        return self.orders.endswith("\n\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class TappedAnswer:
    """One tap with which a client answers whether it works."""

    token: str
    says: str
    """`works` or `fails`."""

    is_used: bool
    is_by_owner: bool
    """The mail's author is who got it."""
