"""The dossier: a ticket's story for somebody who has never seen it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from maild.replies.attached import MOST_FILES
from maild.replies.plain import one_line, some_lines
from maild.replies.reasons.saying import say, say_word
from maild.replies.words import WORDS, colon

MOST_LETTERS, MOST_MOMENTS = 20, 40
LETTER_LIMIT, LETTER_LINES = 4_000, 60
"""Of one letter, in characters and lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What somebody wrote: the client, a TSM to the client, or the house among itself."""

    at: datetime
    author: str
    is_internal: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened to the ticket."""

    at: datetime
    event: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file that the client sent."""

    name: str
    virus: str = ""
    """What the scanner found in it."""

    is_unscanned: bool = False
    """The scanner could not look at it."""

    is_along: bool = False
    """The mail in which it came is attached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All of it, oldest first."""

    letters: tuple[Letter, ...]
    moments: tuple[Moment, ...]
    attachments: tuple[Sent, ...]
    """What the client sent along."""

    originals: tuple[bytes, ...] = ()
    """The client's mails in which that came, as far as they may go along."""


def letter_lines(dossier: Dossier | None, zone: ZoneInfo, language: str) -> list[str]:
    """The first letter and the newest ones, each under a line that says whose it is and when."""
    letters = dossier.letters if dossier else ()
    shown = letters if len(letters) <= MOST_LETTERS else (letters[0], *letters[1 - MOST_LETTERS :])
    return [line for letter in shown for line in _letter(letter, zone, language)][:-1]


def _letter(letter: Letter, zone: ZoneInfo, language: str) -> Iterator[str]:
    words, is_cut = some_lines(letter.words, characters=LETTER_LIMIT, lines=LETTER_LINES)
    internal = f" {say_word('(internal)', language)}" if letter.is_internal else ""
    yield f"{letter.at.astimezone(zone):%Y-%m-%d %H:%M}, {one_line(letter.author, 100)}{internal}{colon(language)}"
    yield from words
    if is_cut:
        yield "[...]"
    yield ""


def sent_lines(dossier: Dossier, language: str) -> list[str]:
    """Each file of the client's, a line each; of one that does not go along, why."""
    return [_sent(each, language) for each in dossier.attachments[:MOST_FILES]]


def _sent(sent: Sent, language: str) -> str:
    name, words = one_line(sent.name, 120), WORDS.get(language, WORDS["en"])
    if sent.virus:
        return f"{name}, {words.infected.format(one_line(sent.virus, 80))}"
    if sent.is_along:
        return name
    return f"{name}, {words.unscanned if sent.is_unscanned else words.stayed}"


def moment_lines(dossier: Dossier | None, zone: ZoneInfo, language: str) -> list[str]:
    """What happened, a line each, the newest ones."""
    moments = dossier.moments[-MOST_MOMENTS:] if dossier else ()
    return [f"{each.at.astimezone(zone):%Y-%m-%d %H:%M} {_told(each, language)}" for each in moments]


def _told(moment: Moment, language: str) -> str:
    event = say_word(moment.event.replace("_", " "), language)
    return f"{event}{colon(language)} {one_line(say(moment.because, language), 160)}"
