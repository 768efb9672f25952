"""A client is forgotten: not a byte of them is left, what lies on the server does not come back, and others lose nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, create_engine, select

from maild.knowledge.article import Article
from maild.store.database.packing import unpack
from maild.store.engine import Store
from maild.store.knowledge.articles import save_article
from maild.store.tables import mails, metadata
from tests.servers.dovecot import Dovecot, until
from tests.servers.smtp import SmtpServer
from tests.stories.letters import CLIENT, LEAD, a_letter, an_answer, sent_to
from tests.stories.running import RunningDesk
from tests.support.desk_told import Captured, told
from tests.support.relays import with_files

MARKER = "Xylophon-48151623"
OTHER = "cyd@other.example"
ADDRESS = "support@acme.example"
PACKED = {"sources.content", "outbox.content"}


@pytest.fixture
def desk(tmp_path: Path, own_dovecot: Dovecot, database_url: str) -> Iterator[tuple[RunningDesk, SmtpServer]]:
    with (
        SmtpServer() as server,
        RunningDesk(
            tmp_path, address=ADDRESS, dovecot=own_dovecot, smtp_port=server.port, database_url=database_url
        ) as running,
    ):
        yield running, server


def everything(url: str) -> bytes:
    """Every value of every row in the order of their keys, unpacked: without one, PostgreSQL's vacuum may change it."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    found = []
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            for column in table.columns:
                values = connection.scalars(select(column).order_by(*table.primary_key)).all()
                is_packed = f"{table.name}.{column.name}" in PACKED
                for value in values:
                    if isinstance(column.type, LargeBinary) and value is not None:
                        found.append(unpack(value) if is_packed else bytes(value))
                    else:
                        found.append(str(value).encode())
    engine.dispose()
    return b"\n".join(found)


def names_them(content: bytes) -> list[str]:
    """What of them is still in there."""
    wanted = (CLIENT, MARKER, "Bea Kunde", MARKER.casefold(), "48151623")
    return [word for word in wanted if word.casefold().encode() in content.lower()]


def an_article(url: str, ticket: int) -> None:
    """A case study that the desk wrote from the ticket, with the client's own words in it."""
    body = f"Problem\nThe {MARKER} behind our reception hums\n\nFix\nReplace the power supply of the device.\n"
    article = Article(
        name="humming-device", version=1, title="A device hums", body=body, ticket=ticket, tickets=(ticket,),
        created_at=datetime(2026, 11, 23, 13, tzinfo=UTC), category="hardware", language="en", written_by=LEAD,
    )  # fmt: skip
    store = Store(url)
    store.transact(lambda connection: save_article(connection, article))
    store.close()


def work(desk: RunningDesk, server: SmtpServer, url: str) -> bytes:
    """Bea writes, is answered, writes again; Cyd writes, too. Answers Bea's first mail."""
    words = f"Our VPN client cannot connect to the server: error 809. The {MARKER} behind our reception hums.\n"
    photo = ("photo.txt", "text/plain", f"{MARKER} from the front".encode())
    first = with_files(a_letter(Subject=f"VPN connection drops, {MARKER}", body=words), [photo])
    desk.take_turn(
        first, a_letter(From=f"Cyd <{OTHER}>", Subject="Printer prints nothing", body="Our printer is dead.\n")
    )
    told_lead = next(mail for mail in sent_to(server, LEAD) if CLIENT.encode() in mail.as_bytes())
    desk.take_turn(an_answer(told_lead, From=LEAD, body="Please pull the plug, wait a minute, and try again.\n"))
    answer = sent_to(server, CLIENT)[-1]
    desk.take_turn(an_answer(answer, From=f"Bea Kunde <{CLIENT}>", body=f"It still hums, the {MARKER}.\n"))
    an_article(url, ticket_of(url, CLIENT))
    return first


def ticket_of(url: str, client: str) -> int:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        number = connection.scalar(select(mails.c.ticket_id).where(mails.c.author == client).limit(1))
    engine.dispose()
    assert number is not None
    return int(number)


def test_a_client_is_forgotten_and_does_not_come_back(
    desk: tuple[RunningDesk, SmtpServer], database_url: str, tmp_path: Path, capsys: Captured
) -> None:
    running, server = desk
    first = work(running, server, database_url)
    assert names_them(everything(database_url))
    before = everything(database_url)

    would = told(running.folder, capsys, "forget", CLIENT.upper())
    assert would["would_erase"]["mails"] >= 2
    assert would["would_close"] == [f"T-{ticket_of(database_url, CLIENT)}"]
    assert everything(database_url) == before, "a dry run has changed something"

    proof = told(running.folder, capsys, "forget", CLIENT, "--yes", "--by", "Ada Admin")
    assert proof["digest_before"] != proof["digest_after"]
    assert proof["erased"]["sources"] >= 3
    assert proof["erased"]["attachments"] >= 1
    assert proof["erased"]["articles"] == 1
    assert proof["still_named"] == []
    assert proof["troubles"] == []
    assert any("mail server" in line for line in proof["remains"])
    left = everything(database_url)
    assert names_them(left) == []
    assert b"Replace the power supply" in left, "the desk's own words of the article went, too"
    assert b"Our printer is dead" in left
    if database_url.startswith("sqlite"):
        running.rest()  # closing a file drops this process's locks on it
        files = [path for path in tmp_path.rglob("*") if path.is_file() and path != running.log]
        assert any(path.name == "maild.db" for path in files)
        assert {path.name: names for path in files if (names := names_them(path.read_bytes()))} == {}

    again = told(running.folder, capsys, "forget", CLIENT, "--yes")
    assert again["erased"].get("sources", 0) == 0
    assert told(running.folder, capsys, "forget", "--list")[0]["said_by"] == "Ada Admin"

    sent = len(server.accepted)
    running.dovecot.append(ADDRESS, first, at=datetime(2026, 11, 20, tzinfo=UTC))  # the very same bytes
    older = a_letter(Subject=f"Older: {MARKER}", body=f"My {MARKER}, as I said.\n")  # theirs, and never seen here
    running.dovecot.append(ADDRESS, older, at=datetime(2026, 11, 20, tzinfo=UTC))
    running.dovecot.forget_uids(ADDRESS)
    running.take_turn()
    assert len(server.accepted) == sent
    assert names_them(everything(database_url)) == []
    assert told(running.folder, capsys, "reconcile")["mailboxes"][0]["unstored"] == []

    # Dovecot may show what is laid into a mailbox that it numbers anew a moment later
    running.dovecot.deliver(
        ADDRESS, a_letter(Subject="A new question", body="I am back: how do I reset my password?\n")
    )
    until(
        lambda: running.take_turn() == 0 and CLIENT.encode() in everything(database_url),
        "who writes again is a client again",
    )
    assert sent_to(server, CLIENT)[-1]["Subject"].endswith("A new question")
