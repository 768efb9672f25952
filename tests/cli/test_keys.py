"""`maild keys`: listed and rotated, never shown."""

from pathlib import Path

import pytest

from maild.store import keys
from maild.store.engine import Store
from tests.support.desk_told import Captured, maild, told
from tests.support.rows import NOW


def test_a_rotation_signs_with_a_new_key_and_says_so(store: Store, folder: Path, capsys: Captured) -> None:
    _, secret = store.transact(lambda c: keys.signing_key(c, now=NOW))
    maild(folder, "keys", "rotate")
    printed = capsys.readouterr().out
    assert "key 0, made 2026" in printed
    assert "key 1, made" in printed
    assert printed.count("signs new tokens") == 1
    assert secret.hex() not in printed
    assert [key["id"] for key in told(folder, capsys, "keys")] == [0, 1]


@pytest.mark.usefixtures("store")
def test_a_desk_that_has_written_nothing_has_no_key(folder: Path, capsys: Captured) -> None:
    assert told(folder, capsys, "keys") == []
