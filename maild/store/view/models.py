"""What `maild models` shows: every version of every question, the shipped one as number 0."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from maild.classify.models import DAMAGED
from maild.store.models.audits import count_drawn, read_answers
from maild.store.models.promoting import ModelEvent, read_events
from maild.store.models.shadows import Said, count_said
from maild.store.models.thresholds import RaisedThreshold, list_raised
from maild.store.models.versions import Version, list_standing, list_versions


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shipped:
    """A model that came with maild."""

    digest: str
    card: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditCount:
    """What the audit sample says about one label of a model."""

    label: str
    drawn: int
    answered: int
    wrong: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModelLine:
    """One version."""

    question: str
    name: str
    digest: str
    standing: str
    """in_service, shadow, candidate or retired; `shipped` for number 0 while another version is in service."""

    card: Mapping[str, Any]
    since: datetime | None
    """When it came to this standing; None: it came with maild."""

    by: str | None
    """Who brought it there."""

    because: str | None
    refused: str | None
    """Why it cannot answer, if that was the last that became of it, or if its card cannot be read."""

    said: tuple[Said, ...]
    """As a shadow, beside the one in service."""

    audit: tuple[AuditCount, ...]
    raised: tuple[RaisedThreshold, ...]


def list_model_lines(connection: Connection, shipped: Mapping[str, Shipped]) -> list[ModelLine]:
    """All versions by question, newest first, the shipped one last. `shipped`: question to what came with maild."""
    versions, events, raised = list_versions(connection), read_events(connection), list_raised(connection)
    serving = list_standing(connection, "in_service")
    lines = []
    for question in sorted({*shipped, *(version.question for version in versions)}):
        of_question = [version for version in versions if version.question == question]
        lines += [_line(connection, version, events, raised) for version in of_question]
        if question in shipped:
            last = [event for event in events if event.question == question and event.event == "rolled_back"][-1:]
            is_serving = question not in serving
            lines.append(_shipped_line(connection, question, shipped[question], raised, last, is_serving=is_serving))
    return lines


def _line(
    connection: Connection, version: Version, events: list[ModelEvent], raised: list[RaisedThreshold]
) -> ModelLine:
    of_version = [event for event in events if event.digest == version.digest]
    moved = [event for event in of_version if event.event not in ("refused", "raised", "lowered")][-1]
    refused = of_version[-1] if of_version[-1].event == "refused" else None
    return ModelLine(
        question=version.question,
        name=version.name,
        digest=version.digest,
        standing=version.standing,
        card=version.card,
        since=moved.at,
        by=moved.actor,
        because=moved.because,
        refused=refused.because if refused else version.card.get(DAMAGED),
        said=tuple(count_said(connection, version.digest)),
        audit=_audit(connection, version.digest),
        raised=tuple(each for each in raised if each.digest == version.digest),
    )


def _shipped_line(
    connection: Connection,
    question: str,
    shipped: Shipped,
    raised: list[RaisedThreshold],
    last: list[ModelEvent],
    *,
    is_serving: bool,
) -> ModelLine:
    back = last[0] if last and last[0].digest is None and is_serving else None
    return ModelLine(
        question=question,
        name=f"{question}-0",
        digest=shipped.digest,
        standing="in_service" if is_serving else "shipped",
        card=shipped.card,
        since=back.at if back else None,
        by=back.actor if back else None,
        because=back.because if back else "came with maild",
        refused=None,
        said=(),
        audit=_audit(connection, shipped.digest),
        raised=tuple(each for each in raised if each.digest == shipped.digest),
    )


def _audit(connection: Connection, digest: str) -> tuple[AuditCount, ...]:
    answers = read_answers(connection, digest)
    return tuple(
        AuditCount(
            label=label,
            drawn=drawn,
            answered=sum(answer.audit.label == label for answer in answers),
            wrong=sum(answer.audit.label == label and answer.is_wrong for answer in answers),
        )
        for label, drawn in sorted(count_drawn(connection, digest).items())
    )
