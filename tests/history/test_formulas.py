"""Formulas: whatever a client wrote is words in a spreadsheet, and comes back as it was."""

from itertools import product

import pytest

from maild.history.formulas import as_words, from_words


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("VPN;=HYPERLINK(A1)", "VPN;'=HYPERLINK(A1)"),
        ("VPN; +cmd|' /C x'!A0", "VPN;' +cmd|' /C x'!A0"),
        ("Hello,\n@SUM(A1)", "Hello,\n'@SUM(A1)"),
        ("a\t-1+WEBSERVICE(A1)", "a\t'-1+WEBSERVICE(A1)"),
        ('VPN;"=HYPERLINK(A1)', "VPN;'\"=HYPERLINK(A1)"),
        ("VPN;\uff1dHYPERLINK\uff08A1\uff09", "VPN;'\uff1dHYPERLINK\uff08A1\uff09"),
        ("VPN;=1+\tHYPERLINK(A1)", "VPN;'=1+\tHYPERLINK(A1)"),
        ("VPN\t={1;2}+HYPERLINK(A1)", "VPN\t'={1;2}+HYPERLINK(A1)"),
        ("It needs:\n- a cable\n-- \nAda", "It needs:\n- a cable\n-- \nAda"),
        ("a;b=f(x)", "a;b=f(x)"),
    ],
)
def test_what_would_begin_a_formula_in_any_spreadsheet_has_an_apostrophe_before_it(cell: str, written: str) -> None:
    assert as_words(cell) == written


def test_every_cell_comes_back_as_it_was() -> None:
    cells = ["".join(signs) for signs in product("';=( \t\"x", repeat=5)]
    assert [from_words(as_words(cell)) for cell in cells] == cells
