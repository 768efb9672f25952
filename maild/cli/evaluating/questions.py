"""The questions of an evaluation, each with all that can answer it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from maild.classify.ask import count
from maild.classify.broken import reading_shipped
from maild.classify.encoder.sentences import Encoder
from maild.classify.evaluation.answers import Answering, of_model, of_points, of_rule
from maild.classify.evaluation.baselines import MANY, SOON, one_by_keywords, words_of
from maild.classify.evaluation.cases import Case
from maild.classify.evaluation.question import Contestant, Question
from maild.classify.intent.intents import Intents, read_intents
from maild.classify.intent.reply_intent import reply_intent
from maild.classify.intent.reply_learnt import CLOSES, with_labels
from maild.classify.points import Points, read_points
from maild.classify.scale import place
from maild.classify.text import model_text
from maild.cli.evaluating.models import Judged, raise_shipped, read_shipped, read_versions
from maild.cli.receiving import by_configuration
from maild.process.questions import questions_of
from maild.settings.values import Settings
from maild.store.engine import Connection

Table = TypeVar("Table", Points, Intents)

LEARNT = ("technical", "category")
SCALES = ("urgency", "impact")
TABLE = "the table of points over named cues"


def build_questions(
    wanted: Collection[str],
    connection: Connection,
    settings: Settings,
    folder: Path,
    encoder: Encoder | None = None,
) -> list[Question]:
    """Give the wanted questions; `folder` holds what ships. Raises Refused where a shipped model is missing or broken.

    `encoder`: what finds again what it has read, for the versions that read by it.
    """
    labels = questions_of(settings.categories, settings.priorities, settings.team)
    allowed = {name: tuple(of_question) for name, of_question in labels.items()}
    builders: Mapping[str, Callable[[], Question]] = {
        **{
            name: partial(_learnt, name, allowed[name], connection, settings, folder, encoder=encoder)
            for name in LEARNT
        },
        **{name: partial(_scale, name, allowed[name], connection, settings, folder) for name in SCALES},
        "team": partial(_teams, allowed["team"], connection, settings, encoder),
        "priority": partial(_priority, connection, settings, folder),
        "reply_intent": partial(_intent, allowed["reply_intent"], connection, settings, folder),
        "kind": partial(Question, name="kind", allowed=allowed["kind"]),
    }
    return [build() for name, build in builders.items() if name in wanted]


def _learnt(
    name: str,
    allowed: tuple[str, ...],
    connection: Connection,
    settings: Settings,
    folder: Path,
    *,
    encoder: Encoder | None,
) -> Question:
    budget = settings.classify.error_budget
    shipped = read_shipped(folder, name, error_budget=budget)
    versions = read_versions(connection, name, error_budget=budget)
    last = raise_shipped(connection, shipped)
    judged = [*versions, last] if _serves(versions) else [replace(last, name="in service"), *versions]
    return Question(
        name=name,
        allowed=allowed,
        contestants=tuple(_contestant(each, of_model(each.model.reading_by(encoder), allowed), shipped) for each in judged),
        is_learnt=True,
        base=shipped.model,
        base_trained_on=shipped.trained_on,
        keywords=_keywords(settings, name),
        budget=budget,
    )  # fmt: skip


def _contestant(judged: Judged, answering: Answering, shipped: Judged | None = None) -> Contestant:
    return Contestant(
        name=judged.name,
        what=judged.what,
        answering=answering,
        trained_on=judged.trained_on,
        is_desks=shipped is None or judged.what != shipped.what,
        held_out=judged.held_out,
        promise=judged.promise,
    )


def _serves(versions: Collection[Judged]) -> bool:
    return any(each.name == "in service" for each in versions)


def _keywords(settings: Settings, question: str) -> Mapping[str, Collection[str]]:
    """The words of the desk's own descriptions of its categories, none of which was learnt."""
    texts: dict[str, str] = {}
    for name, category in settings.categories.items():
        label = name if question == "category" else "yes" if category.technical else "no"
        words = (name.replace("_", " "), category.title, category.description, *category.examples)
        texts[label] = " ".join((texts.get(label, ""), *words))
    return words_of(texts)


def _table(read: Callable[[Path], Table], file: Path) -> Table:
    with reading_shipped(file):
        return read(file)


def _scale(
    name: str, allowed: tuple[str, ...], connection: Connection, settings: Settings, folder: Path
) -> Question:  # fmt: skip
    points = _table(read_points, folder / f"{name}.json")
    versions = read_versions(connection, name, error_budget=settings.classify.error_budget)
    table = Contestant(name="table" if _serves(versions) else "in service", what=TABLE, answering=of_points(points))
    learnt = [_contestant(each, of_points(replace(points, learnt=each.model))) for each in versions]
    return Question(
        name=name,
        allowed=allowed,
        is_scale=True,
        contestants=(*learnt, table) if _serves(versions) else (table, *learnt),
        keywords=SOON if name == "urgency" else MANY,
    )


def _teams(
    allowed: tuple[str, ...], connection: Connection, settings: Settings, encoder: Encoder | None
) -> Question:  # fmt: skip
    """What the configuration says of its teams, and the versions that have learnt from hand-offs."""
    receive, budget = by_configuration(settings), settings.classify.error_budget
    front = settings.desk.front_team or ""
    rule = of_rule(lambda case: receive(case.whole, case.language) or front or None, allowed, otherwise=front)
    versions = read_versions(connection, "team", error_budget=budget)
    what = "the category that the shipped model sees, the teams' own words, and front_team"
    configured = Contestant(name="configuration" if _serves(versions) else "in service", what=what, answering=rule)
    learnt = [_contestant(each, of_model(each.model.reading_by(encoder), allowed)) for each in versions]
    return Question(
        name="team",
        allowed=allowed,
        contestants=(*learnt, configured) if _serves(versions) else (configured, *learnt),
        is_learnt=True,
        budget=budget,
    )


def _priority(connection: Connection, settings: Settings, folder: Path) -> Question:
    """The matrix over what answers urgency and impact now."""
    scales = [_in_service(name, connection, settings, folder) for name in SCALES]
    matrix = settings.priorities.matrix
    allowed = tuple(str(priority) for priority in sorted(set(matrix.values())))
    undecided = str(settings.priorities.undecided)

    def by_matrix(urgency: str | None, impact: str | None) -> str | None:
        found = matrix.get((int(urgency or 0), int(impact or 0)))
        return None if found is None else str(found)

    def in_service(case: Case) -> str | None:
        counted = count(case.text, case.language)
        return by_matrix(*(place(case.whole, counted, points).label for points, _ in scales))

    def by_words(case: Case) -> str | None:
        return by_matrix(*(one_by_keywords(words, case) or "2" for words in (SOON, MANY)))

    serving = Contestant(
        name="in service",
        what="the matrix over what answers urgency and impact",
        answering=of_rule(in_service, allowed, otherwise=undecided),
        trained_on=np.union1d(*(marks for _, marks in scales)),
    )
    words = of_rule(by_words, allowed, otherwise=undecided)
    keywords = Contestant(name="keywords", what="the matrix over a few words for urgency and impact", answering=words)
    return Question(name="priority", allowed=allowed, is_scale=True, contestants=(serving, keywords))


def _in_service(
    name: str, connection: Connection, settings: Settings, folder: Path
) -> tuple[Points, npt.NDArray[np.uint32]]:
    """The table, with what was learnt on top of it where that serves, and marks of what it was learnt from."""
    points = _table(read_points, folder / f"{name}.json")
    for each in read_versions(connection, name, error_budget=settings.classify.error_budget):
        if each.name == "in service":
            return replace(points, learnt=each.model), each.trained_on
    return points, np.zeros(0, dtype=np.uint32)


def _intent(allowed: tuple[str, ...], connection: Connection, settings: Settings, folder: Path) -> Question:
    """The phrases alone, and with the versions that have learnt beside them."""
    intents = _table(read_intents, folder / "reply_intent.json")
    phrases = _by_intents("in service", "phrases of four languages, weighed", intents, allowed)
    versions = [
        replace(
            _by_intents(each.name, f"the phrases and {each.what}", replace(intents, learnt=each.model), allowed),
            trained_on=each.trained_on,
            promise=each.promise,
            held_out=each.held_out,
        )
        for each in read_versions(connection, "reply_intent", error_budget=settings.classify.error_budget)
    ]
    serves = any(each.name == "in service" for each in versions)
    judged = [*versions, replace(phrases, name="shipped")] if serves else [phrases, *versions]
    return Question(name="reply_intent", allowed=allowed, contestants=tuple(judged))


def _by_intents(name: str, what: str, intents: Intents, allowed: tuple[str, ...]) -> Contestant:
    def rule(case: Case) -> str | None:
        said = reply_intent(case.new_text, intents)
        said = with_labels(said, count(model_text("", case.new_text), case.language), intents.learnt)
        is_left = said.label == CLOSES and said.beside  # as the desk does: a person reads what stands beside it
        return None if is_left else said.label

    return Contestant(name=name, what=what, answering=of_rule(rule, allowed, otherwise="information"))
