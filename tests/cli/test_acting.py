"""`maild held` and `maild outbox`: listed, retried, dropped."""

from datetime import timedelta
from pathlib import Path

import pytest

from maild.store.engine import Connection, Store
from maild.store.incoming.waiting import count_waiting
from maild.store.outgoing import outbox
from maild.store.outgoing.settling import settlement
from tests.support.desk_told import Captured, complaint, maild, told
from tests.support.rows import NOW, an_arrival, due, stored


def test_held_mails_are_listed_retried_and_dropped(store: Store, folder: Path, capsys: Captured) -> None:
    stored(store, an_arrival(held="its header is a bomb"), an_arrival(held="it nests too deeply"))
    first, second = told(folder, capsys, "held")
    assert [first["because"], second["because"]] == ["its header is a bomb", "it nests too deeply"]
    maild(folder, "held", "retry", str(first["id"]))
    maild(folder, "held", "drop", str(second["id"]))
    capsys.readouterr()
    assert told(folder, capsys, "held") == []
    with store.read() as connection:
        assert count_waiting(connection) == 1


def test_several_held_mails_are_acted_on_together_or_not_at_all(store: Store, folder: Path, capsys: Captured) -> None:
    stored(store, an_arrival(held="its header is a bomb"))
    assert "no mail 99" in complaint(folder, capsys, "held", "drop", "1", "99")
    assert len(told(folder, capsys, "held")) == 1


@pytest.mark.parametrize("nonsense", ["x", "0", "-1", "99999999999999999999"])
def test_what_is_no_id_is_wrong_use(folder: Path, capsys: Captured, nonsense: str) -> None:
    assert "is not a whole number" in complaint(folder, capsys, "held", "retry", "--", nonsense, status=2)


def test_the_outbox_is_listed_retried_and_dropped(store: Store, folder: Path, capsys: Captured) -> None:
    ids = [due(store), due(store, state="held")]
    assert [mail["state"] for mail in told(folder, capsys, "outbox")] == ["due", "held"]
    maild(folder, "outbox", "drop", str(ids[0]))
    maild(folder, "outbox", "retry", str(ids[1]))
    capsys.readouterr()
    assert [mail["state"] for mail in told(folder, capsys, "outbox")] == ["dropped", "due"]
    assert [mail["id"] for mail in told(folder, capsys, "outbox", "--state", "dropped")] == [ids[0]]


def test_what_is_sent_is_not_submitted_again(store: Store, folder: Path, capsys: Captured) -> None:
    outbox_id = due(store)

    def send(connection: Connection) -> None:
        lease = timedelta(minutes=1)
        outbox.claim_due(connection, holder="x", lease=lease, limit=1, now=NOW)
        outbox.sending(outbox_id, holder="x", lease=lease)(connection)
        settlement(outbox_id, state="sent", answer="250 ok", now=NOW, holder="x")(connection)

    store.transact(send)
    assert "is sent and cannot be submitted again" in complaint(folder, capsys, "outbox", "retry", str(outbox_id))


def test_an_unknown_state_of_the_outbox_is_wrong_use(folder: Path, capsys: Captured) -> None:
    assert "allowed are due, claimed" in complaint(folder, capsys, "outbox", "--state", "lost", status=2)
