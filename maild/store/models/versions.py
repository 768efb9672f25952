"""Versions of models: bytes and cards, kept so that every machine of the desk has them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select

from maild.classify.content import digest_of
from maild.classify.models import read_model
from maild.errors import NotFound, Refused
from maild.store.database.adding import add_missing
from maild.store.tables import model_events, models
from maild.store.tables.columns import to_json

LEAST_PREFIX = 6
"""Letters of a digest that may stand for a version's name."""

KEPT = 10
"""Newest versions of a question that stay in any case; those that were ever in service stay for good."""

ANY_BUDGET = 0.05
"""To see whether a model can be read, it does not matter how sure it must be."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stored:
    """A model as it is kept: data, never code."""

    content: bytes
    card: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NewVersion:
    """A model that was just trained."""

    content: bytes
    card: Mapping[str, Any]
    because: str
    """Why it was made, in words: `trained on 312 labels`."""

    base: Stored | None = None
    """The model that the card says it stands on; kept with it, so that an update of maild does not take it away."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Version:
    """A version of one question's model, without its content."""

    digest: str
    question: str
    number: int
    card: Mapping[str, Any]
    standing: str
    """candidate, shadow, in_service or retired."""

    base: str | None
    """Digest of the model that it stands on."""

    data_digest: str | None
    because: str

    @property
    def name(self) -> str:
        """Short and for people, such as `category-3`."""
        return f"{self.question}-{self.number}"


def add_version(connection: Connection, new: NewVersion, *, actor: str, now: datetime) -> Version:
    """Keep a trained model as a candidate; the very same model again is the version that is there already.

    Raises Refused, with the reason, for a model that could not be put into service: nothing is kept.
    """
    card = _as_kept(new.card)
    digest = digest_of(new.content, card)
    if (found := _find(connection, digest)) is not None:
        return found
    base = _checked(new, card)
    question = str(card["question"])
    highest = select(func.coalesce(func.max(models.c.number), 0)).where(models.c.question == question)
    row = {
        "digest": digest, "question": question, "card": card, "content": new.content, "created_at": now,
        "standing": "candidate", "number": connection.execute(highest).scalar_one() + 1, "base": base,
        "data_digest": card.get("data_digest"), "because": new.because,
    }  # fmt: skip
    connection.execute(insert(models).values(row))
    if new.base is not None and base is not None:
        _keep_base(connection, new.base, base, question, now)
    note(connection, question, digest, "added", actor=actor, because=new.because, now=now)
    _forget_old(connection, question)
    return read_version(connection, digest)


def list_versions(connection: Connection, question: str | None = None) -> list[Version]:
    """All versions, newest first within each question."""
    query = select(*_COLUMNS).where(models.c.number.is_not(None))
    if question is not None:
        query = query.where(models.c.question == question)
    ordered = query.order_by(models.c.question, models.c.number.desc())
    return [_version(row) for row in connection.execute(ordered).mappings()]


def list_standing(connection: Connection, standing: str) -> Mapping[str, Version]:
    """Question to its version that is `in_service` or in the `shadow`; a question without one has none."""
    query = select(*_COLUMNS).where(models.c.standing == standing, models.c.number.is_not(None))
    return {row["question"]: _version(row) for row in connection.execute(query).mappings()}


def read_standings(connection: Connection) -> list[tuple[str, str]]:
    """Digest and standing of every version that answers: small enough to be asked every few seconds."""
    answering = ("in_service", "shadow")
    query = select(models.c.digest, models.c.standing).where(models.c.standing.in_(answering)).order_by(models.c.digest)
    return [(row.digest, row.standing) for row in connection.execute(query)]


def read_version(connection: Connection, digest: str) -> Version:
    """Give a version by its whole digest. Raises NotFound."""
    found = _find(connection, digest)
    if found is None:
        raise NotFound(f"There is no version of a model with the digest {digest[:12]}.")
    return found


def find_version(connection: Connection, name: str) -> Version:
    """Give a version by its name or the beginning of its digest. Raises NotFound, Refused where several begin so."""
    versions = list_versions(connection)
    found = [version for version in versions if version.name == name]
    if not found and len(name) >= LEAST_PREFIX:
        found = [version for version in versions if version.digest.startswith(name.lower())]
    if len(found) > 1:
        raise Refused(f"Several versions begin with {name}: {_names(found)}. Nothing was changed; use a name.")
    if not found:
        known = f"There are {_names(versions[:20])}." if versions else "None was trained yet: maild train makes them."
        raise NotFound(f"There is no version {name!r} of a model. {known}")
    return found[0]


def read_stored(connection: Connection, digest: str) -> Stored:
    """Give a model's content and card, as they are kept: whoever uses them checks them. Raises NotFound."""
    row = connection.execute(select(models.c.content, models.c.card).where(models.c.digest == digest)).first()
    if row is None:
        raise NotFound(f"There is no model with the digest {digest[:12]} in the database.")
    return Stored(content=bytes(row.content), card=row.card)


def note(
    connection: Connection, question: str, digest: str | None, event: str, *, actor: str, because: str, now: datetime
) -> None:
    """Write down what became of a model; `digest` None: the shipped one."""
    row = {"question": question, "digest": digest, "event": event, "at": now, "actor": actor, "because": because}
    connection.execute(insert(model_events).values(row))


def _checked(new: NewVersion, card: Mapping[str, Any]) -> str | None:
    """The digest of its base. Raises Refused where the version could never serve."""
    try:
        base = new.base and read_model(new.base.content, _as_kept(new.base.card), error_budget=ANY_BUDGET)
        model = read_model(new.content, card, error_budget=ANY_BUDGET, base=base or None)
    except Refused as error:
        raise Refused(f"The model was not kept: {error}. What is in service stays.") from error
    return model.base.digest if model.base else None


def _keep_base(connection: Connection, base: Stored, digest: str, question: str, now: datetime) -> None:
    row = {
        "digest": digest, "question": question, "card": _as_kept(base.card), "content": base.content,
        "created_at": now, "standing": "shipped",
    }  # fmt: skip
    add_missing(connection, models, [row])


def _as_kept(card: Mapping[str, Any]) -> dict[str, Any]:
    """The card as a database gives it back: its digest must stay the same."""
    try:
        kept: dict[str, Any] = json.loads(to_json(card))
    except (TypeError, ValueError) as error:
        raise Refused(f"The model was not kept: its card is no JSON ({error}). What is in service stays.") from error
    return kept


def _forget_old(connection: Connection, question: str) -> None:
    """Let go of candidates that nobody promoted while KEPT newer ones came: nightly training makes one a night."""
    of_question = models.c.question == question
    newest = select(models.c.number).where(of_question, models.c.number.is_not(None))
    kept = list(connection.execute(newest.order_by(models.c.number.desc()).limit(KEPT)).scalars())
    unwanted = of_question & (models.c.standing == "candidate") & (models.c.number < min(kept))
    connection.execute(delete(models).where(unwanted))


def _find(connection: Connection, digest: str) -> Version | None:
    query = select(*_COLUMNS).where(models.c.digest == digest, models.c.number.is_not(None))
    row = connection.execute(query).mappings().first()
    return None if row is None else _version(row)


def _version(row: RowMapping) -> Version:
    return Version(**{**row, "because": row["because"] or ""})


def _names(versions: Sequence[Version]) -> str:
    return ", ".join(version.name for version in versions)


_COLUMNS = (
    models.c.digest, models.c.question, models.c.number, models.c.card, models.c.standing, models.c.base,
    models.c.data_digest, models.c.because,
)  # fmt: skip
