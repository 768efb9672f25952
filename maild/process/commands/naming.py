"""What a person calls somebody or something, to the one of that name."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TypeVar

Named = TypeVar("Named")


def find_named(argument: str, known: Mapping[str, Named], *, what: str) -> Named | str:
    """The one with this name, however it is spelt in capitals, or the only one whose name begins so.

    A text says what is wrong, with the names that are allowed.
    """
    wanted = argument.casefold()
    if not wanted:
        return f"which {what}? One of {', '.join(known) or 'none'}"
    by_name = {name.casefold(): value for name, value in known.items()}
    if wanted in by_name:
        return by_name[wanted]
    begun = [value for name, value in by_name.items() if any(part.startswith(wanted) for part in (name, *name.split()))]
    if len(begun) == 1:
        return begun[0]
    close = get_close_matches(wanted, by_name, n=1)
    meant = f"; did you mean {close[0]}?" if close else ""
    return f"there is no {what} called {argument}{meant} Known: {', '.join(known) or 'none'}".replace("  ", " ")
