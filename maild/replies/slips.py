"""What is wrong with a template, found before any mail is written from it."""

from collections.abc import Iterator

from jinja2 import Environment, TemplateSyntaxError, meta

from maild.replies.environment import LAYOUT
from maild.replies.kinds import KINDS
from maild.replies.names import names_for

LAYOUT_NAMES = frozenset({"blocks", "desk", "number", "language", "addresses"})


def find_slips(name: str, source: str, environment: Environment) -> list[str]:
    """One line for each thing that is wrong with the template `<language>/<kind>.txt` or the layout."""
    try:
        used = meta.find_undeclared_variables(environment.parse(source))
    except TemplateSyntaxError as error:
        return [f"templates/{name}, line {error.lineno}: {error.message}"]
    if name == LAYOUT:
        return list(_unknown(name, used, LAYOUT_NAMES))
    language, _, file = name.partition("/")
    kind = KINDS.get(file.removesuffix(".txt"))
    if kind is None or not file.endswith(".txt"):
        allowed = ", ".join(f"{known}.txt" for known in KINDS)
        return [
            f"templates/{name}: maild never uses this file; allowed: {LAYOUT}, and in templates/{language}/ {allowed}"
        ]
    return [*_unknown(name, used, names_for(kind.audience)), *_shape(name, source)]


def _unknown(name: str, used: set[str], allowed: frozenset[str]) -> Iterator[str]:
    for word in sorted(used - allowed):
        yield f"templates/{name}: {word} is not a name of this template; allowed: {', '.join(sorted(allowed))}"


def _shape(name: str, source: str) -> Iterator[str]:
    first, _, rest = source.partition("\n")
    if not first.startswith("Subject:") or not rest.startswith("\n"):
        yield f"templates/{name}: the first line must be `Subject: ...`; then comes a blank line, then the body"
