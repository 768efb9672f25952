"""What pytest has collected stays to the end: nobody looks through it for garbage, neither then nor during the tests."""

import gc
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without a break, then put aside all that there is."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
