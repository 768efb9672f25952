"""`maild process`: the process map as Mermaid, with RACI, the pages of its activities, and their own maps."""

import argparse
import sys
from collections.abc import Iterator

from maild.errors import NotFound
from maild.process.map import STEPS, process_map, sub_maps
from maild.shipped import folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which page, if not the map."""
    pages = ", ".join(step.page.removesuffix(".md") for step in STEPS.values())
    parser.add_argument("page", nargs="?", help=f"an activity ({pages}) or a guide (for-tsms, for-clients)")


def run(arguments: argparse.Namespace) -> int:
    """Print Markdown: it reads as text, and any Markdown viewer draws the maps."""
    lines = page(arguments.page) if arguments.page else "\n".join(document())
    sys.stdout.write(f"{lines}\n")
    return 0


def document() -> Iterator[str]:
    """The lines of docs/process/README.md."""
    yield from ("# The support process", "", "```mermaid", process_map(), "```", "")
    yield "Printed by `maild process` from the transitions of a ticket, which the program works with."
    yield from ("", "| activity | RACI | system | begins when | ends when |", "|---|---|---|---|---|")
    for step in STEPS.values():
        yield f"| [{step.what}]({step.page}) | {step.raci} | {step.system} | {step.begins} | {step.ends} |"
    yield from (
        "",
        "R responsible, A accountable, C consulted, I informed. The lead analyses all of it: [analyse](analyse.md).",
    )
    yield "Guides of one page: [for TSMs](for-tsms.md), [for clients](for-clients.md). Many tickets with one cause: [incidents](incidents.md)."
    for activity, diagram in sub_maps():
        yield from ("", f"## {STEPS[activity].what}", "", "```mermaid", diagram, "```")


def page(name: str) -> str:
    """One page of docs/process."""
    known = {file.stem: file for file in sorted(folder("docs/process").glob("*.md")) if file.stem != "README"}
    if name not in known:
        raise NotFound(f"there is no page {name}; there are {', '.join(known)}")
    return known[name].read_text("utf-8").rstrip("\n")
