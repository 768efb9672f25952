"""The crash story: mails arrive while `kill -9` hits at random; then every mail is counted."""

import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from tests.servers.accepted import read_accepted
from tests.servers.dovecot import until
from tests.stories.looking import rows
from tests.stories.running import RunningDesk
from tests.support.making import NOON

MAILS_OF_A_THREAD = 3
LIFE_SECONDS = (0.3, 3.8)
"""Between a start and its kill, where a process begins by itself: half of them die before they are ready."""

SETTLE_SECONDS = 240.0


@dataclass(frozen=True, kw_only=True)
class Account:
    """What was there in the end, counted in the store, at the SMTP server and in the mailboxes."""

    mails: int
    stored: int
    """Distinct mails with an outcome."""

    outcomes: Counter[str]
    tickets: int
    acknowledged: Counter[str]
    """State of the acknowledgements' rows."""

    accepted_twice: list[str]
    """Message-IDs that the SMTP server accepted more than once."""

    sent_not_accepted: list[str]
    accepted_not_sent: list[str]
    in_inbox: int
    in_processed: int
    kills: int
    seconds: float


def thread_of_mails(number: int) -> list[bytes]:
    """A client's thread: a question, an answer to it, and an answer to a mail that the desk never sees."""
    client, domain = f"client{number}", f"c{number}.example"
    first, ghost = f"<{number}.0@{domain}>", f"<{number}.ghost@{domain}>"
    references = ((), (first,), (first, ghost))
    return [
        _a_source(client, domain, f"<{number}.{place}@{domain}>", refers) for place, refers in enumerate(references)
    ]


def _a_source(client: str, domain: str, message_id: str, references: Sequence[str]) -> bytes:
    message = EmailMessage()
    message["From"] = f"{client}@{domain}"
    message["To"] = "support@acme.example"
    message["Subject"] = f"{'Re: ' if references else ''}Server of {domain} is down"
    message["Date"] = format_datetime(NOON)
    message["Message-ID"] = message_id
    if references:
        message["In-Reply-To"] = references[-1]
        message["References"] = " ".join(references)
    message.set_content(f"Our server is down since this morning ({message_id}). Please help.\n")
    return message.as_bytes()


def crash_story(
    desk: RunningDesk,
    record: Path,
    database_url: str,
    *,
    threads: int,
    kills: int,
    processes: int,
    seed: int,
    life: tuple[float, float] = LIFE_SECONDS,
) -> Account:
    """Deliver, kill, deliver, kill ...; then let it finish, and count."""
    chance = random.Random(seed)
    sources = [source for number in range(threads) for source in thread_of_mails(number)]
    chance.shuffle(sources)
    started = time.monotonic()
    portions = [sources[part::kills] for part in range(kills)]
    for portion in portions:
        for source in portion:
            desk.dovecot.deliver(desk.address, source)
        while len(desk.processes) < processes:
            desk.start()
        time.sleep(chance.uniform(*life))
        desk.kill(chance.choice(desk.processes))
    while len(desk.processes) < processes:
        desk.start()
    until(lambda: is_settled(database_url, len(sources)), "the desk never came to rest", seconds=SETTLE_SECONDS)
    until(lambda: not desk.dovecot.sources(desk.address), "the mailbox never became empty", seconds=SETTLE_SECONDS)
    desk.stop()
    return count_all(desk, record, database_url, mails=len(sources), kills=kills, seconds=time.monotonic() - started)


def is_settled(database_url: str, mails: int, *, gone: Sequence[str] = ()) -> bool:
    """Whether so many mails are stored, taken in and marked, and the outbox is empty.

    `gone`: how holders begin that are no more; what they had in hand is left out.
    """
    there = rows(database_url, "SELECT count(*) FROM mails")
    waiting = rows(database_url, "SELECT lease_holder FROM mails WHERE outcome IS NULL OR marked_at IS NULL")
    # only now: what has been decided until here has written its mails
    unsettled = rows(database_url, "SELECT lease_holder FROM outbox WHERE settled_at IS NULL")
    return there == [(mails,)] and all(str(holder).startswith(tuple(gone)) for (holder,) in (*waiting, *unsettled))


def _number(database_url: str, query: str) -> int:
    return int(str(rows(database_url, query)[0][0]))


def count_all(desk: RunningDesk, record: Path, database_url: str, *, mails: int, kills: int, seconds: float) -> Account:
    """Count what is there, once nothing moves any more."""
    accepted = Counter(mail.message_id for mail in read_accepted(record))
    states = {str(name): str(state) for name, state in rows(database_url, "SELECT message_id, state FROM outbox")}
    acknowledged = rows(database_url, "SELECT state FROM outbox WHERE kind = 'acknowledgement'")
    outcomes = rows(database_url, "SELECT outcome FROM mails")
    sent = {name for name, state in states.items() if state == "sent"}
    uncertain = {name for name, state in states.items() if state == "uncertain"}
    return Account(
        mails=mails,
        stored=_number(database_url, "SELECT count(DISTINCT message_id) FROM mails"),
        outcomes=Counter(str(row[0]) for row in outcomes),
        tickets=_number(database_url, "SELECT count(*) FROM tickets"),
        acknowledged=Counter(str(row[0]) for row in acknowledged),
        accepted_twice=[name for name, times in accepted.items() if times > 1],
        sent_not_accepted=sorted(sent - set(accepted)),
        accepted_not_sent=sorted(set(accepted) - sent - uncertain),
        in_inbox=len(desk.dovecot.sources(desk.address)),
        in_processed=len({_message_id(source) for source in desk.dovecot.sources(desk.address, "Processed")}),
        kills=kills,
        seconds=seconds,
    )


def _message_id(source: bytes) -> str:
    return str(message_from_bytes(source)["Message-ID"])


def reconciles(desk: RunningDesk) -> bool:
    """Whether the mail server and the store agree, as the command says."""
    answer = desk.run("reconcile", "--json")
    json.loads(answer.stdout)
    return answer.returncode == 0
