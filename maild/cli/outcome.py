"""What training did for one question, for people and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from maild.cli.output import console
from maild.store.models.versions import Version

UNLABELLED = (
    "0 labelled texts. No model was made; the one in service stays. "
    "Label some, or import labelled tickets with `maild labels import`."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What training did for one question."""

    question: str
    version: Version | None
    """The candidate, or the version that has learnt from the very same labels; None: none could be made."""

    because: str
    is_done: bool
    """False where there was too little to learn from."""

    is_labelled: bool = True
    """Whether anybody has ever labelled a text for it."""


def document(outcome: Outcome) -> dict[str, Any]:
    """One question for --json."""
    version = outcome.version
    said = {"question": outcome.question, "because": outcome.because, "version": version and version.name}
    if version is None:
        return said
    names = ("rows", "left_out", "silent_labels", "languages", "recipe", "held_out", "scores", "guarantee", "compared")
    return {**said, "digest": version.digest, **{name: version.card.get(name) for name in names}}


def show(outcomes: Sequence[Outcome]) -> None:
    """Say for each question what was made, from what, and what was left out."""
    out = console()
    for outcome in (each for each in outcomes if each.is_labelled):
        out.print(f"{outcome.question}: {outcome.because}", highlight=False, markup=False)
        if outcome.version is not None:
            for line in lines(outcome.version):
                out.print(f"  {line}", highlight=False, markup=False)
    if unlabelled := [outcome.question for outcome in outcomes if not outcome.is_labelled]:
        out.print(f"{', '.join(unlabelled)}: {UNLABELLED}", highlight=False, markup=False)


def lines(version: Version) -> list[str]:
    """A candidate in words."""
    card = version.card
    rows = ", ".join(f"{label} {number:,}" for label, number in card["rows"]["desk"].items())
    scores, compared = card["scores"], card.get("compared") or {}
    return [
        f"{version.name} ({version.standing}): {card['recipe']}",
        f"labels: {rows}",
        *(f"left out: {number:,}, {why}" for why, number in card["left_out"].items()),
        *([f"silent, too few to be given: {', '.join(card['silent_labels'])}"] if card["silent_labels"] else []),
        f"held out: {card['held_out']}: {scores['accuracy']:.1%} right of {scores['n']:,}",
        f"beside the one in service: {compared.get('judgement', 'not compared')}, {compared.get('because', '')}",
    ]
