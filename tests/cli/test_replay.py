"""`maild replay` of archives, its exit status, and what it says to wrong use."""

import threading
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from maild.cli.frame import main
from maild.cli.replay import an_entrant
from maild.daemon.opening import classifying_of
from maild.process.token import action_tag, make_token
from maild.replay.clues import Answers
from maild.replay.past import Played
from maild.store.engine import Store
from maild.store.incoming.arrivals import store_alone
from maild.store.tables.outgoing import outbox
from tests.support.desk_folder import a_folder, change, read
from tests.support.desk_told import Captured, complaint, told
from tests.support.past_mails import past_threads, write_mbox

ADDRESSES = ('address = "support@example.org"', 'address = "support@acme.example"')


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return a_folder(tmp_path / "config")


def test_an_archive_is_played_against_other_words_and_other_clocks(
    desk: Path, tmp_path: Path, capsys: Captured
) -> None:
    desk = change(desk, "maild.toml", *ADDRESSES)
    other = change(a_folder(tmp_path / "other"), "maild.toml", *ADDRESSES)
    for title, span in (("high", "4h"), ("medium", "1 business day"), ("low", "2 business days")):
        change(other, "priorities.toml", f'"{title}"\nnext_update = "{span}"', f'"{title}"\nnext_update = "90m"')
    mbox = write_mbox(tmp_path / "old.mbox", past_threads(3))
    assert main(["--config", str(desk), "replay", str(mbox), "--config", str(other), "--ignore", "words"]) == 1
    shown = capsys.readouterr().out
    assert "old.mbox (mbox): 12 mails played" in shown
    assert "when the client would hear from us next" in shown
    answer = told(desk, capsys, "replay", str(mbox), "--model", "shipped")
    assert (answer["mails"], answer["differing"], answer["differences"]) == (12, 0, [])
    counted = {aspect["aspect"]: aspect["n"] for aspect in answer["aspects"]}
    assert counted["ticket"] > counted["category"] == 3, "later mails of clients joined the tickets of the first ones"
    assert not list(desk.rglob("*.db")), "nothing was written to the desk"


def test_an_archive_with_a_mail_of_another_decade_is_played_in_a_moment(desk: Path, tmp_path: Path) -> None:
    settings, at = read(desk), datetime(2007, 12, 24, 10, tzinfo=UTC)
    source = b"From: bea@client.example\r\nTo: support@example.org\r\nSubject: VPN\r\n\r\nThe VPN is down.\r\n"
    stop = threading.Event()
    with ExitStack() as stack:
        entrant = an_entrant(settings, classifying_of(settings), tmp_path / "side.db", stack)
        entrant.side.is_stopped = stop.is_set
        (parsed,) = entrant.pool.parse_further([source])
        played = Played(place="old.mbox", source=source, at=at, was=None)
        assert entrant.side.play(1, played, parsed, Answers(desk=settings.desk, by_id={}))
        entrant.side.wait_until(at + timedelta(days=1000))
        mails = composed(entrant.side.store)
        assert 10 < mails < 300, "of the first weeks each reminder, and not two each working day of three years"
        stop.set()
        entrant.side.wait_until(at + timedelta(days=2000))
        assert composed(entrant.side.store) == mails


def composed(store: Store) -> int:
    with store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(outbox)).scalar_one())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name what it is compared with: --model NAME"),
        (("--model", "shipped", "--tolerance", "many"), "a share of the mails was expected"),
        (("--model", "shipped", "--ignore", "colour"), "--ignore colour: allowed are outcome, ticket"),
        (("--model", "shipped", "--since", "soon"), "--since soon: a duration such as"),
        (("--model", "shipped"), "there is none. Name a longer time, or an archive"),
        (("no.mbox", "--model", "shipped"), "No such file"),
        (("no.mbox", "--model", "shipped", "--since", "3d"), "--since is for the desk's own mail"),
        (("--config", "nowhere"), "nowhere"),
    ],
)
def test_what_cannot_be_told_is_another_status_than_what_differs(
    desk: Path, capsys: Captured, arguments: tuple[str, ...], words: str
) -> None:
    assert words in complaint(desk, capsys, "replay", *arguments, status=2)


def test_a_past_of_which_nothing_can_be_played_is_no_proof_that_nothing_differs(
    desk: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/desk.db"
    monkeypatch.setenv("MAILD_DATABASE__URL", url)
    store, tap = Store(url), make_token(0, b"key", ticket=1, recipient="lead@example.org", cause="tap")
    store.upgrade()
    source = f"From: lead@example.org\r\nTo: support@example.org\r\nSubject: {action_tag('T', 1, tap)}\r\n\r\nx\r\n"
    at = datetime.now(UTC) - timedelta(hours=1)
    store.transact(lambda connection: store_alone(connection, source.encode(), now=at))
    store.close()
    assert "none of its 1 mails can be played" in complaint(desk, capsys, "replay", "--model", "shipped", status=2)
