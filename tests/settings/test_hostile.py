"""Whatever stands in the files, the answer is settings or problems in words, and never a crash."""

import tomllib
from collections.abc import Iterator
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
    tables["maild"]["database"] |= {"url": "sqlite:///x", "password_env": "X", "password_file": "x"}
    tables["maild"]["limits"] |= {"time": "9s", "parts": 5, "parsers": 1}
    tables["maild"]["desk"] |= {"aliases": ["a@b.example"], "own_lists": ["a.b"], "prefix": "T", "languages": ["en"]}
    tables["maild"]["trust"] |= {"value": "x"}
    tables["team"]["person"][0] |= {
        "away": ["2026-01-01"],
        "hours": "9",
        "capacity": 2,
        "substitute": "x",
        "skills": ["x"],
    }
    tables["network"] = {"title": "N", "technical": True, "description": "", "responsible": "x", "required": ["x"]}
    return tables


def places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place at which something stands."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*place, key)
        yield from places(inner, (*place, key))


def with_value(tables: Tables, place: tuple[Any, ...], value: Any) -> Tables:
    changed: Any = deepcopy(tables)
    inner = changed
    for part in place[:-1]:
        inner = inner[part]
    inner[place[-1]] = deepcopy(value)
    return dict(changed)


def read(tables: Tables) -> None:
    """Read tables as `read_settings` reads files. Raises ConfigurationError."""
    files = Files(folder=Path("/desk"), category_names=frozenset({"network"}))
    found: dict[str, Any] = {}
    for name, model in MODELS.items():
        found[name] = check(Path(f"/desk/{name}.toml"), tables[name], model, files.problems, {})
    files.maild, files.process, files.priorities, files.team = (found[name] for name in list(MODELS)[:4])
    files.categories = {"network": found["network"]} if found["network"] else {}
    files.problems += [problem for rule in RULES for problem in rule(files)]
    assert all("\n" not in problem and len(problem) < 2000 for problem in files.problems)
    if files.problems:
        assert all(problem.startswith("/desk") for problem in files.problems)
        raise ConfigurationError(*files.problems)
    build_settings(files, {})


@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value)[:20])
def test_a_hostile_value_at_any_place_is_settings_or_problems(value: Any) -> None:
    tables = shipped_tables()
    for place in places(tables):
        if len(place) > 1:
            with suppress(ConfigurationError):
                read(with_value(tables, place, value))


def test_a_hostile_key_at_any_place_is_a_problem() -> None:
    tables = shipped_tables()
    for place in places(tables):
        if len(place) > 1 and isinstance(place[-1], str):
            for key in ("hunter2\nx", "__class__", "", "model_config", "x" * 10_000):
                with pytest.raises(ConfigurationError):
                    read(with_value(tables, (*place[:-1], key), "x"))
