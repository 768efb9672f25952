"""The words of attached mails and documents are read, within limits that no bomb breaks."""

import io
import zipfile
from base64 import encodebytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from maild.mail.contents import File
from maild.mail.documents import MOST_CHARACTERS, MOST_ENTRIES, Allowance, read_document
from maild.mail.message import Attachment
from maild.mail.readable import words_of as words_within

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SECRET = "The lawyer says that we must not touch their router."


def a_document(**parts: str | bytes) -> bytes:
    """A zip file; names of parts with two underscores for the slash."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            archive.writestr(f"{name.replace('__', '/')}.xml", content)
    return out.getvalue()


def a_letter_of(words: str) -> bytes:
    """As a word processor writes it: the letters of one word in several runs."""
    runs = "".join(f"<w:r><w:t>{words[at : at + 5]}</w:t></w:r>" for at in range(0, len(words), 5))
    return a_document(word__document=f"<w:document {W}><w:body><w:p>{runs}</w:p><w:p/></w:body></w:document>")


def a_file(content: bytes, media_type: str = "application/octet-stream", name: str = "file") -> File:
    attachment = Attachment(name=name, media_type=media_type, size=len(content), digest="0" * 64)
    return File(attachment=attachment, content=content)


def words_of(file: File) -> str:
    return words_within(file, Allowance())


def a_mail_with(text: str, encoding: str, inner: bytes | None = None) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["Subject"] = "Lena <lena@acme.example>", "=?utf-8?q?W=C3=A4rmepumpe?="
    mail.set_content(text, cte=encoding)
    if inner is not None:
        mail.add_attachment(inner, maintype="application", subtype="octet-stream", filename="inner.docx")
    return mail.as_bytes()


@pytest.mark.parametrize(
    "content",
    [
        a_letter_of(SECRET),
        a_document(word__comments=f"<w:comments {W}><w:p><w:t>{SECRET}</w:t></w:p></w:comments>"),
        a_document(
            word__document=f"<w:document {W}><w:p><w:del><w:delText>{SECRET}</w:delText></w:del></w:p></w:document>"
        ),
        a_document(xl__sharedStrings=f"<sst><si><t>{SECRET}</t></si></sst>"),
        a_document(ppt__slides__slide1=f'<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:t>{SECRET}</a:t></a:p></p:sld>'),
        a_document(content=f'<office:text xmlns:office="o" xmlns:text="t"><text:p>{SECRET}</text:p></office:text>'),
    ],
    ids=["letter", "comment", "deleted, and tracked", "table", "slides", "OpenDocument"],
)
def test_documents_of_all_kinds_are_read_whatever_their_mail_calls_them(content: bytes) -> None:
    assert SECRET in words_of(a_file(content))


@pytest.mark.parametrize("encoding", ["7bit", "quoted-printable", "base64"])
def test_an_attached_mail_is_read_in_every_encoding(encoding: str) -> None:
    read = words_of(a_file(a_mail_with(SECRET, encoding), "message/rfc822"))
    assert SECRET in read
    assert "lena@acme.example" in read
    assert "W\u00e4rmepumpe" in read


def test_a_mail_that_is_encoded_as_a_whole_is_read_too() -> None:
    source = a_mail_with(SECRET, "base64")
    assert SECRET in words_of(a_file(encodebytes(source), "message/rfc822"))
    assert SECRET in words_of(a_file(source, "application/octet-stream", "mail.EML"))


def test_a_document_in_a_mail_in_a_mail_is_read() -> None:
    inner = a_mail_with("See the document.", "7bit", a_letter_of(SECRET))
    outer = EmailMessage(policy=SMTP)
    outer.set_content("See the mail.")
    outer.add_attachment(inner, maintype="application", subtype="octet-stream", filename="inner.eml")
    assert SECRET in words_of(a_file(outer.as_bytes(), "message/rfc822"))


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12)
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        a_letter_of(SECRET)[:200],
        a_letter_of(SECRET).replace(b"PK\x01\x02", b"PK\x01\x03"),
        b"PK\x03\x04" + b"PK\x01\x02" * (MOST_ENTRIES + 1),
        a_document(word__document=f"{LAUGHS}]><x>&m;</x>"),
        a_document(word__document='<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'),
        a_document(word__document=b"\x00\xff" * 1000),
    ],
    ids=["empty", "head only", "cut", "no directory", "entries", "entities", "outside entity", "no XML"],
)
def test_what_is_no_document_or_wants_to_be_a_bomb_has_no_words(content: bytes) -> None:
    assert read_document(content, Allowance()) == ""


def test_a_document_that_unpacks_without_end_is_read_up_to_a_limit() -> None:
    bomb = a_document(word__document=b"<p>" + b"word " * (2 * Allowance().octets))
    assert len(bomb) < Allowance().octets
    assert len(read_document(bomb, Allowance())) == MOST_CHARACTERS


def test_many_files_of_one_mail_share_one_limit() -> None:
    document, allowance = a_document(word__document=b"<p>" + b"word " * 100_000), Allowance()
    read = [len(words_within(a_file(document), allowance)) > 0 for _ in range(9)]
    assert read == [True] * 6 + [False] * 3
    assert words_within(a_file(a_mail_with(SECRET, "7bit"), "message/rfc822"), allowance) == ""


@pytest.mark.filterwarnings("ignore:Overlapped entries")  # as Python 3.13 says, and reads them
def test_one_part_that_is_listed_many_times_is_read_once() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<p>{SECRET}</p>")
        archive.filelist *= 1_000
    assert read_document(out.getvalue(), Allowance()).split("\n") == [SECRET, ""]


def test_a_part_that_cannot_be_opened_hides_no_other() -> None:
    document = a_document(word__header1=b"<p>Acme</p>", word__document=f"<p>{SECRET}</p>".encode())
    renamed = document.replace(b"word/header1", b"word/headerX", 1)  # where the part stands, and not in the directory
    assert read_document(renamed, Allowance()).split("\n") == [SECRET, ""]


def test_what_takes_long_to_unpack_to_nothing_costs_as_much_as_it_is_long() -> None:
    empty, out, allowance = b"\x00\x00\x00\xff\xff" * 100_000, io.BytesIO(), Allowance()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(9):
            archive.writestr(f"word/header{number}.xml", empty)
        for entry in archive.filelist:  # stored, and listed as deflated: blocks of which none holds a letter
            entry.compress_type, entry.CRC = zipfile.ZIP_DEFLATED, 0
    assert read_document(out.getvalue(), allowance).strip() == ""
    assert allowance.octets <= 0
    assert words_within(a_file(a_letter_of(SECRET)), allowance) == ""


def test_a_mail_that_nests_beyond_reason_has_no_words() -> None:
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(500))
    assert words_of(a_file(nested, "message/rfc822")) == ""


def test_other_files_are_opened_by_nobody() -> None:
    assert words_of(a_file(b"%PDF-1.7 secret", "application/pdf", "a.pdf")) == ""
