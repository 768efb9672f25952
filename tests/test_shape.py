"""The project has the shape that STYLE and the README promise."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "maild").rglob("*.py"))
GENERATED = ("migrations/versions",)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert docstring
    assert docstring.splitlines()[0].strip().endswith((".", ":", "`", "?"))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_is_short(path: Path) -> None:
    longest = 400 if path.name == "tables.py" else 250  # one table of tables reads better in one piece
    assert len(path.read_text("utf-8").splitlines()) <= longest


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_function_is_short(path: Path) -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, functions)]
    too_long = {node.name: lines for node in nodes if (lines := (node.end_lineno or 0) - node.lineno + 1) > 40}
    assert not too_long or any(part in name(path) for part in GENERATED)


def imported(path: Path) -> Iterator[str]:
    """The top-level names that a module imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_the_libraries_that_maild_imports_are_those_that_it_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = {normal(re.split(r"[\[><=~! ]", line, maxsplit=1)[0]) for line in project["dependencies"]}
    names = {name for path in MODULES for name in imported(path)} - set(sys.stdlib_module_names) - {"maild"}
    owners = packages_distributions()
    used = {normal(owner) for name in names for owner in set(owners.get(name, [name]))}
    parts = {"psycopg-binary", "pydantic-core"}  # of psycopg and pydantic, which pin them
    unseen = {
        "tzdata",
        "psycopg",
    }  # zoneinfo reads the one where the system has no time zones, SQLAlchemy imports the other
    assert sorted((used - parts) | unseen) == sorted(named)


def test_the_readme_is_short_and_names_both_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert len(text.splitlines()) <= 200
    assert "make demo" in text
    assert "make test" in text


def test_what_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


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


def test_an_installed_wheel_works_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "installed"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*install, "--target", place, wheel], check=True, cwd=tmp_path)
    # Isolated from the environment (-P, -E), with this environment's libraries behind the installed maild.
    look = (
        f"import sys; sys.path.insert(0, {str(place)!r}); "
        "import maild; from maild.shipped import folder; "
        "print(maild.__file__); print(folder('models')); print(folder('config')); "
        "from maild.cli.frame import main; raise SystemExit(main(['--help']))"
    )
    told = subprocess.run(
        [sys.executable, "-P", "-E", "-c", look], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert told.count(str(place)) == 3
    assert "usage: maild" in told
