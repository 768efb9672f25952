"""The configuration reference, written from the keys themselves: python -m maild.settings.reference > docs/configuration.md."""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import get_origin
from zoneinfo import ZoneInfo

from pydantic.fields import FieldInfo

from maild.process.calendar import Span
from maild.settings.category_toml import CategoryToml
from maild.settings.durations import write_span
from maild.settings.fields import Section
from maild.settings.maild_toml import MaildToml
from maild.settings.priorities_toml import PrioritiesToml
from maild.settings.problems import keys_of, section_in
from maild.settings.process_toml import ProcessToml
from maild.settings.team_toml import TeamToml

FILES: Mapping[str, type[Section]] = {
    "maild.toml": MaildToml,
    "process.toml": ProcessToml,
    "priorities.toml": PrioritiesToml,
    "team.toml": TeamToml,
    "categories/NAME.toml": CategoryToml,
}

INNER: Mapping[str, str] = {"oauth": " and [smtp.oauth]"}
"""Sections within sections that have a chapter, and what its heading adds."""

BESIDE = frozenset({"smtp"})
"""Sections whose inner sections are described with another one."""

INTRODUCTION = """\
# Configuration

Every key of every file, written by `python -m maild.settings.reference` from the code that reads them. `maild init` writes a
complete, commented configuration; `maild check` tries it.

- Durations are texts: `90s`, `15m`, `4h`, `2 days`. In process.toml and priorities.toml they are the desk's time, by `[calendar]`:
  - `15m` and `4h` run only while the desk is open, so `24h` are three days of eight hours;
  - `2 days` are days of the calendar, weekends included; where the desk is closed at their end, they end when it opens;
  - `3 business days` are days on which the desk works, and end at the same hour.
- Relative paths start at the configuration folder, or at `$STATE_DIRECTORY` where that is set.
- Unknown keys are errors. All problems of all files are reported at once.
- Secrets are in a file (`password_file`) or in an environment variable (`password_env`), never in the configuration.
- `MAILD_<SECTION>__<KEY>` in the environment stands over a key of maild.toml: `MAILD_SMTP__HOST`. For mailboxes with their
  number, from 0: `MAILD_MAILBOX__0__HOST`. A list is written as in TOML: `MAILD_DESK__ALIASES='["help@example.org"]'`.
"""


def write_reference() -> str:
    """Write the whole document."""
    return "\n".join([INTRODUCTION, *(line for name, model in FILES.items() for line in describe_file(name, model))])


def describe_file(name: str, model: type[Section]) -> Iterator[str]:
    """Describe a file: its own keys, then a chapter for each section."""
    yield f"## {name}\n"
    plain = {key: field for key, field in keys_of(model).items() if not section_in(field.annotation)}
    if plain:
        yield from describe_keys(plain)
    for key, field in keys_of(model).items():
        section = section_in(field.annotation)
        if section:
            yield f"### {title(key, field)}\n\n{one_line(section.__doc__)}\n"
            yield from describe_keys(keys_of(section))
            yield from describe_inner(key, section) if key not in BESIDE else ()


def describe_inner(outer: str, model: type[Section]) -> Iterator[str]:
    """Describe sections within a section: `[mailbox.oauth]`."""
    for key, field in keys_of(model).items():
        section = section_in(field.annotation)
        if section and key in INNER:
            yield f"### [{outer}.{key}]{INNER[key]}\n\n{one_line(section.__doc__)}\n"
            yield from describe_keys(keys_of(section))


def describe_keys(fields: Mapping[str, FieldInfo]) -> Iterator[str]:
    """Describe keys, one a row."""
    yield "| key | default | meaning |\n|---|---|---|"
    for key, field in fields.items():
        yield f"| `{key}` | {default(field)} | {one_line(field.description)} |"
    yield ""


def title(key: str, field: FieldInfo) -> str:
    """Write the heading of a section as its file does: `[smtp]`, `[[mailbox]]`, `[priority.NUMBER]`."""
    if get_origin(field.annotation) is tuple:
        return f"[[{key}]]"
    return f"[{key}.NUMBER]" if get_origin(field.annotation) is Mapping else f"[{key}]"


def default(field: FieldInfo) -> str:
    """Write the value that holds where a key is left out."""
    if field.is_required():
        return "needed"
    value = field.default
    if value is None:
        return ""
    if isinstance(value, Span):
        value = write_span(value)
    return f"`{json.dumps(value.key if isinstance(value, ZoneInfo) else value, ensure_ascii=False)}`"


def one_line(text: str | None) -> str:
    """Fold a docstring into a cell of a table."""
    return " ".join((text or "").split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(write_reference())
