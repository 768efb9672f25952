"""A process that dies gives up its leases, as soon as somebody on its machine looks."""

import os
import subprocess
import sys
from datetime import timedelta

from maild.daemon.holder import holder_name, is_dead
from maild.store.engine import Store
from maild.store.leases import end_leases, list_holders
from maild.store.mailboxes import adopt_mailbox, claim_mailbox
from tests.making import NOON

NAME_OF_A_CHILD = "from maild.daemon.holder import holder_name; print(holder_name())"


def test_a_live_process_is_not_dead() -> None:
    assert not is_dead(holder_name())


def test_an_ended_process_is_dead() -> None:
    child = subprocess.run([sys.executable, "-c", NAME_OF_A_CHILD], capture_output=True, text=True, check=True)
    assert is_dead(child.stdout.strip())


def test_a_new_process_with_an_old_number_is_not_the_old_one() -> None:
    place, pid, _ = holder_name().split()
    assert is_dead(f"{place} {pid} 1")


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
