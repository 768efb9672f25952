"""A model is data: whatever is damaged, foreign or far too large is refused before it costs anything."""

import io
import json
import os
import pickle
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from maild.classify.content import LARGEST, digest_of, read_arrays
from maild.classify.model_files import read_files
from maild.classify.models import NEVER, read_model
from maild.errors import Refused
from tests.support.model_making import CATEGORIES, NETWORK, a_card, some_content

CONTENT = some_content({"network": NETWORK}, CATEGORIES)


def an_archive(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def an_array(shape: tuple[int, ...], *, octets: bytes = b"", dtype: str = "<f4") -> bytes:
    """What claims to be an array of this shape."""
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"shape": shape, "fortran_order": False, "descr": dtype})
    return stream.getvalue() + octets


class Bomb:
    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return pytest.fail, ("code in a model was run",)


def objects() -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.array([Bomb()], dtype=object), allow_pickle=True)
    return stream.getvalue()


FOREIGN = {
    "nothing": b"",
    "words": b"this is no model",
    "a pickle": pickle.dumps(Bomb()),
    "the first half": CONTENT[: len(CONTENT) // 2],
    "a changed octet": CONTENT[:90] + bytes([CONTENT[90] ^ 255]) + CONTENT[91:],
    "objects": an_archive({"weights.npy": objects()}),
    "a file that is no array": an_archive({"../../etc/passwd": b"root"}),
    "an absurd shape": an_archive({"weights.npy": an_array((10**9, 10**9))}),
    "a negative shape": an_archive({"weights.npy": an_array((-5, 3))}),
    "a shape that overflows": an_archive({"weights.npy": an_array((2**62, 2**62, 2**62))}),
    "dates": an_archive({"weights.npy": an_array((1,), dtype="<M8[s]", octets=bytes(8))}),
    "a header without an end": an_archive({"weights.npy": b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 60_000}),
    "many arrays": an_archive({f"{number}.npy": an_array((0,)) for number in range(1_000)}),
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN.keys())
def test_what_is_no_model_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        read_arrays(content)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = an_archive({"weights.npy": an_array((LARGEST,), octets=bytes(4 * LARGEST))})
    assert len(bomb) < 1_000_000
    tracemalloc.start()
    with pytest.raises(Refused, match="would take"):
        read_arrays(bomb)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(an_archive({"weights.npy": an_array((20_000_000,), octets=bytes(80_000_000))}))
    true, told = (80_000_128).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    assert true in content
    tracemalloc.start()
    with pytest.raises(Refused):
        read_arrays(bytes(content).replace(true, told))
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_a_card_of_a_hundred_megabytes_is_refused(tmp_path: Path) -> None:
    card = a_card(held_out="x" * 100_000_000)
    with pytest.raises(
        Refused, match=r"its card has 100,000,\d+ octets, and no card of maild has more than 10,000,000"
    ):
        read_model(CONTENT, card, error_budget=0.02)
    (tmp_path / "category.npz").write_bytes(CONTENT)
    (tmp_path / "category.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(
        Refused, match=r"category\.json has 100,000,\d+ octets, and maild writes none with more than 10,000,000"
    ):
        read_files(tmp_path / "category.npz")


def test_a_file_of_a_terabyte_is_refused_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "category.json").write_text(json.dumps(a_card()), encoding="utf-8")
    with (tmp_path / "category.npz").open("wb") as stream:
        stream.truncate(10**12)
    tracemalloc.start()
    with pytest.raises(
        Refused, match=r"category\.npz has 1,000,000,000,000 octets, and maild writes none with more than 64,100,000"
    ):
        read_files(tmp_path / "category.npz")
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("make", [os.mkfifo, lambda link: link.symlink_to("/dev/zero")], ids=["a pipe", "a device"])
def test_what_is_no_file_is_refused_as_a_model(make: Callable[[Path], None], tmp_path: Path) -> None:
    (tmp_path / "category.json").write_text(json.dumps(a_card()), encoding="utf-8")
    make(tmp_path / "category.npz")
    with pytest.raises(Refused, match=r"category\.npz is no file"):
        read_files(tmp_path / "category.npz")


def test_a_model_says_what_its_words_say() -> None:
    model = read_model(CONTENT, a_card(), error_budget=0.02)
    assert model.labels == CATEGORIES
    assert set(model.vocabulary) == set(NETWORK)
    assert model.thresholds == (0.5, 0.5, 0.5)


MISFITS: dict[str, dict[str, Any]] = {
    "another number of labels": {"labels": ["a", "b"]},
    "labels twice": {"labels": ["a", "a", "b"]},
    "no labels": {"labels": None},
    "no temperature": {"temperature": 0},
    "a temperature in words": {"temperature": "warm"},
    "thresholds in words": {"thresholds": {"strict": 1}},
    "thresholds in a list": {"thresholds": [0.5]},
    "a base that it has not": {"base": "a" * 64},
}


@pytest.mark.parametrize("difference", MISFITS.values(), ids=MISFITS.keys())
def test_a_model_that_does_not_fit_its_card_is_refused(difference: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        read_model(CONTENT, a_card() | difference, error_budget=0.02)


@pytest.mark.parametrize("field", ["question", "labels", "silent_labels", "languages", "temperature", "thresholds"])
def test_a_card_that_lacks_a_field_is_refused(field: str) -> None:
    card = a_card()
    del card[field]
    with pytest.raises(Refused, match=field):
        read_model(CONTENT, card, error_budget=0.02)


@pytest.mark.parametrize(
    "more",
    [
        {"weights": np.full((len(NETWORK), 3), np.nan, dtype=np.float32)},
        {"idf": np.full(len(NETWORK), np.inf, dtype=np.float32)},
        {"idf": np.ones(3, dtype=np.float32)},
        {"intercept": np.ones((3, 3), dtype=np.float32)},
        {"vocabulary": np.frombuffer(b"\xff\xfe", dtype=np.uint8)},
        {"mixing": np.ones((2, 3), dtype=np.float32)},
    ],
)
def test_arrays_that_are_not_those_of_a_model_are_refused(more: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        read_model(some_content({"network": NETWORK}, CATEGORIES, **more), a_card(), error_budget=0.02)


def test_a_vocabulary_that_would_fill_the_memory_is_refused_before_it_is_made() -> None:
    vocabulary = np.frombuffer(b"\n" * 40_000_000, dtype=np.uint8)
    content = some_content({"network": NETWORK}, CATEGORIES, vocabulary=vocabulary)
    tracemalloc.start()
    with pytest.raises(Refused, match="40,000,001 terms"):
        read_model(content, a_card(), error_budget=0.02)
    assert tracemalloc.get_traced_memory()[1] < 4 * len(vocabulary)
    tracemalloc.stop()


def test_a_model_stands_on_the_very_model_that_its_card_names() -> None:
    base = read_model(CONTENT, a_card(), error_budget=0.02)
    mixing = np.ones((3, 3), dtype=np.float32)
    content = some_content({"network": NETWORK}, CATEGORIES, mixing=mixing)
    assert read_model(content, a_card(base=base.digest), error_budget=0.02, base=base).base is base
    for card, other in ((a_card(base="f" * 64), base), (a_card(base=base.digest), None)):
        with pytest.raises(Refused, match="which is not there"):
            read_model(content, card, error_budget=0.02, base=other)


def test_a_digest_does_not_depend_on_how_a_card_is_written() -> None:
    card = a_card(scores={"b": 1.0, "a": (1, 2)}, seed=10**16)
    other = {**dict(reversed(card.items())), "scores": {"a": [1, 2], "b": 1}, "seed": 1e16, "made_at": "yesterday"}
    assert digest_of(CONTENT, card) == digest_of(CONTENT, other)
    assert digest_of(CONTENT, card) != digest_of(CONTENT, card | {"temperature": 2.0})
    assert digest_of(CONTENT, card) != digest_of(CONTENT + b"\0", card)


@pytest.mark.parametrize(
    ("thresholds", "budget", "expected"),
    [
        ({"0.01": 0.9, "0.05": 0.6}, 0.05, (0.6, 0.6, 0.6)),
        ({"0.01": 0.9, "0.05": 0.6}, 0.04, (0.9, 0.9, 0.9)),
        ({"0.01": {"access": 0.9, "network": 1.01}}, 0.02, (0.9, 1.01, NEVER)),
        ({"0.05": 0.6}, 0.01, (NEVER, NEVER, NEVER)),
    ],
)
def test_thresholds_are_those_of_the_strictest_budget_that_is_not_wider(
    thresholds: dict[str, Any], budget: float, expected: tuple[float, ...]
) -> None:
    assert read_model(CONTENT, a_card(thresholds=thresholds), error_budget=budget).thresholds == expected
