"""A broken installation: no mail is blamed for it, and a daemon says so before it begins."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from maild.errors import Unavailable, Unreadable
from maild.mail.message import Limits, Mail
from maild.mail.pool import ParsingPool
from maild.mail.worker import Readable, parse_sources
from tests.support.desk_folder import a_folder
from tests.support.mail_making import LANGUAGES, a_source


@dataclass(frozen=True)
class Ruined:
    """What is done with each mail, and cannot be: its module went missing in the middle of an update."""

    marker: Path

    def prepare(self) -> None:
        if self.marker.exists():
            raise ImportError("No module named 'half_updated'")

    def __call__(self, mails: Sequence[Readable], /) -> list[str]:
        if self.marker.with_suffix(".late").exists():
            raise ImportError("No module named 'half_updated'")
        if self.marker.with_suffix(".deadly").exists():
            os._exit(1)
        return [mail.subject for mail, _ in mails]


@dataclass(frozen=True)
class Dying(Ruined):
    """A process that dies before it can say why."""

    def prepare(self) -> None:
        if self.marker.exists():
            os._exit(3)


@dataclass(frozen=True)
class Rude:
    """A process that may not make itself nicer: a service manager forbids it."""

    def prepare(self) -> None:
        def refuse(_: int) -> int:
            raise PermissionError(1, "Operation not permitted")

        os.nice = refuse

    def __call__(self, mails: Sequence[Readable], /) -> list[str]:
        return [mail.subject for mail, _ in mails]


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    return tmp_path / "broken"


def test_processes_that_may_not_be_nicer_parse_all_the_same() -> None:
    with ParsingPool(Limits(), LANGUAGES, then=Rude()) as pool:
        (answer,) = pool.parse_further([a_source("Hello")])
    assert not isinstance(answer, Unreadable)


@pytest.mark.parametrize("kind", [Ruined, Dying])
def test_processes_that_cannot_start_are_noticed_before_any_mail(marker: Path, kind: type[Ruined]) -> None:
    marker.touch()
    with ParsingPool(Limits(), LANGUAGES, then=kind(marker)) as pool, pytest.raises(Unavailable, match="installation"):
        pool.await_ready()


@pytest.mark.parametrize("kind", [Ruined, Dying])
def test_no_mail_is_blamed_for_processes_that_cannot_start(marker: Path, kind: type[Ruined]) -> None:
    marker.touch()
    with ParsingPool(Limits(), LANGUAGES, then=kind(marker)) as pool:
        for sources in ([a_source("one")], [a_source("one"), a_source("two")]):
            with pytest.raises(Unavailable, match="No mail is to blame"):
                pool.parse(sources)


def test_a_pool_that_breaks_later_blames_no_mail_and_recovers_with_its_installation(marker: Path) -> None:
    with ParsingPool(Limits(), LANGUAGES, then=Ruined(marker)) as pool:
        pool.await_ready()
        marker.with_suffix(".late").touch()
        with pytest.raises(Unavailable, match="half_updated"):
            pool.parse([a_source("one"), a_source("two")])
        marker.with_suffix(".late").unlink()
        assert all(isinstance(mail, Mail) for mail in pool.parse([a_source("one"), a_source("two")]))


def test_a_mail_that_kills_is_blamed_where_other_processes_are_well(marker: Path) -> None:
    with ParsingPool(Limits(), LANGUAGES, then=Dying(marker)) as pool:
        marker.with_suffix(".deadly").touch()
        (answer,) = pool.parse([a_source("one")])
    assert "died, 3 times" in str(answer)


def test_the_daemon_of_a_broken_installation_does_not_start(tmp_path: Path) -> None:
    desk = a_folder(tmp_path / "config")
    (tmp_path / "inscriptis.py").write_text("raise ImportError('libxml2.so.2: no such file')\n")
    found = subprocess.run(
        [sys.executable, "-m", "maild", "--config", str(desk), "run"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        timeout=120,
        check=False,
    )
    assert found.returncode == 1
    (line,) = (line for line in found.stderr.splitlines() if line.startswith("maild:"))
    assert "libxml2.so.2" in line
    assert "install it anew" in line


class Choosy:
    """What is done with each mail, and cannot be done with one of them."""

    def prepare(self) -> None:
        """Need nothing."""

    def __call__(self, mails: Sequence[Readable], /) -> list[str]:
        if any(mail.subject == "two" for mail, _ in mails):
            raise Unreadable("It says two.")
        return [mail.subject for mail, _ in mails]


def test_a_mail_that_cannot_be_read_further_stops_none_of_those_that_go_with_it() -> None:
    sources = [a_source(subject="one"), a_source(subject="two"), b"\0" * 51_000_000, a_source(subject="three")]
    one, two, large, three = parse_sources(sources, Limits(), LANGUAGES, Choosy(), seconds=600.0)
    assert [each[1] for each in (one, three) if not isinstance(each, Unreadable)] == ["one", "three"]
    assert (str(two), "source_bytes" in str(large), sources) == ("It says two.", True, [])
