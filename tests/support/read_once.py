"""The sentence encoder reads each text once: what trainings in tests learn from are the same few hundred texts.

In the suite's own process alone.
"""

from collections.abc import Callable
from functools import cache

import pytest

from maild.classify.encoder import sentences

_ENCODE = sentences.encode


@cache
def _read(text: str) -> sentences.Sense:
    said = _ENCODE(text)
    said.setflags(write=False)
    return said


def _encode(text: str) -> sentences.Sense:
    return _read(text)


sentences.encode = _encode


@pytest.fixture
def encode_anew() -> Callable[[str], sentences.Sense]:
    """Reads what it is given, however often."""
    return _ENCODE
