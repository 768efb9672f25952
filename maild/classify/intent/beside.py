"""What a reply says beside the words that close: the first clause of it that is not understood to be harmless.

Lists of what is bad never end. So a ticket is closed by a reply alone only where all the rest of it is understood.
"""

import re
from collections.abc import Sequence

from maild.classify.intent.beside_clause import Clause
from maild.classify.intent.clause import stands_in_condition
from maild.classify.intent.coming_back import comes_back
from maild.classify.intent.intents import Intents
from maild.classify.intent.masking import ENDS, mask
from maild.classify.intent.pieces import Piece, line_starts, pieces_of
from maild.classify.intent.sign import FoundSign

_QUESTION = re.compile(r"\?(?=[ |!?)\"]|\Z)")
_STOP = re.compile(r"[.!?]")
_SAD = re.compile(
    r":-?\(|[☹❌⛔🆘👎👿💔💩🖕😈😑😒😓😔😕😖😞😟😠😡😢😣😤😥😦😧😨😩😫😭😰😱😾😿🙁🙃🙄🚫🤔🤡🤢🤦🤬🤮🤯🥴🥵🥺]"
)
"""Faces and signs of whoever is not content, or means the opposite of what they say."""

_AGAIN_AND_AGAIN = re.compile(r"(?<!\w)(\w{3,}(?: \w+)?),? (?:and|und|et|y) (?:\w+ )?\1(?!\w)")
"""What goes on for ever: "the page loads and loads"."""

LATER = "will tell"
"""Sign by which somebody says that they will be heard again."""

_PLEASE = re.compile(r"(?<!\w)por favor(?!\w)")
"""Harmless beside other words that close, which the pleases of the other languages are only within these."""

_MOST_TOLD = 100
"""Characters of what was not understood, for a person."""

_JOINS = frozenset([" and ", " und ", " et ", " y ", " e "])
_GOES_ON = (",", ";", " ", ":")


def find_beside(text: str, original: str, folded: str, found: Sequence[FoundSign], intents: Intents) -> str | None:
    """The first words that keep a person from closing unread; None: all is understood. `original`: the text on one line."""
    return (
        _asked(original, found)
        or _sad(original)
        or _promised(original, found)
        or _put_off(original, folded, found, intents)
        or _on_and_on(original, folded)
        or _came_back(text, folded, found)
        or _not_understood(_clauses(line_starts(text), original, folded, found, intents), intents)
    )


def _asked(original: str, found: Sequence[FoundSign]) -> str | None:
    """The end of a question that is not whether we close the ticket."""
    closing = (one for one in found if one.says == "resolved")
    asks = [one.place.stop for one in closing if not one.sign.is_statement and one.sign.says != "yes"]
    for mark in _QUESTION.finditer(original):
        if not any(stop <= mark.start() and not _STOP.search(original[stop : mark.start()]) for stop in asks):
            return original[max(0, mark.start() - _MOST_TOLD) : mark.end()].rpartition(". ")[2].strip(" |")
    return None


def _sad(original: str) -> str | None:
    sad = _SAD.search(original)
    return sad.group() if sad else None


def _promised(original: str, found: Sequence[FoundSign]) -> str | None:
    """That they have yet to try."""
    promised = next((one for one in found if one.says == "promise"), None)
    return original[promised.place].strip() if promised else None


def _put_off(original: str, folded: str, found: Sequence[FoundSign], intents: Intents) -> str | None:
    """Beside a bare yes: that they will say later how it is, though not "if it comes back", or a please, as to an offer."""
    if {one.sign.says for one in found if one.says == "resolved"} != {"yes"}:
        return None
    if please := _PLEASE.search(folded):
        return original[slice(*please.span())]
    later = (one for one in found if one.sign.name == LATER)
    put_off = next((one for one in later if not stands_in_condition(folded, one.place, intents.turns)), None)
    return original[put_off.place].strip() if put_off else None


def _came_back(text: str, folded: str, found: Sequence[FoundSign]) -> str | None:
    """What may be said of the fault: "it was working, it is back"."""
    back = comes_back(text)
    is_good = any(one.says == "resolved" and back and back in folded[one.place] for one in found)
    return None if is_good else back


def _on_and_on(original: str, folded: str) -> str | None:
    again = _AGAIN_AND_AGAIN.search(folded)
    return original[slice(*again.span())] if again else None


def _clauses(
    lines: frozenset[int], original: str, folded: str, found: Sequence[FoundSign], intents: Intents
) -> list[tuple[Piece, Clause]]:
    """The pieces of the text, without whom it is addressed to. `lines`: where lines of their own start."""
    masked = mask(folded, found, intents)
    closing = [one for one in found if one.says == "resolved"]
    pieces = list(pieces_of(masked, lines))
    clauses = [
        Clause(
            original=original[each.place],
            folded=folded[each.place],
            masked=masked[each.place],
            harmless=intents.harmless,
            is_of_ticket=any(_is_in(one, each.place) for one in closing if one.sign.is_of_ticket),
            is_asked=any(_is_in(one, each.place) for one in found if one.says == "question"),
        )
        for each in pieces
    ]
    is_addressed = len(clauses) > 1 and pieces[1].before == "|" and clauses[0].is_address()
    return list(zip(pieces, clauses, strict=True))[1 if is_addressed else 0 :]


def _not_understood(clauses: Sequence[tuple[Piece, Clause]], intents: Intents) -> str | None:
    """The first clause that is not understood, in the light of those before and behind it."""
    before: Clause | None = None
    for place, (piece, said) in enumerate(clauses):
        after = clauses[place + 1][1] if place + 1 < len(clauses) else None
        if not (_is_past(piece, said, after, intents) or _is_understood(piece, said, before, intents)):
            return said.original.strip()[:_MOST_TOLD]
        before = said
    return None


def _is_in(one: FoundSign, place: slice) -> bool:
    return bool(one.place.start < place.stop and place.start < one.place.stop)


def _is_past(piece: Piece, said: Clause, after: Clause | None, intents: Intents) -> bool:
    """Whether it tells how it was, and what follows how it is now."""
    if after is None:
        return False
    is_today = after.closes() and intents.harmless.today.match(after.folded) is not None
    goes_on = piece.behind[:1] in _GOES_ON or intents.harmless.since.match(after.folded) is not None
    return goes_on and (is_today or ENDS in after.masked) and said.was_before(intents)


def _is_understood(piece: Piece, said: Clause, before: Clause | None, intents: Intents) -> bool:
    """Whether it is, by itself or behind the clause before: "I can print, and scan", "it was down, but now it works"."""
    if before and before.closes() and piece.before in _JOINS and said.names_things():
        return True
    clause = said.told_now() if before and before.was_before(intents) else said
    return clause.is_understood(intents)
