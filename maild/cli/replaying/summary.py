"""A replay on the terminal: one line an aspect, and the most frequent ways in which it would differ."""

from maild.cli.output import console
from maild.cli.showing import a_table, cell
from maild.replay.comparing import Comparison
from maild.replay.decided import ASPECTS

MOST_WAYS = 3


def show(comparison: Comparison, words: str, tolerance: float) -> None:
    """Print it."""
    out = console()
    out.print(f"\n{words}: {len(comparison.mails):,} mails played", soft_wrap=True)
    if comparison.not_played:
        out.print(f"{comparison.not_played:,} were not: taps, and answers to tickets of before", style="dim")
    table = a_table("what", "#of", "#would differ", "mostly (now -> then)")
    for change in comparison.changes:
        ways = "; ".join(f"{now} -> {then} ({times:,})" for now, then, times in change.ways[:MOST_WAYS])
        differ = cell(f"{change.differ:,}", "bold yellow" if change.differ else "")
        table.add_row(cell(ASPECTS[change.aspect]), cell(f"{change.n:,}"), differ, cell(ways))
    out.print(table)
    differing = len(comparison.differing)
    allowed = f" (up to {tolerance:.1%} may)" if tolerance else ""
    of_all = f"{differing:,} of {len(comparison.mails):,} mails, {comparison.share:.1%}, would differ{allowed}"
    out.print(cell(of_all if differing else "nothing would differ", "bold"))
