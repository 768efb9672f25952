"""What the encoder has read is found again by the next training, and its loss costs nothing but time."""

import hashlib
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from maild.classify.content import read_arrays
from maild.classify.encoder.keeping import Shelf, forget_all, keeping, prune, recalling, tidy
from maild.classify.encoder.kept_file import Kept, mark_of, read_kept, write_kept
from maild.classify.encoder.sentences import READING, Encoder, Sense, find_encoder
from maild.classify.encoder.wordpiece import pieces_of
from maild.errors import Refused

PIECES = (1, "978f78f5a0e34453", 128)
"""READING, and the digest and the number of the pieces of a text."""

NUMBERS = (
    (-0.108, 0.0, 0.027, -0.028, -0.002, 0.038),
    (0.021, -0.058, -0.001, -0.033, -0.051, -0.056),
)
"""The first numbers of that text and another."""

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


class Database:
    """The number of the newest forgetting, which all machines see."""

    newest = 0

    def shelf(self, folder: Path, tell: Callable[[str], None] = print) -> Shelf:
        return Shelf(folder=folder, forgotten=self.newest, newest=lambda: self.newest, tell=tell)


def shelf_in(folder: Path, tell: Callable[[str], None] = print) -> Shelf:
    return Database().shelf(folder, tell)


def ask(reader: Reader, folder: Path, texts: tuple[str, ...], *, question: str = "category") -> list[Sense]:
    """As one training does; twice, since it looks at a text again and again."""
    reader.asked.clear()
    said: list[str] = []
    with keeping(reader.encoder, shelf_in(folder, said.append), question) as encoder:
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


@pytest.mark.parametrize("spoil", ["cut", "flipped", "code", "foreign", "shapes", "numbers", "long", "claim"])
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
            "foreign": {"reading": np.frombuffer(b"f" * 64, dtype=np.uint8)},
            "shapes": {"numbers": arrays["numbers"][:, 1:]},
            "numbers": {"numbers": np.full((4, 384), np.inf, dtype=np.float16)},
            "long": {"numbers": arrays["numbers"] * np.float16(3)},
            "claim": {"reading": np.array(10**15)},
        }[spoil]
        np.savez(file, allow_pickle=True, **{**arrays, **changed})
    said: list[str] = []
    reader.asked.clear()
    with keeping(reader.encoder, shelf_in(tmp_path, said.append), "category") as encoder:
        assert encoder is not None
        encoder.encode(TEXTS[0])
    assert reader.asked == [TEXTS[0]]
    assert ("damaged, and its texts are read anew" in "".join(said)) == (spoil != "foreign")
    ask(reader, tmp_path, TEXTS[:1])
    assert reader.asked == []


def test_where_nothing_can_be_kept_training_goes_on_and_says_so(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "senses").write_text("no folder")
    said: list[str] = []
    with keeping(reader.encoder, shelf_in(tmp_path / "senses", said.append), "category") as encoder:
        assert encoder is not None
        assert encoder.encode(TEXTS[0]).shape == (384,)
    assert "is not kept, so the next training reads it again" in said[0]


def test_nothing_is_kept_where_nothing_was_read(reader: Reader, tmp_path: Path) -> None:
    with keeping(reader.encoder, shelf_in(tmp_path), "category") as encoder:
        assert encoder is not None
    with keeping(None, shelf_in(tmp_path), "category") as encoder:
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
        with keeping(reader.encoder, shelf_in(tmp_path), "category") as encoder:
            assert encoder is not None
            encoder.encode(TEXTS[0])
            raise Refused("too few labels")

    with pytest.raises(Refused):
        refused()
    assert marks_in(tmp_path) == 1
    monkeypatch.setattr("maild.classify.encoder.keeping._STEP", 2)
    with keeping(reader.encoder, shelf_in(tmp_path), "category") as encoder:
        assert encoder is not None
        for text in TEXTS[1:3]:
            encoder.encode(text)
        assert marks_in(tmp_path) == 2, "what was known, and what was read before this step"
        encoder.encode(TEXTS[3])
    assert marks_in(tmp_path) == 3, "what this training asked for, and nothing else"


def test_who_is_forgotten_while_a_training_runs_stays_forgotten(reader: Reader, tmp_path: Path) -> None:
    database, said = Database(), list[str]()
    for _ in range(2):  # the second time with a file there, and an earlier forgetting
        with keeping(reader.encoder, database.shelf(tmp_path, said.append), "category") as encoder:
            assert encoder is not None
            encoder.encode(TEXTS[0])
            database.newest += 1
        assert list(tmp_path.iterdir()) == []
        assert said.pop().startswith("somebody was forgotten meanwhile")
        with keeping(reader.encoder, database.shelf(tmp_path), "category") as encoder:
            assert encoder is not None
            encoder.encode(TEXTS[0])
        assert marks_in(tmp_path) == 1


def test_what_was_read_before_a_forgetting_on_another_machine_is_used_no_more_and_goes(
    reader: Reader, tmp_path: Path
) -> None:
    ask(reader, tmp_path, TEXTS)
    database = Database()
    database.newest = 7
    reader.asked.clear()
    encoder = recalling(reader.encoder, database.shelf(tmp_path))
    assert encoder is not None
    encoder.encode(TEXTS[0])
    assert reader.asked == [TEXTS[0]]
    tidy(database.shelf(tmp_path), ["technical", "category"])
    assert list(tmp_path.iterdir()) == []


def test_a_training_begins_with_what_is_whole_and_of_a_question(reader: Reader, tmp_path: Path) -> None:
    ask(reader, tmp_path, TEXTS)
    left, writing = tmp_path / ".category-0.half", tmp_path / ".category-1.half"
    for file in (left, writing, tmp_path / "colour.npz", tmp_path / "technical.npz"):
        file.write_bytes(b"what")
    os.utime(left, (1, 1))
    (tmp_path / "urgency.npz").symlink_to(tmp_path / "category.npz")
    said: list[str] = []
    tidy(shelf_in(tmp_path, said.append), ["technical", "category", "urgency"])
    assert sorted(tmp_path.iterdir()) == [writing, tmp_path / "category.npz"]
    assert "colour.npz belongs to no question" in said[0]
    assert marks_in(tmp_path) == len(TEXTS)


def test_a_pipe_in_the_place_of_a_file_blocks_nobody(reader: Reader, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "category.npz")
    ask(reader, tmp_path, TEXTS[:1], question="technical")
    tidy(shelf_in(tmp_path), ["technical", "category"])
    assert [file.name for file in tmp_path.iterdir()] == ["technical.npz"]


def test_a_file_that_is_too_large_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / "category.npz").open("wb") as stream:
        stream.truncate(10**12)  # a hole, which takes no room
    with pytest.raises(Refused, match="octets, and maild writes"):
        read_kept(tmp_path / "category.npz")


def test_texts_that_left_the_history_leave_the_file_also_without_the_encoder(reader: Reader, tmp_path: Path) -> None:
    ask(reader, tmp_path, TEXTS)
    prune(shelf_in(tmp_path), "category", {mark_of(text) for text in TEXTS[1:]})
    assert marks_in(tmp_path) == len(TEXTS) - 1
    ask(reader, tmp_path, TEXTS[1:])
    assert reader.asked == []
    prune(shelf_in(tmp_path), "category", set())
    assert list(tmp_path.iterdir()) == []
    prune(shelf_in(tmp_path / "nowhere"), "category", set())


def test_what_another_reading_of_maild_has_read_is_read_anew(reader: Reader, tmp_path: Path) -> None:
    ask(reader, tmp_path, TEXTS)
    kept = read_kept(tmp_path / "category.npz")
    assert kept.reading == f"{reader.encoder.digest}/{READING}"
    older = Kept(reading=f"{reader.encoder.digest}/{READING - 1}", forgotten=0, rows=kept.rows)
    write_kept(tmp_path / "category.npz", older)
    ask(reader, tmp_path, TEXTS)
    assert reader.asked == list(TEXTS)


def test_the_reading_has_a_new_number_whenever_it_says_something_else(reader: Reader) -> None:
    """Where this fails READING goes up, and these are written anew."""
    text = (
        "Ça ne marche pas: the VPN's printer 打印机 won't re-connect, unbelievably!! \ufffd \u200b x"
        + " and so on" * 60
    )
    assert (READING, hashlib.sha256(repr(pieces_of(text)).encode()).hexdigest()[:16], len(pieces_of(text))) == PIECES
    for said, numbers in zip((text, "no signal upstairs"), NUMBERS, strict=True):
        assert reader.encode(said)[: len(numbers)].tolist() == pytest.approx(numbers, abs=0.01)


def test_only_its_owner_may_see_it_also_where_others_could(reader: Reader, tmp_path: Path) -> None:
    folder = tmp_path / "senses"
    folder.mkdir(mode=0o755)
    (folder / "category.npz").write_bytes(b"")
    (folder / "category.npz").chmod(0o666)
    ask(reader, folder, TEXTS[:1])
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "category.npz").stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_written_leaves_nothing_and_two_at_once_leave_one_that_is_whole(
    reader: Reader, tmp_path: Path
) -> None:
    row = reader.encode(TEXTS[0]).astype(np.float16)
    (tmp_path / "technical.npz").mkdir()
    kept = Kept(reading="r", forgotten=0, rows={bytes(16): row})
    with pytest.raises(IsADirectoryError):
        write_kept(tmp_path / "technical.npz", kept)
    (tmp_path / "technical.npz").rmdir()
    assert list(tmp_path.iterdir()) == []
    troubles: list[OSError] = []

    def write(first: int) -> None:
        rows = {(first + number).to_bytes(16, "big"): row for number in range(2_000)}
        try:
            for _ in range(5):
                write_kept(tmp_path / "category.npz", Kept(reading="r", forgotten=0, rows=rows))
        except OSError as error:
            troubles.append(error)

    writers = [threading.Thread(target=write, args=(first,)) for first in (0, 10_000)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert troubles == []
    assert len(read_kept(tmp_path / "category.npz").rows) == 2_000
    assert [file.name for file in tmp_path.iterdir()] == ["category.npz"]


def test_to_evaluate_recalls_what_was_read_and_keeps_nothing(reader: Reader, tmp_path: Path) -> None:
    ask(reader, tmp_path, TEXTS[:2])
    before = (tmp_path / "category.npz").read_bytes()
    reader.asked.clear()
    encoder = recalling(reader.encoder, shelf_in(tmp_path))
    assert encoder is not None
    for text in TEXTS[:3]:
        encoder.encode(text)
    assert reader.asked == [TEXTS[2]]
    assert (tmp_path / "category.npz").read_bytes() == before
    assert recalling(None, shelf_in(tmp_path)) is None
