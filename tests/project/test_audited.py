"""Known vulnerabilities of the pinned libraries: one fails `make check`, an accepted one and no network do not."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import requires, version
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.support.places import ROOT

DEPENDENCIES = run_path(str(ROOT / ".ci" / "dependencies.py"))
PLAIN = DEPENDENCIES["plain"]
AUDIT = run_path(str(ROOT / ".ci" / "audit.py"))
KNOWN = {
    "id": "GHSA-test-test-test", "aliases": ["CVE-2026-0001"], "schema_version": "1.6.0", "summary": "bad",
    "affected": [
        {
            "package": {"name": "weak", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
        }
    ],
}  # fmt: skip
TODAY = date(2026, 11, 23)


class _Advisories(BaseHTTPRequestHandler):
    """Speaks as OSV does."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        content = json.dumps({"vulns": [KNOWN]} if asked["package"]["name"] == "weak" else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def advisories() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Advisories) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The script on lists of the test's own, and one service."""
    loaded = run_path(str(ROOT / ".ci" / "audit.py"))
    names = loaded["main"].__globals__
    names |= {
        "LOCKS": (tmp_path / "c.txt",),
        "ACCEPTED": tmp_path / "a.toml",
        "STAMP": tmp_path / "s",
        "SERVICES": ("osv",),
    }
    names["LOCKS"][0].write_text("weak==1.0\nsound==2.0\n")
    names["ACCEPTED"].write_text("")
    monkeypatch.setenv("PIP_AUDIT_OSV_URL", "http://127.0.0.1:9/v1/query")
    return dict(names)


def test_a_known_vulnerability_fails_until_it_is_accepted_with_a_reason(
    audit: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with advisories() as url:
        monkeypatch.setenv("PIP_AUDIT_OSV_URL", url)
        assert audit["main"](TODAY) == 1
        assert "weak 1.0 has CVE-2026-0001 = GHSA-test-test-test; mended in 1.1" in capsys.readouterr().err
        assert not audit["STAMP"].exists(), "it is asked again until it is mended"
        audit["ACCEPTED"].write_text('CVE-2026-0001 = "it is never called here"\nCVE-2020-1 = "long gone"\n')
        assert audit["main"](TODAY) == 0
    told = "vulnerabilities: none that is not accepted, in 2 libraries; not needed any more in .ci/accepted.toml: CVE-2020-1\n"
    assert capsys.readouterr().out == told
    assert audit["main"](TODAY) == 0, "the same list was asked about today"
    assert capsys.readouterr().out == told


def test_where_nobody_can_be_asked_one_line_says_so_and_nothing_fails(
    audit: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit["main"](TODAY) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("vulnerabilities: not known today, nobody could be asked (osv: ")


def test_a_service_that_knows_none_of_them_was_not_asked() -> None:
    """An index without advisories answers "not found", and the tool says "no known vulnerabilities" to that."""
    found = [{"name": "weak", "skip_reason": "not found"}, {"name": "sound", "version": "2", "vulns": []}]
    assert "in 1 libraries; nothing is known of weak" in AUDIT["summarise"](found, {})
    AUDIT["ask"].__globals__["ask_one"] = lambda _service: found[:1]
    with pytest.raises(AUDIT["NotAskedError"], match="pypi: it has no advisories; osv: it has no advisories"):
        AUDIT["ask"]()


def test_every_accepted_vulnerability_has_a_reason() -> None:
    accepted = AUDIT["tomllib"].loads(AUDIT["ACCEPTED"].read_text("utf-8"))
    assert [name for name, reason in accepted.items() if len(reason) < 10] == []


def test_the_tool_and_all_that_it_needs_is_pinned_too_and_nothing_else() -> None:
    pinned = [Requirement(line) for line in (ROOT / ".ci" / "audit.txt").read_text().splitlines() if line[0] != "#"]
    locked = {PLAIN(each.name): str(each.specifier) for each in pinned}
    known = {"pip", *DEPENDENCIES["read_lock"](), *locked}
    assert {name: f"=={version(name)}" for name in locked} == locked
    needed = {
        PLAIN(each.name)
        for name in locked
        for extra in ("", "filecache")
        for each in map(Requirement, requires(name) or ())
        if DEPENDENCIES["applies"](each, extra)
    }
    assert needed <= known
    assert locked.keys() - needed == {"pip-audit"}
