"""What a new model builds on and must beat: what ships, and what is in service."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from maild import shipped
from maild.classify.broken import reading_shipped
from maild.classify.content import read_arrays
from maild.classify.intent.intents import Intents, read_intents
from maild.classify.model_files import read_files
from maild.classify.models import NoEncoder, read_model
from maild.classify.points import Points, read_points
from maild.classify.serving import REPLIES, TEAM, check
from maild.classify.training.desk.handing_off import ByRule
from maild.classify.training.desk.judging import Champion
from maild.classify.training.desk.origin import Shipped
from maild.errors import Refused
from maild.store.engine import Store
from maild.store.models.versions import ANY_BUDGET, Stored, list_standing, read_stored

SCALES = ("urgency", "impact")
"""Questions that a table of points answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a new model builds on and must beat."""

    champion: Champion | None
    stored: Stored | None = None
    shipped: Shipped | None = None
    table: Points | None = None
    """Of a scale, which has no shipped model."""

    intents: Intents | None = None
    """Of replies, likewise."""

    by_rule: ByRule | None = None
    """Of teams, likewise: what the configuration says."""

    front: str | None = None
    """Likewise, the team that takes what none claims."""

    error_budget: float = ANY_BUDGET

    @property
    def shipped_digest(self) -> str | None:
        """Of the shipped model."""
        return self.shipped.model.digest if self.shipped else None


def read_standing(store: Store, question: str, *, error_budget: float = ANY_BUDGET) -> Standing:
    """The shipped model or table, and what is in service. Raises Refused where one cannot be read."""
    champion = read_champion(store, question, error_budget)
    if question == TEAM:
        return Standing(champion=champion, error_budget=error_budget)
    table, file = (shipped.folder("models") / f"{question}.{ending}" for ending in ("json", "npz"))
    with reading_shipped(table if question in (*SCALES, REPLIES) else file):
        if question in SCALES:
            return Standing(champion=champion, table=read_points(table))
        if question == REPLIES:
            return Standing(champion=champion, intents=read_intents(table), error_budget=error_budget)
        content, card = read_files(file)
        model, marks = read_model(content, card, error_budget=error_budget), marks_in(content)
    return Standing(
        stored=Stored(content=content, card=card),
        shipped=Shipped(model=model, card=card, trained_on=frozenset(marks.tolist())),
        champion=champion or Champion(model=model, trained_on=marks, error_budget=error_budget),
    )


def read_champion(store: Store, question: str, error_budget: float) -> Champion | None:
    """The desk's own version that is in service. Raises Refused where it cannot be read.

    None also where its sentence encoder is gone: it answers nothing, and a new one is compared with what answers in its place.
    """
    with store.read() as connection:
        version = list_standing(connection, "in_service").get(question)
        if version is None:
            return None
        kept = read_stored(connection, version.digest)
        base = read_stored(connection, version.base) if version.base else None
    try:
        below = read_model(base.content, base.card, error_budget=error_budget) if base else None
        serving = read_model(kept.content, kept.card, error_budget=error_budget, base=below)
        check(serving, question=question, digest=version.digest)
    except NoEncoder:
        return None
    except Refused as refused:
        raise Refused(
            f"{version.name}, which is in service, cannot be compared with: {refused}. No model was made. "
            f"Go back to the one before it: maild models rollback {question}"
        ) from refused
    return Champion(model=serving, trained_on=marks_in(kept.content), error_budget=error_budget)


def marks_in(content: bytes) -> npt.NDArray[np.uint32]:
    """Marks of the texts that a model has learnt from. Raises Refused where it is damaged."""
    return read_arrays(content).get("trained_on", np.zeros(0, dtype=np.uint32)).astype(np.uint32)
