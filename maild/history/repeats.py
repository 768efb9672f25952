"""Rows of a file that say something about a text of which an earlier row has spoken."""

from array import array
from hashlib import blake2b


class Repeats:
    """Notes what each row is about and what it says, in 28 octets: a million rows have room."""

    def __init__(self) -> None:
        self._rows, self._about, self._says = array("L"), array("Q"), array("Q")

    def note(self, row: int, about: str, says: str) -> None:
        """Note one row."""
        self._rows.append(row)
        self._about.append(_short(about))
        self._says.append(_short(says))

    def find(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Give (row, earlier row) where both say the same, and where they contradict each other."""
        import numpy as np

        about, says = np.frombuffer(self._about, np.uint64), np.frombuffer(self._says, np.uint64)
        order = np.argsort(about, kind="stable")
        neighbours = np.flatnonzero(about[order][1:] == about[order][:-1])
        again: list[tuple[int, int]] = []
        otherwise: list[tuple[int, int]] = []
        for earlier, later in zip(order[neighbours].tolist(), order[neighbours + 1].tolist(), strict=True):
            pair = (self._rows[later], self._rows[earlier])
            (again if says[earlier] == says[later] else otherwise).append(pair)
        return sorted(again), sorted(otherwise)


def _short(text: str) -> int:
    """64 bits: two of a million texts are taken for one another with a chance of 1 in 37 million."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
