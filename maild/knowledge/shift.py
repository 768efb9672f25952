"""Topic shift: whether a late reply in an old thread is about something else than the thread. Pure.

Of the new text's words some are contained in all that was written about the ticket (Broder 1997): a real follow-up names
again what it is about, points back, and seldom begins as a first mail does. A short one that names nothing is never torn away.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import log1p

from maild.classify.folding import fold
from maild.classify.stopwords import STOPWORDS
from maild.knowledge.openings import answering_share, greets, openings

LEAST_WORDS = 12
"""Different words that say what a text is about; fewer say too little."""

NEW = 3.1
"""Points from which a mail is about something else; chosen on one half of a mailing list (benchmarks/process.md)."""

OLD = timedelta(days=30)
"""Of rest, from which a thread that is not closed counts as old."""

_NEW_SUBJECT, _GOING_ON, _BASE = 2.0, 2.0, -5.15
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
    if len(said) < LEAST_WORDS:
        return None
    known = _stems("\n".join(past.texts))
    is_new_subject = _differs(subject, past.subject)
    if _points(text, said, known, past.subject) + (_NEW_SUBJECT if is_new_subject else 0.0) < NEW:
        return None
    changed = "another subject, and " if is_new_subject else ""
    return (
        f"{changed}{len(said & known)} of the {len(said)} words that say what it is about stand in the ticket, "
        f"where nothing was written for {past.rest.days} days"
    )


def _points(text: str, said: frozenset[str], known: frozenset[str], subject: str) -> float:
    """How much speaks for something new; the weights are a logistic regression's, rounded.

    The more a text says of which the thread knows nothing, the newer it is, above all where much is known. Openings and
    greetings begin something; words that point back, and those of the subject, do not.
    """
    shared = said & known
    return (
        _BASE
        + 1.9 * log1p(len(said))
        - 1.75 * log1p(len(shared))
        - 4.0 * len(shared) / len(said)
        + 0.8 * log1p(len(known))
        + 1.1 * openings(text)
        + 1.2 * greets(text)
        - 10.0 * answering_share(text)
        - 1.1 * bool(_stems(subject) & said)
        - _GOING_ON * bool(_GOES_ON.search(fold(text[:_CHARACTERS])))
    )


def _differs(one: str, two: str) -> bool:
    return " ".join(fold(one).split()) != " ".join(fold(two).split())


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _words(text))


def _words(text: str) -> Iterable[str]:
    return (word for word in _WORD.findall(fold(text)) if word not in STOPWORDS and len(word) > 2)  # noqa: PLR2004
