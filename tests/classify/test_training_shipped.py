"""How the shipped models are made: kin words, what is held out, and what the written sentences may do."""

import json
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest

from maild.classify.ask import count
from maild.classify.because import telling_words
from maild.classify.content import read_arrays
from maild.classify.linear import LinearModel, read
from maild.classify.terms import about, is_about, terms
from maild.classify.text import model_text
from maild.classify.training.concepts import CONCEPT_WORDS, CONCEPTS, concepts_of
from maild.classify.training.corpora import WRITTEN
from maild.classify.training.desk.content import mark
from maild.classify.training.example import Example
from maild.classify.training.fitting import Fitted, fit, new_vectoriser, scores, shared_terms
from maild.classify.training.line import train
from maild.classify.training.sampling import balance, learning_weights
from maild.classify.training.spam import read_real_mail
from maild.classify.training.unseen import leave_out_whole
from tests.support.places import MODELS, ROOT, SENTENCES

CATEGORIES = {file.stem for file in (ROOT / "config" / "categories").glob("*.toml")}
EVERYDAY = ROOT / "benchmarks" / "everyday_mail.jsonl"
MADE_ANEW = (
    "the code or the sentences have changed since: make the shipped models anew, with `maild train --data FOLDER`"
)
TAUGHT = {"yes": ("printer", "laptop", "server", "router"), "no": ("invoice", "salary", "contract", "flight")}


def two_desks() -> list[Example]:
    """Two collections that name different things of the same kinds."""
    chance = np.random.default_rng(5)
    found = []
    for corpus in ("bank", "school"):
        for label, words in TAUGHT.items():
            for number in range(60):
                text = " ".join(chance.choice([*words, "giraffe", "monkey", "zebra"], size=8))
                found.append(
                    Example(text=text, corpus=corpus, group=f"{corpus}{label}{number}", labels={"technical": label})
                )
    return found


def learnt() -> Fitted:
    examples = two_desks()
    texts = [example.text for example in examples]
    vectoriser = new_vectoriser(shared_terms(texts, [example.corpus for example in examples]))
    rows = vectoriser.fit_transform(texts)
    answers = [example.labels["technical"] for example in examples]
    return fit(vectoriser, rows, answers, learning_weights(examples, "technical"), seed=1)


def test_a_word_that_no_text_has_weighs_what_its_kin_do() -> None:
    fitted = learnt()
    assert "headset" not in {word for example in two_desks() for word in example.text.split()}
    for word, label in (("headset", "yes"), ("ethernet", "yes"), ("payslip", "no"), ("refund", "no")):
        of_word = scores(fitted, fitted.vectoriser.transform([word]))[0]
        assert fitted.labels[int(of_word.argmax())] == label


def test_every_list_of_kin_words_has_words_that_a_model_counts() -> None:
    assert {concept for word in CONCEPT_WORDS for concept in concepts_of(word)} == set(CONCEPTS)
    assert all(is_about(word) or len(terms(word)) for word in CONCEPT_WORDS)


@pytest.mark.parametrize(("word", "concept"), [("printers", "device"), ("switches", "network"), ("refunds", "money")])
def test_a_word_in_the_plural_is_on_the_list_of_its_singular(word: str, concept: str) -> None:
    assert concept in concepts_of(word)


def test_a_word_of_nothing_is_on_no_list() -> None:
    assert concepts_of("giraffe") == frozenset()


def test_a_model_of_words_and_pairs_reads_the_same_from_a_part_of_the_terms() -> None:
    fitted = learnt()
    names = fitted.vectoriser.get_feature_names_out().tolist()
    model = LinearModel(
        question="technical", labels=fitted.labels, silent=frozenset(), languages=("en",),
        vocabulary={word: place for place, word in enumerate(names)}, idf=fitted.vectoriser.idf_.astype(np.float32),
        weights=fitted.weights, intercept=fitted.intercept, temperature=1.0, thresholds=(0.5, 0.5),
    )  # fmt: skip
    counted = count("the laptop with the printer, no server and an invoice for the printer", "en")
    whole, part = read(counted.counts, model), read(counted.about, model)
    assert np.allclose(whole.probabilities, part.probabilities)
    assert telling_words(counted.tokens, whole, 1) == telling_words(counted.tokens, part, 1)
    assert Counter(about("laptop printers fail")) == {
        term: times for term, times in Counter(terms("laptop printers fail")).items() if is_about(term)
    }


def test_written_mails_are_of_the_categories_of_the_configuration_and_none_stands_twice() -> None:
    mails = [mail for world in written_worlds() for of_category in world.values() for mail in of_category]
    assert all(set(world) == CATEGORIES for world in written_worlds())
    assert len(mails) == len(set(mails))


def test_no_label_of_few_texts_outweighs_the_others() -> None:
    rare = Example(text="one", corpus="bank", group="one", labels={"technical": "perhaps"})
    weights = balance([*two_desks(), rare], "technical")
    assert weights[-1] <= 20
    assert weights[-1] > weights[0]


def test_half_of_what_is_learnt_of_a_label_comes_from_written_mails_where_collections_have_it_too() -> None:
    def said(label: str, corpus: str, times: int) -> list[Example]:
        texts = [f"{corpus} {number}" for number in range(times)]
        return [Example(text=text, corpus=corpus, group=text, labels={"technical": label}) for text in texts]

    examples = [
        *said("yes", "bank", 300),
        *said("yes", "school", 80),
        *said("yes", "written/ward", 40),
        *said("no", "written/ward", 40),
    ]
    shares: defaultdict[tuple[str, str], float] = defaultdict(float)
    for example, weight in zip(examples, learning_weights(examples, "technical"), strict=True):
        shares[example.labels["technical"], example.corpus] += weight
    assert shares["yes", "written/ward"] == pytest.approx(shares["yes", "bank"] + shares["yes", "school"])
    assert shares["yes", "bank"] == pytest.approx(shares["yes", "school"] * (300 / 80) ** 0.5)
    assert shares["no", "written/ward"] == pytest.approx(len(examples) / 2), "where nothing else has it, all of it"


def test_a_collection_left_out_whole_is_told_with_its_number_of_texts() -> None:
    told = leave_out_whole(two_desks(), "technical", "yes", seed=1, tell=lambda _: None)
    assert [unseen.name for unseen in told] == ["bank", "school"]
    assert all(unseen.auc.value > 0.95 and unseen.auc.n == 120 for unseen in told)
    assert all(unseen.recall.n == 60 for unseen in told)


def test_a_shipped_model_never_gives_what_it_believes_wrong_too_often(tmp_path: Path) -> None:
    train(two_desks(), "technical", tmp_path, seed=1)
    thresholds = json.loads((tmp_path / "technical.json").read_text())["thresholds"]
    for budget, of_labels in thresholds.items():
        assert min(of_labels.values()) >= 1 - 4 * float(budget)


@pytest.mark.parametrize("question", ["technical", "category", "spam"])
def test_the_shipped_models_have_learnt_from_the_written_mails_as_they_stand(question: str) -> None:
    mails = [mail for world in written_worlds() for of_category in world.values() for mail in of_category]
    texts = [model_text(*mail.split("\n", 1)) if "\n" in mail else model_text("", mail) for mail in mails]
    long_enough = {mark(text) for text in texts if len(text) >= 12}
    assert long_enough <= marks_of(question), MADE_ANEW


@pytest.mark.parametrize("question", ["technical", "category", "spam"])
def test_the_shipped_models_have_not_learnt_from_the_mails_that_judge_them(question: str) -> None:
    rows = [json.loads(line) for line in EVERYDAY.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 300
    assert not {mark(model_text(row["subject"], row["text"])) for row in rows} & marks_of(question)


def test_the_shipped_model_of_spam_has_read_its_mail_as_mail_is_read_today() -> None:
    read_today = {mark(example.text) for example in read_real_mail(SENTENCES)}
    assert len(read_today) == 54
    assert read_today <= marks_of("spam"), MADE_ANEW


def written_worlds() -> list[dict[str, list[str]]]:
    """Category to mails, of each world."""
    return [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(WRITTEN.glob("*.toml"))]


def marks_of(question: str) -> set[int]:
    content = (MODELS / f"{question}.npz").read_bytes()
    return set(read_arrays(content)["trained_on"].tolist())
