"""Technical or not on mail of collections never seen, read as a service reads it: without quotes and signature.

The public mailing list of a product is only ever tested: its first mails ask for help. Beside it stand the business mail
and the general talk and spam of two collections, each told by a model that has seen neither it nor the list.
"""

import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from maild.classify.telling import Tell
from maild.classify.text import model_text
from maild.classify.training.corpora import read_corpora, rows_of
from maild.classify.training.example import Example
from maild.classify.training.fitting import fit, new_vectoriser, scores, shared_terms
from maild.classify.training.sampling import learning_weights, sample
from maild.classify.training.unseen import Unseen, rank
from maild.mail.quoting import new_text

QUESTION, YES = "technical", "yes"
LABELS = ("no", "yes")
_LIST = "mailing list"
_LEAST_CHARACTERS = 12


def unseen_mail(data: Path, tell: Tell) -> Iterator[Unseen]:
    """One row a pair, and one for the collection that has both labels. Raises OSError where the list is not here."""
    chosen = sample(read_corpora(data), QUESTION, seed=1)
    first = list(first_mails(data))
    lists = list(mail_of_lists(data))
    general = [example for example in lists if example.labels[QUESTION] != YES]
    business = [example for example in chosen if example.corpus == "enron"]
    for corpus, tests in (("spamassassin", (lists, [*first, *general])), ("enron", ([*first, *business],))):
        tell(f"{QUESTION}: without {corpus}, on mail as a service reads it")
        yield from _told(tests, [example for example in chosen if example.corpus != corpus])


def mail_of_lists(data: Path) -> Iterator[Example]:
    """What training reads of SpamAssassin's corpus, without quotes and signatures."""
    for row in rows_of(data / "spamassassin/train.csv.gz"):
        text = model_text(row["subject"], new_text(row["text"]))
        is_no = row["label"] == "spam" or row["technical"] == "0"
        if len(text) >= _LEAST_CHARACTERS and (is_no or row["technical"] == "1"):
            yield Example(text=text, corpus="spamassassin", group=text, labels={QUESTION: "no" if is_no else YES})


def first_mails(data: Path) -> Iterator[Example]:
    """The mails of the list that begin a thread."""
    with gzip.open(data / "grase_list/mails_2011_2014.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            text = model_text(row["subject"] or "", new_text(row["body"] or ""))
            if row["mid"] == row["root"] and len(text) >= _LEAST_CHARACTERS:
                yield Example(text=text, corpus=_LIST, group=row["root"], labels={QUESTION: YES})


def _told(tests: Sequence[Sequence[Example]], others: Sequence[Example]) -> Iterator[Unseen]:
    """Each tested by a model of the others, whose terms are theirs alone too."""
    texts = [example.text for example in others]
    vectoriser = new_vectoriser(shared_terms(texts, [example.corpus for example in others]))
    rows = vectoriser.fit_transform(texts)
    fitted = fit(vectoriser, rows, [one.labels[QUESTION] for one in others], learning_weights(others, QUESTION), seed=1)
    for tested in tests:
        found = scores(fitted, vectoriser.transform([example.text for example in tested]))
        yield from rank(tested, QUESTION, YES, found, LABELS)
