"""What does not change is read once: a text by the sentence encoder, since trainings in tests learn from few; the shipped models.

In the suite's own process alone.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from maild import shipped
from maild.classify import models
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

_SHIPPED = shipped.folder("models")


def _once(read: Callable[..., Any]) -> Callable[..., Any]:
    known = cache(read)

    def read_or_known(*arguments: Any) -> Any:
        return (known if _SHIPPED in arguments else read)(*arguments)

    return read_or_known


models._read_table, models._read_shipped = _once(models._read_table), _once(models._read_shipped)


@pytest.fixture
def encode_anew() -> Callable[[str], sentences.Sense]:
    """Reads what it is given, however often."""
    return _ENCODE
