"""Cases: labelled texts as a service would read them, each once, with threads and near-duplicates in one group."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from maild.classify.text import model_text
from maild.classify.training.example import Example

_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One labelled text."""

    subject: str
    new_text: str
    language: str | None
    labels: Mapping[str, str]
    """Question to label."""

    group: str
    at: datetime | None
    source: str
    """Who labelled it, as in the store: tsm, admin, import, audit; or the name of a collection."""

    said: str | None = None
    """What a model in service had said at the time, where it was asked."""

    @property
    def text(self) -> str:
        """What the learnt models read."""
        return model_text(self.subject, self.new_text)

    @property
    def whole(self) -> str:
        """What the tables of points read."""
        return f"{self.subject}\n\n{self.new_text}"


def gather(cases: Iterable[Case], *, most: int) -> list[Case]:
    """Give each text once, the newest `most` of them, oldest first."""
    ordered = sorted(cases, key=lambda case: (case.at or _BEGINNING, case.text))
    once = {case.text: case for case in ordered if case.text}
    return list(once.values())[-most:]


def as_examples(cases: Sequence[Case], question: str) -> list[Example]:
    """The same for training, in the same order."""
    return [
        Example(
            text=case.text,
            corpus="desk",
            group=case.group,
            labels={question: case.labels[question]},
            at=case.at,
            language=case.language or "",
        )
        for case in cases
    ]
