"""Files go along: a TSM's to the client, a client's to the TSM, and nothing that only decorates."""

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest

from maild.intake.reading import Reading
from maild.mail.pool import ParsingPool
from maild.store.engine import Store
from tests.stories.letters import a_letter
from tests.support.intakes import an_intake
from tests.support.relays import CLIENT, TSM, Relaying, an_answer, text_of, with_files

LOG = ("router log.txt", "text/plain", b"up\r\ndown\n")
PLAN = ("Übersicht „Büro“.pdf", "application/pdf", bytes(range(256)))


@pytest.fixture
def desk(store: Store, pool: ParsingPool) -> Relaying:
    return Relaying(intake=an_intake(store, pool))


LIMIT = 200_000
LARGE = ("dump.bin", "application/octet-stream", b"x" * (LIMIT + 1))


@pytest.fixture
def small_limit(pool: ParsingPool) -> Iterator[None]:
    """The admin lets little go along, so that no test has to read 27 MB within the time that a mail may take."""
    reading = pool._then
    assert isinstance(reading, Reading)
    pool.change_then(replace(reading, relay_bytes=LIMIT))
    yield
    pool.change_then(reading)


def files_in(mail: EmailMessage) -> list[tuple[str | None, str, object]]:
    parts = mail.iter_attachments()
    return [(part.get_filename(), part.get_content_type(), part.get_payload(decode=True)) for part in parts]


def test_a_clients_files_reach_the_tsm(desk: Relaying) -> None:
    desk.take_in(with_files(a_letter(), [LOG, PLAN]))
    assert files_in(desk.sent("assignment")[0]) == [LOG, PLAN]
    assert files_in(desk.sent("acknowledgement")[0]) == []


def test_the_files_of_a_follow_up_reach_the_tsm(desk: Relaying) -> None:
    desk.take_in(a_letter())
    acknowledgement = desk.sent("acknowledgement")[0]
    follow_up = an_answer(acknowledgement, From=f"Bea <{CLIENT}>", body="Here it is.\n")
    assert desk.take_in(with_files(follow_up, [LOG])) == ["follow_up"]
    assert files_in(desk.sent("follow_up")[0]) == [LOG]


def test_a_tsms_files_reach_the_client(desk: Relaying) -> None:
    desk.take_in(with_files(a_letter(), [LOG]))
    answer = an_answer(desk.sent("assignment")[0], body="Please look at the plan.\n")
    assert desk.take_in(with_files(answer, [PLAN])) == ["relay"]
    (relayed,) = desk.sent("answer", CLIENT)
    assert files_in(relayed) == [PLAN]
    assert "Please look at the plan." in text_of(relayed)


def test_the_files_of_a_note_stay_in_the_house(desk: Relaying) -> None:
    desk.take_in(a_letter())
    note = an_answer(desk.sent("assignment")[0], body="/note\nTheir contract is attached.\n")
    assert desk.take_in(with_files(note, [PLAN])) == ["command"]
    assert desk.sent("answer") == []


def test_images_of_signatures_and_quotes_stay(desk: Relaying) -> None:
    desk.take_in(a_letter())
    html = (
        '<p>See the picture: <img src="cid:shot"></p><div class="gmail_signature">Lena <img src="cid:logo"></div>'
        '<blockquote type="cite"><img src="cid:old"></blockquote>'
    )
    images = [(f"{name}.png", "image/png", name.encode()) for name in ("shot", "logo", "old")]
    answer = an_answer(desk.sent("assignment")[0], body="See the picture:\n\n-- \nLena\n")
    desk.take_in(with_files(answer, images, html=html, shot="shot.png", logo="logo.png", old="old.png"))
    assert [name for name, *_ in files_in(desk.sent("answer")[0])] == ["shot.png"]


@pytest.mark.usefixtures("small_limit")
def test_more_than_the_limit_is_refused_with_a_transcript(desk: Relaying) -> None:
    desk.take_in(a_letter())
    answer = an_answer(desk.sent("assignment")[0], body="Here is the dump.\n")
    assert desk.take_in(with_files(answer, [LARGE])) == ["command"]
    assert desk.sent("answer") == []
    (refused,) = desk.sent("refused_commands", TSM)
    assert "dump.bin (0.2 MB)" in text_of(refused)
    assert "relay_bytes" in text_of(refused)


@pytest.mark.usefixtures("small_limit")
def test_a_clients_file_that_is_too_large_is_named(desk: Relaying) -> None:
    desk.take_in(with_files(a_letter(), [LARGE, LOG]))
    (told,) = desk.sent("assignment")
    assert files_in(told) == [LOG]
    assert "too large to attach" in " ".join(text_of(told).split())


@pytest.mark.parametrize(
    ("name", "media_type", "as_name", "as_type"),
    [
        ("../../etc/passwd", "text/plain", "passwd", "text/plain"),
        ("a\r\nBcc: x@evil.example.txt", "text/plain", "a Bcc_ x@evil.example.txt", "text/plain"),
        ("ü" * 4_000 + ".pdf", "application/pdf", "ü" * 88 + ".pdf", "application/pdf"),
        ("mail.eml", "message/rfc822", "mail.eml", "application/octet-stream"),
    ],
)
def test_names_and_types_are_safe(desk: Relaying, name: str, media_type: str, as_name: str, as_type: str) -> None:
    desk.take_in(a_letter())
    source = with_files(
        an_answer(desk.sent("assignment")[0], body="Here.\n"), [("NAME", media_type, b"Subject: x\n\nx\n")]
    )
    escaped = "".join(f"%{octet:02X}" for octet in name.encode())
    desk.take_in(source.replace(b'filename="NAME"', f"filename*=utf-8''{escaped}".encode()))
    (relayed,) = desk.sent("answer")
    assert [(found, kind) for found, kind, _ in files_in(relayed)] == [(as_name, as_type)]
    assert max(map(len, relayed.as_bytes().splitlines())) < 200
    assert relayed["Bcc"] is None
