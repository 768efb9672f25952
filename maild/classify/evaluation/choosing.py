"""Which cases are asked about, so that nothing is judged by what it has learnt from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from maild.classify.arrays import Bools, Ints
from maild.classify.evaluation.answers import Answers
from maild.classify.evaluation.cases import Case, as_examples
from maild.classify.evaluation.interval import LEAST
from maild.classify.evaluation.question import Contestant, Question
from maild.classify.evaluation.relearning import Relearnt
from maild.classify.evaluation.scored import numbered
from maild.classify.training.desk.alike import group_alike
from maild.classify.training.desk.content import mark

ENOUGH = 100
"""Independent new texts at which the models themselves are judged; below, their training is, where it can be repeated."""

YOURS = "your labels"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answered:
    """What a contestant says about the chosen cases."""

    name: str
    what: str
    answers: Answers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chosen:
    """The cases that are asked about, and the answers of all who may be asked."""

    rows: Ints
    """Places in the cases."""

    how: str
    answered: tuple[Answered, ...]


def choose_cases(question: Question, known: Sequence[Case], relearnt: Relearnt | None) -> Chosen:
    """Take all cases or those that are new to every model, if they are enough; else those that training can hold out."""
    groups, every = groups_of(known, question.name), np.arange(len(known))
    learnt_from = {each.name: _learnt_from(each, known, groups) for each in question.contestants}
    is_new = ~np.any([np.zeros(len(known), dtype=bool), *learnt_from.values()], axis=0)
    independent = len(np.unique(groups[is_new]))
    if relearnt is not None and (is_new.all() or independent < ENOUGH):
        return _held_out(question, known, relearnt, learnt_from)
    if is_new.all():
        how = "all of them: nothing that answers here has learnt from them"
        return Chosen(rows=every, how=how, answered=answer(question.contestants, known, every))
    if independent >= LEAST:
        rows = np.flatnonzero(is_new)
        how = "those that no model here has learnt from, nor from a near-duplicate or a mail of their thread among them"
        return Chosen(rows=rows, how=how, answered=answer(question.contestants, known, rows))
    back = [each for each in question.contestants if learnt_from[each.name].any()]
    stay = [each for each in question.contestants if each not in back]
    told = "; ".join(
        f"{each.what} learnt from these very texts, and its card says: {each.held_out or 'nothing'}" for each in back
    )
    how = f"all of them, and some are not asked: {told}"
    return Chosen(rows=every, how=how, answered=answer(stay, known, every))


def answer(contestants: Iterable[Contestant], cases: Sequence[Case], rows: Ints) -> tuple[Answered, ...]:
    """Ask contestants about some of the cases."""
    chosen = [cases[row] for row in rows.tolist()]
    return tuple(Answered(name=one.name, what=one.what, answers=one.answering(chosen)) for one in contestants if chosen)


def groups_of(cases: Sequence[Case], question: str) -> Ints:
    """Number the groups: threads and near-duplicates share one."""
    return numbered([example.group for example in group_alike(as_examples(cases, question))])


def _held_out(question: Question, known: Sequence[Case], relearnt: Relearnt, learnt_from: dict[str, Bools]) -> Chosen:
    """Models that have learnt from the held-out cases step back for their training, repeated without them."""
    again = [each for each in question.contestants if learnt_from[each.name][relearnt.rows].any()]
    fresh = [each for each in question.contestants if each not in again]
    name, what = YOURS, f"what training on them would give: {relearnt.recipe}"
    desks = [each for each in again if each.is_desks]
    if desks:
        name, what = desks[0].name, f"{desks[0].what}, its training repeated without the texts that it is asked about"
    gone = [each.what for each in again if each not in desks[:1]]
    how = f"held out: {relearnt.how}" + "".join(f"; {each} is not asked, it has learnt from them" for each in gone)
    order = [*(each.name for each in question.contestants), YOURS]
    answered = [Answered(name=name, what=what, answers=relearnt.answers), *answer(fresh, known, relearnt.rows)]
    return Chosen(
        rows=relearnt.rows,
        how=how,
        answered=tuple(sorted(answered, key=lambda each: order.index(each.name))),
    )


def _learnt_from(contestant: Contestant, known: Sequence[Case], groups: Ints) -> Bools:
    """The cases that it, or one of their group, was learnt from."""
    marks = np.array([mark(case.text) for case in known], dtype=np.uint32)
    return np.asarray(np.isin(groups, groups[np.isin(marks, contestant.trained_on)]))
