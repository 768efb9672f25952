"""The report in short words, for a terminal."""

from typing import TYPE_CHECKING

from maild.cli.output import printable
from maild.cli.reporting.numbers import interval, said
from maild.knowledge.analysis.line import Analysis
from maild.process.desk import Desk

if TYPE_CHECKING:
    from rich.console import Console


def show(told: Analysis, desk: Desk, out: "Console") -> None:
    """Print every figure with its n, then the proposals."""
    from maild.cli.showing import a_table, cell

    for section in told.sections:
        if not section.figures:
            continue
        table = a_table(f"!{section.title}", "#value", "#n", "95 %")
        for figure in section.figures:
            wide = interval(figure).removeprefix("95 %: ")
            table.add_row(cell(figure.title), cell(said(figure.value, figure.unit)), cell(f"{figure.n:,}"), cell(wide))
        out.print(table)
    for proposal in told.proposals:
        out.print(f"\n{printable(proposal.title)} (n = {proposal.n}): {printable(proposal.because)}", markup=False)
        out.print(f"  {printable(desk.with_numbers(proposal.how))}", markup=False, style="dim")
    if not told.proposals:
        out.print("\nno proposals: there is not enough evidence for any", style="dim")
