"""Whatever stands in the files, the answer is settings or problems in words, and never a crash."""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from maild.errors import ConfigurationError
from maild.settings.agreement import RULES
from maild.settings.category_toml import CategoryToml
from maild.settings.fields import Section
from maild.settings.files import Files, check
from maild.settings.maild_toml import MaildToml
from maild.settings.priorities_toml import PrioritiesToml
from maild.settings.process_toml import ProcessToml
from maild.settings.reading import build_settings
from maild.settings.team_toml import TeamToml
from maild.shipped import folder as shipped

Tables = dict[str, dict[str, Any]]

VALUES: list[Any] = [
    -1, 0, 7, 10**30, 1.5, float("inf"), float("nan"), True, "", " ", "\0", "\ud800", "x" * 10_000, "٣h", "{0}", "a@b@c", "💥",
    [], [[]], [1], ["a", {}], {}, {"a": 1}, {"1": {}}, date(2026, 1, 1), datetime.fromisoformat("2026-01-01T00:00:00"),
    datetime.fromisoformat("0001-01-01T00:00:00+09:00"), date(1, 1, 1), datetime(9999, 12, 31, 23, 59, tzinfo=UTC), time(9),
]  # fmt: skip

MODELS: dict[str, type[Section]] = {
    "maild": MaildToml,
    "process": ProcessToml,
    "priorities": PrioritiesToml,
    "team": TeamToml,
    "network": CategoryToml,
}


def shipped_tables() -> Tables:
    files = ("maild", "process", "priorities", "team")
    tables = {name: tomllib.loads((shipped("config") / f"{name}.toml").read_text("utf-8")) for name in files}
    # keys that the shipped files leave out deserve hostility too
    tables["maild"]["smtp"] |= {"host": "a.example", "port": 465, "security": "tls", "username": "x", "ca_file": "x"}
    tables["maild"]["mailbox"][0] |= {"since": date(2026, 1, 1), "poll": "9s", "processed": "P", "port": 1}
    tables["maild"]["database"] |= {"url": "sqlite:///x", "password_file": "x"}
    tables["maild"]["limits"] |= {"time": "9s", "parts": 5, "parsers": 1}
    tables["maild"]["desk"] |= {"aliases": ["a@b.example"], "own_lists": ["a.b"], "prefix": "T", "languages": ["en"]}
    tables["maild"]["trust"] |= {"method": "authserv_id", "value": "x"}
    tables["team"]["person"].append({"name": "Ana", "addresses": ["ana@example.org"], "role": "tsm"})
    tables["team"]["person"][0] |= {
        "away": ["2026-01-01"],
        "hours": "Mon-Fri 09:00-17:00",
        "capacity": 2,
        "substitute": "Ana",
        "skills": ["network"],
    }
    tables["network"] = {
        "title": "N",
        "technical": True,
        "description": "",
        "responsible": "Lead",
        "required": ["host"],
    }
    return tables


def places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place at which something stands."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*place, key)
        yield from places(inner, (*place, key))


def with_value(tables: Tables, place: tuple[Any, ...], value: Any) -> Tables:
    """As they were, with another value at one place of one file."""
    changed = {**tables, place[0]: deepcopy(tables[place[0]])}
    inner: Any = changed
    for part in place[:-1]:
        inner = inner[part]
    inner[place[-1]] = deepcopy(value)
    return changed


def checked(name: str, tables: Tables, problems: list[str]) -> Any:
    return check(Path(f"/desk/{name}.toml"), tables[name], MODELS[name], problems, {})


def read(tables: Tables, changed: str, unchanged: Mapping[str, Section]) -> None:
    """Read tables as `read_settings` reads files, the changed ones alone anew. Raises ConfigurationError."""
    files = Files(folder=Path("/desk"), category_names=frozenset({"network"}))
    found: dict[str, Any] = {**unchanged, changed: checked(changed, tables, files.problems)}
    files.maild, files.process, files.priorities, files.team = (found[name] for name in list(MODELS)[:4])
    files.categories = {"network": found["network"]} if found["network"] else {}
    files.problems += [problem for rule in RULES for problem in rule(files)]
    assert all("\n" not in problem and len(problem) < 2000 for problem in files.problems)
    if files.problems:
        assert all(problem.startswith("/desk") for problem in files.problems)
        raise ConfigurationError(*files.problems)
    build_settings(files, {})


def sections(tables: Tables) -> dict[str, Section]:
    """What is right before anything hostile stands there: else nothing would be built of any value."""
    problems: list[str] = []
    found: dict[str, Section] = {name: checked(name, tables, problems) for name in MODELS}
    assert problems == []
    read(tables, "maild", found)
    return found


@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value)[:20])
def test_a_hostile_value_at_any_place_is_settings_or_problems(value: Any) -> None:
    tables = shipped_tables()
    unchanged = sections(tables)
    for place in places(tables):
        if len(place) > 1:
            with suppress(ConfigurationError):
                read(with_value(tables, place, value), place[0], unchanged)


def test_a_hostile_key_at_any_place_is_a_problem() -> None:
    tables = shipped_tables()
    unchanged = sections(tables)
    for place in places(tables):
        if len(place) > 1 and isinstance(place[-1], str):
            for key in ("hunter2\nx", "__class__", "", "model_config", "x" * 10_000):
                with pytest.raises(ConfigurationError):
                    read(with_value(tables, (*place[:-1], key), "x"), place[0], unchanged)
