"""Relay: of what a person of the desk wrote, the words that may go to the client. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence

from maild.mail.attributions import is_undated
from maild.mail.quoting import Passage, passages
from maild.mail.signatures import without_signature
from maild.process.desk import Desk
from maild.process.token import MAC_LENGTH, SUBJECT_MARK, TOKEN

_MARKS = re.compile(r"^[>\s]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_RULE = " \t*_>=-\N{EN DASH}\N{EM DASH}"
_COMMAND = "/"
_AUTHORS_OWN = "author"
"""Stands above the words while their signature is cut off: a mail of nothing else has no words."""


def relayed_words(text: str, heard: Iterable[str], desk: Desk) -> str:
    """The author's own words: without signature, announcements, marks of ours, and quotes of mails of the house.

    `text` is all the text of their mail, `heard` the client's own mails of this ticket: their lines stay as quotes where
    the author answers between them. Empty where the author wrote nothing.
    """
    found = _without_signature(_without_gaps(passages(text)))
    quotes = _staying(found, _folded(" ".join(heard)))
    lines: list[str] = []
    for place, passage in enumerate(found):
        if passage.is_quoted:
            lines += ["", *(f"> {line}" for line in quotes[place]), ""]
        else:
            following = found[place + 1] if place + 1 < len(found) else None
            lines += _unannounced(passage, following, stays=bool(quotes.get(place + 1)))
    words = without_own_marks("\n".join(line.rstrip() for line in lines), desk)
    return _BLANK_LINES.sub("\n\n", words).strip("\n")


def without_own_marks(words: str, desk: Desk) -> str:
    """The words without the tokens by which maild knows people: of reply addresses, taps, Message-IDs and subjects."""
    local, _, domain = desk.address.rpartition("@")
    at, sign = rf"@{re.escape(domain)}", re.escape(desk.subaddress or "+")
    own = rf"{re.escape(local)}(?:{sign}|%2B)"
    tap = rf"<?(?:mailto:)?{own}a\d{{1,12}}\.{TOKEN}{at}(?:\?[^\s>]*)?>?(?: \([^)\n]*\))?"
    tap_of_subject = rf"<?mailto:[^\s>?]{{1,300}}\?[^\s>]{{0,500}}{SUBJECT_MARK}[^\s>]{{0,500}}>?(?: \([^)\n]*\))?"
    subject = rf"(\[{re.escape(desk.prefix)}-\d{{1,12}}) [ak]\d{{1,2}}\.[a-z2-7]{{{MAC_LENGTH}}}\]"
    for pattern, instead in (
        (tap, ""),
        (tap_of_subject, ""),
        (rf"{own}t\d{{1,12}}\.{TOKEN}{at}", desk.address),
        (rf"<?\bt\d{{1,12}}\.{TOKEN}{at}>?", ""),
        (subject, r"\1]"),
    ):
        words = re.sub(pattern, instead, words, flags=re.IGNORECASE)
    return words


def _without_gaps(found: Iterable[Passage]) -> list[Passage]:
    """Passages without the blank lines between two quotes, which belong to neither."""
    joined: list[Passage] = []
    for passage in found:
        if not any(line.strip() for line in passage.lines):
            continue
        if joined and joined[-1].is_quoted and passage.is_quoted:
            joined.append(Passage(lines=(*joined.pop().lines, *passage.lines), is_quoted=True))
        else:
            joined.append(passage)
    return joined


def _without_signature(found: Sequence[Passage]) -> list[Passage]:
    """The last own words without their signature; a passage that is nothing else goes, too."""
    last_own = max((place for place, passage in enumerate(found) if not passage.is_quoted), default=None)
    if last_own is None:
        return list(found)
    lines = list(found[last_own].lines)
    while last_own + 1 < len(found) and lines and not lines[-1].strip(_RULE):
        lines.pop()
    kept = without_signature([_AUTHORS_OWN, *lines])[1:]
    own = [Passage(lines=tuple(kept), is_quoted=False)] if any(line.strip() for line in kept) else []
    return [*found[:last_own], *own, *found[last_own + 1 :]]


def _staying(found: Sequence[Passage], said: str) -> Mapping[int, Sequence[str]]:
    """Place of each quote to the lines of it that stay: those that the client wrote, where they are answered.

    A quote of the whole mail above the whole answer is none that is answered piece by piece; nor is one above commands.
    """
    last_own = max((place for place, passage in enumerate(found) if not passage.is_quoted), default=-1)
    is_piecewise = sum(passage.is_quoted for passage in found) > 1
    staying = {
        place: _heard(passage, said) if place < last_own and (place or is_piecewise) else ()
        for place, passage in enumerate(found)
        if passage.is_quoted
    }
    if last_own > 0 and found[0].is_quoted and "".join(found[1].lines).lstrip().startswith(_COMMAND):
        staying[0] = ()
    return staying


def _heard(quote: Passage, said: str) -> Sequence[str]:
    """The lines that the client wrote in this ticket; whoever quoted them may have wrapped them anew."""
    bare = (_MARKS.sub("", line).rstrip() for line in quote.lines)
    return [line for line in bare if (folded := _folded(line)) and f" {folded} " in f" {said} "]


def _unannounced(own: Passage, quote: Passage | None, *, stays: bool) -> Sequence[str]:
    """Own lines without a last one that only announces the quote below: any with a colon, if the quote does not stay."""
    lines = list(own.lines)
    while quote and lines and not lines[-1].strip(_RULE):
        lines.pop()
    if quote is None or quote.is_announced or not lines:
        return lines
    is_wrapped = lines[-1].lstrip().startswith("<")
    if is_undated(lines[-1:]):
        return lines[: -2 if is_wrapped else -1]
    return lines if stays or not lines[-1].rstrip().endswith(":") else lines[:-1]


def _folded(text: str) -> str:
    """What two ways to wrap the same words have in common."""
    return " ".join(re.findall(r"\w+", text.casefold()))
