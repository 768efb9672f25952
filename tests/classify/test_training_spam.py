"""The model of spam words: made from made-up mail, the same each time, and refused where there is none."""

import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from maild.classify.model_files import read_files
from maild.classify.models import read_model
from maild.classify.training.example import Example
from maild.classify.training.spam import train_spam
from maild.errors import Refused

SOLICITING = ("click here", "order now", "absolutely free", "act now", "money back")


def some_mail(folder: Path) -> None:
    """Sixty spam and sixty ham of random words, each with words of its own."""
    chance = np.random.default_rng(3)
    file = folder / "spamassassin/train.csv.gz"
    file.parent.mkdir(parents=True)
    with gzip.open(file, "wt", encoding="utf-8", newline="") as stream:
        rows = csv.DictWriter(stream, ("label", "folder", "subject", "text"))
        rows.writeheader()
        for number in range(120):
            label, word = ("spam", "riches") if number % 2 else ("ham", "server")
            words = [f"{word}{letter}" for letter in "abcdefghijklmnopqrst"] + [
                f"common{letter}" for letter in "abcdefghij"
            ]
            text = " ".join([*chance.permutation(words), *(SOLICITING if label == "spam" else ("thanks",))])
            rows.writerow(
                {
                    "label": label,
                    "folder": f"easy-{label}-1",
                    "subject": f"about {chr(97 + number % 26)}{chr(97 + number // 26)}",
                    "text": text,
                }
            )


def some_examples() -> list[Example]:
    return [
        Example(text=f"please fix server{letter} today", corpus="desk talk", group=letter, labels={"technical": "yes"})
        for letter in "abcdefghij"
    ]


def made(data: Path, out: Path) -> Path:
    out.mkdir()
    train_spam(some_examples(), data, out, seed=1)
    return out


def test_the_same_mail_and_seed_give_the_same_model(tmp_path: Path) -> None:
    some_mail(tmp_path / "data")
    first, second = made(tmp_path / "data", tmp_path / "a"), made(tmp_path / "data", tmp_path / "b")
    for name in ("spam.npz", "spam.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_the_model_can_be_read_and_its_card_says_what_was_called_spam(tmp_path: Path) -> None:
    some_mail(tmp_path / "data")
    out = made(tmp_path / "data", tmp_path / "out")
    model = read_model(*read_files(out / "spam.npz"), error_budget=0.05)
    assert (model.question, model.labels, model.silent) == ("spam", ("no", "yes"), frozenset({"no"}))
    card = json.loads((out / "spam.json").read_text("utf-8"))
    assert card["called_spam"]["mail"] == {"n": 60, "called": 0, "share": 0.0}
    assert card["rows"] == {"desk talk": 10, "mail": 60, "spam": 60}
    assert card["thresholds"]["0.001"]["yes"] >= 0.95


def test_without_real_mail_nothing_is_trained(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Nothing was trained"):
        train_spam(some_examples(), tmp_path, tmp_path, seed=1)
    assert list(tmp_path.iterdir()) == []
