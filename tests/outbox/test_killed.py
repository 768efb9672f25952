import random
import time
from collections import Counter

from sqlalchemy import text

from maild.store.engine import Store
from tests.outbox.outbox_process import SHORT
from tests.servers.script import ANYBODY, Step
from tests.servers.smtp import SmtpServer
from tests.support.forking import Forks
from tests.support.outboxes import a_mail, an_outbox, put, states, wait_until

MAILS, KILLS, SEED = 60, 6, 2026
CONNECTIONS = 3


def test_a_process_killed_at_any_point_loses_nothing_and_repeats_nothing(
    store: Store, database_url: str, smtp_server: SmtpServer
) -> None:
    smtp_server.script.add(ANYBODY, Step(at="rcpt", seconds=0.005), Step(at="content", seconds=0.02))
    mails = [a_mail(recipient=f"c{number}@client.test") for number in range(MAILS)]
    put(store, *mails)
    chance = random.Random(SEED)
    with Forks("tests.outbox.outbox_process") as forks:
        for number in range(KILLS):
            process = forks.start(database_url, str(smtp_server.port), f"killed {number}")
            wait_until(lambda: bool(smtp_server.accepted))
            time.sleep(chance.uniform(0.0, 0.05))  # the moment of death is the point: it comes in the midst of the work
            process.kill()
    finish(store, smtp_server.port)

    accepted = Counter(mail.message_id for mail in smtp_server.accepted)
    sent, uncertain = by_state(store, "sent"), by_state(store, "uncertain")
    assert set(accepted.values()) <= {1}
    assert sent | uncertain == {mail.message_id for mail in mails}
    assert sent <= set(accepted)
    assert len(uncertain) <= KILLS * CONNECTIONS  # at most one for each connection that was open when it hit


def finish(store: Store, port: int) -> None:
    """Submit what is left, once the leases of the dead have ended."""
    outbox = an_outbox(store, port, holder="survivor", sending_lease=SHORT * 30)

    def is_over() -> bool:
        outbox.submit_due_once()
        return not {"due", "claimed", "sending"} & set(states(store))

    wait_until(is_over)


def by_state(store: Store, state: str) -> set[str]:
    with store.read() as connection:
        return set(connection.scalars(text("SELECT message_id FROM outbox WHERE state = :state"), {"state": state}))
