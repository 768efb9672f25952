"""Training from the desk's database: labels out of it, candidates into it."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain

from maild.classify.encoder.keeping import keeping
from maild.classify.encoder.sentences import Encoder, find_encoder
from maild.classify.serving import REPLIES, TEAM
from maild.classify.text import model_text
from maild.classify.training.desk.handing_off import ByRule, train_teams
from maild.classify.training.desk.history import History, prepare
from maild.classify.training.desk.line import Trained, train_desk
from maild.classify.training.desk.origin import data_digest
from maild.classify.training.desk.placing import train_scale
from maild.classify.training.desk.replying import train_replies
from maild.classify.training.example import Example
from maild.cli.label import user_name
from maild.cli.outcome import UNLABELLED, Outcome
from maild.cli.receiving import by_configuration
from maild.cli.standing import SCALES, Standing, read_standing
from maild.errors import ConfigurationError, Refused
from maild.process.questions import questions_of
from maild.settings.paths import senses_folder
from maild.settings.values import Settings
from maild.store.engine import Store
from maild.store.models import promoting
from maild.store.models.labels import LabelledText, read_examples
from maild.store.models.versions import (
    NewVersion,
    Version,
    add_version,
    list_versions,
)

QUESTIONS = ("technical", "category")
"""Those that a linear model answers."""

ALL = (*QUESTIONS, TEAM, *SCALES, REPLIES)

Tell = Callable[[str], None]


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
    rows = iter(read_history(settings, store, question))
    first = next((row for row in rows if question in row.labels), None)
    if first is None:
        return Outcome(question=question, version=None, because=UNLABELLED, is_done=False, is_labelled=False)
    history = prepare(chain([first], rows), question, allowed=allowed)
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
    with keeping(find_encoder(), senses_folder(settings.folder, os.environ), question, told) as encoder:
        trained = train(history, standing, allowed=allowed, technical_labels=technical, encoder=encoder, tell=told)
    because = f"trained on {len(history.examples):,} labelled texts"
    base = standing.stored if trained.card["base"] else None
    new = NewVersion(content=trained.content, card=trained.card, because=because, base=base)
    actor, now = user_name(), datetime.now(UTC)
    version = store.transact(lambda connection: add_version(connection, new, actor=actor, now=now))
    return Outcome(question=question, version=version, because=because, is_done=True)


def train(
    history: History,
    standing: Standing,
    *,
    allowed: Sequence[str],
    technical_labels: Sequence[str],
    encoder: Encoder | None = None,
    tell: Tell,
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
            error_budget=standing.error_budget, encoder=encoder, tell=tell,
        )  # fmt: skip
    if standing.table is not None:
        serving = replace(standing.table, learnt=champion.model if champion else None)
        return train_scale(history, standing.table, serving=serving, trained_on=trained_on, tell=tell)
    return train_desk(
        history, shipped=standing.shipped, champion=champion, allowed=allowed, technical_labels=technical_labels,
        encoder=encoder, tell=tell,
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
