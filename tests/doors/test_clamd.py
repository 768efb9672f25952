"""The door to clamd: what is clean, what is not, and whatever is no answer."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from maild.cli.checking.scanner import look
from maild.doors.clamd import Clamd
from maild.errors import Bounced, Refused, Unauthorized, Unavailable
from maild.intake.scanning import Scanning
from maild.mail.contents import File
from maild.mail.enclosing import Enclosed
from maild.mail.message import Attachment
from maild.outbox.scanning import look_over
from maild.replies.mime import body
from tests.servers.clamd import EICAR, VIRUS, ClamdServer
from tests.support.desk_folder import a_folder, problems, read
from tests.support.making import NOON


def test_a_real_scanner_finds_the_test_file_alone_in_a_mail_and_in_much(clamd_server: ClamdServer) -> None:
    clamd = Clamd(place=clamd_server.place, timeout=60.0)
    assert clamd.find_virus(b"") is None
    assert clamd.find_virus(b"harmless " * 300_000) is None
    assert clamd.find_virus(EICAR) == VIRUS
    assert VIRUS in look(clamd)
    look_over(clamd, EICAR)  # a mail without files is not looked at
    with pytest.raises(Bounced, match=f"found {VIRUS} in its attachments"):
        look_over(clamd, b"Subject: x\r\nContent-Disposition: attachment\r\n\r\n" + EICAR)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"Subject: x\r\n\r\n" + EICAR, id="an original as it came"),
        pytest.param("Subject: Grüße\r\n\r\n".encode() + EICAR, id="an original that is encoded"),
        pytest.param(None, id="a file"),
    ],
)
def test_whatever_leaves_with_a_mail_is_looked_at_also_what_was_left_out_when_it_came(
    clamd_server: ClamdServer, content: bytes | None
) -> None:
    """What was too large to go along was not looked at when it came in: nothing of ours carries anything past this look."""
    clamd = Clamd(place=clamd_server.place, timeout=60.0)
    originals, files = ([content], []) if content else ([], [a_file("bad.exe", EICAR)])
    with pytest.raises(Bounced, match=f"found {VIRUS} in its attachments"):
        look_over(clamd, b"Subject: x\r\n" + body("words", "<p>words</p>", originals=originals, files=files, seed="s"))


def test_what_the_scanner_will_not_look_at_is_no_clean_file() -> None:
    with ClamdServer(most="1M") as small:
        clamd = Clamd(place=small.place, timeout=60.0)
        large = b"x" * 30_000_000
        with pytest.raises(Bounced, match="looks at nothing so large"):
            clamd.find_virus(large)
        with pytest.raises(Bounced, match="nobody can look into its attachments"):  # to wait would not help
            look_over(clamd, b"Subject: x\r\nContent-Disposition: attachment\r\n\r\n" + large)
        scan = Scanning(clamd=clamd, clock=lambda: NOON)
        files = [a_file("large.bin", large), a_file("report.pdf", b"report"), a_file("bad.exe", EICAR)]
        found = scan(Enclosed(files=tuple(files)))
        assert [file.attachment.name for file in found.files] == ["report.pdf", "large.bin"]
        assert [each.name for each in found.unscanned] == ["large.bin"], "one large file is no scanner that is down"
        assert [each.attachment.name for each in found.infected] == ["bad.exe"]


def a_file(name: str, content: bytes) -> File:
    attachment = Attachment(name=name, media_type="application/octet-stream", size=len(content), digest="0" * 64)
    return File(attachment=attachment, content=content)


@contextmanager
def answering(answer: bytes, folder: Path) -> Iterator[str]:
    """Something else that listens there."""
    place = str(folder / "s")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(place)
        listening.listen()

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                while not connection.recv(65_536).endswith(bytes(4)):
                    pass
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield place
        thread.join(60)


@pytest.mark.parametrize("answer", [b"", b"stream: UNKNOWN COMMAND\0", b"220 mail.example ESMTP\r\n", b"\xff" * 9_000])
def test_whatever_is_no_answer_counts_as_no_scanner(answer: bytes, tmp_path: Path) -> None:
    with answering(answer, tmp_path) as place, pytest.raises(Unavailable, match=r"answers: |cannot be asked"):
        Clamd(place=place, timeout=60.0).find_virus(b"x")


def test_a_scanner_that_is_not_there_is_named_and_its_mail_waits(tmp_path: Path) -> None:
    gone = Clamd(place=str(tmp_path / "no.ctl"), timeout=1.0)
    with pytest.raises(Unavailable, match=r"no.ctl cannot be asked: No such file"):
        gone.find_virus(b"x")
    with pytest.raises(Unauthorized, match="its attachments must be scanned first"):
        look_over(gone, b"Subject: x\r\nContent-Type: message/rfc822\r\n\r\n")


def test_a_scanner_without_signatures_fails_the_check(tmp_path: Path) -> None:
    with answering(b"stream: OK\0", tmp_path) as place, pytest.raises(Refused, match="it has no signatures"):
        look(_Versioned(place=place, timeout=60.0))


class _Versioned(Clamd):
    """One that has told its version already."""

    __slots__ = ()

    def version(self) -> str:
        return "ClamAV 1.4"


def test_the_configuration_names_a_socket_or_a_host(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "config")
    assert read(folder).scan is None
    text = (folder / "maild.toml").read_text("utf-8")
    for place in ("/run/clamav/clamd.ctl", "scan.example.org:3310"):
        (folder / "maild.toml").write_text(text.replace("[scan]", f'[scan]\nclamd = "{place}"'), "utf-8")
        scan = read(folder).scan
        assert scan is not None
        assert (scan.clamd, scan.timeout_seconds) == (place, 20.0)
    (folder / "maild.toml").write_text(text.replace("[scan]", '[scan]\nclamd = "here"'), "utf-8")
    assert any("scan.clamd" in problem and "HOST:PORT" in problem for problem in problems(folder))
