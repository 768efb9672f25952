"""The documents: what they link to is there, headings included, and what was measured can be read."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.places import ROOT

DOCUMENTS = sorted(
    path for folder, sign in ((".", "*.md"), ("docs", "**/*.md"), ("benchmarks", "*.md"), ("tests", "**/*.md"))
    for path in (ROOT / folder).glob(sign)
)  # fmt: skip


def headings(document: Path) -> Iterator[str]:
    """As links name them: small letters, hyphens for spaces, no other signs."""
    for heading in re.findall(r"^#+ (.*)$", document.read_text("utf-8"), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_links_to_is_there(document: Path) -> None:
    for link in re.findall(r"\]\(([^)\s:]+)\)", document.read_text("utf-8")):
        name, _, heading = link.partition("#")
        target = (document.parent / name) if name else document
        assert target.exists(), link
        assert not heading or heading in headings(target), link


@pytest.mark.parametrize("document", sorted((ROOT / "benchmarks").glob("*.md")), ids=lambda path: path.stem)
def test_what_was_measured_stands_in_short_lines_and_tables(document: Path) -> None:
    lines = document.read_text("utf-8").splitlines()
    assert [line for line in lines if len(line) > 120 and not line.startswith("|")] == []
