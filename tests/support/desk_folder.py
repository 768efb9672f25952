"""A configuration folder for tests: the shipped one, with a difference."""

from pathlib import Path

from maild.errors import ConfigurationError
from maild.settings.reading import read_settings
from maild.settings.values import Settings
from maild.shipped import folder as shipped

CATEGORY = 'title = "Network"\ntechnical = true\ndescription = "Lines and switches."\n'


def a_folder(at: Path) -> Path:
    """Write the shipped configuration, with one category of its own beside them."""
    (at / "categories").mkdir(parents=True)
    for name in ("maild.toml", "process.toml", "priorities.toml", "team.toml"):
        (at / name).write_text((shipped("config") / name).read_text("utf-8"), "utf-8")
    (at / "categories" / "network.toml").write_text(CATEGORY, "utf-8")
    return at


def change(folder: Path, file: str, old: str, new: str) -> Path:
    """Replace one text of one file; it must be there exactly once."""
    path = folder / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), "utf-8")
    return folder


def add(folder: Path, file: str, text: str) -> Path:
    """Write something below the end of a file."""
    path = folder / file
    path.write_text(path.read_text("utf-8") + text, "utf-8")
    return folder


def read(folder: Path, **environ: str) -> Settings:
    """Read it under an environment that holds nothing else."""
    return read_settings(folder, environ)


def problems(folder: Path, **environ: str) -> list[str]:
    """Read it, and give what is wrong."""
    try:
        read_settings(folder, environ)
    except ConfigurationError as error:
        return list(error.problems)
    return []
