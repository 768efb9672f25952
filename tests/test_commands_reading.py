"""Commands at the top of a TSM's mail, as mail clients write them."""

import pytest

from maild.process.commands.reading import read_commands


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


def test_two_slashes_begin_a_reply_with_one() -> None:
    assert read("//etc/hosts is the file.\n//second") == ([], "/etc/hosts is the file.\n//second")


def test_two_slashes_below_a_blank_line_begin_it_with_one_too() -> None:
    assert read("/update\n\n//etc/hosts is the file.") == ([("update", "")], "/etc/hosts is the file.")


def test_a_path_is_an_unknown_command_rather_than_a_reply() -> None:
    assert read("/etc/hosts is broken\nHello")[0] == [("etc/hosts is broken", "")]


def test_a_quoted_line_is_no_command() -> None:
    assert read("> /close\nno") == ([], "> /close\nno")
