"""What a desk has learnt, as lines of a template: the form of a post-mortem, and articles that may help."""

from collections.abc import Iterable, Mapping, Sequence

from maild.process.post_mortem.parts import EMPTY, Part, heading
from maild.replies.plain import one_line, some_lines
from maild.replies.reply import Known
from maild.replies.typography import quoted
from maild.replies.words import colon

FIX_LIMIT, TITLE_LIMIT = 200, 100
PART_LIMIT, PART_LINES = 1_500, 12


def form_lines(form: Mapping[Part, str] | None, language: str) -> Sequence[str]:
    """A heading for each part, and below it what is known or a mark that nothing is."""
    if form is None:
        return ()
    lines: list[str] = []
    for part in Part:
        lines += [f"# {heading(part, language)}", "", *_filled(form.get(part, "")), ""]
    return lines


def fix_lines(articles: Iterable[Known]) -> Sequence[str]:
    """What helped others, for a client to read."""
    first = next(iter(articles), None)
    return some_lines(first.fix, characters=PART_LIMIT, lines=PART_LINES)[0] if first else ()


def known_lines(articles: Iterable[Known], language: str) -> list[str]:
    """Name and title of each, what helped, how many tickets it is from, and why it is named."""
    return [_line(article, language) for article in articles]


def _filled(text: str) -> Sequence[str]:
    lines, _ = some_lines(text, characters=PART_LIMIT, lines=PART_LINES)
    return [f"| {line}" for line in lines if line] or [EMPTY]


def _line(article: Known, language: str) -> str:
    fix = one_line(article.fix, FIX_LIMIT)
    told = f"{colon(language)} {quoted(fix, language)}" if fix else ""
    shared = f" ({', '.join(one_line(word, 40) for word in article.shared)})" if article.shared else ""
    return f"{article.name}, {one_line(article.title, TITLE_LIMIT)}{told}{shared}"
