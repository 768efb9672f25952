"""The configuration folder to checked files: every problem of every file is collected, none stops the reading."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from maild.errors import ConfigurationError
from maild.settings.category_toml import CategoryToml
from maild.settings.environment import override
from maild.settings.fields import NAME, Section
from maild.settings.maild_toml import MaildToml
from maild.settings.priorities_toml import PrioritiesToml
from maild.settings.problems import Place, own_errors, problem
from maild.settings.process_toml import ProcessToml
from maild.settings.team_toml import TeamToml

File = TypeVar("File", bound=Section)


@dataclass(slots=True, kw_only=True)
class Files:
    """The files as far as they could be read; None where nothing sensible was left of one."""

    folder: Path
    maild: MaildToml | None = None
    process: ProcessToml | None = None
    priorities: PrioritiesToml | None = None
    team: TeamToml | None = None
    categories: dict[str, CategoryToml] = field(default_factory=dict)
    category_names: frozenset[str] = frozenset()
    """Of all files in categories/, readable or not."""

    problems: list[str] = field(default_factory=list)
    origins: Mapping[Place, str] = field(default_factory=dict)
    """Which variable stands over a key of maild.toml."""

    def source(self, *place: int | str) -> str:
        """Name where a value of maild.toml is to be put right: in the file, or in the environment."""
        return where(self.folder / "maild.toml", place, self.origins)


Rule = Callable[[Files], Iterator[str]]
"""Finds what is wrong between keys and between files, and is silent about files that could not be read."""


def read_files(folder: Path, environ: Mapping[str, str]) -> Files:
    """Read and check each file by itself. Raises ConfigurationError only where there is no folder."""
    try:
        is_there = folder.is_dir()
    except OSError as error:
        raise ConfigurationError(f"the configuration folder {folder} cannot be read: {error.strerror}") from error
    if not is_there:
        raise ConfigurationError(
            f"the configuration folder {folder} does not exist; name another one with --config or MAILD_CONFIG,"
            f" or write one with: maild init {folder}"
        )
    files = Files(folder=folder)
    tables = read_toml(folder / "maild.toml", files.problems)
    if tables is not None:
        merged, origins, problems = override(tables, environ)
        files.problems += problems
        files.origins = origins
        files.maild = check(folder / "maild.toml", merged, MaildToml, files.problems, origins)
    files.process = read_file(folder / "process.toml", ProcessToml, files.problems)
    files.priorities = read_file(folder / "priorities.toml", PrioritiesToml, files.problems)
    files.team = read_file(folder / "team.toml", TeamToml, files.problems)
    read_categories(files)
    return files


def read_categories(files: Files) -> None:
    """Read every file of categories/; there must be one."""
    folder = files.folder / "categories"
    try:
        found = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        files.problems.append(f"{folder}: cannot be read: {error.strerror}")
        return
    paths = [path for path in found if path.suffix == ".toml" and not path.name.startswith(".")]
    files.category_names = frozenset(path.stem for path in paths)
    if not paths:
        files.problems.append(f"{folder}: holds no file; allowed: a file NAME.toml for each category")
    files.problems += [f"{path}: is not read; a category is a file NAME.toml" for path in found if is_misnamed(path)]
    for path in paths:
        if not NAME.fullmatch(path.stem):
            files.problems.append(
                f"{path}: the file's name is not allowed; allowed: lower-case letters, digits, - and _"
            )
        category = read_file(path, CategoryToml, files.problems)
        if category:
            files.categories[path.stem] = category


def is_misnamed(path: Path) -> bool:
    """Whether it was meant for a category by its looks: NAME.TOML, or NAME.toml.txt of Windows' editors."""
    is_like_it = path.suffix.casefold() in {".toml", ".txt"} and path.stem.casefold() != "readme"
    return is_like_it and path.suffix != ".toml"


def read_file(path: Path, model: type[File], problems: list[str]) -> File | None:
    """Read and check one file."""
    tables = read_toml(path, problems)
    return None if tables is None else check(path, tables, model, problems, {})


def read_toml(path: Path, problems: list[str]) -> dict[str, Any] | None:
    """Read the tables of a TOML file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Windows' editors begin with a mark
    except FileNotFoundError:
        problems.append(f"{path}: the file is missing; maild init {path.parent} writes what is missing")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problems.append(f"{path}: not TOML: {error}")
    except UnicodeDecodeError:
        problems.append(f"{path}: not UTF-8; save the file in that encoding")
    except OSError as error:
        problems.append(f"{path}: cannot be read: {error.strerror}")
    return None


def check(
    path: Path, tables: dict[str, Any], model: type[File], problems: list[str], origins: Mapping[Place, str]
) -> File | None:
    """Check tables against their keys; wrong ones are named and left out, so that the rest can be checked further."""
    try:
        return model.model_validate(tables)
    except ValidationError as error:
        errors = own_errors(error.errors(include_url=False))
    problems += [problem(where(path, wrong["loc"], origins), wrong, model) for wrong in errors]
    try:
        return model.model_validate(without(tables, errors))
    except ValidationError:
        return None


def where(path: Path, place: Place, origins: Mapping[Place, str]) -> str:
    """Name the source of a value: its file, or the variable that stands over it."""
    over = [origin for origin in origins if origin[: len(place)] == place or place[: len(origin)] == origin]
    variable = origins[over[0]] if over else None
    return f"environment: {variable}" if variable else str(path)


def without(tables: dict[str, Any], errors: list[ErrorDetails]) -> dict[str, Any]:
    """Leave out what was wrong."""
    rest = deepcopy(tables)
    for error in sorted(errors, key=lambda error: [str(part).zfill(9) for part in error["loc"]], reverse=True):
        table: Any = rest
        *parents, last = [part for part in error["loc"] if part != "[key]"] or ["the file"]
        try:
            for part in parents:
                table = table[part]
            del table[last]
        except (KeyError, IndexError, TypeError):
            continue  # missing, or left out with its parent already
    return rest
