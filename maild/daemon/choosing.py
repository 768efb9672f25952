"""Which versions answer: asked of the store, checked, and laid down as files for the processes that classify."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from maild.classify.models import read_model
from maild.classify.serving import Chosen, check
from maild.errors import NotFound, Refused
from maild.intake.classifying import Classifying
from maild.store.engine import Connection
from maild.store.models.promoting import line_of
from maild.store.models.thresholds import list_raised
from maild.store.models.versions import Stored, list_standing, read_stored, read_version

UNUSED_SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A version that should answer and cannot."""

    question: str
    digest: str
    because: str
    """Name, reason, and what answers in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What answers now, and what should and cannot."""

    classifying: Classifying
    refusals: tuple[Refusal, ...]


def choose(connection: Connection, shipped: Classifying, folder: Path) -> Choice:
    """Choose what answers: a version in service, or else the one before it, or else the shipped model.

    `folder` is where checked versions are laid down. Raises Refused where the database or the folder cannot be used.
    """
    refusals: list[Refusal] = []
    versions = [
        chosen
        for question in sorted(list_standing(connection, "in_service"))
        if (chosen := _first_readable(connection, question, shipped.error_budget, folder, refusals))
    ]
    shadows = []
    for question, version in sorted(list_standing(connection, "shadow").items()):
        try:
            shadows.append(lay_down(connection, question, version.digest, shipped.error_budget, folder))
        except (Refused, NotFound) as error:
            because = f"{version.name} cannot be a shadow: {error}"
            refusals.append(Refusal(question=question, digest=version.digest, because=because))
    raised = tuple(threshold.raised for threshold in list_raised(connection))
    classifying = replace(shipped, versions=tuple(versions), shadows=tuple(shadows), raised=raised)
    return Choice(classifying=classifying, refusals=tuple(refusals))


def _first_readable(
    connection: Connection, question: str, error_budget: float, folder: Path, refusals: list[Refusal]
) -> Chosen | None:
    """The newest version along the line of promotions that can be read; None: the shipped model answers."""
    for digest in reversed(line_of(connection, question)):
        try:
            return lay_down(connection, question, digest, error_budget, folder)
        except (Refused, NotFound) as error:
            name = read_version(connection, digest).name
            because = f"{name} cannot answer: {error}; what was in service before answers in its place"
            refusals.append(Refusal(question=question, digest=digest, because=because))
    return None


def lay_down(connection: Connection, question: str, digest: str, error_budget: float, folder: Path) -> Chosen:
    """Check a version and write it, where that has not been done. Raises Refused or NotFound."""
    version = read_version(connection, digest)
    chosen = Chosen(
        question=question,
        digest=digest,
        file=folder / f"{digest}.npz",
        base=folder / f"{version.base}.npz" if version.base else None,
    )
    if not all(path.exists() for path in _paths(chosen)):
        stored = read_stored(connection, digest)
        base = read_stored(connection, version.base) if version.base else None
        _check(stored, base, question=question, digest=digest, error_budget=error_budget)
        _write(chosen.file, stored)
        if base and chosen.base:
            _write(chosen.base, base)
    return chosen


def _check(stored: Stored, base: Stored | None, *, question: str, digest: str, error_budget: float) -> None:
    under = read_model(base.content, base.card, error_budget=error_budget) if base else None
    model = read_model(stored.content, stored.card, error_budget=error_budget, base=under)
    check(model, question=question, digest=digest)


def _write(file: Path, stored: Stored) -> None:
    """Write content and card so that nobody ever reads half of one. Raises Refused where there is no room."""
    try:
        for path, content in ((file, stored.content), (file.with_suffix(".json"), json.dumps(stored.card).encode())):
            half = path.with_suffix(".half")
            half.write_bytes(content)
            half.replace(path)
    except OSError as error:
        raise Refused(f"its copy {file} cannot be written: {error.strerror}; look at TMPDIR") from error


def keep_fresh(chosen: Sequence[Chosen]) -> bool:
    """Whether all files are still there; touched, so that no cleaner of temporary folders takes them for forgotten."""
    try:
        for path in (path for each in chosen for path in _paths(each)):
            os.utime(path)
    except OSError:
        return False
    return True


def tidy(folder: Path, *, now: datetime) -> None:
    """Delete the files of versions that answer no more: they may have learnt from somebody who was forgotten since.

    What answers is touched at every look; a process may still be reading what it was given a moment ago.
    """
    if not folder.is_dir():  # a cleaner of temporary folders took it away: `keep_fresh` sees it, and it is made anew
        return
    for path in folder.iterdir():
        if now.timestamp() - path.stat().st_mtime > UNUSED_SECONDS:
            path.unlink(missing_ok=True)


def _paths(chosen: Chosen) -> Iterator[Path]:
    for file in filter(None, (chosen.file, chosen.base)):
        yield from (file, file.with_suffix(".json"))
