"""How templates are read: jinja2, in a sandbox, where an unknown name is an error."""

import re
from collections.abc import Mapping

from jinja2 import DictLoader, StrictUndefined, select_autoescape
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment

from maild.replies.layout import broken, linked, spoken

LAYOUT = "layout.html"
_TAG_LINE = re.compile(r"^[ \t]*(\{%[^\n]*%\})[ \t]*\n", re.MULTILINE)


class TagLines(Extension):
    """A line that holds nothing but tags leaves no line behind; a tag inside a line leaves that line alone."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 -- jinja2 calls it so
        """Let a comment swallow the line end: the numbers of lines stay right for messages."""
        return _TAG_LINE.sub(r"\1{#\n#}", source)


def template_environment(sources: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    """The environment of these templates. Each is compiled once, when it is first asked for."""
    environment = ImmutableSandboxedEnvironment(
        loader=DictLoader(sources),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"], default=False),
        extensions=[TagLines],
        auto_reload=False,
        cache_size=-1,
    )
    environment.filters |= {"linked": linked, "broken": broken, "spoken": spoken}
    return environment
