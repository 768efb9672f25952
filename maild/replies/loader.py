"""Template files to compiled templates: the only file that reads them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Template

from maild.errors import ConfigurationError
from maild.replies.environment import LAYOUT, template_environment
from maild.replies.slips import find_slips

SHIPPED = Path(__file__).parent / "templates"
LAST_RESORT = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """Every template, compiled."""

    mails: Mapping[tuple[str, str], Template]
    """(language, kind) to the mail that it becomes."""

    layout: Template
    """The HTML around the words, one for all."""

    def language_for(self, kind: str, languages: Iterable[str]) -> str:
        """The first of the languages that has a template of the kind; English always has."""
        return next(code for code in (*languages, LAST_RESORT) if (code, kind) in self.mails)


def load_templates(overrides: Path | None) -> Templates:
    """Compile the shipped templates and those of the admin's folder, which stand instead of them.

    Raises ConfigurationError, one line each: a file that cannot be read or that maild never uses, a name that this
    kind of mail does not have, a slip of syntax.
    """
    sources = _read(SHIPPED) | (_read(overrides) if overrides is not None else {})
    environment = template_environment(sources)
    slips = [slip for name, source in sorted(sources.items()) for slip in find_slips(name, source, environment)]
    if slips:
        raise ConfigurationError(*slips)
    mails = {_key(name): environment.get_template(name) for name in sources if name != LAYOUT}
    return Templates(mails=mails, layout=environment.get_template(LAYOUT))


def _read(folder: Path) -> dict[str, str]:
    """Name, such as `de/hand_off.txt`, to text. Notes and an editor's copies may lie beside the templates."""
    paths = [path for path in folder.rglob("*") if path.suffix in {".txt", ".html"} and path.is_file()]
    try:
        return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{folder}: a template cannot be read as UTF-8 text: {error}") from error


def _key(name: str) -> tuple[str, str]:
    language, _, file = name.partition("/")
    return language, file.removesuffix(".txt")
