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
        ("It needs:\n- a cable\n-- \nAda", "It needs:\n- a cable\n-- \nAda"),
        ("a;b=f(x)", "a;b=f(x)"),
    ],
)
def test_what_would_begin_a_formula_in_any_spreadsheet_has_an_apostrophe_before_it(cell: str, written: str) -> None:
    assert as_words(cell) == written


def test_every_cell_comes_back_as_it_was() -> None:
    cells = ["".join(signs) for signs in product("';=( \tx", repeat=5)]
    assert [from_words(as_words(cell)) for cell in cells] == cells
