"""What the encoder has read is found again by the next training, and its loss costs nothing but time."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from maild.classify.content import read_arrays
from maild.classify.encoder.keeping import forget_all, keeping, recalling
from maild.classify.encoder.sentences import Encoder, Sense, find_encoder
from maild.errors import Refused

TEXTS = ("the printer is jammed", "please refund my bill", "no signal upstairs", "a lone surrogate \udc80")


class Reader:
    """The real encoder, and what it was asked."""

    def __init__(self) -> None:
        found = find_encoder()
        assert found is not None, "the extra is part of what developers install"
        self._encode: Callable[[str], Sense] = found.encode
        self.asked: list[str] = []
        self.encoder: Encoder = replace(found, encode=self.encode)

    def encode(self, text: str) -> Sense:
        self.asked.append(text)
        return self._encode(text)


@pytest.fixture(name="reader")
def _reader() -> Reader:
    return Reader()


def ask(reader: Reader, folder: Path, texts: tuple[str, ...], *, question: str = "category") -> list[Sense]:
    """As one training does; twice, since it looks at a text again and again."""
    reader.asked.clear()
    said: list[str] = []
    with keeping(reader.encoder, folder, question, said.append) as encoder:
        assert encoder is not None
        found = [encoder.encode(text) for text in (*texts, *texts)]
    return found[: len(texts)]


def test_a_text_is_read_once_whichever_question_asks(reader: Reader, tmp_path: Path) -> None:
    first = ask(reader, tmp_path, TEXTS)
    assert reader.asked == list(TEXTS)
    again = ask(reader, tmp_path, (*TEXTS, "something new"), question="technical")
    assert reader.asked == ["something new"]
    assert all(np.array_equal(one, other) for one, other in zip(first, again[:4], strict=True))
    assert float(np.abs(first[0] - reader.encode(TEXTS[0])).max()) < 1e-4


def test_what_has_left_the_history_leaves_the_file_and_no_text_was_ever_in_it(reader: Reader, tmp_path: Path) -> None:
    ask(reader, tmp_path, TEXTS)
    ask(reader, tmp_path, TEXTS[:1])
    content = (tmp_path / "category.npz").read_bytes()
    marks = [mark.tobytes() for mark in read_arrays(content)["marks"]]
    assert marks == [hashlib.sha256(TEXTS[0].encode()).digest()[:16]]
    assert b"printer" not in content


@pytest.mark.parametrize("spoil", ["cut", "flipped", "code", "foreign", "shapes", "numbers"])
def test_what_is_damaged_or_of_another_encoder_is_read_anew(reader: Reader, tmp_path: Path, spoil: str) -> None:
    ask(reader, tmp_path, TEXTS)
    file = tmp_path / "category.npz"
    content = bytearray(file.read_bytes())
    arrays = read_arrays(bytes(content))
    if spoil == "cut":
        file.write_bytes(content[: len(content) // 2])
    elif spoil == "flipped":
        place = content.index(arrays["numbers"].tobytes()[:64])
        content[place] ^= 0xFF
        file.write_bytes(content)
    else:
        changed = {
            "code": {"numbers": np.array([{"a": print}] * 4, dtype=object)},
            "foreign": {"encoder": np.frombuffer(b"f" * 64, dtype=np.uint8)},
            "shapes": {"numbers": arrays["numbers"][:, 1:]},
            "numbers": {"numbers": np.full((4, 384), np.inf, dtype=np.float16)},
        }[spoil]
        np.savez(file, allow_pickle=True, **{**arrays, **changed})
    said: list[str] = []
    reader.asked.clear()
    with keeping(reader.encoder, tmp_path, "category", said.append) as encoder:
        assert encoder is not None
        encoder.encode(TEXTS[0])
    assert reader.asked == [TEXTS[0]]
    assert ("damaged, and its texts are read anew" in "".join(said)) == (spoil != "foreign")
    ask(reader, tmp_path, TEXTS[:1])
    assert reader.asked == []


def test_where_nothing_can_be_kept_training_goes_on_and_says_so(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "senses").write_text("no folder")
    said: list[str] = []
    with keeping(reader.encoder, tmp_path / "senses", "category", said.append) as encoder:
        assert encoder is not None
        assert encoder.encode(TEXTS[0]).shape == (384,)
    assert "is not kept, so the next training reads it again" in said[0]


def test_nothing_is_kept_where_nothing_was_read(reader: Reader, tmp_path: Path) -> None:
    with keeping(reader.encoder, tmp_path, "category", print) as encoder:
        assert encoder is not None
    with keeping(None, tmp_path, "category", print) as encoder:
        assert encoder is None
    assert list(tmp_path.iterdir()) == []


def test_all_of_it_can_be_forgotten_or_the_folder_is_named(reader: Reader, tmp_path: Path) -> None:
    ask(reader, tmp_path / "senses", TEXTS)
    forget_all(tmp_path / "senses")
    assert list((tmp_path / "senses").glob("*.*z")) == []
    forget_all(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
    (tmp_path / "senses" / "category.npz").mkdir()
    with pytest.raises(Refused, match=r"is still in .*senses"):
        forget_all(tmp_path / "senses")


def marks_in(folder: Path) -> int:
    return len(read_arrays((folder / "category.npz").read_bytes())["marks"])


def test_a_night_that_is_cut_short_has_not_read_in_vain(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a refusal all is kept; by a kill what was read up to the last step."""

    def refused() -> None:
        with keeping(reader.encoder, tmp_path, "category", print) as encoder:
            assert encoder is not None
            encoder.encode(TEXTS[0])
            raise Refused("too few labels")

    with pytest.raises(Refused):
        refused()
    assert marks_in(tmp_path) == 1
    monkeypatch.setattr("maild.classify.encoder.keeping._STEP", 2)
    with keeping(reader.encoder, tmp_path, "category", print) as encoder:
        assert encoder is not None
        for text in TEXTS[1:3]:
            encoder.encode(text)
        assert marks_in(tmp_path) == 2, "what was known, and what was read before this step"
        encoder.encode(TEXTS[3])
    assert marks_in(tmp_path) == 3, "what this training asked for, and nothing else"


def test_who_is_forgotten_while_a_training_runs_stays_forgotten(reader: Reader, tmp_path: Path) -> None:
    folder, said = tmp_path / "senses", list[str]()
    for _ in range(2):  # the second time with a file there, and an earlier forgetting
        with keeping(reader.encoder, folder, "category", said.append) as encoder:
            assert encoder is not None
            encoder.encode(TEXTS[0])
            forget_all(folder)
        assert list(folder.glob("*.npz")) == []
        assert said.pop().startswith("somebody was forgotten meanwhile")
        ask(reader, folder, TEXTS)
        assert marks_in(folder) == len(TEXTS)


def test_to_evaluate_recalls_what_was_read_and_keeps_nothing(reader: Reader, tmp_path: Path) -> None:
    ask(reader, tmp_path, TEXTS[:2])
    before = (tmp_path / "category.npz").read_bytes()
    reader.asked.clear()
    encoder = recalling(reader.encoder, tmp_path, print)
    assert encoder is not None
    for text in TEXTS[:3]:
        encoder.encode(text)
    assert reader.asked == [TEXTS[2]]
    assert (tmp_path / "category.npz").read_bytes() == before
    assert recalling(None, tmp_path, print) is None
