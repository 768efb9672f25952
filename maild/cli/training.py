"""Training from the desk's database: labels out of it, candidates into it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from maild import shipped
from maild.classify.content import read_arrays
from maild.classify.encoder.sentences import find_encoder
from maild.classify.intents import Intents, read_intents
from maild.classify.models import read_files, read_model
from maild.classify.points import Points, read_points
from maild.classify.serving import REPLIES, TEAM, check
from maild.classify.text import model_text
from maild.classify.training.desk.handing_off import ByRule, train_teams
from maild.classify.training.desk.history import History, prepare
from maild.classify.training.desk.judging import Champion
from maild.classify.training.desk.line import Trained, train_desk
from maild.classify.training.desk.origin import Shipped, data_digest
from maild.classify.training.desk.placing import train_scale
from maild.classify.training.desk.replying import train_replies
from maild.classify.training.example import Example
from maild.cli.label import user_name
from maild.cli.outcome import Outcome
from maild.cli.receiving import by_configuration
from maild.errors import ConfigurationError, Refused
from maild.process.questions import questions_of
from maild.settings.values import Settings
from maild.store.engine import Store
from maild.store.models import promoting
from maild.store.models.labels import LabelledText, read_examples
from maild.store.models.versions import (
    ANY_BUDGET,
    NewVersion,
    Stored,
    Version,
    add_version,
    list_standing,
    list_versions,
    read_stored,
)

QUESTIONS = ("technical", "category")
"""Those that a linear model answers."""

SCALES = ("urgency", "impact")
"""Those that a table of points answers."""

ALL = (*QUESTIONS, TEAM, *SCALES, REPLIES)

Tell = Callable[[str], None]


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


def train_questions(
    settings: Settings, store: Store, questions: Sequence[str], *, again: bool, promotes: bool, tell: Tell
) -> list[Outcome]:
    """Train each question that has enough labels. Raises ConfigurationError for a question that no model answers."""
    unknown = sorted(set(questions) - set(ALL))
    if unknown:
        raise ConfigurationError(f"no model learns {', '.join(unknown)}: it is one of {', '.join(ALL)}")
    outcomes = []
    for question in questions or ALL:
        try:
            outcome = train_question(settings, store, question, again=again, tell=tell)
            outcomes.append(promote(store, outcome) if promotes and outcome.version else outcome)
        except Refused as refused:
            because = str(refused).removeprefix(f"{question}: ")  # it stands before every outcome
            outcomes.append(Outcome(question=question, version=None, because=because, is_done=False))
    return outcomes


def train_question(settings: Settings, store: Store, question: str, *, again: bool, tell: Tell) -> Outcome:
    """Train one question and keep the candidate. Raises Refused where nothing can be learnt."""
    tell(f"{question}: reading the labels")
    allowed = questions_of(settings.categories, settings.priorities, settings.team)[question]
    history = prepare(read_history(settings, store, question), question, allowed=allowed)
    standing = read_standing(store, question, error_budget=settings.classify.error_budget)
    if question == TEAM:
        standing = replace(standing, by_rule=rule_of(settings), front=settings.desk.front_team)
    same = find_same(store, history, standing)
    if same is not None and not again:
        because = f"nothing has changed since {same.name} was trained; --again trains anyway"
        return Outcome(question=question, version=same, because=because, is_done=True)

    def told(step: str) -> None:
        tell(f"{question}: {step}")

    technical = [each.name for each in settings.categories.values() if each.technical]
    trained = train(history, standing, allowed=allowed, technical_labels=technical, tell=told)
    because = f"trained on {len(history.examples):,} labelled texts"
    base = standing.stored if trained.card["base"] else None
    new = NewVersion(content=trained.content, card=trained.card, because=because, base=base)
    actor, now = user_name(), datetime.now(UTC)
    version = store.transact(lambda connection: add_version(connection, new, actor=actor, now=now))
    return Outcome(question=question, version=version, because=because, is_done=True)


def train(
    history: History, standing: Standing, *, allowed: Sequence[str], technical_labels: Sequence[str], tell: Tell
) -> Trained:
    """Learn a scale, or labels without an order. Raises Refused."""
    champion = standing.champion
    trained_on = frozenset(champion.trained_on.tolist() if champion else ())
    if standing.intents is not None:
        now = replace(standing.intents, learnt=champion.model if champion else None)
        return train_replies(history, now, error_budget=standing.error_budget, trained_on=trained_on, tell=tell)
    if standing.by_rule is not None:
        return train_teams(
            history, standing.by_rule, allowed=allowed, front=standing.front, champion=champion,
            error_budget=standing.error_budget, encoder=find_encoder(), tell=tell,
        )  # fmt: skip
    if standing.table is not None:
        serving = replace(standing.table, learnt=champion.model if champion else None)
        return train_scale(history, standing.table, serving=serving, trained_on=trained_on, tell=tell)
    return train_desk(
        history, shipped=standing.shipped, champion=champion, allowed=allowed, technical_labels=technical_labels,
        encoder=find_encoder(), tell=tell,
    )  # fmt: skip


def read_history(settings: Settings, store: Store, question: str) -> Iterator[Example]:
    """Every labelled text of the desk, as models read it, one after the other."""
    with store.read() as connection:
        yield from (an_example(row, question, settings) for row in read_examples(connection, question))


def an_example(row: LabelledText, question: str, settings: Settings) -> Example:
    """Make a labelled text what training reads."""
    return Example(
        text=model_text("" if question == REPLIES else row.subject, row.new_text),
        corpus="desk",
        group=row.group,
        labels={question: row.label},
        at=row.at,
        language=row.language or "",
        whole=f"{row.subject}\n\n{row.new_text}" if question in (*SCALES, REPLIES, TEAM) else "",
        ticket=None if row.ticket is None else settings.desk.show(row.ticket),
    )


def rule_of(settings: Settings) -> ByRule:
    """What the configuration says. Raises Refused where a shipped model is broken."""
    receive = by_configuration(settings)
    return lambda example: receive(example.whole, example.language or None)


def read_standing(store: Store, question: str, *, error_budget: float = ANY_BUDGET) -> Standing:
    """The shipped model or table, and what is in service. Raises Refused where one cannot be read."""
    champion = read_champion(store, question, error_budget)
    if question == TEAM:
        return Standing(champion=champion, error_budget=error_budget)
    folder = shipped.folder("models")
    if question in SCALES:
        return Standing(champion=champion, table=read_points(folder / f"{question}.json"))
    if question == REPLIES:
        intents = read_intents(folder / f"{question}.json")
        return Standing(champion=champion, intents=intents, error_budget=error_budget)
    content, card = read_files(folder / f"{question}.npz")
    model = read_model(content, card, error_budget=error_budget)
    return Standing(
        stored=Stored(content=content, card=card),
        shipped=Shipped(model=model, card=card, trained_on=frozenset(marks_in(content).tolist())),
        champion=champion or Champion(model=model, trained_on=marks_in(content), error_budget=error_budget),
    )


def read_champion(store: Store, question: str, error_budget: float) -> Champion | None:
    """The desk's own version that is in service. Raises Refused where it cannot be read."""
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
    except Refused as refused:
        raise Refused(
            f"{version.name}, which is in service, cannot be compared with: {refused}. No model was made. "
            f"Go back to the one before it: maild models rollback {question}"
        ) from refused
    return Champion(model=serving, trained_on=marks_in(kept.content), error_budget=error_budget)


def marks_in(content: bytes) -> npt.NDArray[np.uint32]:
    """Marks of the texts that a model has learnt from. Raises Refused where it is damaged."""
    return read_arrays(content).get("trained_on", np.zeros(0, dtype=np.uint32)).astype(np.uint32)


def find_same(store: Store, history: History, standing: Standing) -> Version | None:
    """The version that has learnt from the very same labels, on the same shipped model."""
    digest = data_digest(history.examples, history.question)
    with store.read() as connection:
        versions = list_versions(connection, history.question)
    on = standing.shipped_digest
    return next((each for each in versions if each.data_digest == digest and each.card.get("shipped") == on), None)


def promote(store: Store, outcome: Outcome) -> Outcome:
    """Put a candidate into service where its card speaks for it; otherwise say why not."""
    version = outcome.version
    if version is None or version.standing == "in_service":
        return outcome
    of_shipped = {outcome.question: read_standing(store, outcome.question).shipped_digest or ""}
    actor, now = user_name(), datetime.now(UTC)
    try:
        store.transact(
            lambda connection: promoting.promote(connection, version, shipped=of_shipped, actor=actor, now=now),
            serial=True,
        )
    except Refused as refused:
        said = f"{outcome.because}; {refused}"
    else:
        said = f"{outcome.because}; in service now"
    return Outcome(question=outcome.question, version=version, because=said, is_done=True)
