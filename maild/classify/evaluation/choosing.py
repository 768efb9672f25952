"""Which cases are asked about, so that nothing is judged by what it has learnt from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from maild.classify.evaluation.answers import Answers, Contestant, of_model
from maild.classify.evaluation.cases import Case, as_examples
from maild.classify.evaluation.question import Learner, Question
from maild.classify.evaluation.relearning import Relearnt
from maild.classify.evaluation.scored import Bools, Ints, numbered
from maild.classify.training.desk.alike import group_alike
from maild.classify.training.desk.content import mark

ENOUGH = 100
"""Independent texts that no model has learnt from, at which the models themselves are judged; below, their training is."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answered:
    """What a contestant says about the chosen cases."""

    name: str
    what: str
    answers: Answers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chosen:
    """The cases that are asked about, and all learnt contestants' or rules' answers."""

    rows: Ints
    """Places in the cases."""

    how: str
    answered: tuple[Answered, ...]


def choose_cases(question: Question, known: Sequence[Case], relearnt: Relearnt | None) -> Chosen:
    """Take the cases that are new to every model, if they are enough; else those that training can hold out."""
    every = np.arange(len(known))
    if not question.learners:
        answered = answer(question.rules, known, every)
        return Chosen(rows=every, how="all of them: what answers here was not learnt from labels", answered=answered)
    learnt_from = _learnt_from(question, known)
    is_new = ~np.any([*learnt_from.values()], axis=0) if len(known) else np.ones(0, dtype=bool)
    if is_new.all() and relearnt is None:
        return Chosen(
            rows=every,
            how="all of them: no model here has learnt from them",
            answered=_models(question.learners, question, known, every),
        )
    if not is_new.all() and (relearnt is None or len(np.unique(groups_of(known, question.name)[is_new])) >= ENOUGH):
        rows = np.flatnonzero(is_new)
        how = "those that no model here has learnt from, and that are like none that it has"
        return Chosen(rows=rows, how=how, answered=_models(question.learners, question, known, rows))
    assert relearnt is not None  # noqa: S101 - the two cases without it are above
    return _held_out(question, known, relearnt, learnt_from)


def answer(
    contestants: Iterable[tuple[str, str, Contestant]], cases: Sequence[Case], rows: Ints
) -> tuple[Answered, ...]:
    """Ask contestants, by name, words and rule, about some of the cases."""
    chosen = [cases[row] for row in rows.tolist()]
    return tuple(Answered(name=name, what=what, answers=ask(chosen)) for name, what, ask in contestants if chosen)


def groups_of(cases: Sequence[Case], question: str) -> Ints:
    """Number the groups: threads and near-duplicates share one."""
    return numbered([example.group for example in group_alike(as_examples(cases, question))])


def _held_out(question: Question, known: Sequence[Case], relearnt: Relearnt, learnt_from: dict[str, Bools]) -> Chosen:
    """Models that have learnt from the held-out cases step back for their training, repeated without them."""
    again = [learner for learner in question.learners if learnt_from[learner.name][relearnt.rows].any()]
    fresh = [learner for learner in question.learners if learner not in again]
    name, what = "your labels", f"what training on them would give: {relearnt.recipe}"
    if again:
        name, what = again[0].name, f"{again[0].what}, its training repeated without the texts that it is asked about"
    order = [learner.name for learner in question.learners] + ["your labels"]
    answered = [
        Answered(name=name, what=what, answers=relearnt.answers),
        *_models(fresh, question, known, relearnt.rows),
    ]
    return Chosen(
        rows=relearnt.rows,
        how=f"held out: {relearnt.how}",
        answered=tuple(sorted(answered, key=lambda each: order.index(each.name))),
    )


def _learnt_from(question: Question, known: Sequence[Case]) -> dict[str, Bools]:
    """Name of a learner to the cases that it, or one of their group, was learnt from."""
    marks = np.array([mark(case.text) for case in known], dtype=np.uint32)
    groups = groups_of(known, question.name)
    return {learner.name: np.isin(groups, groups[np.isin(marks, learner.trained_on)]) for learner in question.learners}


def _models(learners: Sequence[Learner], question: Question, known: Sequence[Case], rows: Ints) -> tuple[Answered, ...]:
    allowed = question.allowed or None
    return answer([(each.name, each.what, of_model(each.model, allowed)) for each in learners], known, rows)
