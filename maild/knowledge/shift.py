"""Topic shift: whether a late reply in an old thread is about something else than the thread. Pure.

Containment of the new text's words in all that was written about the ticket (Broder 1997): a real follow-up names
again what it is about, and a short one that names nothing is never torn away.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from maild.classify.folding import fold
from maild.classify.stopwords import STOPWORDS

LEAST_WORDS = 12
"""Different words that say what a text is about; fewer say too little."""

LIKE = 0.20
"""Share of them that the thread knows, from which the mail goes on with it."""

LIKE_UNDER_OLD_SUBJECT = 0.05
"""The same where the mail still has the thread's subject: whoever begins something new often changes it."""

OLD = timedelta(days=30)
"""Of rest, from which a thread that is not closed counts as old."""

_CHARACTERS = 3_000
_STEM = 6
"""Letters by which two forms of a word count as one."""

_WORD = re.compile(r"[^\W\d_][\w.-]*\w")
_GOES_ON = re.compile(
    r"\b(?:still|again|as (?:discussed|before|you (?:said|suggested))|same (?:problem|issue|error)|you (?:said|suggested|sent|asked))\b"
    r"|\b(?:immer noch|noch immer|wie (?:besprochen|gesagt|vorgeschlagen)|wieder das|derselbe|dasselbe|das gleiche)\b"
    r"|\b(?:toujours (?:pas|le|la)|comme (?:convenu|indique)|meme (?:probleme|erreur)|de nouveau)\b"
    r"|\b(?:sigue (?:sin|igual)|otra vez|de nuevo|mismo (?:problema|error)|como (?:comentamos|acordamos))\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What was written about a ticket before."""

    subject: str
    texts: Sequence[str]
    """Subjects and words of all mails, ours too."""

    rest: timedelta
    """Since anything was written last."""

    is_closed: bool


def find_shift(subject: str, text: str, past: Past) -> str | None:
    """Why a mail with this subject (without Re: and tags) is about something else; None: nothing says so."""
    if not past.is_closed and past.rest < OLD:
        return None
    said = _stems(f"{subject}\n{text[:_CHARACTERS]}") if _differs(subject, past.subject) else _stems(text[:_CHARACTERS])
    if len(said) < LEAST_WORDS or _GOES_ON.search(fold(text[:_CHARACTERS])):
        return None
    known = _stems("\n".join(past.texts))
    likeness = len(said & known) / len(said)
    is_new_subject = _differs(subject, past.subject)
    if likeness >= (LIKE if is_new_subject else LIKE_UNDER_OLD_SUBJECT):
        return None
    changed = "another subject, and " if is_new_subject else ""
    return (
        f"{changed}{len(said & known)} of the {len(said)} words that say what it is about stand in the ticket, "
        f"where nothing was written for {past.rest.days} days"
    )


def _differs(one: str, two: str) -> bool:
    return " ".join(fold(one).split()) != " ".join(fold(two).split())


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _words(text))


def _words(text: str) -> Iterable[str]:
    return (word for word in _WORD.findall(fold(text)) if word not in STOPWORDS and len(word) > 2)  # noqa: PLR2004
