"""The new text of a TSM's mail to its commands, and the words that are left for its reader."""

import re
import unicodedata
from dataclasses import dataclass, replace

_SIGN = "/"
_NAME = re.compile(r"/\s?([^\s/]++)(?:\s++(.*+))?")
_PUNCTUATION = ".,:;!"
_DAY = re.compile(r"(?<![\d.])\d{1,2}\. ?\d{1,2}\.$")
"""`1.12.`: its full stop says that it is a day."""

LONGEST = 400
"""Characters behind a command; an address with a name and a link has no more."""

MOST = 50
"""Commands in one mail; there are fewer different ones."""
_QUOTES = "\"'`\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{DOUBLE LOW-9 QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One line that begins with a slash."""

    name: str
    """In lower case, without the slash: phones write a capital, and a full stop behind it."""

    argument: str
    """The rest of the line, without quotation marks around it and the full stop that a phone puts behind it."""

    line: str
    """As it was written, for the transcript."""

    trouble: str = ""
    """Why nobody reads it; its argument is empty then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a TSM wrote: commands, and words."""

    commands: tuple[Command, ...]
    words: str
    """The reply, empty if there is none."""

    stray: Command | None = None
    """What the words begin with, where nothing but a blank line keeps it from being one more command."""


def read_commands(new_text: str) -> Written:
    """Commands stand at the very top, one a line; a blank line, or the first line without a slash, ends them.

    Two slashes begin the reply, with a line that begins with one slash. Nothing further down is ever a command.
    """
    lines = new_text.split("\n")
    place = next((place for place, line in enumerate(lines) if _plain(line)), len(lines))
    commands: list[Command] = []
    while place < len(lines) and (command := _read(lines[place])) is not None:
        if len(commands) < MOST:
            commands.append(command)
        elif len(commands) == MOST:
            commands.append(replace(command, argument="", trouble=f"more than {MOST} commands stand in one mail"))
        place += 1
    words = "\n".join(lines[place:]).strip()
    first = next((line for line in lines[place:] if _plain(line)), "")
    if _plain(first).startswith(2 * _SIGN):
        return Written(commands=tuple(commands), words=words.replace(2 * _SIGN, _SIGN, 1))
    stray = _read(first) if commands else None
    return Written(commands=tuple(commands), words=words, stray=stray)


def _read(line: str) -> Command | None:
    plain = _plain(line)
    if not plain.startswith(_SIGN) or plain.startswith(2 * _SIGN):
        return None
    match = _NAME.fullmatch(plain)
    name, argument = (match[1], match[2] or "") if match else (plain.removeprefix(_SIGN), "")
    name = name.casefold().rstrip(_PUNCTUATION)
    if len(plain) > LONGEST:
        trouble = f"more than {LONGEST} characters stand in one line"
        return Command(name=name[:LONGEST], argument="", line=f"{plain[:LONGEST]} ...", trouble=trouble)
    return Command(name=name, argument=_bare(argument), line=plain)


def _bare(argument: str) -> str:
    argument = argument.strip()
    ended = argument if _DAY.search(argument) else argument.rstrip(_PUNCTUATION)
    return ended.strip(_QUOTES).strip()


def _plain(line: str) -> str:
    """Without what mail clients put in and nobody sees: no-break spaces, zero-width characters, full-width letters."""
    normal = unicodedata.normalize("NFKC", line)
    return "".join(character for character in normal if unicodedata.category(character) != "Cf").strip()
