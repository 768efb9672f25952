"""Which version answers: promote, shadow, roll back; each with who, when and why, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, select, update

from maild.classify.models import DAMAGED
from maild.errors import Refused
from maild.store.database.bells import ring
from maild.store.models.versions import Version, list_standing, note, read_version
from maild.store.tables import model_events, models

BELL = "models"

FITTING = frozenset({"better", "match"})
"""Judgements of `evaluation.paired` with which a challenger may take the place of the champion."""


STANDS_IN: Mapping[str, str] = MappingProxyType({"team": "the configuration of the teams"})
"""What answers a question that has no shipped model, as long as no version does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEvent:
    """One line of a question's history."""

    question: str
    digest: str | None
    """None: the shipped model."""

    event: str
    """added, promoted, shadowed, unshadowed, rolled_back, refused, raised or lowered."""

    at: datetime
    actor: str
    because: str


def promote(
    connection: Connection,
    version: Version,
    *,
    shipped: Mapping[str, str],
    actor: str,
    now: datetime,
    anyway: str | None = None,
) -> None:
    """Put a version into service.

    `shipped`: question to the digest of the shipped model, which serves where no version does. `anyway`: why it is
    promoted although the comparison on its card does not speak for it, written down. Raises Refused otherwise.
    """
    serving = list_standing(connection, "in_service").get(version.question)
    if serving is not None and serving.digest == version.digest:
        raise Refused(f"{version.name} is in service already. Nothing was changed.")
    champion = serving.digest if serving else shipped.get(version.question, "")
    against = serving.name if serving else STANDS_IN.get(version.question, "the shipped model")
    if DAMAGED in version.card:
        raise Refused(f"{version.name} was not promoted: {version.card[DAMAGED]}. {against} stays in service.")
    doubt = doubt_about(version.card.get("compared"), champion, against)
    if doubt is not None and anyway is None:
        raise Refused(
            f"{version.name} was not promoted: {doubt}. {against} stays in service; --anyway WHY overrides this, "
            "and the reason is kept."
        )
    because = _told(version.card.get("compared")) if doubt is None else f"although {doubt}: {anyway}"
    _place(connection, version.question, "in_service", version.digest)
    note(connection, version.question, version.digest, "promoted", actor=actor, because=because, now=now)
    ring(connection, BELL)


def doubt_about(compared: Mapping[str, Any] | None, champion: str, against: str) -> str | None:
    """Why a candidate may not take the champion's place; None: it beats or matches it on the same held-out rows.

    `compared`: what its card says; `champion`: digest of what is in service, `against`: its name.
    """
    if not compared:
        return f"its card has no comparison with {against}; train it again"
    if compared.get("against") != champion:
        return f"it was compared with another model than {against}; train it again"
    if compared.get("judgement") not in FITTING:
        return f"it does not match {against} on the same held-out rows ({_told(compared)})"
    return None


def shadow(connection: Connection, version: Version, *, actor: str, now: datetime) -> None:
    """Let a version answer beside the one in service, without any effect; it takes the place of another shadow.

    Raises Refused for the version that is in service.
    """
    if version.standing == "in_service":
        raise Refused(f"{version.name} is in service: it cannot be its own shadow. Nothing was changed.")
    if version.standing == "shadow":
        raise Refused(f"{version.name} is in the shadow already. Nothing was changed.")
    _place(connection, version.question, "shadow", version.digest)
    because = "answers beside the one in service"
    note(connection, version.question, version.digest, "shadowed", actor=actor, because=because, now=now)
    ring(connection, BELL)


def unshadow(connection: Connection, version: Version, *, actor: str, now: datetime) -> None:
    """Let a version answer no longer. Raises Refused where it is not in the shadow."""
    if version.standing != "shadow":
        raise Refused(f"{version.name} is not in the shadow but {version.standing}. Nothing was changed.")
    _place(connection, version.question, "shadow", None)
    because = "answers no longer"
    note(connection, version.question, version.digest, "unshadowed", actor=actor, because=because, now=now)
    ring(connection, BELL)


def roll_back(
    connection: Connection, question: str, *, actor: str, now: datetime, to_shipped: bool = False
) -> Version | None:
    """Put the version before into service again, or the shipped model (answers None). Raises Refused at the bottom."""
    earlier = line_of(connection, question)
    if not earlier:
        first = STANDS_IN.get(question, f"the shipped model of {question}")
        raise Refused(f"{first[0].upper()}{first[1:]} is in service: there is none before it. Nothing was changed.")
    left = read_version(connection, earlier.pop())
    before = None if to_shipped or not earlier else read_version(connection, earlier[-1])
    _place(connection, question, "in_service", before.digest if before else None)
    because = f"{left.name} was left"
    digest = before.digest if before else None
    note(connection, question, digest, "rolled_back", actor=actor, because=because, now=now)
    ring(connection, BELL)
    return before


def read_events(connection: Connection, question: str | None = None) -> list[ModelEvent]:
    """What became of the models, oldest first."""
    columns = (getattr(model_events.c, name) for name in ModelEvent.__slots__)
    query = select(*columns).order_by(model_events.c.id)
    if question is not None:
        query = query.where(model_events.c.question == question)
    return [ModelEvent(**row) for row in connection.execute(query).mappings()]


def last_promoted(connection: Connection) -> str | None:
    """The question whose version in service was promoted last; None where every shipped model is in service."""
    serving = {version.digest for version in list_standing(connection, "in_service").values()}
    promoted = [event for event in read_events(connection) if event.event == "promoted" and event.digest in serving]
    return promoted[-1].question if promoted else None


def line_of(connection: Connection, question: str) -> list[str]:
    """Digests of the versions that led to the one in service, in their order: a rollback goes back along them.

    What was deleted since, because it had learnt from somebody who was forgotten, is no step.
    """
    line: list[str] = []
    there = set(connection.scalars(select(models.c.digest).where(models.c.question == question)))
    for event in read_events(connection, question):
        if event.event == "promoted" and event.digest and event.digest in there:
            line.append(event.digest)
        elif event.event == "rolled_back":
            line = line[:-1] if event.digest else []
    return line


def _place(connection: Connection, question: str, standing: str, digest: str | None) -> None:
    """Give the standing to one version and take it from the other. Raises NotFound where it has been deleted meanwhile."""
    if digest is not None:
        read_version(connection, digest)
    left = "retired" if standing == "in_service" else "candidate"
    of_question = models.c.question == question
    connection.execute(update(models).where(of_question, models.c.standing == standing).values(standing=left))
    if digest is not None:
        connection.execute(update(models).where(models.c.digest == digest).values(standing=standing))


def _told(compared: Mapping[str, Any] | None) -> str:
    return str((compared or {}).get("because") or (compared or {}).get("judgement") or "no reason given")
