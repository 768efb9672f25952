"""Drift: stored mails, looked at as a model in service reads them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from maild.classify.drift import Picture, Profile
from maild.classify.drift_weeks import Drift, Looked, drift_of
from maild.classify.linear import LinearModel
from maild.classify.terms import words
from maild.classify.text import model_text
from maild.store.engine import Connection
from maild.store.models.drifting import JudgedText, read_judged

WEEKS = 12
"""That are looked back."""

MOST_MAILS = 20_000
"""That are read for one question: reading them costs a second for 5,000."""


def measure(
    connection: Connection, model: LinearModel, reference: Picture | None, *, now: datetime, most: int = MOST_MAILS
) -> Drift:
    """Compare the weeks with what the model's card says of its texts, or with the oldest mails that are there."""
    since = now - timedelta(weeks=WEEKS)
    judged = read_judged(connection, model.question, since=since, until=now, most=most)
    return drift_of(model.question, model.digest, _looked(judged, model), reference, weeks=WEEKS)


def _looked(judged: Iterator[JudgedText], model: LinearModel) -> Iterator[Looked]:
    for text in judged:
        yield Looked(at=text.arrived_at, profile=_profile(text, model), ticket=text.ticket)


def _profile(text: JudgedText, model: LinearModel) -> Profile:
    """Look at one stored mail as the model reads it."""
    found = words(model_text(text.subject, text.new_text))
    different = set(found)
    unknown = sum(not model.knows(word) for word in different)
    return Profile(
        unknown=unknown / len(different) if different else 0.0,
        length=len(found),
        language=text.language,
        confidence=text.confidence,
        label=text.label,
    )
