"""What versions in the shadow said, beside what the one in service said about the same mails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from maild.classify.verdict import Verdict
from maild.store.database.adding import add_missing
from maild.store.database.together import Writer
from maild.store.tables import shadow_verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How often a shadow said this where the one in service said that."""

    label: str | None
    """None: it was not sure."""

    served: str | None
    n: int


def add_shadow_verdicts(
    writer: Writer, mail_id: int, said: Sequence[Verdict], *, served: Mapping[str, Verdict]
) -> None:
    """Keep what shadows said about a mail; `served`: question to the verdict in service, where anything answers it.

    Models in service that stood in for questions without a shadow have answered already, and are left out.
    """
    serving = {question: verdict.model for question, verdict in served.items()}
    rows = [
        {
            "mail_id": mail_id, "digest": verdict.model, "question": verdict.question, "label": verdict.label,
            "confidence": verdict.confidence, "served": served[verdict.question].label if verdict.question in served else None,
        }
        for verdict in said
        if verdict.model and serving.get(verdict.question) != verdict.model
    ]  # fmt: skip
    add_missing(writer, shadow_verdicts, rows)


def count_said(connection: Connection, digest: str) -> list[Said]:
    """Count each pair of answers since the version is in the shadow, most frequent first."""
    count = func.count().label("n")
    query = (
        select(shadow_verdicts.c.label, shadow_verdicts.c.served, count)
        .where(shadow_verdicts.c.digest == digest)
        .group_by(shadow_verdicts.c.label, shadow_verdicts.c.served)
        .order_by(count.desc(), shadow_verdicts.c.label, shadow_verdicts.c.served)
    )
    return [Said(**row) for row in connection.execute(query).mappings()]
