"""Every mail that the world has sent to other projects is read or held, and quickly."""

import hashlib
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from maild.mail.message import Mail
from maild.mail.quoting import new_text
from tests.support import attachments
from tests.support.mail_making import read
from tests.support.places import MAILS

NO_MAILS = {"README.md", "LICENSE", "MIT-LICENSE", "NOTICE", "new_text.toml", ".gitattributes", "README.txt"}
SOURCES = sorted(
    path
    for path in MAILS.rglob("*")
    if path.is_file() and path.name not in NO_MAILS and path.suffix != ".html" and "LICENSE" not in path.name
)
EXPECTED: Mapping[str, Any] = tomllib.loads((MAILS / "new_text.toml").read_text("utf-8"))
SECONDS = 5.0
"""Generous: the slowest takes a fiftieth of it on a quiet machine."""


def name(path: Path) -> str:
    return str(path.relative_to(MAILS))


def test_the_corpora_are_here() -> None:
    assert len(SOURCES) > 450


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_real_mail_is_read_soon_and_whole(path: Path) -> None:
    source = path.read_bytes()
    started = time.process_time()
    mail = read(source)
    assert time.process_time() - started < SECONDS
    assert_sound(mail, source)


def assert_sound(mail: Mail, source: bytes) -> None:
    """What must hold for any mail."""
    assert mail.digest == hashlib.sha256(source).hexdigest()
    assert bool(mail.new_text) == bool(mail.text.strip())
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject
    for attachment in mail.attachments:
        content = attachments.read(source, attachment.digest)
        assert content is not None
        assert len(content) == attachment.size
    for address in (mail.author, *mail.to, *mail.cc, *mail.reply_to):
        if address is not None:
            assert "@" in address.address
            assert not set("\r\n<>") & set(address.address)
            assert not set("\r\n") & set(address.name)


@pytest.mark.parametrize("key", sorted(EXPECTED))
def test_new_text_is_what_the_author_wrote(key: str) -> None:
    found = words(text_of(MAILS / key))
    assert (found == words(EXPECTED[key]["expected"])) is ("missed" not in EXPECTED[key])


def words(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def text_of(path: Path) -> str:
    if path.suffix == ".txt":
        return new_text(path.read_text("utf-8-sig"))
    source = path.read_bytes()
    if path.suffix == ".html":
        source = b"From: a@client.example\nContent-Type: text/html; charset=utf-8\n\n" + source
    return read(source).new_text
