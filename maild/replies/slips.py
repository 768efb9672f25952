"""What is wrong with a template, found before any mail is written from it."""

from collections.abc import Iterator

from jinja2 import Environment, TemplateSyntaxError, meta, nodes

from maild.replies.environment import LAYOUT
from maild.replies.kinds import KINDS
from maild.replies.names import names_for

LAYOUT_NAMES = frozenset({"blocks", "answers", "desk", "number", "language", "addresses"})

# With these alone, and names that are always there, no template can fail while a mail is written.
_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.For),
    *(nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.Const),
)


def find_slips(name: str, source: str, environment: Environment) -> list[str]:
    """One line for each thing that is wrong with the template `<language>/<kind>.txt` or the layout."""
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        return [f"templates/{name}, line {error.lineno}: {error.message}"]
    used = meta.find_undeclared_variables(tree)
    if name == LAYOUT:
        return list(_unknown(name, used, LAYOUT_NAMES))
    file = name.partition("/")[2]
    kind = KINDS.get(file.removesuffix(".txt"))
    if kind is None or not file.endswith(".txt"):
        allowed = ", ".join(f"{known}.txt" for known in KINDS)
        return [
            f"templates/{name}: maild never uses this file; allowed: {LAYOUT}, and in templates/<language>/ {allowed}"
        ]
    return [*_unknown(name, used, names_for(file.removesuffix(".txt"))), *_logic(name, tree), *_shape(name, source)]


def _unknown(name: str, used: set[str], allowed: frozenset[str]) -> Iterator[str]:
    for word in sorted(used - allowed):
        yield f"templates/{name}: {word} is not a name of this template; allowed: {', '.join(sorted(allowed))}"


def _logic(name: str, tree: nodes.Template) -> Iterator[str]:
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED):
            yield f"templates/{name}, line {node.lineno}: only {{{{ name }}}}, {{% if %}} and {{% for %}} may stand in a template"


def _shape(name: str, source: str) -> Iterator[str]:
    first, _, rest = source.partition("\n")
    if not first.startswith("Subject:") or not rest.startswith("\n"):
        yield f"templates/{name}: the first line must be `Subject: ...`; then comes a blank line, then the body"
