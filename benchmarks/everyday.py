"""What the shipped models say of everyday mail to a desk that they have not learnt from.

The 300 mails in `everyday_mail.jsonl` were written for it, by two hands that saw the descriptions of the categories and no
model: clients of an in-house desk, and of a software house. Nobody sent them, so they show what is common, and
promise nothing about a desk's own mail. Hands that write alike write the same mail twice: what reads like one that was
learnt is counted with the others, and then left out.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from maild.classify.ask import count
from maild.classify.evaluation.interval import Measured, share
from maild.classify.evaluation.ranking import auc
from maild.classify.line import classify
from maild.classify.linear import read
from maild.classify.models import Models, load
from maild.classify.text import model_text
from maild.classify.training.corpora import WRITTEN
from maild.mail.message import Limits, Mail
from maild.mail.reading import parse
from maild.shipped import folder

MAILS = Path(__file__).with_name("everyday_mail.jsonl")
SPECIFICITY = 0.9
ALIKE = 0.35
"""Cosine of two mails' pieces of four to six letters from which on they say the same thing in much the same words."""


def everyday() -> Iterator[tuple[str, Measured | str]]:
    """How well technical is told, how much of it is sent away, and how much gets a category, rightly or wrongly."""
    models = load(folder("models"))
    rows = [json.loads(line) for line in MAILS.read_text(encoding="utf-8").splitlines()]
    for which, of_kind in (("", rows), (", unlike what was learnt", _unlike(rows))):
        for desk in sorted({row["desk"] for row in rows}):
            some = [row for row in of_kind if row["desk"] == desk]
            mails = [_mail(row["subject"], row["text"]) for row in some]
            yield from _told(desk + which, mails, np.array([row["category"] for row in some]), models)


def _unlike(rows: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Those that are like none of the written mails that the models have learnt from."""
    worlds = [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(WRITTEN.glob("*.toml"))]
    learnt = [mail for world in worlds for mails in world.values() for mail in mails]
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 6), sublinear_tf=True)
    texts = pieces.fit_transform([*learnt, *(f"{row['subject']}\n{row['text']}" for row in rows)])
    nearest = (texts[len(learnt) :] @ texts[: len(learnt)].T).max(axis=1).toarray().ravel()
    return [row for row, likeness in zip(rows, nearest, strict=True) if likeness < ALIKE]


def _told(desk: str, mails: list[Mail], truth: np.ndarray, models: Models) -> Iterator[tuple[str, Measured | str]]:
    is_technical = np.isin(truth, sorted(models.technical_categories))
    verdicts = [{one.question: one.label for one in of_mail} for of_mail in classify(mails, models, ())]
    technical = np.array([said.get("technical") or "" for said in verdicts])
    category = np.array([said.get("category") or "" for said in verdicts])
    leads = np.array([_lead(mail, models) for mail in mails])
    least = np.quantile(leads[~is_technical], SPECIFICITY)
    yield f"{desk}: AUC of technical", f"{auc(leads, is_technical):.3f}  n = {len(mails)}"
    yield f"{desk}: recall at specificity {SPECIFICITY}", _share(leads[is_technical] > least)
    yield f"{desk}: of technical mail surely so", _share(technical[is_technical] == "yes")
    yield f"{desk}: of technical mail sent away", _share(technical[is_technical] == "no")
    yield f"{desk}: of other mail sent away", _share(technical[~is_technical] == "no")
    yield f"{desk}: category given", _share(category != "")
    yield f"{desk}: of these wrong", _share((category != truth)[category != ""])


def _lead(mail: Mail, models: Models) -> float:
    """By how much the model of technical leans to yes."""
    probabilities = read(
        count(model_text(mail.subject, mail.told), mail.language).counts, models.technical
    ).probabilities
    return float(probabilities[models.technical.labels.index("yes")])


def _share(hits: np.ndarray) -> Measured:
    return share(float(hits.sum()), len(hits), len(hits))


def _mail(subject: str, text: str) -> Mail:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "kim@client.example", "support@acme.example", subject
    message.set_content(text)
    return parse(message.as_bytes(), Limits(), ("en", "de", "fr", "es"))
