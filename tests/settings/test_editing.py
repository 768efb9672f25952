"""A key of a TOML file is changed, and nothing else: neither values nor the admin's comments; what cannot be is refused."""

import tomllib

import pytest

from maild.settings.editing import literal, with_key

TEXT = '''# the people
[[person]]
name = "Ana"            # first
skills = [
    "network",          # since 2024
]
note = """
[person]
skills = 1
"""

[[person]]
name = "Ben"
# skills = ["access"]   # perhaps

[priority.2]
title = "high"
next_update = "4h"      # "as # promised"
'''


def test_a_value_is_replaced_and_its_comment_stays() -> None:
    new = with_key(TEXT, "priority.2", "next_update", "8h")
    assert new == TEXT.replace('next_update = "4h" ', 'next_update = "8h" ')


def test_a_value_over_many_lines_is_replaced_whole() -> None:
    new = with_key(TEXT, "person", "skills", ("network", "access"))
    assert new is not None
    assert 'skills = ["network", "access"]\nnote = """\n' in new
    assert "# the people" in new


def test_a_key_that_is_not_there_comes_behind_the_others_of_its_table() -> None:
    new = with_key(TEXT, "person", "skills", ("access",), place=1)
    assert new == TEXT.replace('name = "Ben"\n', 'name = "Ben"\nskills = ["access"]\n')
    above = with_key('title = "A"\n\n[one]\ntwo = 2\n', "", "guide", "short")
    assert above == 'title = "A"\nguide = "short"\n\n[one]\ntwo = 2\n'


@pytest.mark.parametrize(
    "written",
    [
        "",
        "x",
        'say "no"',
        "a \\ b",
        'ends "',
        'three """ quotes',
        "# no\n[table]\nkey = 1\n",
        'a\n"""',
        "\x07\x7f \u2028 é",
    ],
)
def test_any_text_can_be_read_again_as_it_was(written: str) -> None:
    assert tomllib.loads(f"key = {literal(written)}")["key"] == written
    new = with_key(TEXT, "priority.2", "guide", f"{written}\n{written}")
    assert new is not None
    assert tomllib.loads(new)["priority"]["2"]["guide"] == f"{written}\n{written}"


@pytest.mark.parametrize(
    ("text", "table", "key"),
    [
        ('priority = { 2 = { title = "high" } }\n', "priority.2", "title"),
        ('[priority]\n2.title = "high"\n', "priority.2", "title"),
        ('[[person]]\nname = "Ana"\n', "team", "name"),
    ],
)
def test_what_is_written_in_another_way_is_left_to_a_person(text: str, table: str, key: str) -> None:
    assert with_key(text, table, key, "low") is None
