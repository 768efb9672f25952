"""The questions of an evaluation, each with all that can answer it."""

from collections.abc import Collection, Mapping
from pathlib import Path

from maild.classify.evaluation.answers import Contestant, of_points, of_rule
from maild.classify.evaluation.baselines import MANY, SOON, words_of
from maild.classify.evaluation.cases import Case
from maild.classify.evaluation.question import Question
from maild.classify.intents import read_intents
from maild.classify.points import count_points, read_points
from maild.classify.reply_intent import reply_intent
from maild.cli.evaluating.models import read_learners, read_shipped, with_raised
from maild.process.questions import questions_of
from maild.settings.values import Settings
from maild.store.engine import Connection

LEARNT = ("technical", "category")
SCALES = ("urgency", "impact")
EVERY = (*LEARNT, *SCALES, "priority", "reply_intent", "kind")


def build_questions(connection: Connection | None, settings: Settings, folder: Path) -> list[Question]:
    """Give every question; without a connection the shipped models alone answer. Raises Refused."""
    allowed = {name: tuple(labels) for name, labels in questions_of(settings.categories, settings.priorities).items()}
    return [
        *(_learnt(name, allowed[name], connection, settings, folder) for name in LEARNT),
        *(_scale(name, allowed[name], folder) for name in SCALES),
        _priority(settings, folder),
        _intent(allowed["reply_intent"], folder),
        Question(name="kind", allowed=allowed["kind"]),
    ]


def _learnt(
    name: str, allowed: tuple[str, ...], connection: Connection | None, settings: Settings, folder: Path
) -> Question:
    budget = settings.classify.error_budget
    shipped = read_shipped(folder, name, error_budget=budget)
    if shipped is None:
        return Question(name=name, allowed=allowed)
    learners = (shipped,) if connection is None else read_learners(connection, shipped, error_budget=budget)
    return Question(
        name=name,
        allowed=allowed,
        learners=learners if connection is None else with_raised(connection, learners),
        base=shipped.model,
        keywords=_keywords(settings, name),
        budget=budget,
    )


def _keywords(settings: Settings, question: str) -> Mapping[str, Collection[str]]:
    """The words of the desk's own descriptions of its categories, none of which was learnt."""
    texts: dict[str, str] = {}
    for name, category in settings.categories.items():
        label = name if question == "category" else "yes" if category.technical else "no"
        words = (name.replace("_", " "), category.title, category.description, *category.examples)
        texts[label] = " ".join((texts.get(label, ""), *words))
    return words_of(texts)


def _scale(name: str, allowed: tuple[str, ...], folder: Path) -> Question:
    points = of_points(read_points(folder / f"{name}.json"))
    rules = (("in service", "the table of points over named cues", points),)
    return Question(
        name=name, allowed=allowed, is_scale=True, rules=rules, keywords=SOON if name == "urgency" else MANY
    )


def _priority(settings: Settings, folder: Path) -> Question:
    tables = [read_points(folder / f"{name}.json") for name in SCALES]
    matrix = settings.priorities.matrix
    allowed = tuple(str(priority) for priority in sorted(set(matrix.values())))

    def rule(case: Case) -> str | None:
        urgency, impact = (int(count_points(case.whole, table).label or 0) for table in tables)
        found = matrix.get((urgency, impact))
        return None if found is None else str(found)

    contestant: Contestant = of_rule(rule, allowed, otherwise=str(settings.priorities.undecided))
    what = "the matrix over the points of urgency and impact"
    return Question(name="priority", allowed=allowed, is_scale=True, rules=(("in service", what, contestant),))


def _intent(allowed: tuple[str, ...], folder: Path) -> Question:
    intents = read_intents(folder / "reply_intent.json")
    rule = of_rule(lambda case: reply_intent(case.new_text, intents).label, allowed, otherwise="information")
    return Question(
        name="reply_intent", allowed=allowed, rules=(("in service", "phrases of four languages, weighed", rule),)
    )
