"""The configuration folder to Settings: read once, wrong at start or never."""

from collections.abc import Mapping
from pathlib import Path

from maild.errors import ConfigurationError
from maild.process.category import Category
from maild.process.retention import Retention
from maild.settings.agreement import RULES
from maild.settings.building import (
    build_desk,
    build_limits,
    build_mailboxes,
    build_operation,
    build_scan,
    build_secret,
    build_smtp,
    build_trust,
)
from maild.settings.database_url import absolute_url
from maild.settings.files import Files, read_files
from maild.settings.linear import build_linear
from maild.settings.paths import starting_place
from maild.settings.values import ClassifySettings, Settings


def read_settings(folder: Path, environ: Mapping[str, str]) -> Settings:
    """Read and check the whole configuration; no secret is read, nothing is written.

    Raises ConfigurationError with every problem of every file, one line each.
    """
    files = read_files(folder, environ)
    files.problems += [problem for rule in RULES for problem in rule(files)]
    if files.problems:
        raise ConfigurationError(*files.problems)
    return build_settings(files, environ)


def build_settings(files: Files, environ: Mapping[str, str]) -> Settings:
    """Build the value; the files have no problem, so all are there."""
    keys, process, priorities, team = files.maild, files.process, files.priorities, files.team
    assert keys and process and priorities and team  # noqa: S101, PT018  # a file that is not there is a problem
    start = starting_place(files.folder, environ)
    mailboxes = tuple(build_mailboxes(keys, start))
    return Settings(
        folder=files.folder,
        desk=build_desk(keys.desk),
        database_url=absolute_url(keys.database.url, start),
        database_secret=build_secret(keys.database, "database", start),
        mailboxes=mailboxes,
        smtp=build_smtp(keys.smtp, mailboxes[0], start),
        linear=build_linear(keys.linear, start),
        trust=build_trust(keys.trust),
        limits=build_limits(keys.limits),
        parsers=keys.limits.parsers,
        classify=ClassifySettings(**keys.classify.model_dump()),
        operation=build_operation(keys.operation),
        retention=Retention(**keys.retention.model_dump()),
        policy=process.policy(),
        priorities=priorities.priorities(keys.desk.time_zone),
        team=team.build(),
        categories=build_categories(files),
        scan=build_scan(keys.scan),
        templates=templates if (templates := files.folder / "templates").is_dir() else None,
    )


def build_categories(files: Files) -> Mapping[str, Category]:
    """Build the categories by their names."""
    return {name: keys.category(name) for name, keys in files.categories.items()}
