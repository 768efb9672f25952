"""Training from the desk's database: labels out of it, candidates into it."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain

from maild.classify.encoder.keeping import Shelf, keeping, prune, tidy
from maild.classify.encoder.kept_file import mark_of
from maild.classify.encoder.sentences import Encoder, find_encoder, reading_of, reading_on
from maild.classify.serving import REPLIES, TEAM
from maild.classify.telling import Tell
from maild.classify.text import model_text
from maild.classify.training.desk.handing_off import ByRule, train_teams
from maild.classify.training.desk.history import History, prepare
from maild.classify.training.desk.line import Trained, train_desk
from maild.classify.training.desk.origin import data_digest
from maild.classify.training.desk.placing import train_scale
from maild.classify.training.desk.replying import train_replies
from maild.classify.training.desk.senses import senses_of
from maild.classify.training.example import Example
from maild.cli.label import user_name
from maild.cli.outcome import UNLABELLED, Outcome
from maild.cli.receiving import by_configuration
from maild.cli.standing import SCALES, Standing, read_standing
from maild.errors import ConfigurationError, NotFound, Refused
from maild.process.questions import questions_of
from maild.settings.paths import senses_folder
from maild.settings.values import Settings
from maild.store.engine import Connection, Store
from maild.store.erasing.erasures import newest_forgetting
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

OVERTAKEN = (
    "somebody was forgotten while it was trained, and it may have learnt from their texts: the model was not kept. "
    "What is in service stays. Train again: maild train"
)


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

    def told(step: str) -> None:
        tell(f"{question}: {step}")

    told("reading the labels")
    allowed = questions_of(settings.categories, settings.priorities, settings.team)[question]
    shelf = open_shelf(settings, store, told)  # before the labels are read
    tidy(shelf, ALL)
    rows = _pruned(read_history(settings, store, question), shelf, question)
    first = next((row for row in rows if question in row.labels), None)
    if first is None:
        return Outcome(question=question, version=None, because=UNLABELLED, is_done=False, is_labelled=False)
    history = prepare(chain([first], rows), question, allowed=allowed)
    standing = read_standing(store, question, error_budget=settings.classify.error_budget)
    if question == TEAM:
        standing = replace(standing, by_rule=rule_of(settings), front=settings.desk.front_team)
    found = find_encoder()
    same = find_same(store, history, standing, found)
    if same is not None and not again:
        because = f"nothing has changed since {same.name} was trained; --again trains anyway"
        return Outcome(question=question, version=same, because=because, is_done=True)
    technical = [each.name for each in settings.categories.values() if each.technical]
    with keeping(found, shelf, question) as encoder:
        trained = train(history, standing, allowed=allowed, technical_labels=technical, encoder=encoder, tell=told)
    because = f"trained on {len(history.examples):,} labelled texts"
    base = standing.stored if trained.card["base"] else None
    new = NewVersion(content=trained.content, card=trained.card, because=because, base=base)
    version = keep_version(store, new, since=shelf.forgotten)
    return Outcome(question=question, version=version, because=because, is_done=True)


def keep_version(store: Store, new: NewVersion, *, since: int) -> Version:
    """Keep a candidate, unless somebody was forgotten after its labels were read: then Refused, and nothing is kept."""
    actor, now = user_name(), datetime.now(UTC)

    def keep(connection: Connection) -> Version:
        if newest_forgetting(connection) != since:
            raise Refused(OVERTAKEN)
        return add_version(connection, new, actor=actor, now=now)

    # Serial, as forgetting is: otherwise it could be under way, see no version yet, and not be seen.
    return store.transact(keep, serial=True)


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
    if champion is not None:  # where texts are too many to learn from it is asked yet
        champion = replace(champion, model=champion.model.reading_by(encoder))
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


def open_shelf(settings: Settings, store: Store, tell: Tell) -> Shelf:
    """Where what the sentence encoder reads is kept."""

    def newest() -> int:
        with store.read() as connection:
            return newest_forgetting(connection)

    folder = senses_folder(settings.folder, os.environ)
    return Shelf(folder=folder, forgotten=newest(), newest=newest, tell=tell)


def _pruned(examples: Iterable[Example], shelf: Shelf, question: str) -> Iterator[Example]:
    """The same; at their end what is kept of other texts goes, whatever becomes of the training."""
    marks = set()
    for each in examples:
        marks.add(mark_of(each.text))
        yield each
    prune(shelf, question, marks)


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


def find_same(store: Store, history: History, standing: Standing, encoder: Encoder | None) -> Version | None:
    """The version that has learnt from the very same labels, on the same shipped model, by the same sentence encoder."""
    made_of = data_digest(history.examples, history.question), standing.shipped_digest, _reading(history, encoder)
    with store.read() as connection:
        versions = list_versions(connection, history.question)
    of_each = ((each, (each.data_digest, each.card.get("shipped"), reading_on(each.card))) for each in versions)
    return next((each for each, of_this in of_each if of_this == made_of), None)


def _reading(history: History, encoder: Encoder | None) -> str | None:
    """By what training would read the texts; None: by no encoder."""
    is_tried = (
        history.question in (*QUESTIONS, TEAM)
        and senses_of([each.text for each in history.examples], encoder) is not None
    )
    return reading_of(encoder) if encoder is not None and is_tried else None


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
    except (Refused, NotFound) as refused:
        said = f"{outcome.because}; {refused}"
    else:
        said = f"{outcome.because}; in service now"
    return Outcome(question=outcome.question, version=version, because=said, is_done=True)
