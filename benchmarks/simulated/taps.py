"""Taps: the links of a mail that send a prepared mail, and who taps which."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from benchmarks.simulated.letters import Received

_LINK = re.compile(r'href="mailto:([^"?]+)\?subject=([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A link that opens a prepared mail."""

    to: str
    subject: str


def taps_in(received: Received) -> list[Tap]:
    """All links of a mail, in order."""
    found = _LINK.findall(received.html)
    return [Tap(to=unquote(unescape(to)), subject=unquote(unescape(subject))) for to, subject in found]


def find_tap(received: Received, *words: str) -> Tap | None:
    """The first link whose prepared subject has all these words."""
    return next((tap for tap in taps_in(received) if all(word in tap.subject for word in words)), None)
