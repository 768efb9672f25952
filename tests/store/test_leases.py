"""A process that dies gives up its leases, as soon as somebody on its machine looks."""

import os
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from maild.daemon import holder
from maild.daemon.holder import holder_name, is_dead
from maild.store.engine import Store
from maild.store.incoming.mailboxes import adopt_mailbox, claim_mailbox
from maild.store.leases import end_leases, list_holders
from tests.support.making import NOON

NAME_OF_A_CHILD = "from maild.daemon.holder import holder_name; print(holder_name())"


def test_a_live_process_is_not_dead() -> None:
    assert not is_dead(holder_name())


def test_an_ended_process_is_dead() -> None:
    child = subprocess.run([sys.executable, "-c", NAME_OF_A_CHILD], capture_output=True, text=True, check=True)
    assert is_dead(child.stdout.strip())


def test_a_new_process_with_an_old_number_is_not_the_old_one() -> None:
    place, pid, _ = holder_name().split()
    assert is_dead(f"{place} {pid} 1")


def test_a_container_that_was_started_again_knows_what_it_held_under_another_host_name() -> None:
    place, pid, started_at = holder_name().split()
    own = place.partition(":")[2]
    assert is_dead(f"other-host:{own} {pid} 1")
    assert not is_dead(f"other-host:{own} {pid} {started_at}")


def test_a_name_fits_its_column(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "h" * 200)
    assert len(f"20/{holder_name()}") <= 80  # as the outbox writes the last of its connections


def test_nothing_is_said_about_processes_of_another_namespace() -> None:
    # where the machine forbids namespaces there is no such process, and nothing to say about it either
    inside = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc"]
    found = subprocess.run(
        [*inside, sys.executable, "-c", NAME_OF_A_CHILD], capture_output=True, text=True, check=False
    )
    assert not is_dead(found.stdout.strip())


def test_a_process_that_hides_is_not_dead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ours = holder_name()
    place = holder._place()
    monkeypatch.setattr(holder, "_place", lambda: place)
    monkeypatch.setattr(holder, "_PROC", tmp_path)
    assert not is_dead(ours)
    assert is_dead(f"{ours.split()[0]} {2**22 + 1} 1")


def test_where_proc_is_another_namespaces_nothing_is_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ours = holder_name().split()[0]
    (tmp_path / "self").symlink_to("1234567")
    monkeypatch.setattr(holder, "_PROC", tmp_path)
    assert not is_dead(f"{ours} 4194305 1")


def test_nothing_is_said_about_other_machines() -> None:
    assert not is_dead(f"elsewhere/0/0 {os.getpid()} 1")
    assert not is_dead("")


def test_ended_leases_can_be_claimed_at_once(store: Store) -> None:
    def hold(holder: str) -> bool:
        return store.transact(
            lambda connection: claim_mailbox(
                connection,
                adopt_mailbox(connection, account="support", name="INBOX", since=NOON).id,
                holder=holder,
                lease=timedelta(hours=1),
            )
        )

    assert hold("the dead")
    assert not hold("the living")
    with store.read() as connection:
        assert list_holders(connection) == {"the dead"}
    assert store.transact(lambda connection: end_leases(connection, {"the dead"})) == 1
    assert hold("the living")
