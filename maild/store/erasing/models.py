"""Models that have learnt from a person: they answer no more, and are deleted; what ships with maild answers meanwhile."""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Connection, delete, select

from maild.classify.content import read_arrays
from maild.classify.text import model_text
from maild.classify.training.desk.content import mark
from maild.errors import Refused
from maild.store.database.bells import ring
from maild.store.erasing.theirs import Theirs
from maild.store.models.promoting import BELL
from maild.store.models.versions import note
from maild.store.tables import models

BECAUSE = "it had learnt from somebody who was forgotten"


def erase_models(connection: Connection, theirs: Theirs, *, actor: str, now: datetime) -> tuple[list[str], int]:
    """Delete every version that has read a text of theirs; the questions that are to be trained anew, and how many went."""
    learnt, served = _learnt_from(connection, theirs), set()
    for digest, question, standing in learnt:
        if standing in {"in_service", "shadow"}:
            served.add(question)
        if standing == "in_service":
            note(connection, question, None, "rolled_back", actor=actor, because=BECAUSE, now=now)
        connection.execute(delete(models).where(models.c.digest == digest))
    if learnt:
        ring(connection, BELL)
    return sorted(served), len(learnt)


def count_models(connection: Connection, theirs: Theirs) -> int:
    """How many versions would go."""
    return len(_learnt_from(connection, theirs))


def _learnt_from(connection: Connection, theirs: Theirs) -> list[tuple[str, str, str]]:
    texts = {mark(model_text(subject, text)) for subject, text in theirs.texts}
    return list(_learnt(connection, lambda marks: not texts.isdisjoint(marks))) if texts else []


def _learnt(connection: Connection, has_read: Callable[[set[int]], bool]) -> Iterator[tuple[str, str, str]]:
    """Digest, question and standing; a version that does not say what it has read may have read anything."""
    rows = select(models.c.digest, models.c.question, models.c.standing).where(models.c.number.is_not(None))
    for row in connection.execute(rows).all():
        content = connection.scalar(select(models.c.content).where(models.c.digest == row.digest))
        try:
            arrays = read_arrays(bytes(content or b""))
        except Refused:
            arrays = {}
        marks = arrays.get("trained_on")
        if marks is None or has_read({int(each) for each in marks}):
            yield row.digest, row.question, row.standing
