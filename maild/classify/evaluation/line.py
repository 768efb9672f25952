"""Cases and contestants to an evaluation, for one question."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from maild.classify.arrays import Ints
from maild.classify.encoder.sentences import Encoder
from maild.classify.evaluation.answers import score
from maild.classify.evaluation.baselines import always, by_keywords, most_frequent
from maild.classify.evaluation.cases import Case
from maild.classify.evaluation.choosing import Answered, Chosen, answer, choose_cases, groups_of
from maild.classify.evaluation.coverage import wrong_share
from maild.classify.evaluation.evaluation import Evaluation, Happened, Standing
from maild.classify.evaluation.interval import LEAST
from maild.classify.evaluation.measures import measure
from maild.classify.evaluation.question import Contestant, Question
from maild.classify.evaluation.relearning import Relearnt, relearn
from maild.classify.evaluation.scored import numbered
from maild.classify.telling import Tell
from maild.classify.training.desk.content import mark
from maild.classify.training.desk.deciding import compare_services
from maild.errors import Refused

MOST_READ = 0.1
"""Share of the texts that what ships may have learnt from and still be leant on, as in training."""


def evaluate(
    question: Question,
    cases: Sequence[Case],
    *,
    encoder: Encoder | None = None,
    tell: Tell = lambda _: None,
) -> Evaluation:
    """Judge all contestants on the same cases, none of which any of them has learnt from.

    `encoder`: tried where training is repeated, as training does.
    """
    known, left_out = _known(question, cases)
    relearnt, notes = _relearn(question, known, encoder, tell)
    chosen = choose_cases(question, known, relearnt)
    asked = [known[row] for row in chosen.rows.tolist()]
    truth = [case.labels[question.name] for case in asked]
    groups = groups_of(asked, question.name)
    standings: tuple[Standing, ...] = ()
    if chosen.answered and len(np.unique(groups)) >= LEAST:
        tell("counting")
        standings = _judge(question, [*chosen.answered, *_baselines(question, known, chosen.rows)], truth, groups)
    return Evaluation(
        question=question.name,
        texts=len(known),
        labels=_count(question, known),
        how=chosen.how,
        standings=standings,
        notes=(*notes, *_notes(question, chosen, truth, groups)),
        budget=question.budget,
        promise=question.contestants[0].promise if question.contestants else "",
        happened=_happened(question.name, known),
        curve=relearnt.curve if relearnt else (),
        left_out=left_out,
    )


def _known(question: Question, cases: Sequence[Case]) -> tuple[list[Case], dict[str, int]]:
    """The cases whose label the desk has today."""
    labelled = [case for case in cases if question.name in case.labels]
    known = [case for case in labelled if not question.allowed or case.labels[question.name] in question.allowed]
    gone = Counter(case.labels[question.name] for case in labelled) - Counter(c.labels[question.name] for c in known)
    return known, {f"{label} is no {question.name} of this desk today": number for label, number in gone.items()}


def _count(question: Question, known: Sequence[Case]) -> dict[str, int]:
    counts = Counter(case.labels[question.name] for case in known)
    order = [*question.allowed, *sorted(set(counts) - set(question.allowed))]
    return {label: counts[label] for label in order if counts[label]}


def _relearn(
    question: Question, known: Sequence[Case], encoder: Encoder | None, tell: Tell
) -> tuple[Relearnt | None, list[str]]:
    if not question.is_learnt:
        return None, []
    allowed = question.allowed or None
    read = np.isin([mark(case.text) for case in known], question.base_trained_on)
    base = question.base if not len(read) or read.mean() <= MOST_READ else None
    try:
        found = relearn(
            known, question.name, base=base, allowed=allowed, budget=question.budget, tell=tell, encoder=encoder
        )
    except Refused as refused:
        because = str(refused).split(". No model was made", maxsplit=1)[0]
        return None, [f"your own training cannot be judged yet: {because}"]
    return found, []


def _baselines(question: Question, known: Sequence[Case], rows: Ints) -> tuple[Answered, ...]:
    """Rules that need no model; the most frequent label is that of the other cases, where there are any."""
    others = np.setdiff1d(np.arange(len(known)), rows)
    often = most_frequent([known[row].labels[question.name] for row in (others if len(others) else rows).tolist()])
    rules = [Contestant(name="majority", what=f"always {often}", answering=always(often))]
    if question.keywords:
        what = f"the label with most of its words in the text, otherwise {often}"
        rules.insert(0, Contestant(name="keywords", what=what, answering=by_keywords(question.keywords, often)))
    return answer(rules, known, rows)


def _judge(
    question: Question, answered: Sequence[Answered], truth: Sequence[str], groups: Ints
) -> tuple[Standing, ...]:
    """All scores of each contestant, and each beside the first."""
    known = {*truth, *(label for each in answered for label in each.answers.labels)}
    labels = [label for label in question.allowed if label in known]
    labels += sorted(known - set(labels))
    scored = [score(each.answers, truth, groups, labels) for each in answered]
    return tuple(
        Standing(
            name=each.name,
            what=each.what,
            scores=measure(of_each, is_scale=question.is_scale),
            versus=compare_services(scored[0], of_each, question.budget) if number else None,
        )
        for number, (each, of_each) in enumerate(zip(answered, scored, strict=True))
    )


def _notes(question: Question, chosen: Chosen, truth: Sequence[str], groups: Ints) -> list[str]:
    independent = len(np.unique(groups))
    if not question.contestants:
        return [
            "it is answered by header fields first, which labelled texts lack: only what was said at the time is judged"
        ]
    if independent < LEAST:
        return [f"n = {independent}: too few to say; {LEAST} texts that are not alike are needed"]
    if not chosen.answered:
        return [f"nobody is left to be judged: {chosen.how}"]
    if len(set(truth)) == 1:
        return [f"every text is labelled {truth[0]}: nothing can be told about other labels"]
    return []


def _happened(question: str, known: Sequence[Case]) -> tuple[Happened, ...]:
    """What a model said when the mail came in, by who judged it later."""
    asked = [case for case in known if case.said is not None]
    found = []
    for source in sorted({case.source for case in asked}):
        of_source = [case for case in asked if case.source == source]
        wrong = np.array([case.said != case.labels[question] for case in of_source], dtype=bool)
        found.append(Happened(source=source, wrong=wrong_share(wrong, numbered([case.group for case in of_source]))))
    return tuple(found)
