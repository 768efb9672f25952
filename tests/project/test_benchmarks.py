"""The measurements: each is named where people look for it, and says of itself what it takes."""

import ast
from pathlib import Path

import pytest

from benchmarks.pictures import drawings
from tests.support.places import ROOT

FOLDER = ROOT / "benchmarks"
STARTED_BY_OTHERS = {"bare"}


SCRIPTS = [
    path
    for path in sorted(FOLDER.glob("*.py"))
    if '\nif __name__ == "__main__":\n' in path.read_text("utf-8") and path.stem not in STARTED_BY_OTHERS
]


def test_there_is_a_row_for_each_script_and_a_script_for_each_row() -> None:
    table = (FOLDER / "README.md").read_text("utf-8").partition("| script |")[2]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = [name.split()[0] for row in rows for name in row.split("`")[1::2]]
    assert sorted(named) == [path.stem for path in SCRIPTS]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_its_help_says_how_long_it_takes_and_how_it_is_run(path: Path) -> None:
    text = path.read_text("utf-8")
    (takes,) = [line for line in (ast.get_docstring(ast.parse(text)) or "").splitlines() if line.startswith("Takes ")]
    assert f"python -m benchmarks.{path.stem}" in takes
    shown = "ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)"
    assert shown in text or path.stem == "fuzz"


def test_the_pictures_show_what_the_tables_say() -> None:
    for name, drawn in drawings().items():
        assert (FOLDER / name).read_text("utf-8") == drawn, f"{name}: run python -m benchmarks.pictures"
