"""Export: articles as Markdown files with front matter, as any static-site tool takes them. Pure.

What a client or a TSM wrote stays words there: no HTML, no template, no program, no link of it comes to life.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC

from maild.knowledge.article import Article

INDEX = "index.md"
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# The last three: many tools make links of bare addresses (GitHub Flavored Markdown 6.9, autolinks). They can be read and copied.
_ALIVE: Mapping[str, str] = {
    "&": "&amp;",
    "<": "&lt;",
    "{": "&#123;",
    "}": "&#125;",
    "](": "]\\(",
    "]:": "]\\:",
    "![": "!\\[",
    "://": ":\\//",
    "www.": "www\\.",
    "mailto:": "mailto\\:",
}
_MODULE = re.compile(r"(?m)^([^\S\n]*)([ie])(?=(?:mport|xport)\b)")
"""How a line begins that some tools run as a program's (MDX 2): its first letter is written by its number."""

_LIVELY = re.compile("|".join(re.escape(each) for each in sorted(_ALIVE, key=len, reverse=True)))


def export(articles: Sequence[Article], show: Callable[[int], str]) -> Mapping[str, str]:
    """File name to text, an index included; `show`: the number of a ticket as people know it."""
    files = {f"{article.name}.md": _page(article, show) for article in articles}
    return {INDEX: _index(articles), **files}


def _page(article: Article, show: Callable[[int], str]) -> str:
    fields = {
        "title": article.title,
        "slug": article.name,
        "date": article.created_at.astimezone(UTC).isoformat(timespec="seconds"),
        "version": article.version,
        "category": article.category,
        "language": article.language,
        "tickets": [show(number) for number in article.tickets],
        "related": list(article.related),
    }
    head = "\n".join(f"{name}: {_yaml(value)}" for name, value in fields.items())
    return f"---\n{head}\n---\n\n{inert(article.body)}"


def _index(articles: Sequence[Article]) -> str:
    lines = [f"- [{inert(article.title)}]({article.name}.md)" for article in articles]
    return "\n".join(["---", 'title: "Knowledge base"', "---", "", *lines, ""])


def inert(text: str) -> str:
    """The text as Markdown in which nothing is HTML, a template's or a program's command, or a link."""
    words = _LIVELY.sub(lambda found: _ALIVE[found.group()], _CONTROLS.sub("", text))
    return _MODULE.sub(lambda found: f"{found[1]}&#{ord(found[2])};", words)


def _yaml(value: object) -> str:
    """JSON is YAML (YAML 1.2, section 1.3), where nothing invisible is in it."""
    return _CONTROLS.sub("", json.dumps(value, ensure_ascii=False))
