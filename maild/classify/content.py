"""The content of a model: arrays that cannot run code, measured before any of them is unpacked."""

import hashlib
import io
import json
import math
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from maild.classify.arrays import Singles
from maild.errors import Refused

LARGEST = 64_000_000
"""Octets of all arrays together, unpacked: ten times what a large desk's model takes."""

LARGEST_CARD = 10_000_000
"""Octets of a card: a hundred times what that of a desk with 100 labels takes."""

LARGEST_FILE = LARGEST + 100_000
"""Octets of a model's content as it lies on disk, with what an archive has beside its arrays."""

MOST_ARRAYS = 16
_HEADER = 1_000
"""Octets that describe one array; NumPy writes 118."""

_KINDS = frozenset("biuf")
"""Truths and numbers. Objects would be pickles, which run code."""

VOLATILE = frozenset({"digest", "made_at", "seconds"})
"""What a card may say without being another model."""


def digest_of(content: bytes, card: Mapping[str, Any]) -> str:
    """SHA-256 of a model: its content and what its card says, however that is written."""
    lasting = {name: value for name, value in card.items() if name not in VOLATILE}
    canonical = json.dumps(_plain(lasting), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    if len(canonical) > LARGEST_CARD:
        raise Refused(f"its card has {len(canonical):,} octets, and no card of maild has more than {LARGEST_CARD:,}")
    return hashlib.sha256(hashlib.sha256(content).digest() + canonical.encode()).hexdigest()


def read_arrays(content: bytes) -> dict[str, npt.NDArray[Any]]:
    """Unpack a model. Raises Refused where it is no archive of arrays, is damaged, or would become too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _measure(archive)
            return dict(_unpack(archive))
    except (OSError, KeyError, ValueError, TypeError, EOFError, MemoryError, NotImplementedError, RuntimeError,
            SyntaxError, zipfile.BadZipFile, zlib.error) as error:  # fmt: skip
        raise Refused(f"it is no archive of arrays: {error}") from error


_LARGEST_NUMBER = 1_000_000
"""No weight of maild's comes near it, and no sum of them up to it is infinite."""


def floats_of(arrays: Mapping[str, npt.NDArray[Any]], name: str) -> Singles:
    """One of them as numbers to reckon with. Raises KeyError, or Refused where they are none."""
    if arrays[name].dtype.kind not in "fiu":
        raise Refused(f"its {name} hold no numbers")
    values = arrays[name].astype(np.float32)
    if not np.isfinite(values).all():
        raise Refused(f"its {name} hold numbers that are not finite")
    if np.abs(values).max(initial=0.0) > _LARGEST_NUMBER:
        raise Refused(f"its {name} hold numbers beyond {_LARGEST_NUMBER:,}, whose sums are none")
    return values


def _measure(archive: zipfile.ZipFile) -> None:
    """Refuse by what the archive says of itself; no member gives more than it says, `zipfile` stops there."""
    members = archive.infolist()
    if len(members) > MOST_ARRAYS:
        raise Refused(f"it holds {len(members)} arrays, and no model of maild has more than {MOST_ARRAYS}")
    octets = sum(member.file_size for member in members)
    if octets > LARGEST:
        raise Refused(f"it would take {octets:,} octets, and no model of maild takes more than {LARGEST:,}")


def _unpack(archive: zipfile.ZipFile) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    for member in archive.infolist():
        name, dot, kind = member.filename.rpartition(".")
        if not dot or kind != "npy":
            raise Refused(f"it holds {member.filename[:80]!r}, which is no array")
        with archive.open(member) as stream:
            shape, dtype = _header(stream, name)
            if dtype.itemsize * math.prod(shape) > member.file_size:
                raise Refused(f"its array {name[:80]} claims a shape of {shape}, which it does not hold")
        # From the beginning again, by NumPy's own reader, which also checks the archive's sums.
        with archive.open(member) as stream:
            yield name, np.lib.format.read_array(stream, allow_pickle=False, max_header_size=_HEADER)


def _header(stream: Any, name: str) -> tuple[tuple[int, ...], np.dtype[Any]]:
    version = np.lib.format.read_magic(stream)
    if version != (1, 0):
        raise Refused(f"its array {name[:80]} is written in version {version} of the format, and maild writes (1, 0)")
    shape, _, dtype = np.lib.format.read_array_header_1_0(stream, max_header_size=_HEADER)
    if dtype.kind not in _KINDS or dtype.hasobject:
        raise Refused(f"its array {name[:80]} holds {dtype}, and not numbers")
    return shape, dtype


def _plain(value: object) -> object:
    """One writing for one value: databases give 1e+16 back as a whole number, and tuples as lists."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Refused("its card holds a number that is not finite")
        return int(value) if value.is_integer() else value
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value
