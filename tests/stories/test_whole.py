"""A ticket's whole life in each shape of mail client: from the client's first mail to "it works", and what goes wrong."""

from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.stories.letters import a_letter, sent_to
from tests.stories.looking import rows
from tests.stories.running import RunningDesk
from tests.stories.shapes import SHAPES, in_shape
from tests.stories.staffed import ANA, BEN, LOGIN, by_client, everything_for, last_to, staffed


@pytest.fixture
def desk(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, database_url: str, imap_user: str
) -> Iterator[RunningDesk]:
    with staffed(tmp_path, dovecot, smtp_server, database_url, imap_user) as made:
        team = made.folder / "team.toml"
        team.write_text(team.read_text().replace("capacity = 1\n", 'away = ["2026-01-01..2026-12-31"]\n'))
        yield made


def client(shape: str) -> str:
    return f"bea@{shape}.example"


def all_write(desk: RunningDesk) -> None:
    """Every client writes a first mail."""
    desk.take_turn(
        *(
            a_letter(
                From=f"Bea Kunde <{client(shape)}>",
                Message_ID=f"<first@{shape}.example>",
                Subject="Screen",
                body="The screen of my laptop is broken, it stays black since Monday.\n",
            )
            for shape in SHAPES
        )
    )


def about(server: SmtpServer, shape: str, who: str = ANA) -> EmailMessage:
    """The last mail about this client's ticket to somebody of the desk."""
    return last_to(server, who, client(shape))


def ana_writes(desk: RunningDesk, server: SmtpServer, words: str) -> None:
    """Ana answers every assignment, each in another mail client; `{}` in her words is its name."""
    fields = {"From": f"Ana Ruiz <{ANA}>", **LOGIN}
    desk.take_turn(*(in_shape(shape, about(server, shape), words.format(shape), **fields) for shape in SHAPES))


def all_answer(desk: RunningDesk, server: SmtpServer, words: str) -> None:
    """Every client answers what they got last."""
    desk.take_turn(
        *(
            in_shape(shape, sent_to(server, client(shape))[-1], words, From=f"Bea Kunde <{client(shape)}>")
            for shape in SHAPES
        )
    )


def test_from_the_first_mail_to_the_resolution(desk: RunningDesk, smtp_server: SmtpServer, database_url: str) -> None:
    all_write(desk)
    assert set(by_client(database_url, "status, assignee").values()) == {("gathering", "Ana Ruiz")}
    all_answer(desk, smtp_server, "It is a ThinkPad T14, serial number PF-3X9K2L.")
    assert set(by_client(database_url).values()) == {("open",)}
    ana_writes(desk, smtp_server, "/waiting\nDear Bea with {}, does it stay black with another screen?")
    assert set(by_client(database_url).values()) == {("waiting",)}
    all_answer(desk, smtp_server, "With another screen it is not black.")
    assert set(by_client(database_url, "status, assignee").values()) == {("open", "Ana Ruiz")}
    ana_writes(desk, smtp_server, "/resolve\nThe cable of {} was loose.\nWe have sent a new one.")
    assert set(by_client(database_url).values()) == {("resolved",)}
    all_answer(desk, smtp_server, "It works now, thank you.")
    assert set(by_client(database_url).values()) == {("closed",)}
    for shape in SHAPES:
        mails = sent_to(smtp_server, client(shape))
        assert [str(mail["Auto-Submitted"] or "") for mail in mails] == [
            *("auto-replied", "", "auto-generated", "auto-replied")
        ], shape
        assert mails[0]["In-Reply-To"] == f"<first@{shape}.example>"
        told = everything_for(smtp_server, client(shape))
        assert (
            "- If there is a sticker on the device: its serial or asset number. Please reply"
            in told.partition("Dear Bea")[0]
        )
        assert f"Dear Bea with {shape}, does it stay black" in told
        assert f"The cable of {shape} was loose. We have sent a new one." in told
        assert not [word for word in ("/waiting", "/resolve", ANA, "Decision", "Priority") if word in told], shape
    told = everything_for(smtp_server, ANA)
    assert told.count("the client has sent everything that was asked for") == len(SHAPES)
    assert told.count("With another screen it is not black.") >= len(SHAPES)
    assert max(Counter(mail.message_id for mail in smtp_server.accepted).values()) == 1
    sheets = rows(database_url, "SELECT count(*) FROM events WHERE event = 'post_mortem_asked'")
    assert sheets == [(len(SHAPES),)]


def test_a_wrong_command_does_nothing_at_all_and_its_author_reads_why(
    desk: RunningDesk, smtp_server: SmtpServer, database_url: str
) -> None:
    all_write(desk)
    before, had = by_client(database_url), {shape: len(sent_to(smtp_server, client(shape))) for shape in SHAPES}
    ana_writes(desk, smtp_server, "/urgency 1\n/resolv\nDear Bea with {}, we have renewed the certificate.")
    assert by_client(database_url) == before
    assert {shape: len(sent_to(smtp_server, client(shape))) for shape in SHAPES} == had
    assert set(by_client(database_url, "urgency").values()) != {(1,)}
    refused = everything_for(smtp_server, ANA)
    assert refused.count("there is no such command; did you mean /resolve?") == len(SHAPES)
    # As telephones and word processors write it: a capital, a no-break space, a full stop.
    ana_writes(desk, smtp_server, "/Urgency\N{NO-BREAK SPACE}1.\n/Resolve\nDear Bea with {}, we have renewed it.")
    assert set(by_client(database_url, "status, urgency").values()) == {("resolved", 1)}


def test_what_two_tsms_and_the_client_write_at_once_is_all_heard(
    desk: RunningDesk, smtp_server: SmtpServer, database_url: str
) -> None:
    all_write(desk)
    ana_writes(desk, smtp_server, "/assign Ben")
    letters = []
    for shape in SHAPES:
        own = sent_to(smtp_server, client(shape))[-1]
        words = {
            ANA: f"Dear Bea with {shape}, is it a new screen?",
            BEN: f"Dear Bea with {shape}, please turn it off and on.",
        }
        letters += [
            in_shape(shape, about(smtp_server, shape, who), words[who], From=who, **LOGIN) for who in (ANA, BEN)
        ]
        letters.append(in_shape(shape, own, "By the way, it is a ThinkPad T14.", From=client(shape)))
    desk.take_turn(*letters)
    assert set(by_client(database_url, "status, assignee").values()) == {("open", "Ben Bauer")}
    for shape in SHAPES:
        told = everything_for(smtp_server, client(shape))
        assert len(sent_to(smtp_server, client(shape))) == 3
        assert told.count("is it a new screen?") == told.count("please turn it off and on.") == 1
    theirs = everything_for(smtp_server, BEN)
    assert theirs.count("By the way, it is a ThinkPad T14.") >= len(SHAPES)
    assert theirs.count("Ana Ruiz has written to the client about this ticket") == len(SHAPES)
