"""What the marks of another system mean here: as the admin says in a file, or else where they have the name of ours."""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from maild.errors import ConfigurationError
from maild.history.exports.past_ticket import Mark
from maild.process.questions import Questions, explain_label, read_label

URGENCY_OF: Mapping[str, str] = MappingProxyType({"urgent": "1", "high": "2", "normal": "2", "medium": "2", "low": "3"})
"""Priorities of most systems; to be said otherwise in the file."""

PER_PERSON = frozenset({"assignee", "status"})
"""They say who and how far, and nothing about what the ticket is."""

Meanings = Mapping[tuple[str, str], str]
"""(question, mark in lower case) to a label; empty: it means nothing here."""


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Reads marks as labels, and counts them."""

    questions: Questions
    titles: Mapping[str, str] = field(default_factory=dict)
    """Category to its title."""

    meanings: Meanings = field(default_factory=dict)
    renamed: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(question, value in lower case) to a label, whatever kind of mark has it."""

    seen: Counter[Mark] = field(default_factory=Counter)
    """How many tickets have each mark."""

    def read(self, marks: Sequence[Mark]) -> dict[str, str]:
        """Question to label; what the file says goes before what only has the same name."""
        found: dict[str, str] = {}
        for means in (self._as_said, self._as_named):
            for mark in marks:
                for question, label in means(mark):
                    found.setdefault(question, label)
        return {question: label for question, label in found.items() if label}

    def count(self, marks: Sequence[Mark]) -> None:
        """Note that a ticket has these."""
        self.seen.update(set(marks))

    def account(self) -> list[tuple[str, int, dict[str, str]]]:
        """Every mark, how many tickets have it, and what it is read as; the most frequent first."""
        by_number = sorted(self.seen.items(), key=lambda item: (-item[1], str(item[0])))
        return [(str(mark), tickets, self.read([mark])) for mark, tickets in by_number]

    def unseen(self) -> list[str]:
        """Marks that the file speaks of and no ticket has: misspelt, or of another export."""
        seen = {str(mark).casefold() for mark in self.seen}
        return sorted({mark for _, mark in self.meanings if mark not in seen})

    def _as_said(self, mark: Mark) -> Iterator[tuple[str, str]]:
        for question in self.questions:
            label = self.meanings.get(
                (question, str(mark).casefold()), self.renamed.get((question, mark.value.casefold()))
            )
            if label is not None:
                yield question, label

    def _as_named(self, mark: Mark) -> Iterator[tuple[str, str]]:
        if mark.kind in PER_PERSON:
            return
        written = _plain(mark.value)
        if mark.kind == "priority":
            label = URGENCY_OF.get(written, "")
            if label in self.questions.get("urgency", ()):
                yield "urgency", label
            return
        for category in self.questions.get("category", ()):
            if written in {_plain(category), _plain(self.titles.get(category, category))}:
                yield "category", category


def _plain(words: str) -> str:
    return " ".join(words.casefold().replace("_", " ").replace("-", " ").split())


def read_meanings(path: Path, questions: Questions) -> Meanings:
    """Read the admin's file: a table a question, `"kind: value" = label`. Raises ConfigurationError with every mistake."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is no TOML: {error}") from error
    wrong: list[str] = []
    meanings: dict[tuple[str, str], str] = {}
    for question, table in document.items():
        if question not in questions or not isinstance(table, dict):
            wrong.append(f"{path}, {question}: allowed are the tables [{'], ['.join(questions)}]")
            continue
        for mark, written in table.items():
            label = read_label(questions, question, str(written)) if written != "" else ""
            if label is None:
                wrong.append(f"{path}, [{question}] {mark!r}: {explain_label(questions, question, str(written))}")
            elif ": " not in mark:
                wrong.append(f'{path}, [{question}] {mark!r}: write it as it is listed, as in "group: Network"')
            else:
                meanings[question, mark.casefold()] = label
    if wrong:
        raise ConfigurationError(*wrong)
    return meanings


def as_document(reader: Reader) -> str:
    """Write such a file, with all marks that were seen: what is read as a label stands there, all else is a comment."""
    lines = [
        "# What the marks of another system mean on this desk: maild import FILE --map THIS-FILE",
        '# Behind each stands how many tickets have it. An empty label, "", means nothing.',
    ]
    account = reader.account()
    for question in ("category", "technical", "urgency", "impact"):
        lines += ["", f"# allowed: {', '.join(reader.questions[question])}", f"[{question}]"]
        for mark, tickets, read_as in account:
            if question in read_as:
                lines.append(f"{_quoted(mark)} = {_quoted(read_as[question])}  # {tickets:,}")
            elif question == "category" and mark.partition(": ")[0] not in (*PER_PERSON, "priority"):
                lines.append(f'# {_quoted(mark)} = ""  # {tickets:,}')
    return "\n".join([*lines, ""])


def _quoted(words: str) -> str:
    """A TOML basic string; JSON's is one, but for DEL."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")
