"""Texts to numbers: the words, pairs and pieces of every text, counted once for all parts of a history."""

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from maild.classify.arrays import Bools, Ints
from maild.classify.terms import FARTHEST, pieces, telling, tokens

LEAST_TEXTS = 2
"""A term of a single text tells that text, and no kind of them; it may also be somebody's name."""

_RARE = 5_000
"""Of pairs that stand apart one in so many texts must have a pair: rarer ones hardly count, and there are very many."""

_MARKS = 2**23

_AT_ONCE = 4_000
"""Texts that are looked at in one go, so that no second copy of all of them is made."""

_NUMBERS_AT_ONCE = 1_000_000
"""Likewise, numbers."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counts:
    """How often each text has each term."""

    matrix: Any
    """Sparse, shape (texts, terms)."""

    terms: Sequence[str]
    """Those of the columns: words and pairs in alphabetical order, then pieces likewise."""

    place_of: Mapping[str, int]
    """Term to its column."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Read:
    """Texts as numbers: what is repeated a million times is no string any more."""

    words: list[str]
    """All that occur, in alphabetical order."""

    said: npt.NDArray[np.int32]
    """Every word of every text in order, as its place in `words`."""

    text: npt.NDArray[np.int32]
    """Likewise, in which text it stands."""

    size: int
    """Number of texts."""


def count_texts(texts: Iterable[str], *, kept: Collection[str] | None = None) -> Counts:
    """Count the terms of every text, as `terms` finds them.

    Words and pairs are counted one by one; pieces are those of the words, so that they are a product of two tables.
    `kept`: pairs of a single text are left out if they are not among these; None: nothing is left out.
    """
    read = _read(texts)
    words, (pairs, names) = _table(read.text, read.said, (read.size, len(read.words))), _pairs(read, kept)
    known = sorted({piece for word in read.words for piece in pieces(word)})
    spelling = _spelling(read.words, {piece: place for place, piece in enumerate(known)})
    named = [*read.words, *names]
    order = sorted(range(len(named)), key=named.__getitem__)
    place = np.arange(len(named) + len(known), dtype=np.int32)
    place[np.array(order, dtype=np.int64)] = np.arange(len(named))
    terms = [*(named[each] for each in order), *known]
    blocks = (
        sparse.hstack([words[rows], pairs[rows], words[rows] @ spelling], format="csr") for rows in slices(read.size)
    )
    cut = np.diff(spelling.indptr)[words.indices].sum()
    matrix = stack(blocks, len(terms), words.nnz + pairs.nnz + int(cut))
    for first in range(0, matrix.nnz, _NUMBERS_AT_ONCE):
        some = matrix.indices[first : first + _NUMBERS_AT_ONCE]
        some[:] = place[some]
    return Counts(matrix=matrix, terms=terms, place_of={term: column for column, term in enumerate(terms)})


def _read(texts: Iterable[str]) -> _Read:
    number_of: dict[str, int] = {}
    said, lengths = array("i"), array("i")
    for text in texts:
        found = tokens(text)
        said.extend([number_of.setdefault(word, len(number_of)) for word in found])
        lengths.append(len(found))
    words = sorted(number_of)
    rank = np.empty(len(words), dtype=np.int32)
    rank[[number_of[word] for word in words]] = np.arange(len(words))
    of_text = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    return _Read(words=words, said=rank[np.array(said, dtype=np.int32)], text=of_text, size=len(lengths))


def _pairs(read: _Read, kept: Collection[str] | None) -> tuple[Any, list[str]]:
    """How often each text has each pair, sparse, shape (texts, pairs), and the pairs; as `pairs_of` finds them."""
    least = 1 if kept is None else LEAST_TEXTS
    near, found = _kept_pairs(read, *_near(read), least, _keys_of(kept or (), " ", read.words))
    least, known = max(least, 0 if kept is None else read.size // _RARE), _keys_of(kept or (), "+", read.words)
    far, found_far = _kept_pairs(read, *_far(read, least, known), least, known)
    return sparse.hstack([near, far], format="csr"), [*_named(found, " ", read), *_named(found_far, "+", read)]


def _near(read: _Read) -> tuple[Ints, npt.NDArray[np.int32]]:
    """Each neighbouring pair as one number, and in which text it stands."""
    loud, of_loud, tells = _loud(read)
    same = of_loud[1:] == of_loud[:-1]
    loose = (read.text[1:] == read.text[:-1]) & ~(tells[1:] & tells[:-1])
    firsts = np.concatenate([loud[:-1][same], read.said[:-1][loose]])
    seconds = np.concatenate([loud[1:][same], read.said[1:][loose]])
    return _keys(firsts, seconds, read), np.concatenate([of_loud[1:][same], read.text[1:][loose]])


def _far(read: _Read, least: int, known: Ints) -> tuple[Ints, npt.NDArray[np.int32]]:
    """Likewise of those that stand farther apart, without most of those that occur less than `least` times.

    There are three for each word, most of them rare, so they are never in memory together. They are counted by their
    number modulo `_MARKS` first: that is never less than how often a pair occurs, so no frequent one is lost.
    """
    seen = np.zeros(_MARKS, dtype=np.int32)
    for keys, _ in _far_keys(read):
        seen += np.bincount(keys % _MARKS, minlength=_MARKS).astype(np.int32)
    kept, rows = [], []
    for keys, of in _far_keys(read):
        wanted = seen[keys % _MARKS] >= least
        if len(known):
            wanted |= np.isin(keys, known)
        kept.append(keys[wanted])
        rows.append(of[wanted])
    return np.concatenate(kept), np.concatenate(rows)


def _far_keys(read: _Read) -> Iterator[tuple[Ints, npt.NDArray[np.int32]]]:
    """The pairs of each distance in turn."""
    loud, of_loud, _ = _loud(read)
    for distance in range(2, FARTHEST + 1):
        same = of_loud[distance:] == of_loud[:-distance]
        firsts, seconds = loud[:-distance][same], loud[distance:][same]
        yield _keys(np.minimum(firsts, seconds), np.maximum(firsts, seconds), read), of_loud[distance:][same]


def _loud(read: _Read) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Bools]:
    """The telling words, in which text each stands, and which of all words they are."""
    tells = np.array([telling(word) for word in read.words], dtype=bool)[read.said]
    return read.said[tells], read.text[tells], tells


def _keys(firsts: npt.NDArray[np.int32], seconds: npt.NDArray[np.int32], read: _Read) -> Ints:
    return firsts.astype(np.int64) * max(len(read.words), 1) + seconds


def _kept_pairs(read: _Read, keys: Ints, rows: npt.NDArray[np.int32], least: int, known: Ints) -> tuple[Any, Ints]:
    """How often each text has each of these pairs, and which they are: those of so many texts, and the `known` ones."""
    found, columns = np.unique(keys, return_inverse=True)
    matrix = _table(rows, columns, (read.size, len(found)))
    if least == 1:
        return matrix, found
    wanted = np.flatnonzero((np.bincount(matrix.indices, minlength=len(found)) >= least) | np.isin(found, known))
    return matrix[:, wanted], found[wanted]


def _named(keys: Ints, sign: str, read: _Read) -> list[str]:
    """The two words of each pair, with the sign between."""
    firsts, seconds = (each.tolist() for each in np.divmod(keys, max(len(read.words), 1)))
    return [f"{read.words[one]}{sign}{read.words[other]}" for one, other in zip(firsts, seconds, strict=True)]


def _keys_of(terms: Collection[str], sign: str, words: Sequence[str]) -> Ints:
    """Of those that are pairs of these words with this sign between."""
    place_of = {word: place for place, word in enumerate(words)}
    cut = (term.partition(sign) for term in terms)
    found = [
        place_of[first] * len(words) + place_of[second]
        for first, between, second in cut
        if between and first in place_of and second in place_of
    ]
    return np.array(found, dtype=np.int64)


def _table(rows: npt.NDArray[np.int32], columns: npt.NDArray[np.int32] | Ints, shape: tuple[int, int]) -> Any:
    """How often each column stands in each row, sparse."""
    return sparse.csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape)


def slices(size: int) -> Iterator[slice]:
    """Parts of so many texts that a copy of one of them is small; one empty part of none."""
    return (slice(first, first + _AT_ONCE) for first in range(0, max(size, 1), _AT_ONCE))


def stack(blocks: Iterable[Any], columns: int, room: int) -> Any:
    """Put rows below rows, with none of them in memory twice: of `room` for so many numbers, what stays empty takes none."""
    indices, values = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.float32)
    lengths, end = [np.zeros(1, dtype=np.int64)], 0
    for block in blocks:
        place = slice(end, end + block.nnz)
        indices[place], values[place] = block.indices, block.data
        lengths.append(np.diff(block.indptr))
        end = place.stop
    ends = np.cumsum(np.concatenate(lengths))
    return sparse.csr_matrix((values[:end], indices[:end], ends), shape=(len(ends) - 1, columns))


def _spelling(words: Sequence[str], place_of: Mapping[str, int]) -> Any:
    """How often each word has each piece, sparse, shape (words, pieces)."""
    cut = [[place_of[piece] for piece in pieces(word)] for word in words]
    rows = np.repeat(np.arange(len(words)), [len(each) for each in cut])
    columns = np.array([place for each in cut for place in each], dtype=np.int64)
    ones = np.ones(len(columns), dtype=np.float32)
    return sparse.csr_matrix((ones, (rows, columns)), shape=(len(words), len(place_of)))
