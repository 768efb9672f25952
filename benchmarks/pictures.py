"""The pictures of speed.md and models.md, drawn from the tables that stand in them.

Takes a second. Run: python -m benchmarks.pictures, whenever one of those tables has changed
"""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path

from maild.cli.evaluating.svg import WIDTH, Frame, dot, path, percents, picture, tag, words

FOLDER = Path(__file__).resolve().parent
STYLE = (
    "text{font:11px sans-serif;fill:#333}.axis{fill:#666}.grid{stroke:#ddd}.floor{fill:#b8b8b8}.two{fill:#3b6fb6}"
    ".one{fill:#6fa8dc}polyline{fill:none;stroke-width:2.2}.alone{stroke:#b8741a}.shipped{stroke:#3b6fb6}"
    "circle.alone{fill:#b8741a}circle.shipped{fill:#3b6fb6}"
)
BAR, ROOM = 15, 20


def main() -> None:
    """Write both beside the documents."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    for name, drawn in drawings().items():
        (FOLDER / name).write_text(drawn, "utf-8")


def drawings() -> Mapping[str, str]:
    """Each picture by the name of its file."""
    return {"rates.svg": rates(), "learning.svg": learning()}


def rows(document: str, first: str) -> Iterator[list[str]]:
    """Cells of the table whose head begins so."""
    table = (FOLDER / document).read_text("utf-8").partition(f"\n| {first} |")[2].partition("\n\n")[0]
    for line in table.splitlines()[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def rates() -> str:
    """Mails a second of maild and of the stock floor, a bar each, from the quiet run of speed.md."""
    runs = [(f"{run}, {mails}", run, float(rate)) for run, mails, rate, *_ in rows("speed.md", "run")]
    left, most = 200, max(rate for *_, rate in runs)
    parts = []
    for place, (said, run, rate) in enumerate(runs):
        top, kind = 8 + ROOM * place, "floor" if run.startswith("stock") else "one" if "summed" in run else "two"
        width = (WIDTH - left - 34) * rate / most
        parts += [
            words(left - 6, top + BAR - 4, said, anchor="end"),
            tag("rect", x=left, y=top, width=width, height=BAR, kind=kind),
            words(left + width + 4, top + BAR - 4, f"{rate:.0f}"),
        ]
    return whole("Mails a second, by run and mails in the mailbox", parts, 16 + ROOM * len(runs))


def learning() -> str:
    """Accuracy by labels, without and with the shipped model, from the first draw of models.md."""
    table = list(rows("models.md", "labels"))
    frame = Frame(x=(0, len(table) - 1), y=(0.2, 1.0), right=20)
    parts = frame.axes(
        [(float(place), cells[0]) for place, cells in enumerate(table)],
        percents(0.2, 1, 0.2),
        ("labels of the desk, not to scale", "accuracy, %"),
    )
    for column, kind, said, top in ((1, "alone", "labels alone", 150), (3, "shipped", "with the shipped model", 168)):
        points = [frame.place(place, float(cells[column])) for place, cells in enumerate(table) if cells[column]]
        parts += [path(points, kind), *(dot(x, y, kind, radius=3) for x, y in points)]
        parts += [dot(220, top - 4, kind, radius=3), words(228, top, said)]
    return whole("Accuracy on Endava by labels of the desk", parts, frame.height)


def whole(described: str, parts: list[str], height: float) -> str:
    """A picture that stands alone, on white."""
    ground = tag("rect", width=WIDTH, height=height, fill="#fff")
    drawn = picture(height, described, [tag("style", STYLE), ground, *parts])
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" width="720" ', 1) + "\n"


if __name__ == "__main__":
    main()
