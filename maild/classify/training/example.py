"""An example: one labelled text of one collection."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One text as a model reads it, with what is known about it."""

    text: str
    """What `model_text` made of it."""

    corpus: str
    """The collection, or "desk" for the desk's own history."""

    group: str
    """Near-duplicates and mails of one thread share it, so that none is on both sides of a split."""

    labels: Mapping[str, str]
    """Question to label, only where the collection says it."""

    at: datetime | None = None
    """When it was written (aware, UTC); None where the collection has no dates."""

    language: str = "en"
    ticket: str | None = None
    """What people call its ticket, such as `T-17`; None outside this desk."""

    whole: str = ""
    """As a person wrote it: subject, a blank line, text. Only where cues, phrases or a team's words are looked for."""
