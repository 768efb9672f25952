"""Template files to compiled templates: the only file that reads them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, Template

from maild.errors import ConfigurationError
from maild.replies.environment import LAYOUT, template_environment
from maild.replies.slips import find_slips

SHIPPED = Path(__file__).parent / "templates"
LAST_RESORT = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """Every template; each is compiled when it is first asked for."""

    mails: Mapping[tuple[str, str], Template]
    """(language, kind) to the mail that it becomes."""

    layout: Template
    """The HTML around the words, one for all."""

    def language_for(self, kind: str, languages: Iterable[str]) -> str:
        """The first of the languages that has a template of the kind; English always has."""
        return next(code for code in (*languages, LAST_RESORT) if (code, kind) in self.mails)


def load_templates(overrides: Path | None) -> Templates:
    """Read the shipped templates, and read and check those of the admin's folder, which stand instead of them.

    The shipped ones are code, and checked like code: by the suite. Raises ConfigurationError, one line each: a file that cannot be read or that maild never uses, a name that this
    kind of mail does not have, a slip of syntax.
    """
    return _shipped() if overrides is None else _templates(_shipped_sources() | _checked(_read(overrides)))


@cache
def _shipped() -> Templates:
    """They do not change while maild runs."""
    return _templates(_shipped_sources())


@cache
def _shipped_sources() -> dict[str, str]:
    return _read(SHIPPED)


def _checked(sources: dict[str, str]) -> dict[str, str]:
    environment = template_environment(sources)
    slips = [slip for name, source in sorted(sources.items()) for slip in find_slips(name, source, environment)]
    if slips:
        raise ConfigurationError(*slips)
    return sources


def _templates(sources: Mapping[str, str]) -> Templates:
    environment = template_environment(sources)
    names = {_key(name): name for name in sources if name != LAYOUT}
    return Templates(mails=_Mails(environment, names), layout=environment.get_template(LAYOUT))


class _Mails(Mapping[tuple[str, str], Template]):
    """Compiling all takes a process some tenths of a second, and a desk writes few kinds in few languages."""

    def __init__(self, environment: Environment, names: Mapping[tuple[str, str], str]) -> None:
        self._environment, self._names = environment, names

    def __getitem__(self, key: tuple[str, str]) -> Template:
        return self._environment.get_template(self._names[key])

    def __contains__(self, key: object) -> bool:
        return key in self._names

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _read(folder: Path) -> dict[str, str]:
    """Name, such as `de/hand_off.txt`, to text. Notes and an editor's copies may lie beside the templates."""
    paths = [path for path in folder.rglob("*") if path.suffix in {".txt", ".html"} and path.is_file()]
    return {path.relative_to(folder).as_posix(): _text_of(path) for path in paths}


def _text_of(path: Path) -> str:
    """Read one template; the mark with which Windows' editors begin a file is no part of it."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path}: not UTF-8; save the file in that encoding") from None
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from None


def _key(name: str) -> tuple[str, str]:
    language, _, file = name.partition("/")
    return language, file.removesuffix(".txt")
