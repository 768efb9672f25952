"""Attached: the files of a mail, each in one line."""

from maild.mail.enclosing import Enclosed
from maild.mail.message import Attachment
from maild.replies.plain import one_line
from maild.replies.words import WORDS

MOST_FILES = 30
"""Named in a mail that only tells of them."""


def attached_line(part: Attachment, enclosed: Enclosed, language: str) -> str:
    """Name and size; of a file that did not come along why it stayed behind, of one that is no file what it is."""
    shown, words = f"{one_line(part.name, 120)} ({size_in_words(part.size)})", WORDS.get(language, WORDS["en"])
    virus = next((each.virus for each in enclosed.infected if each.attachment == part), None)
    if virus is not None:
        return f"{shown}, {words.infected.format(one_line(virus, 80))}"
    if part in enclosed.unscanned:
        return f"{shown}, {words.unscanned}"
    if part in enclosed.left_out:
        return f"{shown}, {words.stayed}"
    return f"{shown}, {words.whole}" if part.is_text else shown


def size_in_words(octets: int) -> str:
    """Decimal units (IEC 80000-13), as file managers show them."""
    kilo, mega = 1_000, 1_000_000
    if octets < kilo:
        return f"{octets} B"
    return f"{octets / kilo:.0f} kB" if octets < mega else f"{octets / mega:.1f} MB"
