"""The collections of labelled texts: what each one says about our questions, and nothing that it does not say."""

import csv
import gzip
import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from maild.classify.text import model_text
from maild.classify.training.example import Example
from maild.classify.training.intents import (
    BILLING_BANKING,
    BILLING_CLINC,
    HR_CLINC,
    MULTIDOGO,
    OTHER_CLINC,
    UNCLEAR_BANKING,
    UNCLEAR_CLINC,
)
from maild.classify.training.relabel import topic_in_words, topic_of_software
from maild.errors import Refused

_ENDAVA = {
    "Access": "access",
    "Administrative rights": "software",
    "HR Support": "hr",
    "Hardware": "hardware",
    "Purchase": "purchase",
    "Storage": "storage",
}
"""Its Miscellaneous and Internal Project say nothing about a client's issue."""

TECHNICAL_LABELS = ("access", "email", "hardware", "network", "software", "storage")
"""The categories that are technical."""

WRITTEN = Path(__file__).with_name("written")
"""Mails to a desk that were written for maild, a file for each world that its clients live in."""

WRITTEN_CORPORA = "written/"
"""How the names of these collections begin: each world has another author, and is a collection of its own."""

_LEAST_CHARACTERS = 12
"""Greetings and single words are about nothing."""


def read_corpora(folder: Path) -> list[Example]:
    """Read every collection in `folder`. Raises Refused where one is missing."""
    readers = (_endava, _multidogo, _spamassassin, _enron, _clinc, _banking, _hadoop)
    try:
        found = [*_written(), *(example for reader in readers for example in reader(folder))]
    except (OSError, KeyError, ValueError) as error:
        raise Refused(f"The training data in {folder} cannot be read: {error}. Nothing was trained.") from error
    return [example for example in found if len(example.text) >= _LEAST_CHARACTERS and example.labels]


def data_digest(examples: Iterable[Example]) -> str:
    """SHA-256 of all texts and labels in their order: two models of one digest have read the same."""
    digest = hashlib.sha256()
    for example in examples:
        digest.update(repr((example.corpus, example.text, sorted(example.labels.items()))).encode())
    return digest.hexdigest()


def rows_of(file: Path) -> Iterator[dict[str, str]]:
    """The rows of a packed table, whose texts may be long. Raises OSError."""
    csv.field_size_limit(10_000_000)
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _example(corpus: str, subject: str, body: str, labels: Mapping[str, str], group: str = "") -> Example:
    text = model_text(subject, body)
    return Example(text=text, corpus=corpus, group=group or f"{corpus}:{text}", labels=labels)


def _written() -> Iterator[Example]:
    """Mails that come with maild, for what the collections have few texts of. Of several lines the first is the subject."""
    for file in sorted(WRITTEN.glob("*.toml")):
        for category, mails in tomllib.loads(file.read_text(encoding="utf-8")).items():
            labels = {"category": category, "technical": "yes" if category in TECHNICAL_LABELS else "no"}
            for mail in mails:
                head, _, rest = mail.partition("\n")
                subject, body = (head, rest) if rest else ("", mail)
                yield _example(f"{WRITTEN_CORPORA}{file.stem}", subject, body, labels)


def _endava(folder: Path) -> Iterator[Example]:
    for row in rows_of(folder / "endava_tickets/train.csv.gz"):
        labels = {}
        if row["technical"]:
            labels["technical"] = "yes" if row["technical"] == "1" else "no"
        if row["category"] in _ENDAVA:
            topic = topic_in_words(row["text"], _ENDAVA[row["category"]])
            labels |= {"category": topic} if topic else {}
        yield _example("endava", "", row["text"], labels, f"endava:{row['near_duplicate_group']}")


def _multidogo(folder: Path) -> Iterator[Example]:
    for row in rows_of(folder / "multidogo/train.csv.gz"):
        labels = MULTIDOGO.get((row["domain"], row["intent"]))
        if labels is not None:
            if labels.get("category") == "software":
                labels = {**labels, "category": topic_of_software(row["text"])}
            yield _example("multidogo", "", row["text"], labels)


def _spamassassin(folder: Path) -> Iterator[Example]:
    for row in rows_of(folder / "spamassassin/train.csv.gz"):
        if row["label"] == "spam" or row["technical"] == "0":
            labels = {"technical": "no", "category": "other"}
        elif row["technical"] == "1":
            labels = {"technical": "yes"}
        else:
            continue
        yield _example("spamassassin", row["subject"], unquoted(row["text"]), labels)


def _enron(folder: Path) -> Iterator[Example]:
    for row in rows_of(folder / "enron_intent/train.csv.gz"):
        yield _example("enron", "", row["text"], {"technical": "no", "category": "other"})


def _clinc(folder: Path) -> Iterator[Example]:
    for row in rows_of(folder / "clinc150/train.csv.gz"):
        intent = row["intent"]
        if intent in UNCLEAR_CLINC:
            continue
        labels = {"technical": "no"}
        for category, intents in (("billing", BILLING_CLINC), ("hr", HR_CLINC), ("other", OTHER_CLINC)):
            if intent in intents:
                labels["category"] = category
        yield _example("clinc", "", row["text"], labels)


def _banking(folder: Path) -> Iterator[Example]:
    for row in rows_of(folder / "banking77/train.csv.gz"):
        if row["intent"] in UNCLEAR_BANKING:
            continue
        labels = {"technical": "no"}
        if row["intent"] in BILLING_BANKING:
            labels["category"] = "billing"
        yield _example("banking77", "", row["text"], labels)


def _hadoop(folder: Path) -> Iterator[Example]:
    for row in rows_of(folder / "hadoop_bugs/bugs.csv.gz"):
        labels = {"technical": "yes", "category": "software"}
        yield _example("hadoop", row["summary"], row["description"], labels)


def unquoted(text: str) -> str:
    """Of a mail what is new: a service reads that, so training does too."""
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
