"""What helps a TSM with a ticket, as lines of a template: solved tickets, the category's guide, the commands, those refused."""

import re
from collections.abc import Iterable
from functools import cache

from maild.process.commands.catalogue import CATALOGUE
from maild.process.desk import Desk
from maild.process.ticket import Role
from maild.replies.plain import one_line
from maild.replies.reasons.saying import say
from maild.replies.reply import Similar
from maild.replies.subject import base_subject
from maild.replies.typography import quoted
from maild.replies.words import WORDS, colon

ANSWER_LIMIT, SUBJECT_LIMIT, LINE_LIMIT, WORD_LIMIT = 240, 80, 500, 40
LINES_LIMIT = 80
_ON_A_LINE = 4

_HEADING = re.compile(r"#{1,6}\s+")
_ITEM = re.compile(r"\s*[*+-]\s+")
_EMPHASIS = re.compile(r"\*\*|__|`")
_GREETING = re.compile(
    r"(?i)^(?:hello|hi|dear|hallo|guten (?:tag|morgen|abend)|sehr geehrte|liebe|bonjour|cher|chère|hola|buenos|estimad)"
)
_GREETING_WORDS = 6
_CAPITALS = re.compile(r"[A-Z]{2,}")


def similar_lines(similar: Iterable[Similar], desk: Desk, language: str) -> list[str]:
    """Number, subject, and how the ticket was solved."""
    lines = []
    for each in similar:
        subject = one_line(base_subject(each.subject, desk.prefix), SUBJECT_LIMIT)
        told = one_line(_told(each.answer), ANSWER_LIMIT)
        shared = f" ({', '.join(one_line(word, WORD_LIMIT) for word in each.shared)})" if each.shared else ""
        lines.append(
            f"{desk.show(each.number)} {subject}{f'{colon(language)} {quoted(told, language)}' if told else ''}{shared}"
        )
    return lines


def guide_lines(guide: str) -> list[str]:
    """Markdown as a template's lines: headings, items and paragraphs; marks of emphasis are left out."""
    return [_guide_line(line) for line in guide.strip().splitlines()[:LINES_LIMIT]]


@cache
def command_lines(language: str) -> tuple[str, ...]:
    """Each command of a TSM with what it takes, a few on a line: a phone shows them without much scrolling."""
    stands_for = WORDS.get(language, WORDS["en"]).placeholders
    known = [
        f"/{name} {_CAPITALS.sub(lambda word: stands_for.get(word[0], word[0]), order.argument)}".rstrip()
        for name, order in CATALOGUE.items()
        if Role.TSM in order.roles
    ]
    return tuple(", ".join(known[place : place + _ON_A_LINE]) for place in range(0, len(known), _ON_A_LINE))


def transcript_lines(transcript: Iterable[tuple[str, str]], language: str) -> list[str]:
    """Each command as it was written, with what is wrong with it."""
    return [_transcribed(line, trouble, language) for line, trouble in transcript]


def _transcribed(line: str, trouble: str, language: str) -> str:
    written, wrong = one_line(say(line, language), SUBJECT_LIMIT), one_line(say(trouble, language), LINE_LIMIT)
    return f"{written}{colon(language)} {wrong or 'ok'}"


def _told(answer: str) -> str:
    """The words of an answer, without the small print below them and the greeting above."""
    lines = [line for line in answer.partition("\n-- ")[0].splitlines() if line.strip()]
    if lines and _GREETING.match(lines[0]) and len(lines[0].split()) <= _GREETING_WORDS:
        lines = lines[1:]
    return " ".join(lines)


def _guide_line(line: str) -> str:
    words = one_line(_EMPHASIS.sub("", line), LINE_LIMIT)
    if match := _HEADING.match(words):
        return f"# {words[match.end() :]}"
    if match := _ITEM.match(words):
        return f"- {words[match.end() :]}"
    if not words.strip("-"):
        return ""  # a rule, which would begin the small print
    # A line of the guide must not begin like something else of a template.
    return words.lstrip(">|=# ") if words[0] in ">|=" else words
