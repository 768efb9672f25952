"""Improve the configuration: what a proposal of the report asks for, as new texts of its files; wrong ones are never written."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from maild.errors import ConfigurationError, Refused
from maild.settings.editing import Value, with_key
from maild.settings.fields import NAME
from maild.settings.reading import read_settings
from maild.settings.values import Settings

Texts = Mapping[Path, str]
"""File of the configuration to what shall stand in it."""


def teach(settings: Settings, category: str, person: str) -> Texts:
    """The person has the category as a skill."""
    _refuse_unknown(category, settings)
    names = [each.name for each in settings.team.people]
    if person not in names:
        raise ConfigurationError(f"team.toml has no person {person!r}; it has {', '.join(names)}")
    return _with_skills(settings, {person: category})


def prolong(settings: Settings, clock: str, priority: int, time: str) -> Texts:
    """A promise is given this time; `time` is a duration as in the files."""
    if clock == "hand_off_receipt":
        return _edited(settings.folder / "process.toml", "hand_off", "receipt", time)
    if priority not in settings.priorities.titles:
        known = ", ".join(map(str, settings.priorities.titles))
        raise ConfigurationError(f"priorities.toml has no priority {priority}; it has {known}")
    return _edited(settings.folder / "priorities.toml", f"priority.{priority}", clock, time)


def guide(settings: Settings, category: str, text: str) -> Texts:
    """TSMs get this guide with each ticket of the category."""
    _refuse_unknown(category, settings)
    if not text.strip():
        raise ConfigurationError("the guide is empty; write at least a line of it")
    written = text.replace("\r\n", "\n").strip("\n") + "\n"
    return _edited(_category(settings, category), "", "guide", written)


def split(settings: Settings, category: str, new: str, *, title: str, examples: Sequence[str]) -> Texts:
    """A new category beside the old one: whoever can do the one can do the other."""
    _refuse_unknown(category, settings)
    if not NAME.fullmatch(new):
        raise ConfigurationError(f"{new!r} is no name of a category; allowed: lower-case letters, digits, - and _")
    if new in settings.categories:
        raise ConfigurationError(f"there is a category {new} already: {_category(settings, new)}")
    old = _category(settings, category)
    texts: dict[Path, str] = {old: old.read_text("utf-8-sig")}
    described = f"A part of {category} that has been split off: {title}."
    keys: Mapping[str, Value] = {"title": title, "description": described, "belongs": (), "examples": tuple(examples)}
    for key, value in keys.items():
        texts |= _edited(old, "", key, value, text=texts[old])
    able = {person.name: new for person in settings.team.people if category in person.skills}
    return {_category(settings, new): texts[old], **(_with_skills(settings, able) if able else {})}


def refuse_wrong(settings: Settings, texts: Texts, environ: Mapping[str, str]) -> Settings:
    """Read the configuration as it would be, from a copy. Raises ConfigurationError, and nothing has been written."""
    with tempfile.TemporaryDirectory(prefix="maild-improve-") as name:
        copy = Path(name) / "config"
        for path in settings.folder.rglob("*.toml"):
            target = copy / path.relative_to(settings.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        for path, text in texts.items():
            (copy / path.relative_to(settings.folder)).write_text(text, "utf-8")
        try:
            return read_settings(copy, environ)
        except ConfigurationError as error:
            problems = (problem.replace(str(copy), str(settings.folder)) for problem in error.problems)
            raise ConfigurationError(*problems) from None


def write(texts: Texts) -> None:
    """Put each text in its file's place at once, new files first. Raises Refused where one cannot be written."""
    for path in sorted(texts, key=Path.exists):
        beside = path.with_name(f".{path.name}.new")
        try:
            beside.write_text(texts[path], "utf-8")
            if path.exists():
                shutil.copymode(path, beside)
            beside.replace(path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise Refused(f"{path} cannot be written: {error.strerror or error}. Run the command again.") from error


def _refuse_unknown(category: str, settings: Settings) -> None:
    if category not in settings.categories:
        raise ConfigurationError(
            f"there is no category {category!r}; there are {', '.join(sorted(settings.categories))}"
        )


def _category(settings: Settings, name: str) -> Path:
    return settings.folder / "categories" / f"{name}.toml"


def _with_skills(settings: Settings, added: Mapping[str, str]) -> Texts:
    """Person to the skill that they get besides."""
    path = settings.folder / "team.toml"
    text = path.read_text("utf-8-sig")
    for place, person in enumerate(settings.team.people):
        if person.name in added and added[person.name] not in person.skills:
            skills = (*person.skills, added[person.name])
            text = _edited(path, "person", "skills", skills, place=place, text=text)[path]
    return {path: text}


def _edited(path: Path, table: str, key: str, value: Value, *, place: int = 0, text: str | None = None) -> Texts:
    text = path.read_text("utf-8-sig") if text is None else text
    new = with_key(text, table, key, value, place=place)
    if new is None:
        where = f"[{table}] {key}" if table else key
        raise Refused(f"{path}: {where} cannot be changed by itself; nothing was written; edit the file by hand")
    return {path: new}
