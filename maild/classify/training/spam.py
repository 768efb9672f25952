"""How the model of spam words is made: spam against the ham of every collection, and a very cautious threshold."""

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from maild.classify.arrays import Bools, Floats
from maild.classify.soliciting import solicits
from maild.classify.spam_words import LEAST_PHRASES, is_long_enough, spam_terms
from maild.classify.telling import Tell
from maild.classify.text import model_text
from maild.classify.training.card import write_card, write_model
from maild.classify.training.corpora import rows_of
from maild.classify.training.example import Example
from maild.classify.training.fitting import Fitted, scores
from maild.classify.training.sampling import balance, sample
from maild.classify.training.spam_card import Measured, card
from maild.errors import Refused
from maild.mail.quoting import new_text

_MAIL = "spamassassin"
_LEAST_TEXTS = 15
"""Of real mail; a rarer word tells one campaign."""

_INVERSE_PENALTY = 5.0
_FOLDS = 3
_MOST_WRONG = 0.001
"""Of the ham of a collection that was never seen; the threshold is the least that keeps it in every one."""


def train_spam(examples: Sequence[Example], folder: Path, out: Path, *, seed: int, tell: Tell = lambda _: None) -> None:
    """Write `spam.npz` and `spam.json` into `out`. `examples`: those of `read_corpora`, ham all but real mail.

    Raises Refused where the collection of real mail in `folder` cannot be read.
    """
    ham = [replace(one, labels={"spam": "no"}) for one in examples if one.corpus != _MAIL]
    chosen = sample([*ham, *read_real_mail(folder)], "spam", seed=seed)
    tell(f"spam: reading {len(chosen)} texts")
    vectoriser = TfidfVectorizer(
        analyzer=spam_terms, sublinear_tf=True, vocabulary=_vocabulary(chosen), dtype=np.float64
    )
    rows = vectoriser.fit_transform([one.text for one in chosen])
    held_out = _hold_out(_Fitting(vectoriser=vectoriser, rows=rows, examples=chosen, seed=seed), tell)
    tell("spam: with everything")
    fitted = _fit(vectoriser, rows, chosen, seed=seed)
    write_model(out / "spam.npz", fitted, chosen)
    write_card(out / "spam.json", card(chosen, held_out, terms=len(fitted.weights), most_wrong=_MOST_WRONG, seed=seed))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Fitting:
    vectoriser: TfidfVectorizer
    rows: Any
    examples: Sequence[Example]
    seed: int


def read_real_mail(folder: Path) -> Iterator[Example]:
    """Spam as it came; ham as a desk would read it, without what is quoted. One subject is one group."""
    try:
        for row in rows_of(folder / "spamassassin/train.csv.gz"):
            is_spam = row["label"] == "spam"
            text = model_text(row["subject"], row["text"] if is_spam else new_text(row["text"]))
            group = f"{_MAIL}:{re.sub(r'[^a-z]', '', row['subject'].lower())}"
            kind = "newsletters" if row["folder"].startswith("hard") else "mail"
            labels = {"spam": "yes" if is_spam else "no", "collection": "spam" if is_spam else kind}
            yield Example(text=text, corpus=_MAIL, group=group, labels=labels)
    except (OSError, KeyError, ValueError) as error:
        raise Refused(f"The real mail in {folder} cannot be read: {error}. Nothing was trained.") from error


def _vocabulary(examples: Sequence[Example]) -> list[str]:
    seen = Counter(term for one in examples if one.corpus == _MAIL for term in set(spam_terms(one.text)))
    return sorted(term for term, texts in seen.items() if texts >= _LEAST_TEXTS)


def _fit(vectoriser: TfidfVectorizer, rows: Any, examples: Sequence[Example], *, seed: int) -> Fitted:
    model = LogisticRegression(C=_INVERSE_PENALTY, max_iter=300, tol=1e-4, random_state=seed)
    model.fit(rows, [one.labels["spam"] for one in examples], sample_weight=np.asarray(balance(examples, "spam")))
    weights, intercept = (
        np.vstack([-model.coef_, model.coef_]) / 2,
        np.hstack([-model.intercept_, model.intercept_]) / 2,
    )
    return Fitted(
        vectoriser=vectoriser,
        labels=tuple(map(str, model.classes_)),
        weights=weights.T.astype(np.float16).astype(np.float32),
        intercept=intercept.astype(np.float32),
    )


def _hold_out(fitting: _Fitting, tell: Tell) -> Measured:
    """Score spam in folds, and the ham of every collection by a model that has never seen that collection."""
    corpora = np.array([one.corpus for one in fitting.examples])
    is_spam = np.array([one.labels["spam"] == "yes" for one in fitting.examples])
    fold = np.array([zlib.crc32(one.group.encode()) % _FOLDS for one in fitting.examples])
    found = {name: np.zeros((len(corpora), 2)) for name in ("in_folds", "unseen")}
    for corpus in sorted(set(corpora)):
        tell(f"spam: without the ham of {corpus}")
        part = (corpora == corpus) & ~is_spam
        found["unseen"][part] = _scores_of(fitting, part)
    for number in range(_FOLDS):
        tell(f"spam: without fold {number + 1} of {_MAIL}")
        part = (corpora == _MAIL) & (fold == number)
        found["in_folds"][part] = _scores_of(fitting, part)
    found["in_folds"][corpora != _MAIL] = found["unseen"][corpora != _MAIL]
    found["unseen"][is_spam] = found["in_folds"][is_spam]
    vocabulary = fitting.vectoriser.vocabulary_
    counts = [Counter(spam_terms(one.text)) for one in fitting.examples]
    speaks = [
        is_long_enough(count, vocabulary) and len(solicits(one.text)) >= LEAST_PHRASES
        for count, one in zip(counts, fitting.examples, strict=True)
    ]
    return Measured(in_folds=found["in_folds"], unseen=found["unseen"], is_soliciting=np.array(speaks))


def _scores_of(fitting: _Fitting, part: Bools) -> Floats:
    """Scores of a part by a model of all the others."""
    rest = np.flatnonzero(~part)
    others = [fitting.examples[int(place)] for place in rest]
    return scores(_fit(fitting.vectoriser, fitting.rows[rest], others, seed=fitting.seed), fitting.rows[part])
