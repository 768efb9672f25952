"""Commands at the top of a TSM's mail, as mail clients write them."""

import re
from importlib import import_module
from pkgutil import iter_modules

import pytest

from maild.process import commands as package
from maild.process.commands.reading import read_commands

_LITERAL = re.compile(r"\\.|\[\^?(?:\\.|[^\]\\])+\]")
_ENDLESS = re.compile(r"(?:[*+]|\{\d+,\})\+?")
"""A repeat without end; one that never goes back has a plus behind it."""


def read(text: str) -> tuple[list[tuple[str, str]], str]:
    written = read_commands(text)
    return [(command.name, command.argument) for command in written.commands], written.words


@pytest.mark.parametrize(
    ("text", "commands", "words"),
    [
        ("/note\nThe disk is full.", [("note", "")], "The disk is full."),
        (
            "/category network\n/urgency 1\n\nWe are on it.",
            [("category", "network"), ("urgency", "1")],
            "We are on it.",
        ),
        ("Dear Bea,\n/close", [], "Dear Bea,\n/close"),
        ("/note\n\n/close", [("note", "")], "/close"),
        ("", [], ""),
        ("/take", [("take", "")], ""),
    ],
)
def test_commands_stand_at_the_top_and_a_blank_line_ends_them(
    text: str, commands: list[tuple[str, str]], words: str
) -> None:
    assert read(text) == (commands, words)


@pytest.mark.parametrize(
    "line",
    [
        "/Resolve",
        "/resolve.",
        " /resolve ",
        "\N{NO-BREAK SPACE}/resolve\N{NO-BREAK SPACE}",
        "\N{ZERO WIDTH SPACE}/resolve",
        "/ resolve",
        "\N{FULLWIDTH SOLIDUS}resolve",
    ],
)
def test_habits_of_mail_clients_and_phones_do_not_matter(line: str) -> None:
    assert read(f"\n\n{line}\nIt works again.") == ([("resolve", "")], "It works again.")


def test_quotation_marks_and_a_colon_belong_to_no_argument() -> None:
    assert read("/assign: “Ana Ruiz”")[0] == [("assign", "Ana Ruiz")]


def test_the_full_stop_of_a_phone_belongs_to_no_argument() -> None:
    assert read("/Urgency 1.\n/eta 2026-12-01 15:00.\n/cc add carl@client.example.")[0] == [
        ("urgency", "1"),
        ("eta", "2026-12-01 15:00"),
        ("cc", "add carl@client.example"),
    ]


def test_the_full_stop_of_a_day_stays() -> None:
    assert read("/eta bis 15.12.\n/eta 24.12.2026.\n/eta 15 Uhr.")[0] == [
        *(("eta", "bis 15.12."), ("eta", "24.12.2026"), ("eta", "15 Uhr"))
    ]


@pytest.mark.parametrize("name", ["eta", "cc add", "assign", "urgency"])
@pytest.mark.parametrize("length", [401, 100_000])
def test_what_is_longer_than_any_argument_is_not_read(name: str, length: int) -> None:
    written = read_commands(f"/{name} ".ljust(length, "1") + "\nWords")
    assert [(each.name, each.argument, bool(each.trouble)) for each in written.commands] == [
        (name.split(maxsplit=1)[0], "", True)
    ]
    assert (len(written.commands[0].line) < 410, written.words) == (True, "Words")


def test_of_a_thousand_commands_the_first_are_read() -> None:
    written = read_commands("/urgency 1\n" * 1_000 + "Words")
    assert [bool(each.trouble) for each in written.commands] == [*[False] * 50, True]
    assert written.words == "Words"


def test_no_expression_of_a_command_tries_one_text_twice() -> None:
    """Whoever mails us may write a command, and it is read before anybody asks who wrote it."""
    modules = [import_module(f"{package.__name__}.{each.name}") for each in iter_modules(package.__path__)]
    found = [each.pattern for module in modules for each in vars(module).values() if isinstance(each, re.Pattern)]
    assert len(found) >= 15
    endless = {pattern: _ENDLESS.findall(_LITERAL.sub("x", pattern)) for pattern in found}
    assert [
        pattern
        for pattern, each in endless.items()
        if not all(repeat.endswith("+") and len(repeat) > 1 for repeat in each)
    ] == []


def test_two_slashes_begin_a_reply_with_one() -> None:
    assert read("//etc/hosts is the file.\n//second") == ([], "/etc/hosts is the file.\n//second")


def test_two_slashes_below_a_blank_line_begin_it_with_one_too() -> None:
    assert read("/update\n\n//etc/hosts is the file.") == ([("update", "")], "/etc/hosts is the file.")


def test_a_path_is_an_unknown_command_rather_than_a_reply() -> None:
    assert read("/etc/hosts is broken\nHello")[0] == [("etc/hosts is broken", "")]


def test_a_quoted_line_is_no_command() -> None:
    assert read("> /close\nno") == ([], "> /close\nno")
