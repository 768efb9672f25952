"""Forgetting, in what is other people's: their words go wherever they stand, and nobody else is taken for them."""

from base64 import encodebytes
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update

from maild.history.forgetting import forget, look_at
from maild.knowledge.article import Article
from maild.mail.message import Address
from maild.mail.naming import is_named, replace_in
from maild.process.trust import TrustMethod
from maild.replies.mime import body
from maild.replies.others import Other, Others, in_words
from maild.replies.typography import quoted
from maild.replies.words import colon
from maild.store.database.packing import unpack
from maild.store.engine import Store
from maild.store.erasing.quotes import Quotes
from maild.store.knowledge.articles import save_article
from maild.store.knowledge.searching import TICKET
from maild.store.tables import events, outbox, tickets
from tests.history.test_forgetting import WISH
from tests.support.closings import CLIENT, TEAM, TSM, reply, resolve
from tests.support.desk_told import Captured, complaint, maild, told
from tests.support.desks import Desk
from tests.support.making import NOON, a_desk, a_mail, some_rules
from tests.support.rows import a_ticket, due

LONGER = "anna-bea@client.example"
SUBJECT = "VPN of the Xylophon & Sons reception is down"
WORDS = f"Bitte fragen Sie auch {CLIENT}, die kennt das Gerät: Größe, Übersicht, Schlüssel für den Schrank."


@pytest.fixture
def worked(store: Store) -> Desk:
    """Bea was helped, and said so."""
    vouching = TrustMethod(method="authserv_id", value="mx.acme.example")
    desk = Desk(store, some_rules(team=TEAM, trust=vouching))
    resolve(desk)
    reply(desk, "Yes, it works.", "resolved")
    change = update(tickets).where(tickets.c.id == 1).values(subject=SUBJECT)
    store.transact(lambda connection: connection.execute(change).rowcount)
    return desk


def arrive(desk: Desk, address: str, **fields: object) -> None:
    """Somebody else writes."""
    name = f"{abs(hash((address, str(fields))))}"
    known = {"message_id": f"<{name}@other.example>", "fingerprint": name.zfill(64), "digest": name.zfill(64)}
    desk.arrive(a_mail(author=Address(address=address, name="Cyd"), **known, **fields))


def contents(desk: Desk, recipient: str) -> list[bytes]:
    with desk.store.read() as connection:
        query = select(outbox.c.content).where(outbox.c.recipient == recipient).order_by(outbox.c.id)
        return [unpack(row) for row in connection.scalars(query)]


def shown(message: Message) -> str:
    """All texts of a mail, decoded."""
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join(bytes(part.get_payload(decode=True) or b"").decode() for part in parts)


def test_who_has_a_longer_address_is_somebody_else(worked: Desk) -> None:
    arrive(worked, LONGER)
    arrive(worked, f"{CLIENT}.org")
    before = contents(worked, LONGER), contents(worked, f"{CLIENT}.org"), worked.rows("SELECT * FROM participants")
    forgotten = forget(worked.store, WISH, now=NOON)
    there = {LONGER, f"{CLIENT}.org"}
    after = [row for row in worked.rows("SELECT * FROM participants") if row.address in there]
    assert (contents(worked, LONGER), contents(worked, f"{CLIENT}.org")) == before[:2]
    assert after == [row for row in before[2] if row.address in there]
    assert forgotten.remains == (), "a longer address is not theirs"


@pytest.mark.parametrize("words", [WORDS, WORDS + "äöüß" * 40], ids=["quoted-printable", "base64"])
def test_an_address_that_stands_encoded_in_a_mail_to_others_is_found(worked: Desk, words: str) -> None:
    content = b"Subject: Hinweis\r\nTo: cyd@other.example\r\nX-Long: " + b"a " * 60 + b"\r\nMIME-Version: 1.0\r\n"
    content += body(words, f"<p>{words} <a href='mailto:bea%40client.example'>m</a></p>", originals=(), seed="s")
    assert CLIENT.encode() not in content or b"quoted" in content
    number = due(worked.store, recipient="cyd@other.example", content=content, new_text=words)
    forget(worked.store, WISH, now=NOON)
    sent = worked.sent(number)
    text_of = shown(sent)
    assert CLIENT not in text_of
    assert "bea%40" not in text_of
    assert text_of.count("@erased.invalid") == 3
    assert "die kennt das Gerät" in text_of
    before = message_from_bytes(content)
    assert [(name, str(value)) for name, value in sent.items()] == [
        (name, str(value)) for name, value in before.items()
    ]


def test_what_names_nobody_keeps_its_very_bytes() -> None:
    content = b"Subject: x\r\n" + body(WORDS, WORDS, originals=[b"From: x\r\n\r\n\xff"], seed="s")
    assert replace_in(content, lambda text: text) == content
    changed = replace_in(content, lambda text: text.replace("Gerät", "Ding"))
    assert changed.count(b"\n") == changed.count(b"\r\n")
    assert "die kennt das Ding" in shown(message_from_bytes(changed))


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n--b--\r\n"])
def test_who_stands_at_the_very_end_of_an_encoded_part_is_seen_wherever_its_last_line_is_cut(end: bytes) -> None:
    head = b"Content-Transfer-Encoding: base64\r\n\r\n"
    for length in range(120):
        encoded = encodebytes(b"x" * length + b" " + CLIENT.encode()).replace(b"\n", b"\r\n")
        content = head + encoded.removesuffix(b"\r\n") + end
        assert is_named(content, CLIENT), length
        assert not is_named(content, "dan@client.example"), length


def test_a_mail_to_a_tsm_about_another_ticket_quotes_theirs_no_more(worked: Desk) -> None:
    arrive(worked, "cyd@other.example", subject="VPN of our reception is down, too")
    assignment = shown(worked.newest("assignment", TSM))
    assert "T-1 VPN of the Xylophon" in assignment, "there is something to erase"
    assert "renewed it" in assignment
    forget(worked.store, WISH, now=NOON)
    newest = worked.newest("assignment", TSM)
    left = shown(newest)
    stored = worked.rows("SELECT new_text FROM outbox WHERE ticket_id = 2")
    for told_tsm in (left, *(row.new_text for row in stored)):
        assert "Xylophon" not in told_tsm
        assert "renewed it" not in told_tsm
    assert "T-1 [erased]" in left
    assert "VPN of our reception is down, too" in str(newest["Subject"]), "their own words stay"


def test_quotes_are_known_by_the_number_and_not_by_words_alone() -> None:
    quotes = Quotes({1: "Printer is broken", 12: "", 7: "Re: x"})
    assert quotes.erase("[T-2] Printer is broken\n- T-1: Printer\n  is broken: “Replace it”") == (
        "[T-2] Printer is broken\n- T-1: [erased]"
    )
    assert quotes.erase("- T-1 Printer is broken: “It says “on””") == "- T-1 [erased]”", "as it was written before"
    for language in ("en", "de", "fr", "es"):
        said = f"Printer is broken{colon(language)} {quoted('It says “on”, „an“, « en » and «sí»', language)}"
        assert quotes.erase(f"- T-1 {said} (printer)") == "- T-1 [erased] (printer)"
    assert quotes.erase("T-12 Printer is broken") == "T-12 Printer is broken"


def test_the_line_of_other_open_tickets_is_known_however_long_a_subject_is() -> None:
    """The ticket in whose mail it stands may be another client's by now."""
    long = f"Re: “Printer” of Xylophon & Sons: {'is broken ' * 30}"
    named = (Other(number=1, subject=long, holder="Ana Ruiz"), Other(number=2, subject="Other", holder=""))
    for language in ("en", "de", "fr", "es"):
        line = in_words(Others(named=named, more=1), a_desk(), language)
        assert "Xylophon" in line
        erased = Quotes({1: long}).erase(line).replace("\N{NO-BREAK SPACE}", "")
        assert erased.startswith("T-1 [erased] (Ana Ruiz); T-2 Other; ")


def test_what_an_undo_would_know_an_article_and_a_damaged_sheet_of_a_ticket_in_which_they_wrote(worked: Desk) -> None:
    store = worked.store
    other = a_ticket(store, client="cyd@other.example", sheet={"found": "of a hand, with words"})
    changed = {"actor": "Ana", "event": "client_changed", "because": "", "before": {"removed": {CLIENT: "client"}}}
    store.transact(lambda c: c.execute(insert(events).values(ticket_id=other, at=NOON, **changed)).rowcount)
    moved = "UPDATE mails SET ticket_id = :number WHERE id = (SELECT min(id) FROM mails)"
    store.transact(lambda c: c.execute(text(moved), {"number": other}).rowcount)
    article = Article(
        name="vpn", version=1, title="VPN", body=f"The VPN does not connect.\nRestart it.\nAsk {CLIENT}.", ticket=other,
        tickets=(other,), created_at=NOON, category="network", language="en", written_by=TSM,
    )  # fmt: skip
    store.transact(lambda c: save_article(c, article))
    forgotten = forget(store, WISH, now=NOON)
    assert forgotten.remains == ()
    (row,) = worked.rows(f"SELECT before FROM events WHERE ticket_id = {other}")  # noqa: S608 - our own number
    assert "erased.invalid" in str(row.before)
    (row,) = worked.rows(f"SELECT sheet FROM tickets WHERE id = {other}")  # noqa: S608 - our own number
    assert row.sheet is None, "nobody knows whose words are in what cannot be read"
    (row,) = worked.rows("SELECT body FROM articles")
    assert row.body == "[erased]\nRestart it.\nAsk [erased]."
    (row,) = worked.rows(f"SELECT text FROM search_texts WHERE kind != '{TICKET}'")  # noqa: S608 - our own word
    assert "connect" not in row.text
    (row,) = worked.rows("SELECT done_at FROM erasures")
    assert (row.done_at is not None) == store.is_postgresql, "on SQLite the file is written anew after that"


def test_a_label_file_from_before_brings_no_text_of_theirs_back(
    worked: Desk, folder: Path, tmp_path: Path, capsys: Captured
) -> None:
    arrive(worked, "cyd@other.example")
    for number in ("T-1", "T-2"):
        maild(folder, "label", number, "category=network")
    path = tmp_path / "labels.csv"
    maild(folder, "labels", "export", str(path))
    forget(worked.store, WISH, now=NOON)
    capsys.readouterr()
    kept = told(folder, capsys, "labels", "import", str(path))["kept"]
    assert (kept["of_mails"], kept["of_examples"], kept["forgotten"]) == (1, 0, 1)
    assert worked.rows("SELECT id FROM examples") == []


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("bea@xn--bcher-kva.example", "BEA@Bücher.example"),
        ("Bea@xn--bcher-kva.example", "bea@xn--bcher-kva.example"),
        ("MÜLLER@client.example", "müller@client.example"),
        ('"Bea K"@client.example', '"bea k"@client.example'),
    ],
)
def test_an_address_is_known_in_each_of_its_spellings(
    store: Store, folder: Path, capsys: Captured, kept: str, asked: str
) -> None:
    number = a_ticket(store, client=kept)
    due(store, ticket_id=number, recipient=kept)
    would = told(folder, capsys, "forget", asked)
    assert (would["would_erase"]["tickets"], would["would_erase"]["outbox"]) == (1, 1)
    proof = told(folder, capsys, "forget", asked, "--yes")
    assert proof["still_named"] == []
    with store.read() as connection:
        assert connection.scalars(select(tickets.c.client)).one().endswith("@erased.invalid")


def test_the_reason_that_is_kept_names_nobody(store: Store, folder: Path, capsys: Captured) -> None:
    a_ticket(store, client=CLIENT)
    refusal = complaint(folder, capsys, "forget", CLIENT, "--yes", "--because", f"asked by {CLIENT.upper()}")
    assert "--because names the address" in refusal
    with store.read() as connection:
        assert look_at(store, WISH).counts["tickets"] == 1
        assert connection.scalar(text("SELECT count(*) FROM erasures")) == 0
