"""How a desk's texts become numbers: words beside pieces, and terms that tell labels from each other."""

import numpy as np

from maild.classify.training.desk.counting import count_texts
from maild.classify.training.desk.weighing import Weighing, weigh

TEXTS = (
    "the vpn fails",
    "the vpn drops",
    "the vpn hangs",
    "the invoice is wrong",
    "the invoice is late",
    "the invoice",
)
ANSWERS = np.array([0, 0, 0, 1, 1, 1], dtype=np.int64)
ALL = np.arange(len(TEXTS))


def weight(weighing: Weighing, term: str) -> float:
    """What one term weighs."""
    return float(weighing.idf[weighing.words.index(term)])


def test_a_word_weighs_twice_its_pieces() -> None:
    weighing = weigh(count_texts(TEXTS), ALL)
    assert weight(weighing, "vpn") == 2 * weight(weighing, "~vpn")


def test_a_term_that_tells_labels_gains_on_one_that_stands_everywhere() -> None:
    counts = count_texts(TEXTS)
    plain, sharpened = weigh(counts, ALL), weigh(counts, ALL, ANSWERS)
    gained = {term: weight(sharpened, term) / weight(plain, term) for term in ("vpn", "invoice", "the")}
    assert min(gained["vpn"], gained["invoice"]) > 2 * gained["the"]


def test_a_term_that_a_single_label_has_often_tells_more_than_one_that_it_has_twice() -> None:
    counts = count_texts(TEXTS)
    plain, sharpened = weigh(counts, ALL), weigh(counts, ALL, ANSWERS)
    often, twice = (weight(sharpened, term) / weight(plain, term) for term in ("invoice", "is"))
    assert often > twice


def test_the_labels_of_other_texts_have_no_say_in_what_terms_tell() -> None:
    counts, some = count_texts(TEXTS), ALL[:5]
    other = ANSWERS.copy()
    other[5] = 0
    assert (weigh(counts, some, ANSWERS).idf == weigh(counts, some, other).idf).all()
