"""Archives: whatever way an old system kept its mails, they come out as they were sent, oldest first."""

import codecs
import mailbox
import os
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest

from maild.errors import Refused
from maild.history.dates import find_date, read_date
from maild.history.opening import open_archive
from maild.history.past_mail import Archive, Tell
from tests.support.past_mails import BEGIN, a_past_mail, a_past_thread, as_mbox, past_threads, write_maildir, write_mbox

LATEST = datetime(2026, 11, 23, tzinfo=UTC)


def no_table(_: Tell) -> Archive:
    raise AssertionError("this is no table")


def opened(path: Path) -> Archive:
    return open_archive(path, no_table, latest=LATEST, tell=lambda *_: None)


def subjects(archive: Archive) -> list[str]:
    return [str(message_from_bytes(past.read())["Subject"]) for past in archive.mails()]


def crlf(source: bytes) -> bytes:
    return source.replace(b"\n", b"\r\n")


def test_the_mails_of_an_mbox_are_the_octets_that_travelled(tmp_path: Path) -> None:
    sources = past_threads(3)
    archive = opened(write_mbox(tmp_path / "old.mbox", sources))
    assert (archive.kind, archive.count) == ("mbox", 12)
    assert [past.read() for past in archive.mails()] == [crlf(source) for source in sources]


def test_an_mbox_that_an_editor_has_put_its_mark_before_is_read(tmp_path: Path) -> None:
    sources = past_threads(2)
    path = write_mbox(tmp_path / "old.mbox", sources)
    path.write_bytes(codecs.BOM_UTF8 + path.read_bytes())
    assert [past.read() for past in opened(path).mails()] == [crlf(source) for source in sources]


def test_pythons_own_mbox_is_read_too(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "python")
    for source in past_threads(2):
        box.add(source)
    box.close()
    assert [past.read() for past in opened(tmp_path / "python").mails()] == [crlf(source) for source in past_threads(2)]


def test_lines_that_begin_with_from_are_no_separators_and_come_out_as_they_were(tmp_path: Path) -> None:
    text = "Hello,\n\nFrom here on it fails:\n>From the log: From x 10:00 2024\n\nFrom Mon to Fri.\n"
    source = a_past_mail("a@b.example", "s@acme.example", "From", text, BEGIN)
    (past,) = opened(write_mbox(tmp_path / "old", [source])).mails()
    assert past.read() == crlf(source)


def test_an_mbox_that_quotes_nothing_is_cut_only_where_a_time_and_a_year_stand(tmp_path: Path) -> None:
    source = a_past_mail("a@b.example", "s@acme.example", "x", "One\n\nFrom here on it fails.\n", BEGIN)
    line = b"From MAILER-DAEMON Mon Feb  5 08:00:00 2024\n"
    (tmp_path / "old").write_bytes(line + source + b"\n" + line + source)
    assert opened(tmp_path / "old").count == 2


def test_lines_made_to_keep_the_search_for_separators_busy_do_not(tmp_path: Path) -> None:
    line = b"From MAILER-DAEMON Mon Feb  5 08:00:00 2024\n"
    hostile = b"From 1:11 " * 20_000 + b"\n" + b"From " + b"1:11 " * 40_000 + b"\n"
    (tmp_path / "old").write_bytes((line + b"Subject: x\n\n" + hostile + b"\n") * 2)
    assert opened(tmp_path / "old").count == 2


def test_mails_come_oldest_first_whatever_their_order(tmp_path: Path) -> None:
    sources = past_threads(2)
    archive = opened(write_mbox(tmp_path / "old", reversed(sources)))
    dates = [past.at for past in archive.mails()]
    assert dates == sorted(date for date in dates if date)
    assert dates[0] == BEGIN


def test_a_mail_without_a_date_takes_that_of_its_separator(tmp_path: Path) -> None:
    undated = b"From: a@b.example\nSubject: x\n\nHelp\n"
    (past,) = opened(write_mbox(tmp_path / "old", [undated])).mails()
    assert past.at == datetime(2024, 2, 5, 8, 0, tzinfo=UTC)


def test_an_mbox_with_crlf_is_read(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(crlf(as_mbox(past_threads(1))))
    assert [past.read() for past in opened(tmp_path / "old").mails()] == [crlf(source) for source in past_threads(1)]


def test_a_maildir_is_read_with_the_folders_in_it_and_without_what_never_arrived(tmp_path: Path) -> None:
    write_maildir(tmp_path / "box", a_past_thread(0))
    write_maildir(tmp_path / "box" / ".Sent", a_past_thread(1))
    archive = opened(tmp_path / "box")
    assert (archive.kind, archive.count) == ("Maildir", 8)
    assert [past.read() for past in archive.mails()] == [crlf(source) for source in past_threads(2)]


def test_mails_that_people_read_move_and_delete_meanwhile_are_found_or_left_out_by_name(tmp_path: Path) -> None:
    box = tmp_path / "box"
    write_maildir(box, a_past_thread(0))
    archive = opened(box)
    read, flagged, deleted = box / "new" / "0.host", box / "cur" / "1.host", box / "new" / "2.host"
    read.rename(box / "cur" / "0.host:2,S")
    flagged.rename(box / "cur" / "1.host:2,F")
    deleted.unlink()
    found = list(archive.mails())
    assert [past.place for past in found if past.size == 0] == ["new/2.host"]
    assert [past.read() for past in found if past.size] == [crlf(source) for source in sources_but(2)]
    with pytest.raises(FileNotFoundError):
        next(past for past in found if past.size == 0).read()


def sources_but(left_out: int) -> list[bytes]:
    return [source for place, source in enumerate(a_past_thread(0)) if place != left_out]


def test_a_folder_of_eml_is_read_however_deep(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    for number, source in enumerate(a_past_thread(0)):
        (deep / f"{number}.EML").write_bytes(source)
    (deep / "readme.txt").write_text("not a mail")
    assert opened(tmp_path).count == 4
    assert opened(deep / "2.EML").count == 1


def test_a_mail_of_a_folder_without_a_date_takes_that_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "x.eml"
    path.write_bytes(b"From: a@b.example\n\nHelp\n")
    os.utime(path, (BEGIN.timestamp(), BEGIN.timestamp()))
    (past,) = opened(path).mails()
    assert past.at == BEGIN


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"PK\x03\x04", b"Subject: a mail without a From line\n\nx\n"])
def test_a_file_that_is_no_archive_is_refused_with_what_there_could_be(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(Refused, match="is none of these: an mbox"):
        opened(tmp_path / "x")


@pytest.mark.parametrize("name", ["old.mbox", "old.csv", "old.eml"])
def test_what_is_no_file_is_refused_before_it_is_opened(tmp_path: Path, name: str) -> None:
    (tmp_path / name).symlink_to(os.devnull)  # opened like a pipe, for whose writer one would wait without end
    with pytest.raises(Refused, match="neither a file nor a folder"):
        opened(tmp_path / name)


def test_an_empty_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="there is no mail in it"):
        opened(tmp_path)
    with pytest.raises(Refused, match="No such file"):
        opened(tmp_path / "no")


@pytest.mark.parametrize(
    ("written", "is_read"),
    [
        ("Mon, 05 Feb 2024 09:00:00 +0100", True),
        ("Mon Feb  5 08:00:00 2024", True),
        ("Mon, 05 Feb 2024 08:00:00 GMT (nonsense)", True),
        ("Mon, 05 Feb 1924 08:00:00 +0000", False),
        ("Mon, 05 Feb 2124 08:00:00 +0000", False),
        ("yesterday", False),
        ("Mon, 35 Feb 2024 28:00:00 +9999", False),
        ("x" * 100_000, False),
    ],
)
def test_dates_are_read_and_never_believed(written: str, is_read: bool) -> None:
    assert read_date(written, LATEST) == (BEGIN if is_read else None)


def test_the_date_of_receipt_stands_in_for_a_nonsensical_one() -> None:
    header = b"Received: from a by b;\n\tMon, 05 Feb 2024 09:00:00 +0100\nDate: soon\n\nDate: Mon, 05 Feb 2001 09:00:00 +0000\n"
    assert find_date(header, LATEST) == BEGIN
