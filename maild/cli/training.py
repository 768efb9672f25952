"""Training from the desk's database: labels out of it, candidates into it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from maild import shipped
from maild.classify.content import read_arrays
from maild.classify.models import read_files, read_model
from maild.classify.text import model_text
from maild.classify.training.desk.history import History, prepare
from maild.classify.training.desk.judging import Champion
from maild.classify.training.desk.line import train_desk
from maild.classify.training.desk.origin import Shipped, data_digest
from maild.classify.training.example import Example
from maild.cli.label import user_name
from maild.cli.output import console
from maild.errors import ConfigurationError, Refused
from maild.process.questions import questions_of
from maild.settings.values import Settings
from maild.store import promoting
from maild.store.engine import Store
from maild.store.labels import LabelledText, read_examples
from maild.store.models import NewVersion, Stored, Version, add_version, list_standing, list_versions, read_stored

QUESTIONS = ("technical", "category")
"""Those that a linear model answers."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What training did for one question."""

    question: str
    version: Version | None
    """The candidate, or the version that has learnt from the very same labels; None: none could be made."""

    because: str
    is_done: bool
    """False where there was too little to learn from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a new model builds on and must beat."""

    stored: Stored
    shipped: Shipped
    champion: Champion


def train_questions(
    settings: Settings, store: Store, questions: Sequence[str], *, again: bool, promotes: bool, tell: Tell
) -> list[Outcome]:
    """Train each question that has enough labels. Raises ConfigurationError for a question that no model answers."""
    unknown = sorted(set(questions) - set(QUESTIONS))
    if unknown:
        raise ConfigurationError(f"no model learns {', '.join(unknown)}: it is one of {', '.join(QUESTIONS)}")
    outcomes = []
    for question in questions or QUESTIONS:
        try:
            outcome = train_question(settings, store, question, again=again, tell=tell)
            outcomes.append(promote(store, outcome) if promotes and outcome.version else outcome)
        except Refused as refused:
            outcomes.append(Outcome(question=question, version=None, because=str(refused), is_done=False))
    return outcomes


def train_question(settings: Settings, store: Store, question: str, *, again: bool, tell: Tell) -> Outcome:
    """Train one question and keep the candidate. Raises Refused where nothing can be learnt."""
    tell(f"{question}: reading the labels")
    allowed = questions_of(settings.categories, settings.priorities)[question]
    history = prepare(read_history(settings, store, question), question, allowed=allowed)
    standing = read_standing(store, question)
    same = find_same(store, history, standing)
    if same is not None and not again:
        because = f"nothing has changed since {same.name} was trained; --again trains anyway"
        return Outcome(question=question, version=same, because=because, is_done=True)
    trained = train_desk(
        history,
        shipped=standing.shipped,
        champion=standing.champion,
        allowed=allowed,
        technical_labels=[each.name for each in settings.categories.values() if each.technical],
        tell=lambda step: tell(f"{question}: {step}"),
    )
    because = f"trained on {len(history.examples):,} labelled texts"
    base = standing.stored if trained.card["base"] else None
    new = NewVersion(content=trained.content, card=trained.card, because=because, base=base)
    actor, now = user_name(), datetime.now(UTC)
    version = store.transact(lambda connection: add_version(connection, new, actor=actor, now=now))
    return Outcome(question=question, version=version, because=because, is_done=True)


def read_history(settings: Settings, store: Store, question: str) -> list[Example]:
    """Every labelled text of the desk, as models read it."""
    with store.read() as connection:
        return [an_example(row, question, settings) for row in read_examples(connection, question)]


def an_example(row: LabelledText, question: str, settings: Settings) -> Example:
    """Make a labelled text what training reads."""
    return Example(
        text=model_text(row.subject, row.new_text),
        corpus="desk",
        group=row.group,
        labels={question: row.label},
        at=row.at,
        language=row.language or "",
        ticket=None if row.ticket is None else settings.desk.show(row.ticket),
    )


def read_standing(store: Store, question: str) -> Standing:
    """The shipped model and the one in service. Raises Refused where the shipped one cannot be read."""
    content, card = read_files(shipped.folder("models") / f"{question}.npz")
    model = read_model(content, card, error_budget=0.05)
    champion = Champion(model=model, trained_on=np.zeros(0, dtype=np.uint32))
    with store.read() as connection:
        version = list_standing(connection, "in_service").get(question)
        if version is not None:
            kept = read_stored(connection, version.digest)
            base = read_stored(connection, version.base) if version.base else None
            below = read_model(base.content, base.card, error_budget=0.05) if base else None
            serving = read_model(kept.content, kept.card, error_budget=0.05, base=below)
            read_on = read_arrays(kept.content).get("trained_on", np.zeros(0, dtype=np.uint32))
            champion = Champion(model=serving, trained_on=read_on.astype(np.uint32))
    return Standing(
        stored=Stored(content=content, card=card), shipped=Shipped(model=model, card=card), champion=champion
    )


def find_same(store: Store, history: History, standing: Standing) -> Version | None:
    """The version that has learnt from the very same labels, on the same shipped model."""
    digest = data_digest(history.examples, history.question)
    with store.read() as connection:
        versions = list_versions(connection, history.question)
    shipped_digest = standing.shipped.model.digest
    return next(
        (each for each in versions if each.data_digest == digest and each.card.get("shipped") == shipped_digest), None
    )


def promote(store: Store, outcome: Outcome) -> Outcome:
    """Put a candidate into service where its card speaks for it; otherwise say why not."""
    version = outcome.version
    if version is None or version.standing == "in_service":
        return outcome
    of_shipped = {outcome.question: read_standing(store, outcome.question).shipped.model.digest}
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


def document(outcome: Outcome) -> dict[str, Any]:
    """One question for --json."""
    version = outcome.version
    said = {"question": outcome.question, "because": outcome.because, "version": version and version.name}
    if version is None:
        return said
    names = ("rows", "left_out", "silent_labels", "languages", "recipe", "held_out", "scores", "guarantee", "compared")
    return {**said, "digest": version.digest, **{name: version.card.get(name) for name in names}}


def show(outcomes: Sequence[Outcome]) -> None:
    """Say for each question what was made, from what, and what was left out."""
    out = console()
    for outcome in outcomes:
        out.print(f"{outcome.question}: {outcome.because}", highlight=False, markup=False)
        if outcome.version is not None:
            for line in lines(outcome.version):
                out.print(f"  {line}", highlight=False, markup=False)


def lines(version: Version) -> list[str]:
    """A candidate in words."""
    card = version.card
    rows = ", ".join(f"{label} {number:,}" for label, number in card["rows"]["desk"].items())
    scores, compared = card["scores"], card.get("compared") or {}
    return [
        f"{version.name} ({version.standing}): {card['recipe']}",
        f"labels: {rows}",
        *(f"left out: {number:,}, {why}" for why, number in card["left_out"].items()),
        *([f"silent, too few to be given: {', '.join(card['silent_labels'])}"] if card["silent_labels"] else []),
        f"held out: {card['held_out']}: {scores['accuracy']:.1%} right of {scores['n']:,}",
        f"beside the one in service: {compared.get('judgement', 'not compared')}, {compared.get('because', '')}",
    ]
