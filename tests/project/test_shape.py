"""The project has the shape that STYLE and the README promise."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.support.places import ROOT

MODULES = sorted((ROOT / "maild").rglob("*.py"))
GENERATED = ("migrations/versions",)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def test_every_module_says_what_it_is_for() -> None:
    first = {name(path): (ast.get_docstring(parsed(path)) or "").partition("\n")[0].strip() for path in MODULES}
    assert len(first) > 800
    assert {path: line for path, line in first.items() if not line.endswith((".", ":", "`", "?"))} == {}


def test_every_module_is_short() -> None:
    lines = {name(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {path: count for path, count in lines.items() if count > 250} == {}


def test_every_function_is_short() -> None:
    written = [path for path in MODULES if not any(part in name(path) for part in GENERATED)]
    nodes = [(path, node) for path in written for node in ast.walk(parsed(path)) if isinstance(node, FUNCTIONS)]
    lengths = {f"{name(path)}::{node.name}": (node.end_lineno or 0) - node.lineno + 1 for path, node in nodes}
    assert {function: lines for function, lines in lengths.items() if lines > 40} == {}


def imported(path: Path) -> Iterator[str]:
    """The top-level names that a module imports."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_the_libraries_that_maild_imports_are_those_that_it_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["encoder"]]
    named = {normal(re.split(r"[\[><=~! ]", line, maxsplit=1)[0]) for line in asked}
    names = {name for path in MODULES for name in imported(path)} - set(sys.stdlib_module_names) - {"maild"}
    names -= {"compression"}  # the standard library's from 3.14 on; `backports` until then
    owners = packages_distributions()
    used = {normal(owner) for name in names for owner in set(owners.get(name, [name]))}
    parts = {"psycopg-binary", "pydantic-core"}  # of psycopg and pydantic, which pin them
    unseen = {
        "tzdata",
        "psycopg",
    }  # zoneinfo reads the one where the system has no time zones, SQLAlchemy imports the other
    assert sorted((used - parts) | unseen) == sorted(named)


def test_tests_stand_in_the_folders_of_the_layers_that_they_test() -> None:
    layers = {path.parent.name for path in (ROOT / "maild").glob("*/__init__.py")}
    folders = {path.parent.name for path in (ROOT / "tests").rglob("test_*.py")}
    assert folders - layers == {"project", "stories"}


def test_the_readme_is_short_and_names_both_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert len(text.splitlines()) <= 200
    assert "make demo" in text
    assert "make test" in text


def test_every_command_of_make_explains_itself() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in told.splitlines()} >= {"demo", "test", "check", "format"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout as it is."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*build, "--no-build-isolation", "--wheel-dir", folder, ROOT], check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_carries_models_configuration_templates_migrations_and_mails(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for expected in (
        "maild/_shipped/models/",
        "maild/_shipped/config/",
        "maild/replies/templates/",
        "maild/store/migrations/versions/",
        "maild/demo/mails/",
    ):
        assert any(entry.startswith(expected) for entry in names), expected
    assert any(entry.endswith("licenses/NOTICE") for entry in names)
    assert not any(entry.startswith(("tests/", "benchmarks/")) for entry in names)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which the wheel stands in place of the checkout; the libraries are those of the tests."""
    place = tmp_path_factory.mktemp("installed")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*install, "--target", place, wheel], check=True, cwd=place)
    return {**os.environ, "PYTHONPATH": str(place), "PYTHONSAFEPATH": "1", "NO_COLOR": "1"}


def run_installed(installed: dict[str, str], folder: Path, *arguments: str) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=folder, env=installed, capture_output=True, text=True, check=True, timeout=300
    ).stdout


def test_an_installed_wheel_finds_its_models_and_its_configuration(installed: dict[str, str], tmp_path: Path) -> None:
    look = "import maild; from maild.shipped import folder; print(maild.__file__, folder('models'), folder('config'))"
    assert run_installed(installed, tmp_path, "-c", look).count(installed["PYTHONPATH"]) == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--help"], "usage: maild"),
        (["init", "desk"], "desk/maild.toml"),
        (["demo"], "none lost"),
    ],
    ids=["help", "init", "demo"],
)
def test_an_installed_wheel_works_without_the_checkout(
    installed: dict[str, str], tmp_path: Path, arguments: list[str], words: str
) -> None:
    assert words in run_installed(installed, tmp_path, "-m", "maild", *arguments)
