"""The pinned libraries: what is tested is what is written down, and the wheel's ranges allow it."""

import tomllib
from runpy import run_path

from packaging.requirements import Requirement

from tests.support.places import ROOT

CHECK = run_path(str(ROOT / ".ci" / "dependencies.py"))


def test_what_is_installed_is_what_is_pinned() -> None:
    needed = dict(CHECK["find_needed"]())
    assert len(needed) > 50
    assert list(CHECK["compare"](needed, CHECK["read_lock"]())) == []


def test_another_version_one_more_and_one_too_many_are_each_named() -> None:
    said = list(CHECK["compare"]({"a": "2", "b": "1"}, {"a": "1", "c": "1"}))
    assert [line.removeprefix("constraints.txt: ") for line in said] == [
        "a is 1 there, and 2 here",
        "b 1 is needed, and not in it",
        "c is in it, and not needed",
    ]


def test_the_wheel_keeps_ranges_and_they_allow_what_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    locked = CHECK["read_lock"]()
    for line in (*project["dependencies"], *project["optional-dependencies"]["dev"]):
        wanted = Requirement(line)
        assert "==" not in str(wanted.specifier)
        assert wanted.specifier.contains(locked[CHECK["plain"](wanted.name)]), line
